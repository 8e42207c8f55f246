"""Where a window stands on the screen: fitted to the screen there is, and after a lock where it stood before."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

WIDTH, HEIGHT = 1366, 768
"""The size for which the pages are laid out, where the screen has room for it."""

_FRAME = 32
"""Room above a window for its title, in pixels: nobody knows it before the window is shown."""


@dataclass(frozen=True, slots=True)
class WindowPlace:
    """A window's rectangle in pixels when it is not maximised, and whether it is."""

    left: int
    top: int
    width: int
    height: int
    maximised: bool = False

    def text(self) -> str:
        """Return it as the settings keep it."""
        numbers = f"{self.left} {self.top} {self.width} {self.height}"
        return f"{numbers} maximised" if self.maximised else numbers


def read_place(text: str) -> WindowPlace | None:
    """Return what :meth:`WindowPlace.text` wrote; ``None`` when nothing is kept or nobody can read it."""
    *numbers, last = text.split() or [""]
    maximised = last == "maximised"
    try:
        left, top, width, height = (int(number) for number in (numbers if maximised else (*numbers, last)))
    except ValueError:
        return None
    return WindowPlace(left, top, width, height, maximised) if width > 0 and height > 0 else None


def fitted(kept: WindowPlace | None, rooms: list[QRect]) -> WindowPlace:
    """Return where a window can stand, ``rooms`` being what each screen has to give, the main one first.

    A place on a screen that is gone is forgotten. A screen too small for the usual size is filled.
    """
    known = next((room for room in rooms if kept is not None and room.contains(_middle(kept))), None)
    if kept is None or known is None:
        room = rooms[0]
        roomy = room.width() >= WIDTH and room.height() >= HEIGHT + _FRAME
        width, height = min(WIDTH, room.width()), min(HEIGHT, room.height())
        left, top = room.left() + (room.width() - width) // 2, room.top() + (room.height() - height) // 2
        return WindowPlace(left, top, width, height, not roomy or bool(kept and kept.maximised))
    width, height = min(kept.width, known.width()), min(kept.height, known.height())
    left = max(known.left(), min(kept.left, known.left() + known.width() - width))
    top = max(known.top(), min(kept.top, known.top() + known.height() - height))
    return WindowPlace(left, top, width, height, kept.maximised)


def put_window(window: QWidget, kept: str) -> None:
    """Put a window that is not shown yet where ``kept`` says, as far as the screens have room for it."""
    main = QGuiApplication.primaryScreen()
    screens = [main, *(screen for screen in QGuiApplication.screens() if screen is not main)]
    place = fitted(read_place(kept), [screen.availableGeometry() for screen in screens])
    window.setGeometry(place.left, place.top, place.width, place.height)
    if place.maximised:
        window.setWindowState(window.windowState() | Qt.WindowState.WindowMaximized)


def place_of(window: QWidget) -> str:
    """Return where a window stands, for :func:`put_window`."""
    at = window.normalGeometry() if window.isMaximized() else window.geometry()
    return WindowPlace(at.left(), at.top(), at.width(), at.height(), window.isMaximized()).text()


def put_instead(window: QWidget, old: QWidget) -> None:
    """Put ``window``, which was only just made, where ``old`` stands; shown, it takes the keyboard only if that one has it."""
    # nobody asked for another window: who writes in another program goes on there. Said before the platform knows of the
    # window, which putting it maximised tells: afterwards it is not heard
    window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, not old.isActiveWindow())
    put_window(window, place_of(old))


def show_instead(window: QWidget, old: QWidget) -> None:
    """Show ``window``, which :func:`put_instead` has put, as ``old`` stands there, which goes away: minimised too."""
    if old.isMinimized():
        window.showMinimized()
    else:
        window.show()
    window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, False)
    old.blockSignals(True)
    old.hide()
    old.deleteLater()


def _middle(place: WindowPlace) -> QPoint:
    return QRect(place.left, place.top, place.width, place.height).center()
