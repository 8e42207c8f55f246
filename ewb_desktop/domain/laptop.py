"""What a laptop is called where colleagues and administrators read of it."""

from __future__ import annotations

LONGEST_NAME = 80
"""Letters that a laptop's name may have, as the protocol's field has them."""


def suggested_name(worker: str) -> str:
    """Return a name for the laptop of ``worker``, such as "Ada's laptop" for Ada Lark; nothing without a name."""
    first = worker.split()[:1]
    return f"{first[0]}'s laptop" if first else ""


def readable_name(typed: str) -> str:
    """Return what was typed as one line that every list can show: without signs that nobody sees, and not too long."""
    # what nobody sees goes first: a blank on either side of it would be two
    seen = "".join(letter for letter in typed if letter.isprintable() or letter.isspace())
    return " ".join(seen.split())[:LONGEST_NAME].strip()
