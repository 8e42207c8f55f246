"""The page of a signpost: choosing a service, the form, and asking how it went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ewb_desktop.library import Library
from ewb_desktop.ui.destinations import Destination, ToPerson, ToSignpost
from ewb_desktop.ui.draft_timer import DraftTimer
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.signpost.answer import AnswerForm
from ewb_desktop.ui.signpost.form import SignpostForm
from ewb_desktop.ui.signpost.presenter import Whom
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.field import Field
from ewb_desktop.ui.widgets.notice import EmptyState, ErrorSummary, Notice, Tone
from ewb_desktop.ui.widgets.page_head import PageHead
from ewb_desktop.ui.widgets.row import Row


class SignpostPage(Page):
    """Shows one of three parts and tells what was typed and asked for."""

    came = Signal(str, object, object)
    typed = Signal(dict)
    save_asked = Signal(dict, dict)
    service_asked = Signal()

    def __init__(self, library: Library, today: date, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Signpost"), "signpost", parent=parent)
        self.presenter: object = None
        self._person = ""
        self._back = Button(self.tr("Back to their page"), name="signpost.back")
        self._back.clicked.connect(lambda: self.go.emit(ToPerson(self._person)))
        self._head = PageHead(self.tr("Signpost"), "", [self._back])
        self._errors = ErrorSummary()
        self._closed = Notice("", "", Tone.ATTENTION, name="signpost.closed")
        self.form = SignpostForm(library, today)
        self.answer = AnswerForm(library)
        find = Button(self.tr("Find a service"), Look.PRIMARY, icon="search", name="signpost.find")
        find.clicked.connect(self.service_asked)
        self._choose = Card()
        self._choose.add(
            EmptyState(self.tr("Which service?"), self.tr("Look in the directory, then press Signpost."), find, icon="signpost")
        )
        for part in (self._head, self._errors, self._closed, self._choose, self.form, self.answer):
            self.sheet.add(part)
        self.sheet.fill()
        self._timer = DraftTimer(self)
        self._timer.due.connect(self._keep)
        for form in (self.form, self.answer):
            form.edited.connect(self._timer.touch)
        self.form.save_asked.connect(self._save)
        self._show_only(None)

    def opened(self, destination: Destination) -> None:
        """Begin for the person, with the service or the signpost that the destination names."""
        if isinstance(destination, ToSignpost):
            self._person = destination.person
            self._timer.forget()
            self._errors.clear()
            self.show_closed("")
            self.came.emit(destination.person, destination.service, destination.signpost)
            self.sheet.show_top()

    def leaving(self) -> None:
        """Keep what was typed."""
        self._timer.flush()

    # -- the presenter

    def show_choose(self, whom: Whom) -> None:
        """Ask to choose a service first."""
        self._show_whom(whom, self.tr("Signpost {0}").format(whom.name))
        self._show_only(self._choose)

    def show_form(
        self, whom: Whom, service: str, facts: Sequence[tuple[str, str]], needs: Sequence[tuple[str, str]], promise: str
    ) -> None:
        """Show the empty form."""
        self._show_whom(whom, self.tr("Signpost to {0}").format(service))
        self.form.begin(service, facts, needs, promise)
        self.default_focus = self.form.how.input
        self._show_only(self.form)

    def show_answering(
        self, whom: Whom, title: str, facts: Sequence[tuple[str, str]], steps: Sequence[Row], question: str, *, asks: bool
    ) -> None:
        """Show what was agreed and ask how it went."""
        self._show_whom(whom, title)
        self.answer.begin(facts, steps, question, asks=asks)
        self.default_focus = self.answer.fields["arrived"].input if asks else None
        self._show_only(self.answer)

    def show_typed(self, typed: Mapping[str, Any]) -> None:
        """Show a draft again."""
        (self.answer if not self.answer.isHidden() else self.form).set_typed(typed)
        self.said.emit(self.tr("What you typed before is still here."))

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Tell what needs another look."""
        fields: dict[str, Field] = self.form.fields if not self.form.isHidden() else self.answer.fields
        for field in fields.values():
            field.show_error()
        self._errors.show_errors([(words, fields[name]) for name, words in faults.items() if name in fields])
        self.sheet.show_top()

    def show_closed(self, sentence: str) -> None:
        """Say that nobody can be signposted there."""
        self._closed.set_words(self.tr("Not now") if sentence else "", sentence)
        self._closed.setVisible(bool(sentence))
        if sentence:
            self.sheet.show_top()

    def offer_correction(self, service: str) -> None:
        """Ask what is wrong with the directory's entry."""
        self._timer.forget()
        self.answer.offer_correction(service)

    def leave_for(self, destination: Destination, said: str) -> None:
        """Go on, and say what was done."""
        self._timer.forget()
        if said:
            self.said.emit(said)
        self.go.emit(destination)

    # -- the worker

    def _save(self) -> None:
        self._errors.clear()
        self.form.clear_errors()
        self.save_asked.emit(self.form.facts(), self.form.faults())

    def _keep(self) -> None:
        self.typed.emit(self.answer.typed() if not self.answer.isHidden() else self.form.typed())

    def _show_whom(self, whom: Whom, title: str) -> None:
        self._head.set_trail(f"{whom.name} · {whom.identifiers}")
        self._head.set_title(title)

    def _show_only(self, part: QWidget | None) -> None:
        for each in (self._choose, self.form, self.answer):
            each.setVisible(each is part)
