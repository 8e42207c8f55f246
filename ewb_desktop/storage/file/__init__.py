"""The encrypted file as it lies on the disk: its keys and what opens it, its copies, and what the system says of a full disk."""
