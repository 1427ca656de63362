"""Pictures of published cells: small functions that return a Vega-Lite spec and its rows."""
