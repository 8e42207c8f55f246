"""The two areas that the program itself knows; all others are named by the server."""

from __future__ import annotations

from sync.protocol.roles import EVERY_AREA

ALONE = "local"
"""The area of records on a laptop that no server has given an area yet."""

EVERYWHERE = EVERY_AREA
"""The area of what belongs to no area in particular, and, in a worker's scope, every area."""
