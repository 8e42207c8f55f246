"""Makes the crisis page: it needs no login, no store and no network."""

from __future__ import annotations

from pathlib import Path

from ewb_desktop.ui.crisis.view import CrisisView
from ewb_desktop.ui.crisis.words import read_words


def build(resources: Path) -> CrisisView:
    """Return the page with the words under ``resources``."""
    return CrisisView(read_words(resources))
