"""Two different answers: what two people wrote of the same thing without knowing, until somebody chooses."""
