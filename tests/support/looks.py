"""The looks in which every page must pass the accessibility gate: schemes, text sizes and directions.

A page is made once and wears five looks in turn, as when somebody changes them while it is open; on the way from one to the
next its words must grow and its parts change sides. It is also made anew in the sixth, which differs in everything from the
plain look: what is measured only when a page is made shows there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.ui import theme
from ewb_desktop.ui.widgets.look import Scheme
from tests.support.audit import Fault, faults, layout, seen_faults
from tests.support.audit.parts import settle

Worn = tuple[Scheme, int, bool]
"""A scheme, a text size in percent, and whether it runs from right to left."""
Look = tuple[Worn, ...]
"""What a page wears: the first when it is made, the others one after another while it is open."""

IN_TURN: Look = (
    (Scheme.LIGHT, 100, False),
    (Scheme.LIGHT, 200, False),
    (Scheme.LIGHT, 200, True),
    (Scheme.DARK, 200, False),
    (Scheme.CONTRAST, 100, False),
    (Scheme.DARK, 100, True),
    (Scheme.DARK, 200, True),
)
"""Between two of them the words double, in either direction, or the page turns round, at either size."""
IN_PASSING: Look = ((Scheme.LIGHT, 200, False), (Scheme.DARK, 200, True))
"""Worn to see the words grow; the rest is seen in the looks beside them."""
MADE_IN: Look = ((Scheme.CONTRAST, 200, True),)

in_every_look = pytest.mark.parametrize("look", [IN_TURN, MADE_IN], ids=["in-turn", "made-in-contrast-200-rtl"])
"""Runs a test for both ways of wearing the looks; the test takes ``look`` and hands it to :func:`expect_accessible`."""


@contextmanager
def worn(app: QApplication, look: Worn) -> Iterator[None]:
    """Wear a look, and the plain one again afterwards."""
    _wear(app, look)
    try:
        yield
    finally:
        theme.apply(app, Scheme.LIGHT, 100)


def expect_accessible(qtbot: QtBot, look: Look, make: Callable[[], QWidget], size: QSize | None = None) -> None:
    """Make a page and expect no fault of it in a look, or in several in turn, at its size in a window of 1366 x 768."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    with worn(app, look[0]):
        page = make()
        qtbot.addWidget(page)
        page.resize(size or QSize(1160, 660))
        try:
            found = [f"{said(at)}: {fault}" for at, fault in _found(app, page, look)]
        finally:
            # a page that nobody sees is not laid out again when the plain look comes back
            page.window().hide()
    assert not found, "\n".join(found)


def said(look: Worn) -> str:
    """Return what a look is called."""
    scheme, percent, right_to_left = look
    return f"{scheme}-{percent}-{'rtl' if right_to_left else 'ltr'}"


def _found(app: QApplication, page: QWidget, look: Look) -> Iterator[tuple[Worn, Fault]]:
    if len(look) == 1:
        yield from ((look[0], fault) for fault in faults(page))
        return
    size = page.size()
    yield from ((look[0], fault) for fault in seen_faults(page))
    for was, now in pairwise(look):
        heights, places = layout.heights(page), layout.places(page)
        _wear(app, now)
        page.resize(size)
        settle(page)
        if (was[1], was[2]) == (100, now[2]) and now[1] == 200:
            yield from ((now, fault) for fault in layout.not_grown(page, heights))
        if was[1] == now[1] and was[2] != now[2]:
            yield from ((now, fault) for fault in layout.not_turned(page, places))
        if now not in IN_PASSING:
            yield from ((now, fault) for fault in seen_faults(page))


def _wear(app: QApplication, look: Worn) -> None:
    scheme, percent, right_to_left = look
    theme.apply(app, scheme, percent, right_to_left=right_to_left)
