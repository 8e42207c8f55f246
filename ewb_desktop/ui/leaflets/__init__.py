"""The page of leaflets: choose, look, add what comes next, and print."""
