"""The gallery's own leaflet is brought in through its page: every step can be pressed, and every picture is left."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from PySide6.QtWidgets import QApplication

from tests.journeys.own_leaflets import play_own_leaflets


def test_every_step_leaves_its_picture(qapp: QApplication, tmp_path: Path) -> None:
    left = play_own_leaflets(tmp_path)
    assert len(left) == 5
    for name in left:
        with Image.open(tmp_path / name) as picture:
            assert len(picture.convert("RGB").getcolors(1 << 24) or []) > 50
