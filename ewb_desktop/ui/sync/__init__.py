"""Send and receive: how things stand with the server, and what a person has to look at."""
