"""Figures about speed and size, measured side by side in one run; nothing here passes or fails."""
