"""The encrypted file: the vault around it, its tables, its journal, and the only SQL of the program."""
