"""From the store to a release: what is computed, in which order, and the run that does it."""
