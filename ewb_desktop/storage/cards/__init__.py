"""What pages ask: a file for each noun, and what it returns is frozen and shaped for its reader."""
