"""Tags (a few words on a tint) and initials in a circle."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from ewb_desktop.ui.widgets.look import TOKENS, Scheme, Tokens, tokens_of
from ewb_desktop.ui.widgets.painting import WRAP, breakable, draw_box, draw_words, widest_word, wrapped_height
from ewb_desktop.ui.widgets.row import Tint
from ewb_desktop.ui.widgets.text import Label, sized

TAG_PX = 14
PAD_X, PAD_Y = 9, 4


def tag_size(text: str) -> QSize:
    """Return how large a tag with ``text`` is on one line."""
    metrics = QFontMetrics(sized(TAG_PX, bold=True))
    return QSize(metrics.horizontalAdvance(text) + 2 * PAD_X + 3, metrics.height() + 2 * PAD_Y)


def draw_tag(painter: QPainter, rect: QRect, text: str, tint: Tint, tokens: Tokens) -> None:
    """Draw a tag that fills ``rect``."""
    ink = tokens.tints[tint]
    plain = tokens is TOKENS[Scheme.CONTRAST]
    draw_box(painter, rect, ink.fill, tokens.edge if plain else "", 1, 6)
    painter.save()
    painter.setFont(sized(TAG_PX, bold=True))
    painter.setPen(QColor(ink.text))
    flags = int(Qt.AlignmentFlag.AlignCenter.value) | WRAP
    draw_words(painter, rect.adjusted(PAD_X, 0, -PAD_X, 0), flags, breakable(text))
    painter.restore()


class Tag(Label):
    """A few words on a tint: a state or a kind, never a grade of a person."""

    def __init__(self, text: str, tint: Tint = Tint.GREY, parent: QWidget | None = None) -> None:
        super().__init__(text, TAG_PX, bold=True, parent=parent)
        self._tint = tint
        policy = QSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set(self, text: str, tint: Tint) -> None:
        """Change words and tint; no words hide the tag."""
        self._tint = tint
        self.setText(text)
        self.setVisible(bool(text))

    def sizeHint(self) -> QSize:
        """One line and its ground."""
        return tag_size(self.text())

    def minimumSizeHint(self) -> QSize:
        """Wrap down to the longest word."""
        metrics = self.fontMetrics()
        short = min(metrics.horizontalAdvance(self.text()), 12 * metrics.averageCharWidth() + 40)
        return QSize(max(short, widest_word(metrics, breakable(self.text()))) + 2 * PAD_X + 3, metrics.height() + 2 * PAD_Y)

    def hasHeightForWidth(self) -> bool:
        """A long tag wraps."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of the wrapped words and their ground."""
        return wrapped_height(self.fontMetrics(), breakable(self.text()), width - 2 * PAD_X) + 2 * PAD_Y

    def paintEvent(self, _event: object) -> None:
        """Draw ground and words."""
        painter = QPainter(self)
        draw_tag(painter, self.rect(), self.text(), self._tint, tokens_of(self))
        painter.end()


def initials_of(name: str) -> str:
    """Return one or two capitals for a circle: ``Amina K.`` gives ``AK``."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else ""


def draw_initials(painter: QPainter, rect: QRect, letters: str, tokens: Tokens) -> None:
    """Draw the circle and its letters in ``rect``."""
    side = min(rect.width(), rect.height())
    circle = QRect(rect.x() + (rect.width() - side) // 2, rect.y() + (rect.height() - side) // 2, side, side)
    edge = tokens.edge if tokens is TOKENS[Scheme.CONTRAST] else ""
    draw_box(painter, circle, tokens.soft, edge, 1, side / 2)
    painter.save()
    font = sized(17, bold=True)
    font.setPixelSize(max(9, round(side * 0.38)))
    painter.setFont(font)
    painter.setPen(QColor(tokens.on_soft))
    painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, letters)
    painter.restore()


class Initials(QWidget):
    """A person's initials in a circle; the name always stands beside it."""

    def __init__(self, letters: str, px_at_100: int = 44, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._letters = letters
        self._px = px_at_100
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_letters(self, letters: str) -> None:
        """Change the letters."""
        self._letters = letters
        self.update()

    def sizeHint(self) -> QSize:
        """Grow with the text, but only half as fast: it is decoration."""
        side = round(self._px * (1 + (self.fontMetrics().height() / 20 - 1) / 2))
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """Never be cut."""
        return self.sizeHint()

    def paintEvent(self, _event: object) -> None:
        """Draw circle and letters."""
        painter = QPainter(self)
        draw_initials(painter, self.rect(), self._letters, tokens_of(self))
        painter.end()
