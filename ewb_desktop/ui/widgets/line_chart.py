"""Numbers over time as lines that differ by their dash and their name at the end, not by colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QDate, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ewb_desktop.ui.widgets.look import Tokens, tokens_of
from ewb_desktop.ui.widgets.row import Tint
from ewb_desktop.ui.widgets.text import sized

_DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)
_TINTS = (Tint.BLUE, Tint.VIOLET, Tint.GREEN, Tint.AMBER)


@dataclass(frozen=True, slots=True)
class Line:
    """A name and its points, oldest first."""

    name: str
    points: tuple[tuple[date, float], ...]


class LineChart(QWidget):
    """Draws up to four lines. The same numbers, in words, are what a screen reader hears."""

    def __init__(
        self, lines: Sequence[Line] = (), *, says: str, low: float = 0, high: float = 27, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._says = says
        self._low, self._high = low, high
        self._lines: tuple[Line, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_lines(lines)

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show other numbers."""
        self._lines = tuple(line for line in lines if line.points)
        self.setAccessibleName(self._says)
        self.setAccessibleDescription(self.words())
        self.update()

    def words(self) -> str:
        """Return every line's numbers with their days."""
        return " ".join(
            f"{line.name}: " + ", ".join(f"{value:g} ({day.day}.{day.month}.{day.year})" for day, value in line.points) + "."
            for line in self._lines
        )

    def sizeHint(self) -> QSize:
        """Six lines of text high."""
        return QSize(280, 6 * self.fontMetrics().height() + 24)

    def minimumSizeHint(self) -> QSize:
        """Room for the names and some of each line."""
        return QSize(10 * self.fontMetrics().averageCharWidth() + 60, self.sizeHint().height())

    def paintEvent(self, _event: object) -> None:
        """Draw grid, lines, points and names."""
        tokens = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetrics(sized(13))
        ends = [(line.name, f"{line.points[-1][1]:g}") for line in self._lines]
        after = max((metrics.horizontalAdvance(f"{name} {value}") for name, value in ends), default=0) + 14
        before = metrics.horizontalAdvance(f"{self._high:g}") + 8
        below = metrics.height() + 6
        plot = QRectF(before, 8, self.width() - before - after, self.height() - below - 12)
        if self.isRightToLeft():
            plot.moveLeft(after)
        self._grid(painter, plot, tokens)
        if self._lines:
            self._draw(painter, plot, tokens, metrics)
        painter.end()

    def _grid(self, painter: QPainter, plot: QRectF, tokens: Tokens) -> None:
        painter.setFont(sized(13))
        for share in (0.0, 0.5, 1.0):
            y = plot.bottom() - share * plot.height()
            painter.setPen(QPen(QColor(tokens.line), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(QColor(tokens.muted))
            number = f"{round(self._low + share * (self._high - self._low)):g}"
            where = QRectF(plot.right() + 4, y - 12, 40, 24) if self.isRightToLeft() else QRectF(plot.left() - 46, y - 12, 40, 24)
            side = Qt.AlignmentFlag.AlignLeft if self.isRightToLeft() else Qt.AlignmentFlag.AlignRight
            painter.drawText(where, side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter, number)

    def _draw(self, painter: QPainter, plot: QRectF, tokens: Tokens, metrics: QFontMetrics) -> None:
        days = [day.toordinal() for line in self._lines for day, _ in line.points]
        first, last = min(days), max(days)

        def place(day: date, value: float) -> QPointF:
            share = (day.toordinal() - first) / (last - first) if last > first else 1.0
            share = 1 - share if self.isRightToLeft() else share
            up = (value - self._low) / ((self._high - self._low) or 1)
            return QPointF(plot.left() + share * plot.width(), plot.bottom() - max(0.0, min(1.0, up)) * plot.height())

        names: list[tuple[float, str, QColor]] = []
        for index, line in enumerate(self._lines):
            colour = QColor(tokens.tints[_TINTS[index % 4]].text)
            spots = [place(day, value) for day, value in line.points]
            painter.setPen(QPen(colour, 2.5, _DASHES[index % 4]))
            painter.drawPolyline(QPolygonF(spots))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            for spot in spots:
                painter.drawEllipse(spot, 4, 4)
            names.append((spots[-1].y(), f"{line.name} {line.points[-1][1]:g}", colour))
        self._names(painter, plot, metrics, names)
        painter.setPen(QColor(tokens.muted))
        foot = QRectF(plot.left(), plot.bottom() + 6, plot.width(), metrics.height())
        for day, side in ((first, Qt.AlignmentFlag.AlignLeading), (last, Qt.AlignmentFlag.AlignTrailing)):
            when = date.fromordinal(day)
            if day == first or last > first:
                flags = side | Qt.AlignmentFlag.AlignTop
                painter.drawText(foot, self._visual(flags), self.locale().toString(_qdate(when), "d MMM"))

    def _visual(self, flags: Qt.AlignmentFlag) -> Qt.AlignmentFlag:
        if not self.isRightToLeft():
            return flags | Qt.AlignmentFlag.AlignAbsolute
        other = Qt.AlignmentFlag.AlignRight if flags & Qt.AlignmentFlag.AlignLeft else Qt.AlignmentFlag.AlignLeft
        return other | Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignAbsolute

    def _names(self, painter: QPainter, plot: QRectF, metrics: QFontMetrics, names: list[tuple[float, str, QColor]]) -> None:
        below = float("-inf")
        for y, name, colour in sorted(names, key=lambda entry: entry[0]):
            middle = max(y, below + metrics.height())
            below = middle
            painter.setPen(colour)
            wide = metrics.horizontalAdvance(name) + 2
            left = plot.left() - 8 - wide if self.isRightToLeft() else plot.right() + 8
            painter.drawText(QRectF(left, middle - metrics.height() / 2, wide, metrics.height()), name)


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
