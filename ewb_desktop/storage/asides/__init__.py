"""Work that was not sent in a file that a backup took the place of: found, read, and laid in again."""
