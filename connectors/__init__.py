"""The outside world coming in: one module a source, yielding checked canonical rows."""
