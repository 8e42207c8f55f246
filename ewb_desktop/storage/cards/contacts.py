"""How an attempt to reach a member went, where the program itself goes by it."""

from __future__ import annotations

SPOKE, COULD_NOT_REACH = "spoke", "could_not_reach"
"""Keys of the list ``contact_results`` that mean something to the program."""
