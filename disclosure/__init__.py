"""The gate: which computed values may be published, and how they are rounded, judged and worded."""
