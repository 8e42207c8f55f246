"""The laptop's side of sync: what is sent, what is received, and what the worker is told about it."""
