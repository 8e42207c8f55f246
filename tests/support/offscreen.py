"""A screen that nobody sees, as large as a common one: Qt's own offscreen screen is 800 x 800, and the window fits its screen."""

from __future__ import annotations

import os
from pathlib import Path


def use_offscreen_screen() -> None:
    """Let Qt draw on it from now on, unless another platform was asked for; call it before the application is made."""
    if os.environ.get("QT_QPA_PLATFORM", "offscreen") == "offscreen":
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={Path(__file__).with_name('screen.json')}"
