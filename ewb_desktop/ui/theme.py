"""The look of the whole program: palette, one thin style, the face and the text size."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QProgressBar,
    QProxyStyle,
    QStyle,
    QWidget,
)  # fmt: skip

from ewb_desktop.ui.widgets.icon import draw_icon, set_icon_folder
from ewb_desktop.ui.widgets.look import BODY_PX, RADIUS, TOKENS, Scheme, Tokens, tokens_of
from ewb_desktop.ui.widgets.painting import draw_box
from ewb_desktop.ui.widgets.text import refit_all

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleHintReturn, QStyleOption, QStyleOptionComplex

FACE = "Atkinson Hyperlegible Next"
FACE_FILES = "AtkinsonHyperlegibleNext_*.ttf"
SCRIPT_FILES = (
    "NotoSansArabic_*.ttf",
    "NotoSansBengali_*.ttf",
    "NotoSansCyrillic_*.ttf",
    "NotoSansGurmukhi_*.ttf",
    "NotoSansSC_*.ttf",
)
"""Names and words in these scripts are typed too: a machine with nothing installed draws boxes for most of them. They are read
when they are first needed. Urdu is drawn in the Arabic face: the lines of its own need more room than a page of others gives."""
RESOURCES = Path(__file__).resolve().parents[2] / "resources"
LEAST_PERCENT, MOST_PERCENT = 100, 200
_ARROW, _ARROW_SIDE, _ARROW_AIR = 20, 10, 5
"""How wide the arrow of a combo box is at 100 % text, how far from its edge, and how much of it on each side is air."""

_Role = QPalette.ColorRole


def palette_of(tokens: Tokens) -> QPalette:
    """Return the palette that wears ``tokens``."""
    palette = QPalette()
    for role, colour in (
        (_Role.Window, tokens.page), (_Role.WindowText, tokens.text), (_Role.Base, tokens.card),
        (_Role.AlternateBase, tokens.soft), (_Role.Text, tokens.text), (_Role.Button, tokens.card),
        (_Role.ButtonText, tokens.text), (_Role.Highlight, tokens.accent), (_Role.HighlightedText, tokens.on_accent),
        (_Role.PlaceholderText, tokens.muted), (_Role.ToolTipBase, tokens.card), (_Role.ToolTipText, tokens.text),
        (_Role.Link, tokens.accent), (_Role.LinkVisited, tokens.accent), (_Role.BrightText, tokens.error),
        (_Role.Accent, tokens.accent), (_Role.Mid, tokens.edge), (_Role.Midlight, tokens.line),
    ):  # fmt: skip
        palette.setColor(role, QColor(colour))
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.muted))
    return palette


class EwbStyle(QProxyStyle):
    """Fusion with rounded fields whose edges have 3:1; the colours come from the palette of what is drawn."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def drawPrimitive(
        self, element: QStyle.PrimitiveElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        """Draw the ground of fields and frames; leave the rest to Fusion, and the focus to the ring."""
        kind = QStyle.PrimitiveElement
        if element == kind.PE_PanelLineEdit:
            if widget is None or not isinstance(widget.parentWidget(), QComboBox):
                _draw_field(painter, _rect(option), tokens_of(_palette(option)))
            return
        if element in (kind.PE_FrameFocusRect, kind.PE_FrameLineEdit):
            return
        if element == kind.PE_Frame and widget is not None and widget.inherits("QAbstractScrollArea"):
            if isinstance(widget, QFrame) and widget.frameShape() != QFrame.Shape.NoFrame:
                _draw_field(painter, _rect(option), tokens_of(_palette(option)), filled=False)
            return
        super().drawPrimitive(element, option, painter, widget)

    def drawControl(
        self, element: QStyle.ControlElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        """Draw the edge of text boxes and the bar of progress."""
        kind = QStyle.ControlElement
        if element == kind.CE_ShapedFrame and widget is not None and widget.inherits("QAbstractScrollArea"):
            if isinstance(widget, QFrame) and widget.frameShape() != QFrame.Shape.NoFrame:
                _draw_field(painter, _rect(option), tokens_of(_palette(option)), filled=False)
            return
        if element in (kind.CE_ProgressBarGroove, kind.CE_ProgressBarContents) and isinstance(widget, QProgressBar):
            tokens, rect = tokens_of(_palette(option)), _rect(option)
            if element == kind.CE_ProgressBarGroove:
                draw_box(painter, rect, tokens.card, tokens.edge, 2, RADIUS)
            else:
                _draw_progress(painter, rect, widget, tokens)
            return
        if element == kind.CE_ComboBoxLabel:
            # as labels are: in the direction of the words' own script
            painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        super().drawControl(element, option, painter, widget)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw a combo box as a field with a chevron."""
        if control == QStyle.ComplexControl.CC_ComboBox:
            tokens, rect = tokens_of(_palette(option)), _rect(option)
            _draw_field(painter, rect, tokens)
            mirrored = QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
            arrow = _arrow(option)
            left = rect.left() + _ARROW_SIDE if mirrored else rect.right() - _ARROW_SIDE - arrow
            draw_icon(painter, "chevron-down", QRect(left, rect.y(), arrow, rect.height()), tokens.text)
            return
        if control == QStyle.ComplexControl.CC_ScrollBar and widget is not None:
            tokens = tokens_of(_palette(option))
            slider = self.subControlRect(control, option, QStyle.SubControl.SC_ScrollBarSlider, widget)
            draw_box(painter, slider.adjusted(4, 4, -4, -4), tokens.edge, "", 0, 4)
            return
        super().drawComplexControl(control, option, painter, widget)

    def sizeFromContents(  # type: ignore[override]  # the two bases name the last argument differently
        self, kind: QStyle.ContentsType, option: QStyleOption, size: QSize, widget: QWidget
    ) -> QSize:
        """Make fields as tall as buttons are."""
        made = super().sizeFromContents(kind, option, size, widget)
        if kind in (QStyle.ContentsType.CT_LineEdit, QStyle.ContentsType.CT_ComboBox):
            grown = _arrow(option) - _ARROW if kind == QStyle.ContentsType.CT_ComboBox else 0
            return QSize(made.width() + 20 + grown, max(40, widget.fontMetrics().height() + 18))
        return made

    def subElementRect(  # type: ignore[override]
        self, element: QStyle.SubElement, option: QStyleOption, widget: QWidget
    ) -> QRect:
        """Keep the words of a field away from its rounded edge."""
        rect = super().subElementRect(element, option, widget)
        if element == QStyle.SubElement.SE_LineEditContents:
            return rect.adjusted(8, 0, -8, 0)
        return rect

    def subControlRect(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        part: QStyle.SubControl,
        widget: QWidget | None = None,
    ) -> QRect:
        """Keep the words of a combo box away from its rounded edge and its arrow."""
        rect = super().subControlRect(control, option, part, widget)  # type: ignore[arg-type]
        if control == QStyle.ComplexControl.CC_ComboBox and part == QStyle.SubControl.SC_ComboBoxEditField:
            mirrored = QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
            whole, near, far = _rect(option), 13, _ARROW_SIDE + _arrow(option) - _ARROW_AIR + 1
            return whole.adjusted(far if mirrored else near, 2, -near if mirrored else -far, -2)
        return rect

    def pixelMetric(self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None) -> int:
        """Make scroll bars and marks large enough to hit."""
        kind = QStyle.PixelMetric
        if metric in (kind.PM_IndicatorWidth, kind.PM_IndicatorHeight, kind.PM_ScrollBarExtent):
            return {kind.PM_ScrollBarExtent: 16}.get(metric, 24)
        if metric == kind.PM_DefaultFrameWidth and widget is not None and widget.inherits("QPlainTextEdit"):
            return 3
        if metric in (kind.PM_MenuVMargin, kind.PM_MenuHMargin):
            return 6
        return super().pixelMetric(metric, option, widget)

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returned: QStyleHintReturn | None = None,
    ) -> int:
        """Show a combo box's list under it, and let nothing blink faster than the system does."""
        if hint == QStyle.StyleHint.SH_ComboBox_Popup:
            return 0
        return super().styleHint(hint, option, widget, returned)


def _arrow(option: QStyleOption) -> int:
    """Return how wide the arrow of a combo box is: as much larger as its text is."""
    return round(_ARROW * int(option.fontMetrics.height()) / 20)


def _rect(option: QStyleOption) -> QRect:
    return QRect(option.rect)


def _palette(option: QStyleOption) -> QPalette:
    return QPalette(option.palette)


def _draw_field(painter: QPainter, rect: QRect, tokens: Tokens, *, filled: bool = True) -> None:
    if not filled:
        # the corners outside the rounded edge show what lies under the field
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.edge), 2))
        painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), 4, 4)
        painter.restore()
        return
    draw_box(painter, rect, tokens.card, tokens.edge, 2, RADIUS)


