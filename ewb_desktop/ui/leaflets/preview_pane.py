"""The leaflet as it will come out of the printer, and the same as text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from ewb_desktop.leaflets.preview import PageImage
from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.leading import begin_where_the_words_do
from ewb_desktop.ui.widgets.look import tokens_of
from ewb_desktop.ui.widgets.notice import Notice, ProgressPanel
from ewb_desktop.ui.widgets.painting import draw_box
from ewb_desktop.ui.widgets.row import Tint
from ewb_desktop.ui.widgets.search_box import FilterChip
from ewb_desktop.ui.widgets.text import Kind, Text

_RATIO = 297 / 210


class PagePicture(QWidget):
    """One page as it will be printed, as large as its place allows. Its name says how to have it read aloud."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_page(self, page: PageImage, says: str) -> None:
        """Show a page."""
        picture = QImage(page.rgba, page.width, page.height, 4 * page.width, QImage.Format.Format_RGBA8888)
        # a picture made from bytes does not keep them
        self._image = picture.copy()
        self.setAccessibleName(says)
        self.update()

    def clear(self) -> None:
        """Show no page."""
        self._image = QImage()
        self.setAccessibleName("")
        self.update()

    def sizeHint(self) -> QSize:
        """A page that can be read at a glance."""
        wide = round(264 * self.fontMetrics().height() / 20)
        return QSize(wide, round(wide * _RATIO))

    def minimumSizeHint(self) -> QSize:
        """A page whose headings can be read."""
        return QSize(240, round(240 * _RATIO))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the page with its shadow in the middle."""
        if self._image.isNull():
            return
        size = self._image.size().scaled(self.size() - QSize(12, 14), Qt.AspectRatioMode.KeepAspectRatio)
        # at the top: the beginning of the page is what people look for, however tall the pane becomes
        room = QRect((self.width() - size.width()) // 2, 4, size.width(), size.height())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for spread, strength in ((5, 10), (3, 18), (1, 30)):
            painter.fillRect(room.adjusted(-spread, -spread + 2, spread, spread + 2), QColor(0, 0, 0, strength))
        ratio = self.devicePixelRatioF()
        scaled = self._image.scaled(size * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        painter.drawImage(room, scaled)
        painter.end()


class PreviewPane(QFrame):
    """Pages to leaf through, or their text to be read; while the leaflet is made, that; or why there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages: Sequence[PageImage] = ()
        self._number = 0
        self._title = ""
        self.picture = PagePicture()
        self.text = QPlainTextEdit()
        self.text.setObjectName("leaflets.text")
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("The words of the leaflet"))
        self.text.setMinimumHeight(240)
        begin_where_the_words_do(self.text)
        self.text.document().setDocumentMargin(12)
        self.waiting = ProgressPanel(self.tr("Making the leaflet"), can_cancel=False)
        self.waiting.set_progress(0, 0)
        self.trouble = Notice("", name="leaflets.trouble")
        self._stack = QStackedWidget()
        for part in (self.picture, self.text, _at_top(self.waiting), _at_top(self.trouble)):
            self._stack.addWidget(part)
        self._before = Button(self.tr("Previous"), says=self.tr("Previous page"), name="leaflets.before")
        self._after = Button(self.tr("Next"), says=self.tr("Next page"), name="leaflets.after")
        self._before.clicked.connect(lambda: self.turn(-1))
        self._after.clicked.connect(lambda: self.turn(1))
        self._where = Text("", Kind.MUTED)
        self._where.setWordWrap(False)
        self._as_text = FilterChip(self.tr("As text"), name="leaflets.as_text")
        self._as_text.setAccessibleName(self.tr("Read as text"))
        self._as_text.toggled.connect(self._show)
        self._leafing = Flow([self._before, self._where, self._after, self._as_text], spacing=8)
        box = QVBoxLayout(self)
        box.setContentsMargins(14, 14, 14, 14)
        box.setSpacing(12)
        box.addWidget(self._leafing)
        box.addWidget(self._stack, 1)
        self.show_waiting()

    def show_waiting(self) -> None:
        """Say that the leaflet is being made; a page that is shown stays until the new one is there."""
        if not self._pages or self.trouble.title.text():
            self._stack.setCurrentIndex(2)
            self._leafing.hide()

    def show_nothing(self) -> None:
        """Take pages and words away: what comes next is another leaflet, and nobody may read this one meanwhile."""
        self._pages = ()
        self._title = ""
        self.text.clear()
        self.picture.clear()
        self.trouble.set_words("")

    def show_proof(self, title: str, pages: Sequence[PageImage], text: str) -> None:
        """Show the finished leaflet at its first page."""
        same = title == self._title
        self._title, self._pages = title, pages
        self._number = min(self._number, len(pages) - 1) if same else 0
        self.trouble.set_words("")
        self.text.setPlainText(text)
        self._leafing.show()
        self._show()

    def show_trouble(self, sentence: str) -> None:
        """Say why there is no leaflet."""
        self._pages = ()
        self.trouble.set_words(self.tr("There is no leaflet to show"), sentence)
        announce(self.trouble, sentence)
        self._stack.setCurrentIndex(3)
        self._leafing.hide()

    def turn(self, by: int) -> None:
        """Turn so many pages on, or back; at the first and the last page it stays."""
        if not self._pages:
            return
        self._number = min(max(0, self._number + by), len(self._pages) - 1)
        self._as_text.setChecked(False)
        self._show()
        announce(self._where, self._where.accessibleName())

    def _show(self, _on: bool = False) -> None:
        if not self._pages:
            return
        words = self.tr("Page {0} of {1}").format(self._number + 1, len(self._pages))
        self._where.setText(self.tr("{0} of {1}").format(self._number + 1, len(self._pages)))
        self._where.setAccessibleName(words)
        says = self.tr("{0}: a picture of the leaflet. Choose “As text” for its words.").format(words)
        self.picture.show_page(self._pages[self._number], says)
        self._stack.setCurrentIndex(1 if self._as_text.isChecked() else 0)
        several = len(self._pages) > 1
        self._before.setVisible(several)
        self._after.setVisible(several)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the table on which the page lies."""
        tokens = tokens_of(self)
        painter = QPainter(self)
        draw_box(painter, self.rect(), tokens.tints[Tint.GREY].fill, tokens.line, 1, 12)
        painter.end()


def _at_top(part: QWidget) -> QWidget:
    holder = QWidget()
    box = QVBoxLayout(holder)
    box.setContentsMargins(0, 0, 0, 0)
    box.addWidget(part)
    box.addStretch(1)
    return holder
