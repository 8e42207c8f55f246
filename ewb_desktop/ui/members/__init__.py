"""The list of members."""
