"""Reading files into the directory."""
