"""Painted widgets of our own, one subject per file; they know Qt and nothing else of the program."""
