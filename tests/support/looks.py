"""The looks in which every page must pass the accessibility gate: schemes, text sizes and directions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.ui import theme
from ewb_desktop.ui.widgets.look import Scheme
from tests.support.audit import faults

Look = tuple[Scheme, int, bool]
"""A scheme, a text size in percent, and whether it runs from right to left."""

LOOKS: list[Look] = [
    (Scheme.LIGHT, 100, False),
    (Scheme.LIGHT, 200, True),
    (Scheme.DARK, 100, True),
    (Scheme.DARK, 200, False),
    (Scheme.CONTRAST, 100, False),
    (Scheme.CONTRAST, 200, True),
]

in_every_look = pytest.mark.parametrize("look", LOOKS, ids=[f"{s}-{p}-{'rtl' if r else 'ltr'}" for s, p, r in LOOKS])
"""Runs a test once in each look; the test takes ``look`` and hands it to :func:`worn`."""


@contextmanager
def worn(app: QApplication, look: Look) -> Iterator[None]:
    """Wear a look, and the plain one again afterwards."""
    scheme, percent, right_to_left = look
    theme.apply(app, scheme, percent, right_to_left=right_to_left)
    try:
        yield
    finally:
        theme.apply(app, Scheme.LIGHT, 100)


def expect_accessible(qtbot: QtBot, look: Look, make: Callable[[], QWidget], size: QSize | None = None) -> None:
    """Make a page in a look and expect no fault of it at the size that it has in a window of 1366 x 768."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    with worn(app, look):
        page = make()
        qtbot.addWidget(page)
        page.resize(size or QSize(1160, 660))
        found = faults(page)
        assert not found, "\n".join(map(str, found))
