"""What travels between laptops and the server, and the server itself."""
