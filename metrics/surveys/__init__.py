"""What people answer: where they learn, whether they feel included and safe, and how talks went."""
