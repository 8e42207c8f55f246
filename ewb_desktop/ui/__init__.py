"""The window and its pages: the only floor, with app, that knows Qt."""
