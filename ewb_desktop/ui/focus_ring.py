"""The ring round whatever has the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QListView, QPlainTextEdit, QWidget
from shiboken6 import isValid

from ewb_desktop.ui.widgets.look import RADIUS, tokens_of
from ewb_desktop.ui.widgets.reading_order import lies_in

_MOVING = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Hide, QEvent.Type.Show, QEvent.Type.LayoutRequest)


def _filled(target: QWidget) -> QSize:
    """Return how large it looks: of a list its rows, without the room under them that nobody sees."""
    model = target.model() if isinstance(target, QListView) else None
    if not isinstance(target, QListView) or model is None or not model.rowCount():
        return target.size()
    end = target.visualRect(model.index(model.rowCount() - 1, 0)).bottom() + 1
    return QSize(target.width(), min(target.height(), end))


class FocusRing(QWidget):
    """A yellow ring with dark lines round whatever has the focus in one window."""

    REACH = 6
    FIELD_REACH = 4
    """Round a field it covers the edge instead: its label stands so near above it."""

    BARE_SIDE = 4
    """How much wider it is round words without a frame of their own (a label, a link): it lies on none of their letters."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("focus_ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._target: QWidget | None = None
        self._chain: list[QWidget] = []
        self._full, self._reach = QRect(), self.REACH
        # shown while the window is laid out, Qt would lay it out within that, and end the one under way with old places
        self._appears = QTimer(self)
        self._appears.setSingleShot(True)
        self._appears.setInterval(0)
        self._appears.timeout.connect(self.show)
        self._vanish()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._moved)

    def _moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        for widget in self._chain:
            # a page may go while one of its widgets has the focus
            if isValid(widget):
                widget.removeEventFilter(self)
        self._chain = []
        window = self.parentWidget()
        self._target = new if new is not None and window is not None and new.window() is window else None
        walk = self._target
        while walk is not None and walk is not window:
            walk.installEventFilter(self)
            self._chain.append(walk)
            # parentWidget() would look through every kind of widget that Qt has (20 ms) for one that Qt made itself
            above = walk.parent()
            walk = above if isinstance(above, QWidget) else None
        self._place()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Follow what has the focus when it or anything round it moves."""
        if event.type() in _MOVING:
            self._place()
        return False

    def _place(self) -> None:
        window, target = self.parentWidget(), self._target
        if window is None or target is None or not isValid(target) or not target.isVisible() or not lies_in(target, window):
            self._vanish()
            return
        reach = self.FIELD_REACH if isinstance(target, QLineEdit | QPlainTextEdit | QComboBox) else self.REACH
        side = reach + (self.BARE_SIDE if isinstance(target, QLabel) or target.property("bare") else 0)
        ring = QRect(target.mapTo(window, QPoint(0, 0)), _filled(target)).adjusted(-side, -reach, side, reach)
        area = window.rect()
        for widget in self._chain[1:]:
            # a part of what is round it may have gone since the focus came
            if not isValid(widget) or not lies_in(widget, window):
                continue
            # only a scroll area's viewport cuts its content off
            if widget.objectName() == "qt_scrollarea_viewport":
                area &= QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
        shown = ring & area
        self._full, self._reach = ring, reach
        if shown.isEmpty():
            self._vanish()
            return
        self.setGeometry(shown)
        self.raise_()
        self.update()
        if self.isHidden():
            self._appears.start()

    def _vanish(self) -> None:
        self._appears.stop()
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ring; the part outside a scrolled area is cut."""
        tokens = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(self._full.topLeft() - self.geometry().topLeft())
        outer = QRectF(0, 0, self._full.width(), self._full.height())
        # the dark line within parts the ring from a light button on a dark page
        lines = ((tokens.focus_edge, 3.0, 1.5), (tokens.focus, 3.0, 4.5), (tokens.focus_edge, 2.0, 7.0))
        for colour, width, inset in lines[: 3 if self._reach == self.REACH else 2]:
            path = QPainterPath()
            path.addRoundedRect(outer.adjusted(inset, inset, -inset, -inset), RADIUS + 4 - inset, RADIUS + 4 - inset)
            painter.setPen(QPen(QColor(colour), width))
            painter.drawPath(path)
        painter.end()
