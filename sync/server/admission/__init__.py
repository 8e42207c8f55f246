"""Who is let in: organisations, workers, laptops, their invitations and credentials, and who was signed off."""
