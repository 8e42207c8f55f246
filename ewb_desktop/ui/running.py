"""How presenters have work done beside the window: they know of no threads, and of no widgets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

RunAside = Callable[[Callable[[], Any], Callable[[Any], None], Callable[[Exception], None]], None]
"""Does work in another thread, then calls the first or, with what was raised, the second function in the window's thread."""
