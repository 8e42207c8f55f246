"""Handing somebody over warmly."""
