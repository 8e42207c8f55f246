"""The lock screen: who are you, your passphrase, and what to do if you cannot get in."""
