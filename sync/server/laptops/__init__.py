"""What a laptop is given, what it brings for others, and what may be on it."""
