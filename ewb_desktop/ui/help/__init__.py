"""Help: topics in plain words, and the list of keys."""
