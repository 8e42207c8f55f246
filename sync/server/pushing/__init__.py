"""What becomes of a push: numbered, folded into its records, kept from passing over anybody's words."""
