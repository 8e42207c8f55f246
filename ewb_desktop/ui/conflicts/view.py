"""The page of two different answers: one box for each, with buttons to keep mine, theirs or both."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.ui.conflicts.choice_box import ChoiceBox
from ewb_desktop.ui.conflicts.presenter import Choice, ConflictsPresenter
from ewb_desktop.ui.destinations import Destination, ToConflicts, ToHistory
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.notice import EmptyState, UndoBar
from ewb_desktop.ui.widgets.page_head import PageHead
from ewb_desktop.ui.widgets.reading_order import has_keyboard


class ConflictsPage(Page):
    """Shows what waits for a choice, and tells what was chosen."""

    asked = Signal(str)
    chosen = Signal(str, str)
    undo_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Two different answers"), "conflicts", parent=parent)
        self.presenter: ConflictsPresenter | None = None
        back = Button(self.tr("Back"), name="conflicts.back")
        back.clicked.connect(self.back)
        self._all = Button(self.tr("Show everyone"), name="conflicts.all")
        self._all.clicked.connect(lambda: self.asked.emit(""))
        self._back = back
        self.sheet.add(
            PageHead(
                self.tr("Two different answers"),
                self.tr(
                    "Two people wrote different things without knowing of each other. Both are kept until somebody chooses. "
                    "What is not chosen stays in the history."
                ),
                [self._all, back],
            )
        )
        self._came: ToHistory | None = None
        came = Button(
            self.tr("See how this came about"), Look.LINK,
            says=self.tr("See how this came about: what you just chose"), name="conflicts.chosen-history",
        )  # fmt: skip
        came.clicked.connect(self._go_to_history)
        self._undo = UndoBar(came)
        self._undo.undone.connect(self._take_back)
        self._boxes = QVBoxLayout()
        self._boxes.setSpacing(16)
        self._shown: list[ChoiceBox] = []
        self.sheet.add(self._boxes)
        self._none = EmptyState(
            self.tr("Nothing waits for you to choose"),
            self.tr("Where two people write different things, both answers wait here."),
            icon="circle-check",
        )
        self.sheet.add(self._none)
        self.sheet.fill()
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            # under what scrolls: the keyboard goes on to the next question, and in large letters the page with it
            foot = QVBoxLayout()
            foot.setContentsMargins(28, 8, 28, 8)
            foot.addWidget(self._undo)
            layout.addLayout(foot)

    def opened(self, destination: Destination) -> None:
        """Show what waits."""
        self._undo.withdraw()
        self.asked.emit(destination.person if isinstance(destination, ToConflicts) else "")

    def show_choices(self, choices: Sequence[Choice], *, about_one: bool) -> None:
        """Show what waits for a choice; where that is what stands here already, the keyboard stays where it is."""
        self._all.setVisible(about_one)
        if choices and [box.choice for box in self._shown] == list(choices):
            return
        had_focus = any(map(has_keyboard, self._shown))
        for box in self._shown:
            self._boxes.removeWidget(box)
            box.hide()
            box.deleteLater()
        self._shown = [ChoiceBox(choice, index) for index, choice in enumerate(choices)]
        for box in self._shown:
            box.chosen.connect(self.chosen)
            box.history_asked.connect(self.go)
            box.reached.connect(lambda box=box: self.sheet.show_near(box))
            self._boxes.addWidget(box)
            box.show()
        self._none.setVisible(not choices)
        self._none.title.setAccessibleDescription("")
        self.default_focus = self._shown[0] if self._shown else self._back
        if had_focus:
            # the keyboard goes to the next question, not to nowhere, and to nothing that one key more would settle
            self.default_focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def offer_undo(self, sentence: str, history: ToHistory) -> None:
        """Say what was chosen, with a button that takes it back and the way to what was not kept."""
        self._came = history
        # what was said of the last choice is not true of this one
        self.said.emit("")
        self._undo.offer(sentence)
        if not self._shown:
            # nothing is left to go on with: both that and what was done are heard here, where no key undoes it; a Tab
            # or two further it can be undone
            self._none.title.setAccessibleDescription(sentence)
            self._none.title.setFocus(Qt.FocusReason.OtherFocusReason)

    def withdraw_undo(self) -> None:
        """Offer no more to take a choice back."""
        self._undo.withdraw()

    def _go_to_history(self) -> None:
        if self._came is not None:
            self.go.emit(self._came)

    def _take_back(self) -> None:
        self.undo_asked.emit()
        # the button that had the keyboard is gone
        (self.default_focus or self._back).setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, sentence: str) -> None:
        """Say what was done at the foot of the window."""
        self.said.emit(sentence)
