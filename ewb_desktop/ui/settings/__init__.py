"""Settings: look, place, lock, passphrase, backups, and what the program is made of."""
