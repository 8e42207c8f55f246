"""A tagged file (PDF/UA-1, ISO 14289-1) written on reportlab's own PDF objects."""
