"""What a worker can do: one function per intention, each handed a Desk first."""
