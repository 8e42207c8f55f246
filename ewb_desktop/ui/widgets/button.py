"""Buttons: primary, secondary, quiet, crisis and link; words wrap before they are cut."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy, QWidget

from ewb_desktop.ui.widgets.icon import draw_icon
from ewb_desktop.ui.widgets.look import RADIUS, Tokens, tokens_of
from ewb_desktop.ui.widgets.painting import WRAP, breakable, draw_box, draw_words, widest_word, wrapped_height
from ewb_desktop.ui.widgets.text import sized


class Look(Enum):
    """What a button is for: one PRIMARY a page; CRISIS only for crisis help."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    QUIET = "quiet"
    CRISIS = "crisis"
    LINK = "link"


_PRESSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Select)


def enter_pressed(button: QAbstractButton, event: QKeyEvent) -> bool:
    """Press ``button`` when the key is Enter, as Space does; return whether it was. A key that is held down presses once."""
    if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return False
    event.accept()
    if not event.isAutoRepeat():
        button.click()
    return True


class Button(QPushButton):
    """A button with words, an optional icon before them and an optional key cap after them.

    ``key`` is only shown and spoken; the shortcut itself belongs to a QAction of the page or the window.
    ``says`` is what a screen reader hears instead of the words, where several buttons share them.
    """

    GAP = 10
    _is_busy = False

    def __init__(
        self, text: str, look: Look = Look.QUIET, *, key: str = "", icon: str = "", says: str = "", name: str = "",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        # apart: with words in the constructor the binding first makes ready all that icons can be (3 ms before the lock screen)
        self.setText(text.replace("&", "&&"))
        self._look = look
        self._key = key
        self._icon = icon
        self.setObjectName(name)
        self.setAutoDefault(False)
        if says:
            self.setAccessibleName(says)
        if key:
            self.setAccessibleDescription(self.tr("Key {0}").format(key))
        policy = QSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if look is Look.LINK:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            # the focus ring gives words without a frame more room
            self.setProperty("bare", True)
        if look is not Look.QUIET:
            # only the weight is set: the size goes on following the program's font
            font = QFont()
            font.setBold(True)
            self.setFont(font)

    @property
    def is_busy(self) -> bool:
        """Say whether what the button began is under way."""
        return self._is_busy

    def show_busy(self, busy: bool, words: str) -> None:
        """Say that what the button began is under way, or over. Pressed meanwhile it does nothing, and keeps the keyboard.

        A button that is disabled while it has the keyboard hands it to whatever comes next.
        """
        self._is_busy = busy
        self.set_text(words)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Be pressed, but not while what the button began is under way."""
        if self._is_busy:
            event.accept()
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Be pressed by Enter as by Space, but not while what the button began is under way."""
        if self._is_busy and event.key() in _PRESSING:
            event.accept()
        elif not enter_pressed(self, event):
            super().keyPressEvent(event)

    def set_text(self, text: str, says: str = "") -> None:
        """Change the words and what is spoken."""
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(says)

    def words(self) -> str:
        """Return the words without mnemonic marks."""
        return self.text().replace("&&", "&")

    def _pad(self) -> tuple[int, int]:
        return (0, 4) if self._look is Look.LINK else (18, 11)

    def _beside(self) -> int:
        """Width of what stands beside the words."""
        icon = self.fontMetrics().height() + self.GAP - 2 if self._icon else 0
        return icon + (self._cap().width() + self.GAP if self._key else 0)

    def _cap(self) -> QSize:
        metrics = QFontMetrics(sized(13))
        return QSize(metrics.horizontalAdvance(self._key) + 14, metrics.height() + 4)

    def sizeHint(self) -> QSize:
        """All words on one line."""
        across, down = self._pad()
        metrics = self.fontMetrics()
        # whole words are measured a little narrower than the same words laid out for wrapping
        width = metrics.horizontalAdvance(self.words()) + 2 * across + self._beside() + 3
        return QSize(width, max(24, metrics.height() + 2 * down))

    def minimumSizeHint(self) -> QSize:
        """The longest word and what stands beside it."""
        across, down = self._pad()
        metrics = self.fontMetrics()
        width = widest_word(metrics, breakable(self.words())) + 2 * across + self._beside() + 1
        return QSize(width, max(24, metrics.height() + 2 * down))

    def hasHeightForWidth(self) -> bool:
        """Long words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of the wrapped words."""
        across, down = self._pad()
        room = width - 2 * across - self._beside()
        return max(24, wrapped_height(self.fontMetrics(), breakable(self.words()), room) + 2 * down)

    def _colours(self, tokens: Tokens) -> tuple[str, str, str]:
        """Return fill, edge and text."""
        lit = self.isDown() or self.underMouse()
        match self._look:
            case Look.PRIMARY:
                fill = tokens.accent_deep if lit else tokens.accent
                return fill, fill, tokens.on_accent
            case Look.SECONDARY:
                return (tokens.soft if lit else tokens.card), tokens.accent, (tokens.on_soft if lit else tokens.accent)
            case Look.CRISIS:
                return tokens.card, tokens.crisis, tokens.crisis
            case Look.LINK:
                return "", "", tokens.accent
            case _:
                return (tokens.soft if lit else tokens.card), tokens.edge, (tokens.on_soft if lit else tokens.text)

    def paintEvent(self, _event: object) -> None:
        """Draw ground, icon, words and key cap."""
        tokens = tokens_of(self)
        fill, edge, ink = self._colours(tokens)
        painter = QPainter(self)
        if self._look is not Look.LINK:
            draw_box(painter, self.rect(), fill, edge, 2, RADIUS)
        self._draw_words(painter, ink, tokens)
        painter.end()

    def _draw_words(self, painter: QPainter, ink: str, tokens: Tokens) -> None:
        across, _ = self._pad()
        area = self.rect().adjusted(across, 0, -across, 0)
        room = area.width() - self._beside()
        wide = min(self.fontMetrics().horizontalAdvance(self.words()) + 1, room)
        start = area.x() if self._look is Look.LINK else area.x() + max(0, (room - wide) // 2)
        mirrored = self.isRightToLeft()

        def placed(x: int, width: int) -> QRect:
            rect = QRect(x, area.y(), width, area.height())
            return rect if not mirrored else QRect(self.width() - x - width, rect.y(), width, rect.height())

        if self._icon:
            side = self.fontMetrics().height()
            draw_icon(painter, self._icon, placed(start, side), ink, mirrored=mirrored)
            start += side + self.GAP - 2
        painter.setPen(QColor(ink))
        if self._look is Look.LINK and (self.underMouse() or self.isDown()):
            font = self.font()
            font.setUnderline(True)
            painter.setFont(font)
        one_line = wide >= self.fontMetrics().horizontalAdvance(self.words())
        near = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        side_flag = near if self._look is Look.LINK or not one_line else Qt.AlignmentFlag.AlignHCenter
        aligned = side_flag | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        # words that fit are never wrapped: bold letters may be laid out a hair wider than they were measured
        flags = int(aligned.value) | (0 if one_line else WRAP)
        draw_words(painter, placed(start, wide), flags, self.words() if one_line else breakable(self.words()))
        if self._key:
            cap = self._cap()
            box = placed(start + wide + self.GAP, cap.width())
            box = QRect(box.x(), box.y() + (box.height() - cap.height()) // 2, cap.width(), cap.height())
            draw_key(painter, box, self._key, ink, tokens.edge if self._look is Look.QUIET else ink)


def draw_key(painter: QPainter, box: QRect, key: str, ink: str, edge: str) -> None:
    """Draw a key cap that fills ``box``."""
    painter.save()
    draw_box(painter, box, "", edge, 1, 4)
    painter.setFont(sized(13))
    painter.setPen(QColor(ink))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)
    painter.restore()
