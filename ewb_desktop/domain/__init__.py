"""The rules of the service: standard library only, no clock, no file, no database."""
