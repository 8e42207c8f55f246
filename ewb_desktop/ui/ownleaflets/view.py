"""The page of the organisation's own leaflets: what there is, or one file that was looked at."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from ewb_desktop.ui.destinations import Destination, ToLeaflets
from ewb_desktop.ui.ownleaflets.lists_part import ListsPart
from ewb_desktop.ui.ownleaflets.looked_part import LookedPart, Preview
from ewb_desktop.ui.ownleaflets.picture_form import PictureForm
from ewb_desktop.ui.ownleaflets.shown import Lists, Looked, PictureWords, Proof
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.notice import Notice, ProgressPanel, Tone
from ewb_desktop.ui.widgets.page_head import PageHead

__all__ = ["OwnLeafletsPage", "Preview"]


class OwnLeafletsPage(Page):
    """Shows and asks; its presenters decide."""

    came = Signal()
    add_asked = Signal()
    dropped = Signal(str)
    example_asked = Signal()

    def __init__(self, preview: Preview, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Our own leaflets"), "ownleaflets", parent=parent)
        self.presenters: list[object] = []
        self._looking = False
        self._add = Button(self.tr("Add a leaflet from a file"), Look.PRIMARY, icon="upload", name="ownleaflets.add")
        self._add.clicked.connect(self.add_asked)
        self._example = Button(self.tr("Save an example to start from"), icon="download", name="ownleaflets.example")
        self._example.clicked.connect(self.example_asked)
        to_leaflets = Button(self.tr("Print leaflets"), icon="file-text", name="ownleaflets.leaflets")
        to_leaflets.clicked.connect(lambda: self.go.emit(ToLeaflets()))
        line = self.tr("What we wrote ourselves. The other laptops get it too.")
        self.sheet.add(PageHead(self.tr("Our own leaflets"), line, [self._example, to_leaflets, self._add]))
        self._trouble = Notice("", "", Tone.ATTENTION, name="ownleaflets.trouble")
        self._trouble.hide()
        self._busy = ProgressPanel(self.tr("Looking at the file"), can_cancel=False)
        self._busy.hide()
        self.picture = PictureForm()
        self.looked = LookedPart(preview)
        self.looked.hide()
        self.lists = ListsPart()
        for part in (self._trouble, self._busy, self.picture, self.looked, self.lists):
            self.sheet.add(part)
        self.sheet.fill()
        self.act(self.tr("Look at the file again"), "F5", self._look_again, "ownleaflets.again_action")
        self.default_focus = self._add
        self.setAcceptDrops(True)

    # -- the worker

    def opened(self, destination: Destination) -> None:  # noqa: ARG002 - there is one way to open it
        """Show what is there."""
        self.came.emit()

    def leaving(self) -> None:
        """Keep what was typed."""
        self.picture.flush()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one file of this computer."""
        urls = event.mimeData().urls()
        if len(urls) == 1 and urls[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at the file that was let go here."""
        event.acceptProposedAction()
        self.dropped.emit(event.mimeData().urls()[0].toLocalFile())

    def _look_again(self) -> None:
        if self._looking:
            self.looked.again_asked.emit()

    # -- the presenters

    def show_lists(self, lists: Lists) -> None:
        """Show what is there."""
        self.lists.show_lists(lists)

    def show_busy(self, words: str) -> None:
        """Say what is being done, or no more."""
        self._busy.setVisible(bool(words))
        if words:
            self._busy.set_progress(0, 0, words)

    def show_trouble(self, title: str, sentence: str) -> None:
        """Say what did not work, or take that away."""
        self._trouble.set_words(title, sentence)
        self._trouble.setVisible(bool(title))
        if title:
            announce(self._trouble, f"{title}. {sentence}")
            self.sheet.show_top()

    def show_looked(self, looked: Looked | None) -> None:
        """Show one file in place of the lists, or the lists again."""
        was, self._looking = self._looking, looked is not None and looked.is_new
        self.looked.setVisible(looked is not None)
        self.lists.setVisible(looked is None)
        # one main button on a page: while a file is looked at it is "Use this leaflet"
        self._add.setVisible(looked is None)
        self.default_focus = self._add if looked is None else self.looked.back
        if looked is None:
            if was or not self._add.hasFocus():
                self._add.setFocus()
            return
        self.looked.show_looked(looked)
        self.sheet.show_top()
        self.looked.first(looked).setFocus()
        count = len(looked.messages)
        told = self.tr("{0}. {1} messages.").format(looked.title, count) if count else f"{looked.title}. {looked.words}"
        announce(self.looked, told)

    def show_proof(self, proof: Proof | None, trouble: str) -> None:
        """Show the leaflet as it would be printed, or why it cannot be."""
        self.looked.show_proof(proof, trouble)

    def show_picture(self, picture: PictureWords | None) -> None:
        """Ask for the words of a picture, or take the form away."""
        had = self.picture.isVisibleTo(self)
        self.picture.show_picture(picture)
        if picture is not None:
            self.sheet.show_top()
            self.picture.description.setFocus()
        elif had:
            self._add.setFocus()

    def show_picture_faults(self, sentences: dict[str, str]) -> None:
        """Say what is missing from the words of the picture."""
        self.picture.show_faults(sentences)

    def say(self, sentence: str) -> None:
        """Say at the foot of the window what was done."""
        self.said.emit(sentence)
