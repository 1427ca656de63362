"""From columns of any file to canonical rows, as a saved mapping says."""
