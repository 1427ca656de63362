"""Whether people grow: skills before and after, how sure that is, and who is missing."""
