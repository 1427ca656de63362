"""Kinds of participation: habits of people, and whether they fall into stable segments."""
