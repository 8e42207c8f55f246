"""What the administrator types, a file for each subject: ``add`` lets its commands be typed and says what does each."""
