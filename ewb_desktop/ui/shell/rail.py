"""The list of pages at the side: an icon, a word and, where something waits, a count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ewb_desktop.ui.destinations import Destination
from ewb_desktop.ui.widgets.button import enter_pressed
from ewb_desktop.ui.widgets.icon import draw_icon
from ewb_desktop.ui.widgets.look import RADIUS, tokens_of
from ewb_desktop.ui.widgets.painting import WRAP, draw_box, draw_words, widest_word, wrapped_height
from ewb_desktop.ui.widgets.scroll_page import ScrollPage
from ewb_desktop.ui.widgets.text import sized

_SIDE = 9
"""Pixels beside a word under an icon: the bar of the page shown is 4 of them, and its words do not touch it."""


@dataclass(frozen=True, slots=True)
class RailEntry:
    """One page in the rail. ``covers`` are the other destinations that belong to it; ``group`` separates by lines."""

    destination: Destination
    text: str
    icon: str
    group: int = 0
    covers: tuple[type, ...] = ()
    name: str = ""


class RailButton(QPushButton):
    """One entry; the page shown is marked by a bar and bold words, and told to whoever hears the screen.

    It is a plain button: one that can be checked is read out as a box to tick.
    """

    def __init__(self, entry: RailEntry, key: str) -> None:
        super().__init__(entry.text)
        self.entry = entry
        self.is_current = False
        self.setAutoDefault(False)
        self.setObjectName(f"rail.{entry.name}" if entry.name else "")
        self._count = 0
        self._small = False
        self._key = key
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_count(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Be pressed by Enter as by Space."""
        if not enter_pressed(self, event):
            super().keyPressEvent(event)

    def set_current(self, current: bool) -> None:
        """Mark it as the entry of the page shown."""
        self.is_current = current
        self._describe()
        self.updateGeometry()
        self.update()

    def _describe(self) -> None:
        key = self.tr("Key {0}").format(self._key) if self._key else ""
        self.setAccessibleDescription(". ".join(filter(None, [self.tr("The page shown") if self.is_current else "", key])))

    def set_count(self, count: int) -> None:
        """Show how much waits there; 0 shows nothing."""
        self._count = count
        self.setAccessibleName(f"{self.entry.text}, {count}" if count else self.entry.text)
        self._describe()
        self.updateGeometry()
        self.update()

    def set_small(self, small: bool) -> None:
        """Put the word under the icon, for narrow windows."""
        if small != self._small:
            self._small = small
            self.updateGeometry()
            self.update()

    def _font(self) -> QFont:
        return sized(13 if self._small else 17, bold=self.is_current)

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(sized(13 if self._small else 17, bold=True))

    def _icon_px(self) -> int:
        return round(self.fontMetrics().height() * 1.1)

    def _beside(self) -> int:
        count = self._count_size().width() + 8 if self._count else 0
        return 12 + self._icon_px() + 12 + count + 8

    def _count_size(self) -> QSize:
        metrics = QFontMetrics(sized(13, bold=True))
        return QSize(metrics.horizontalAdvance(str(self._count)) + 18, metrics.height() + 4)

    def sizeHint(self) -> QSize:
        """Room for the word."""
        metrics = self._metrics()
        if self._small:
            return self.minimumSizeHint()
        return QSize(metrics.horizontalAdvance(self.entry.text) + self._beside(), max(44, metrics.height() + 24))

    def minimumSizeHint(self) -> QSize:
        """The longest word of the entry."""
        metrics = self._metrics()
        word = widest_word(metrics, self.entry.text)
        if self._small:
            lines = wrapped_height(metrics, self.entry.text, word + 2)
            return QSize(max(word + 2 * _SIDE + 2, self._icon_px() + 40), self._icon_px() + lines + 20)
        return QSize(word + self._beside(), max(44, metrics.height() + 24))

    def hasHeightForWidth(self) -> bool:
        """Words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of icon and wrapped words."""
        if self._small:
            return self._icon_px() + wrapped_height(self._metrics(), self.entry.text, width - 2 * _SIDE) + 20
        return max(44, wrapped_height(self._metrics(), self.entry.text, width - self._beside()) + 24)

    def paintEvent(self, _event: object) -> None:
        """Draw the entry."""
        tokens, on = tokens_of(self), self.is_current
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if on or self.underMouse():
            draw_box(painter, self.rect(), tokens.soft, "", 0, RADIUS)
        if on:
            bar = self._placed(QRect(0, 0, 4, self.height()))
            draw_box(painter, bar, tokens.accent, "", 0, 2)
        ink = tokens.on_soft if on else tokens.text
        side = self._icon_px()
        painter.setFont(self._font())
        painter.setPen(QColor(ink))
        if self._small:
            draw_icon(painter, self.entry.icon, QRect((self.width() - side) // 2, 8, side, side), ink)
            room = QRect(_SIDE, 8 + side + 2, self.width() - 2 * _SIDE, self.height() - side - 12)
            flags = int((Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop).value) | WRAP
            draw_words(painter, room, flags, self.entry.text)
        else:
            draw_icon(painter, self.entry.icon, self._placed(QRect(12, 0, side, self.height())), ink)
            room = self._placed(QRect(12 + side + 12, 0, self.width() - self._beside(), self.height()))
            near = Qt.AlignmentFlag.AlignRight if self.isRightToLeft() else Qt.AlignmentFlag.AlignLeft
            flags = int((near | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter).value) | WRAP
            draw_words(painter, room, flags, self.entry.text)
        if self._count:
            self._draw_count(painter, tokens.soft if not on else tokens.card, tokens.on_soft, tokens.on_soft)
        painter.end()

    def _draw_count(self, painter: QPainter, fill: str, ink: str, edge: str) -> None:
        size = self._count_size()
        if self._small:
            # beside the icon and not over it, as far as there is room
            beside = (self.width() + self._icon_px()) // 2 + 2
            box = QRect(min(beside, self.width() - size.width() - 1), 2, size.width(), size.height())
        else:
            box = QRect(self.width() - size.width() - 8, (self.height() - size.height()) // 2, size.width(), size.height())
        box = self._placed(box)
        draw_box(painter, box, fill, edge if self._small else "", 1, size.height() / 2)
        painter.setFont(sized(13, bold=True))
        painter.setPen(QColor(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(self._count))

    def _placed(self, rect: QRect) -> QRect:
        if not self.isRightToLeft():
            return rect
        return QRect(self.width() - rect.x() - rect.width(), rect.y(), rect.width(), rect.height())


class _Separator(QWidget):
    """A thin line between groups of entries."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(21)

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(QColor(tokens_of(self).line), 1))
        painter.drawLine(6, 10, self.width() - 6, 10)
        painter.end()


class Rail(QWidget):
    """All entries; ``chosen(destination)`` follows a press."""

    chosen = Signal(object)

    def __init__(self, entries: Sequence[RailEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAccessibleName(self.tr("Pages"))
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(10, 12, 10, 12)
        column.setSpacing(4)
        self.buttons: list[RailButton] = []
        group = entries[0].group if entries else 0
        for number, entry in enumerate(entries, 1):
            if entry.group != group:
                group = entry.group
                column.addWidget(_Separator())
            button = RailButton(entry, f"Ctrl+{number}" if number < 10 else "")
            button.clicked.connect(lambda _on=False, to=entry.destination: self.chosen.emit(to))
            column.addWidget(button)
            self.buttons.append(button)
        column.addStretch(1)
        self._inside = inside
        self._small = False
        inside.setBackgroundRole(QPalette.ColorRole.Base)
        self._scroll = ScrollPage(inside)
        # a scroll area asks for more than narrow entries need
        self._scroll.setMinimumWidth(1)
        self._scroll.viewport().setBackgroundRole(QPalette.ColorRole.Base)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # entries get their heights only when the layout under way is done
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(0)
        self._settled.timeout.connect(self._bring_current_near)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 1, 0)
        box.addWidget(self._scroll)
        self.set_small(False)

    def set_small(self, small: bool) -> None:
        """Use little width: words under icons."""
        self._small = small
        for button in self.buttons:
            button.set_small(small)
        self._fit()
        self._settled.start()

    def _fit(self) -> None:
        """Be as wide as the words need, and the scroll bar when there is one."""
        wide = max((button.minimumSizeHint().width() for button in self.buttons), default=80)
        if self._small:
            tall = sum(button.minimumSizeHint().height() + 4 for button in self.buttons) + 66
            wide += 21
        else:
            wide = max(wide + 21, round(208 * self.fontMetrics().height() / 21))
            tall = sum(button.heightForWidth(wide - 21) + 4 for button in self.buttons) + 66
        self.setFixedWidth(wide + (self._scroll.verticalScrollBar().sizeHint().width() if tall > self.height() else 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make room for the scroll bar when the entries are taller than the window."""
        super().resizeEvent(event)
        if event.oldSize().height() != event.size().height():
            # a size set within this event would be overwritten by the layout that is still under way
            QTimer.singleShot(0, self._fit)
            self._settled.start()

    def show_current(self, kind: type) -> None:
        """Mark the entry to which a destination type belongs."""
        for button in self.buttons:
            mine = kind is type(button.entry.destination) or kind in button.entry.covers
            if mine != button.is_current:
                button.set_current(mine)
        self._settled.start()

    def _bring_current_near(self) -> None:
        """Scroll to the entry of the page shown, where not all entries have room."""
        for button in self.buttons:
            if button.is_current:
                self._scroll.ensureWidgetVisible(button, 0, 12)

    def set_count(self, kind: type, count: int) -> None:
        """Show how much waits at the entry of a destination type."""
        for button in self.buttons:
            if type(button.entry.destination) is kind:
                button.set_count(count)

    def paintEvent(self, _event: object) -> None:
        """Draw the ground and the line to the page."""
        tokens = tokens_of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.card))
        painter.setPen(QPen(QColor(tokens.line), 1))
        x = 0 if self.isRightToLeft() else self.width() - 1
        painter.drawLine(x, 0, x, self.height())
        painter.end()
