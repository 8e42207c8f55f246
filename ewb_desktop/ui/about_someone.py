"""A page on which something about one person is written and kept: who it is, errors, a draft, and going on afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from PySide6.QtWidgets import QWidget

from ewb_desktop.domain.words import isolated
from ewb_desktop.ui.beside_fields import BesideFields
from ewb_desktop.ui.destinations import Destination, ToPerson
from ewb_desktop.ui.draft_timer import DraftTimer
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.bar import Bar
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.field import Field
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.notice import ErrorSummary, Notice, Tone
from ewb_desktop.ui.widgets.page_head import PageHead
from ewb_desktop.ui.widgets.typed import begun, typed_in


class _Part(Protocol):
    @property
    def fields(self) -> Mapping[str, Field]: ...

    def set_typed(self, typed: Mapping[str, Any]) -> None: ...


class PageAboutSomeone(Page):
    """What the pages of a signpost and of a handover share. A page has several parts and shows one of them at a time.

    A subclass calls :meth:`lay` with its parts, :meth:`begin_for` when it is opened, and connects ``timer.due``.
    """

    def __init__(self, title: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(title, name, parent=parent)
        self.presenter: object = None
        self.person = ""
        back = Button(self.tr("Back to their page"), name=f"{name}.back")
        back.clicked.connect(lambda: self.go.emit(ToPerson(self.person)))
        self.head = PageHead(title, "", [back])
        self.errors = ErrorSummary()
        self._closed = Notice("", "", Tone.ATTENTION, name=f"{name}.closed")
        self._parts: tuple[QWidget, ...] = ()
        self._bars: dict[QWidget, Bar] = {}
        self.timer = DraftTimer(self)
        self.beside = BesideFields(self, self.places, lambda: self.person)

    def lay(self, *parts: QWidget) -> None:
        """Put the head, what is to be told, and the parts under one another; none is shown yet."""
        self._parts = parts
        for part in (self.head, self.errors, self._closed, *parts):
            self.sheet.add(part)
        self.sheet.fill()
        self.show_only(None)

    def lay_bar(self, part: QWidget, buttons: Sequence[QWidget]) -> None:
        """Keep the buttons that end ``part`` in sight under the page while that part is shown."""
        bar = Bar(Flow(buttons, spacing=12))
        bar.hide()
        self._bars[part] = bar
        layout = self.layout()
        if layout is not None:
            layout.addWidget(bar)

    def begin_for(self, person: str) -> None:
        """Begin afresh for a person."""
        self.person = person
        self.timer.forget()
        self.errors.clear()
        self.show_closed("")

    def places(self) -> Mapping[str, QWidget]:
        """Return the fields of the part that is shown beside which something can be said, by their names. Here there are none."""
        return {}

    def leaving(self) -> None:
        """Keep what was typed."""
        self.timer.flush()

    def show_only(self, part: QWidget | None) -> None:
        """Show one part and hide the others."""
        for each in self._parts:
            each.setVisible(each is part)
        for each, bar in self._bars.items():
            bar.setVisible(each is part)

    def show_whom(self, name: str, identifiers: str, title: str) -> None:
        """Say whom it is about, by two identifiers."""
        self.keep_whom_in_sight(name, identifiers)
        self.head.set_title(title)

    def keep_whom_in_sight(self, name: str, identifiers: str) -> None:
        """Say over the page whom it is about; a name that arrives while it is open changes nothing else."""
        self.keep_in_sight(f"{isolated(name)} · {identifiers}")

    def tell_faults(self, fields: Mapping[str, Field], faults: Mapping[str, str]) -> None:
        """Tell what needs another look, where it was typed."""
        for field in fields.values():
            field.show_error()
        self.errors.show_errors([(words, fields[name]) for name, words in faults.items() if name in fields])
        self.sheet.show_top()

    def show_closed(self, sentence: str) -> None:
        """Say that nobody can be sent there now; no words take it away."""
        self._closed.set_words(self.tr("Not now") if sentence else "", sentence)
        self._closed.setVisible(bool(sentence))
        if sentence:
            self.sheet.show_top()

    def show_taken_off(self) -> None:
        """Say that a colleague took the member off the screens while the page was open, and what that means for what is typed."""
        words = self.tr("What you save here is kept and sent, and somebody is asked whether they stay on the screens.")
        self._closed.set_words(self.tr("A colleague took this member off the screens just now"), words)
        self._closed.show()
        self.said.emit(f"{self._closed.title.text()}. {words}")

    def show_draft(self, part: _Part, typed: Mapping[str, Any]) -> None:
        """Show in a part what was typed before, and lead to it."""
        before = typed_in(part.fields)
        part.set_typed(typed)
        self.lead_to(begun(part.fields, before))

    def leave_for(self, destination: Destination, said: str) -> None:
        """Go on, and say what was done."""
        self.timer.forget()
        if said:
            self.said.emit(said)
        self.go.emit(destination)
