"""One module a verb of ``python -m connectors``: its arguments, and its wiring to the store."""
