"""How fast it is, and how fast it could be at most: see README.md."""
