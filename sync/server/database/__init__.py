"""The database and how it is asked: tables, transactions, many rows at once, and what a failing disk does to them."""
