"""The directory: finding a service for somebody."""
