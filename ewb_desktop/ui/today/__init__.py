"""Today: who needs a contact, and what is on here."""
