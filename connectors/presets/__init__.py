"""Exports of well-known services, told by their column names."""
