"""How requests are heard and answered: lines, limits, turns, figures."""
