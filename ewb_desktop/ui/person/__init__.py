"""One person's page: who they are, what happened, what matters to them."""
