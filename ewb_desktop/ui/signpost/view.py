"""The page of a signpost: choosing a service, the form, and asking how it went."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ewb_desktop.library import Library
from ewb_desktop.ui.about_someone import PageAboutSomeone
from ewb_desktop.ui.destinations import Destination, ToSignpost
from ewb_desktop.ui.signpost.answer import AnswerForm
from ewb_desktop.ui.signpost.form import SignpostForm
from ewb_desktop.ui.signpost.presenter import Whom
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.field import Field
from ewb_desktop.ui.widgets.notice import EmptyState
from ewb_desktop.ui.widgets.row import Row


class SignpostPage(PageAboutSomeone):
    """Shows one of three parts and tells what was typed and asked for."""

    came = Signal(str, object, object)
    typed = Signal(dict)
    save_asked = Signal(dict, dict)
    service_asked = Signal()

    def __init__(self, library: Library, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Signpost"), "signpost", parent)
        self.form = SignpostForm(library, today)
        self.answer = AnswerForm(library)
        find = Button(self.tr("Find a service"), Look.PRIMARY, icon="search", name="signpost.find")
        find.clicked.connect(self.service_asked)
        self._choose = Card()
        self._choose.add(
            EmptyState(self.tr("Which service?"), self.tr("Look in the directory, then press Signpost."), find, icon="signpost")
        )
        self.lay(self._choose, self.form, self.answer)
        self.lay_bar(self.form, [self.form.save])
        self.act(self.tr("Save"), "Ctrl+S", self._save_shown, "signpost.save_action")
        self.timer.due.connect(self._keep)
        for form in (self.form, self.answer):
            form.edited.connect(self.timer.touch)
        self.form.save_asked.connect(self._save)

    def opened(self, destination: Destination) -> None:
        """Begin for the person, with the service or the signpost that the destination names."""
        if isinstance(destination, ToSignpost):
            self.begin_for(destination.person)
            self.came.emit(destination.person, destination.service, destination.signpost)
            self.sheet.show_top()

    def places(self) -> Mapping[str, QWidget]:
        """Return the fields of the answers; in a new signpost nobody else writes."""
        return self.answer.places if not self.answer.isHidden() else {}

    # -- the presenter

    def show_choose(self, whom: Whom) -> None:
        """Ask to choose a service first."""
        self._show_whom(whom, self._title_to_choose(whom))
        self.show_only(self._choose)

    def renew_whom(self, whom: Whom) -> None:
        """Say whom it is about as it stands now."""
        self.keep_whom_in_sight(whom.name, whom.identifiers)
        if not self._choose.isHidden():
            self.head.set_title(self._title_to_choose(whom))

    def show_form(
        self, whom: Whom, service: str, facts: Sequence[tuple[str, str]], needs: Sequence[tuple[str, str]], promise: str
    ) -> None:
        """Show the empty form."""
        self._show_whom(whom, self.tr("Signpost to {0}").format(service))
        self.form.begin(service, facts, needs, promise)
        self.default_focus = self.form.how.input
        self.show_only(self.form)

    def show_answering(
        self, whom: Whom, title: str, facts: Sequence[tuple[str, str]], steps: Sequence[Row], question: str, *, asks: bool
    ) -> None:
        """Show what was agreed and ask how it went."""
        self._show_whom(whom, title)
        self.answer.begin(facts, steps, question, asks=asks)
        self.default_focus = self.answer.fields["arrived"].input if asks else None
        self.show_only(self.answer)

    def renew_agreed(self, facts: Sequence[tuple[str, str]], steps: Sequence[Row]) -> None:
        """Show what was agreed as it stands now; what is asked stays."""
        self.answer.renew(facts, steps)

    def show_typed(self, typed: Mapping[str, Any]) -> None:
        """Show a draft again."""
        self.show_draft(self.answer if not self.answer.isHidden() else self.form, typed)

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Tell what needs another look."""
        fields: dict[str, Field] = self.form.fields if not self.form.isHidden() else self.answer.fields
        self.tell_faults(fields, faults)

    def answers(self) -> Mapping[str, Any]:
        """Return what was answered so far."""
        return {name: words for name, words in self.answer.typed().items() if words}

    def offer_correction(self, service: str) -> None:
        """Ask what is wrong with the directory's entry."""
        self.timer.forget()
        self.answer.offer_correction(service)

    # -- the worker

    def _save_shown(self) -> None:
        if not self.form.isHidden():
            self.form.save.click()
        elif not self.answer.isHidden():
            self.answer.save_shown()

    def _save(self) -> None:
        self.errors.clear()
        self.form.clear_errors()
        self.save_asked.emit(self.form.facts(), self.form.faults())

    def _keep(self) -> None:
        self.typed.emit(self.answer.typed() if not self.answer.isHidden() else self.form.typed())

    def _title_to_choose(self, whom: Whom) -> str:
        return self.tr("Signpost {0}").format(whom.name)

    def _show_whom(self, whom: Whom, title: str) -> None:
        self.show_whom(whom.name, whom.identifiers, title)
