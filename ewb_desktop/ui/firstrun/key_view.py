"""The recovery key: shown once, saved or printed, and typed back in part so that it is known to be kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from ewb_desktop.ui.firstrun.groups import NumberedGroups
from ewb_desktop.ui.narrow import NarrowColumn
from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.field import Field, TextField
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.notice import ErrorSummary, Notice
from ewb_desktop.ui.widgets.scroll_page import ScrollPage
from ewb_desktop.ui.widgets.text import Heading, Kind, Level, Text


class KeySheet(ScrollPage):
    """Eight groups of letters, a way to keep them, and two fields."""

    keep_asked = Signal(str)
    print_asked = Signal()
    confirmed = Signal(list)

    def __init__(self, pick_file: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._pick_file = pick_file
        self._places: list[int] = []
        self.summary = ErrorSummary()
        self.trouble = Notice("", name="firstrun-key-trouble")
        self.trouble.hide()
        self.words = NumberedGroups(name="firstrun-key")
        self.save_button = Button(self.tr("Save to a file"), icon="download", name="firstrun-key-save")
        self.print_button = Button(self.tr("Print it"), icon="printer", name="firstrun-key-print")
        self.said = Text("", Kind.BOLD)
        self.said.setObjectName("firstrun-key-said")
        self.said.hide()
        self.first = TextField("", chars=10, name="firstrun-key-first")
        self.second = TextField("", chars=10, name="firstrun-key-second")
        self.confirm_button = Button(self.tr("I have kept it: open the program"), Look.PRIMARY, name="firstrun-key-confirm")
        self._lay_out()
        self.save_button.clicked.connect(self._save)
        self.print_button.clicked.connect(self.print_asked)
        self.confirm_button.clicked.connect(self._confirm)
        for field in (self.first, self.second):
            field.line.returnPressed.connect(self._confirm)

    def _lay_out(self) -> None:
        middle = NarrowColumn(680)
        middle.add(Heading(self.tr("Your recovery key"), Level.PAGE))
        middle.add(self.trouble)
        middle.add(self.summary)
        shown = Card(self.tr("Write it down now"), self.tr("It is the only other way in. It is not shown again."))
        shown.body.setSpacing(14)
        shown.add(self.words)
        shown.add(
            Text(
                self.tr(
                    "Keep it away from this laptop: at home, or in your lead's safe. "
                    "If you save it to a file, save it on a memory stick."
                ),
                Kind.MUTED,
            )
        )
        shown.add(Flow([self.print_button, self.save_button]))
        shown.add(self.said)
        middle.add(shown)
        typed = Card(self.tr("Type two groups from your paper"), self.tr("So that you know you can read it"))
        typed.body.setSpacing(14)
        typed.add(self.first)
        typed.add(self.second)
        middle.add(typed)
        middle.add(Flow([self.confirm_button]))
        self.add(middle)
        self.fill()

    def show_key(self, groups: Sequence[str], to_type: Sequence[int]) -> None:
        """Show the groups, and ask for those at ``to_type``, counted from 0."""
        self.words.show_groups(groups)
        self._places = list(to_type)
        for field, place in zip((self.first, self.second), to_type, strict=True):
            words = self.tr("Group {0}").format(place + 1)
            field.label.setText(words)
            field.label_text = words
            field.line.setAccessibleName(words)

    def show_trouble(self, sentence: str) -> None:
        """Say what went wrong and what to do; no words take it away."""
        self.trouble.set_words(self.tr("That did not work") if sentence else "", sentence)
        self.trouble.setVisible(bool(sentence))
        if sentence:
            self.show_top()

    def show_kept(self, sentence: str) -> None:
        """Say what came of keeping the key."""
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))
        announce(self, sentence)

    def show_errors(self, errors: Sequence[tuple[str, str]]) -> None:
        """Show sentences at the groups."""
        fields: dict[str, Field] = {
            f"group-{place}": field for place, field in zip(self._places, (self.first, self.second), strict=True)
        }
        for field in fields.values():
            field.show_error()
        self.summary.show_errors([(sentence, fields[name]) for name, sentence in errors])
        if errors:
            self.show_top()

    def take_focus(self) -> None:
        """Put the keyboard into the first group."""
        self.first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _save(self) -> None:
        path = self._pick_file()
        if path:
            self.keep_asked.emit(path)

    def _confirm(self) -> None:
        self.confirmed.emit([self.first.value, self.second.value])
