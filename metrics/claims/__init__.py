"""What may be claimed of conversations and growth, and how strongly."""
