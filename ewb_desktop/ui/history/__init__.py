"""What changed: who changed one record, from what, to what, and when."""
