"""What waits to be sent, what arrived, and how far this file has come with its server."""
