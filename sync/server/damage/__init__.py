"""What a failing disk altered: where it is found, and told again."""
