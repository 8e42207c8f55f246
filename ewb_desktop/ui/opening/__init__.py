"""Looking on the server for a member who is not on this laptop."""