def _draw_progress(painter: QPainter, rect: QRect, bar: QProgressBar, tokens: Tokens) -> None:
    whole = bar.maximum() - bar.minimum()
    share = (bar.value() - bar.minimum()) / whole if whole else 0.3
    done = rect.adjusted(4, 4, -4, -4)
    wide = round(done.width() * max(0.0, min(1.0, share)))
    if bar.isRightToLeft():
        done.setLeft(done.right() + 1 - wide)
    else:
        done.setWidth(wide)
    draw_box(painter, done, tokens.accent, "", 0, 4)


class Theme(QObject):
    """What the program wears now. Made once by the composition root; :meth:`wear` may be called at any time.

    ``changed`` is emitted after the scheme or the text size has changed.
    """

    changed = Signal()

    def __init__(self, app: QApplication, resources: Path = RESOURCES) -> None:
        super().__init__(app)
        self._app = app
        self._chosen: Scheme | None = None
        self._percent = 100
        set_icon_folder(resources / "icons")
        for face in (FACE_FILES, *SCRIPT_FILES):
            for file in sorted((resources / "fonts").glob(face)):
                QFontDatabase.addApplicationFont(str(file))
        app.setStyle(EwbStyle())
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)

    @property
    def scheme(self) -> Scheme:
        """The scheme worn now."""
        return self._chosen or system_scheme()

    @property
    def text_percent(self) -> int:
        """The text size, 100 to 200."""
        return self._percent

    def wear(self, scheme: Scheme | None = None, text_percent: int = 100, *, right_to_left: bool = False) -> None:
        """Put on a scheme (None follows the system), a text size in per cent and a direction, while running."""
        self._chosen = scheme
        self._percent = max(LEAST_PERCENT, min(MOST_PERCENT, text_percent))
        direction = Qt.LayoutDirection.RightToLeft if right_to_left else Qt.LayoutDirection.LeftToRight
        if self._app.layoutDirection() != direction:
            self._app.setLayoutDirection(direction)
        font = QFont(FACE)
        font.setPixelSize(round(BODY_PX * self._percent / 100))
        if font != self._app.font():
            self._app.setFont(font)
        palette = palette_of(TOKENS[self.scheme])
        if palette != self._app.palette():
            self._app.setPalette(palette)
        refit_all()
        self.changed.emit()

    def _system_changed(self) -> None:
        if self._chosen is None:
            self.wear(None, self._percent, right_to_left=self._app.layoutDirection() == Qt.LayoutDirection.RightToLeft)


def system_scheme() -> Scheme:
    """Return what the system asks for: high contrast first, then dark, else light."""
    hints = QGuiApplication.styleHints()
    if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
        return Scheme.CONTRAST
    return Scheme.DARK if hints.colorScheme() == Qt.ColorScheme.Dark else Scheme.LIGHT


def apply(app: QApplication, scheme: Scheme | None = None, text_percent: int = 100, *, right_to_left: bool = False) -> Theme:
    """Dress the program: make its :class:`Theme` the first time, find it again later, and wear what is asked for."""
    theme = app.findChild(Theme) or Theme(app)
    theme.wear(scheme, text_percent, right_to_left=right_to_left)
    return theme
