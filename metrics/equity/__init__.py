"""Is it fair: gaps between groups, as they are and between people alike."""
