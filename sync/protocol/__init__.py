"""What travels between a laptop and the server; README.md tells it on one page."""
