"""Cohorts beside each other: what their size explains, and what is left."""
