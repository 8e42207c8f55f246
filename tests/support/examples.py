"""How many examples of a rule are tried: few in the fast gate, many in the long run."""

from __future__ import annotations

import os


def many(fast: int) -> int:
    """Return ``fast``, or what ``SOAK_EXAMPLES`` says where ``make soak`` runs the same test for longer."""
    return int(os.environ.get("SOAK_EXAMPLES", str(fast)))
