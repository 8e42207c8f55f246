"""Leaving this laptop: what goes and what stays, what has to be sent or sealed first, and the passphrase once more."""
