"""What the set-up asks of Debian."""

from __future__ import annotations

from pathlib import Path

from ewb_desktop.ui.theme import RESOURCES

PACKAGES = RESOURCES.parent / "packaging" / "debian" / "packages.txt"


def packages(path: Path) -> dict[str, str]:
    lines = [line.split() for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return {package: when for when, package in lines}


def test_emoji_that_somebody_types_have_a_font_on_the_screen() -> None:
    assert packages(PACKAGES)["fonts-noto-color-emoji"] == "window"
