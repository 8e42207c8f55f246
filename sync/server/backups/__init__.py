"""Backup and restore, and a database that was put back by another way."""
