"""The person-level database: canonical tables, atomic import, and aggregates as portable SQL."""
