"""Records brought to one width, each in its own columns."""
