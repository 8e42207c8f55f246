"""Telling somebody of a service, and asking how it went."""
