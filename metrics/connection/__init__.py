"""Who meets whom: counts of pairings, the lottery they are compared with, and their measures."""
