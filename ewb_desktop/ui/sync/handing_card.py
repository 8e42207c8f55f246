"""The part of the page for files from laptop to laptop: make one, look into one, take it in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from ewb_desktop.ui.documents import in_documents
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.choices import CheckChoices, Choice
from ewb_desktop.ui.widgets.field import SelectField
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.notice import Notice, Tone
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.rows import RowList
from ewb_desktop.ui.widgets.text import Kind, Text

_PARCEL = ".ewb-parcel"

ChooseFile = Callable[[QWidget], Path | None]


def named_parcel(path: Path) -> Path:
    """Return the path as the other laptop looks for it: a file without its ending is not among those to take in."""
    return path if path.suffix == _PARCEL else path.with_name(path.name + _PARCEL)


class HandingCard(Card):
    """Shows what its presenter says, and tells what is asked for."""

    hand_over_asked = Signal(str, object, bool)
    look_asked = Signal(object)
    take_asked = Signal()
    leave_asked = Signal()
    said = Signal(str)

    def __init__(self, save: ChooseFile | None = None, choose: ChooseFile | None = None) -> None:
        super().__init__(
            QCoreApplication.translate("HandingCard", "Without a connection"),
            QCoreApplication.translate(
                "HandingCard",
                "Your work can go to a colleague's laptop in a file, on a memory stick. Only that laptop can open it. "
                "It is sent to the server from whichever laptop has a connection first, and never twice.",
            ),
            name="sync.handing",
        )
        self._save = save or self._ask_where
        self._choose = choose or self._ask_which
        self._trouble = Notice("", name="sync.handing-trouble")
        self._done = Notice("", tone=Tone.INFO, name="sync.handing-done")
        self._left_out = Text("", Kind.BOLD)
        self._done.add(self._left_out)
        self._notes = Text("", Kind.BODY)
        self._nobody = Text("", Kind.HINT)
        self._laptop = SelectField(self.tr("Whose laptop is it for?"), [], name="sync.receiver")
        self._records = CheckChoices(
            [
                Choice(
                    "records",
                    self.tr("Records from the server too"),
                    self.tr(
                        "For a laptop that has had no connection for some time. Only what your colleague may see goes along."
                    ),
                )
            ],
            says=self.tr("What goes along"),
            name="sync.with-records",
        )
        self._hand = Button(self.tr("Hand over to another laptop"), Look.SECONDARY, icon="download", name="sync.hand-over")
        self._hand.clicked.connect(self._ask_to_hand_over)
        self._take = Button(self.tr("Take in a file"), Look.SECONDARY, icon="upload", name="sync.take-in")
        self._take.clicked.connect(self._ask_to_look)
        for part in (
            self._trouble,
            self._done,
            self._notes,
            self._nobody,
            self._laptop,
            self._records,
            Flow([self._hand, self._take], spacing=12),
        ):
            self.add(part)
        self._shown = Notice("", tone=Tone.INFO, name="sync.delivery")
        self._rows = RowList(name="sync.delivery-rows")
        self._accept = Button(self.tr("Take these in"), Look.SECONDARY, icon="check", name="sync.accept")
        self._accept.clicked.connect(self.take_asked)
        self._leave = Button(self.tr("Leave them out"), name="sync.leave")
        self._leave.clicked.connect(self.leave_asked)
        self.add(self._shown)
        self.add(self._rows)
        self._answers = Flow([self._accept, self._leave], spacing=12)
        self.add(self._answers)
        self.show_trouble("")
        self.show_done("", "")
        self.show_delivery("", "", [], can_take=False)

    def show_laptops(self, laptops: Sequence[tuple[str, str]], notes: Sequence[str], *, is_shown: bool, has_asked: bool) -> None:
        """Offer colleagues' laptops, each an id and words, and say what is carried for whom.

        ``has_asked`` says that the server was asked already: it tells who may hand work to whom.
        """
        before = self._laptop.value
        self._laptop.set_options(laptops)
        # of several none is chosen by itself: work for one colleague must not go to another unread
        known = [key for key, _words in laptops]
        self._laptop.value = before if before in known or len(known) != 1 else known[0]
        self._laptop.setVisible(bool(laptops))
        self._records.setVisible(bool(laptops))
        self._hand.setVisible(bool(laptops))
        known_none = self.tr("No other laptop in use is known here.")
        rest = "" if has_asked else self.tr("Send and receive to hear of others.")
        self._nobody.setText(f"{known_none} {rest}".strip())
        self._nobody.setVisible(not laptops)
        self._notes.setText("\n".join(notes))
        self._notes.setVisible(bool(notes))
        self.setVisible(is_shown)

    def show_delivery(self, title: str, line: str, rows: Sequence[Row], *, can_take: bool, is_held: bool = False) -> None:
        """Show what a file would change, or that it ``is_held`` for the administrator; an empty title hides it."""
        if not title and (self._accept.hasFocus() or self._leave.hasFocus()):
            # what is hidden must not take the place in the page along
            self._take.setFocus()
        self._shown.set_words(title, line)
        self._shown.setVisible(bool(title))
        self._rows.set_rows(rows)
        self._rows.setVisible(bool(rows))
        self._answers.setVisible(bool(title))
        self._accept.set_text(self.tr("Keep it for your administrator") if is_held else self.tr("Take these in"))
        self._accept.setVisible(can_take)
        for button in (self._accept, self._leave):
            # the keyboard comes to one of them past all that is shown: what it is about is heard with it
            button.setAccessibleDescription(f"{title}. {line}" if title else "")
        if title:
            (self._accept if can_take else self._leave).setFocus()

    def show_trouble(self, sentence: str) -> None:
        """Say why a file was not made or not taken in; empty when nothing is wrong."""
        self._trouble.set_words(self.tr("That did not work") if sentence else "", sentence)
        self._trouble.setVisible(bool(sentence))
        if sentence:
            self.said.emit(sentence)

    def show_done(self, title: str, sentence: str, left_out: str = "", *, aloud: bool = True) -> None:
        """Show what was done until something else is, and on a line of its own what stayed out; an empty title hides it.

        The foot has no room for all of it at twice the text, and what stayed out must not be carried away as if it were there.
        Unless it is said ``aloud``, the foot keeps its words.
        """
        self._done.set_words(title, sentence)
        self._left_out.setText(left_out)
        self._left_out.setVisible(bool(left_out))
        self._done.setVisible(bool(title))
        if title and aloud:
            # what stayed out first: the foot may cut the rest
            self.said.emit(f"{left_out} {sentence}".strip())

    def say(self, sentence: str) -> None:
        """Say what was done."""
        self.said.emit(sentence)

    def _ask_to_hand_over(self) -> None:
        laptop = self._laptop.value
        self._laptop.show_error("" if laptop else self.tr("Choose whose laptop it is for."))
        if not laptop:
            self._laptop.setFocus()
        path = self._save(self) if laptop else None
        if path is not None:
            self.hand_over_asked.emit(laptop, path, bool(self._records.values))

    def _ask_to_look(self) -> None:
        path = self._choose(self)
        if path is not None:
            self.look_asked.emit(path)

    def _ask_where(self, parent: QWidget) -> Path | None:
        title, kinds = self.tr("Hand over to another laptop"), self.tr("Files from laptops (*.ewb-parcel)")
        name, _kind = QFileDialog.getSaveFileName(parent, title, in_documents("hand-over.ewb-parcel"), kinds)
        return named_parcel(Path(name)) if name else None

    def _ask_which(self, parent: QWidget) -> Path | None:
        kinds = self.tr("Files from laptops (*.ewb-parcel);;All files (*)")
        name, _kind = QFileDialog.getOpenFileName(parent, self.tr("Take in a file"), in_documents(), kinds)
        return Path(name) if name else None
