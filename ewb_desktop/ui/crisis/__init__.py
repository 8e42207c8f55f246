"""Crisis help: who to call and what to do, one key away and without a passphrase."""
