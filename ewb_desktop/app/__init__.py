"""The composition root: everything is built here and handed what it needs; nobody else constructs it."""
