"""The page of a handover: the form, the look before it is agreed, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ewb_desktop.library import Library
from ewb_desktop.ui.about_someone import PageAboutSomeone
from ewb_desktop.ui.destinations import Destination, ToHandover
from ewb_desktop.ui.handover.answer import AnswerPart
from ewb_desktop.ui.handover.form import CheckPart, HandoverForm
from ewb_desktop.ui.handover.presenter import Facts, Standing, Whom
from ewb_desktop.ui.widgets.field import Field


class HandoverPage(PageAboutSomeone):
    """Shows one of three parts and tells what was typed and asked for."""

    came = Signal(str, object, object)
    typed = Signal(dict)
    check_asked = Signal(dict, dict)
    agreed = Signal(dict, bool)
    answered = Signal(str, object, str, str, dict)
    met = Signal(object, str, dict)

    def __init__(self, library: Library, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Hand over"), "handover", parent)
        self.form = HandoverForm(library, today)
        self.check = CheckPart()
        self.answer = AnswerPart(library, today)
        self._title = ""
        self.lay(self.form, self.check, self.answer)
        self.lay_bar(self.form, [self.form.go])
        self.lay_bar(self.check, [self.check.agree, self.check.change])
        self.act(self.tr("Save, or go on"), "Ctrl+S", self._save_shown, "handover.save_action")
        self.timer.due.connect(self._keep)
        self.form.edited.connect(self.timer.touch)
        self.answer.edited.connect(self.timer.touch)
        self.form.check_asked.connect(self._check)
        self.check.agreed.connect(lambda yes: self.agreed.emit(self.form.facts(), yes))
        self.check.change_asked.connect(self._change)
        self.answer.answered.connect(self._answer)
        self.answer.met.connect(self._meet)

    def opened(self, destination: Destination) -> None:
        """Begin for the person, with the service or the handover that the destination names."""
        if isinstance(destination, ToHandover):
            self.begin_for(destination.person)
            self.came.emit(destination.person, destination.service, destination.handover)
            self.sheet.show_top()

    def places(self) -> Mapping[str, QWidget]:
        """Return the fields of an answer; in a new handover nobody else writes."""
        return self.answer.places if not self.answer.isHidden() else {}

    # -- the presenter

    def renew_whom(self, whom: Whom, receiver: str) -> None:
        """Say whom it is about as it stands now."""
        self.keep_whom_in_sight(whom.name, whom.identifiers)
        if self.answer.isHidden():
            self._title = self._title_of_form(whom, receiver)
        if not self.form.isHidden():
            self.head.set_title(self._title)
        self.form.renew(*self._of_whom(whom))

    def tell_sharing(self, sharing: str) -> None:
        """Say that what the member chose about sharing has changed, where it is asked and where it is looked at."""
        title = self.tr("Their sharing choices have changed just now")
        for part in (self.form, self.check):
            part.changed.set_words(title, sharing)
            part.changed.show()
        self.said.emit(f"{title}. {sharing}".strip())

    def renew_check(self, facts: Facts, promise: str, consent: str) -> None:
        """Show other facts where they are looked at before it is agreed."""
        self.check.show_check(facts, promise, consent)

    def show_form(self, whom: Whom, receiver: str, telephone: str, needs: Sequence[tuple[str, str]]) -> None:
        """Show the empty form."""
        self._show_whom(whom, self._title_of_form(whom, receiver))
        self.form.begin(receiver, telephone, needs)
        self.form.renew(*self._of_whom(whom))
        self.default_focus = self.form.reason.input if receiver else self.form.to_name.input
        self.show_only(self.form)

    def show_typed(self, typed: Mapping[str, Any]) -> None:
        """Show a draft again."""
        self.show_draft(self.answer if not self.answer.isHidden() else self.form, typed)

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Tell what needs another look, where it was typed."""
        asked_here = self.check.fields
        if not self.check.isHidden() and all(name in asked_here for name in faults):
            self.tell_faults(asked_here, faults)
            return
        if not self.check.isHidden():
            self._change()
        fields: dict[str, Field] = self.answer.fields if not self.answer.isHidden() else self.form.fields
        self.tell_faults(fields, faults)

    def show_check(self, facts: Facts, promise: str, consent: str) -> None:
        """Show all of it before it is agreed."""
        self.errors.clear()
        self.timer.flush()
        self.head.set_title(self.tr("Check it before it is agreed"))
        self.check.show_check(facts, promise, consent)
        self.show_only(self.check)
        self.sheet.show_top()
        self.check.setFocus()

    def show_standing(
        self, whom: Whom, standing: Standing, answer: Mapping[str, Any], coordinators: Sequence[tuple[str, str]]
    ) -> None:
        """Show where a handover stands."""
        self._show_whom(whom, self.tr("Handover to {0}").format(standing.receiver))
        self.answer.begin(standing, answer, coordinators)
        self.default_focus = self.answer.next_coordinator.input if standing.started else self.answer.kind.input
        self.show_only(self.answer)

    def answers(self) -> Mapping[str, Any]:
        """Return what stands in the form of an answer."""
        return self.answer.typed()

    def renew_standing(self, facts: Facts, now: Mapping[str, Any], coordinators: Sequence[tuple[str, str]]) -> None:
        """Show where the handover stands now, and ``now`` in fields in which nothing was typed."""
        self.answer.renew(facts, now, coordinators)

    # -- the worker

    def _check(self) -> None:
        self.errors.clear()
        self.show_closed("")
        self.form.clear_errors()
        self.check_asked.emit(self.form.facts(), self.form.faults())

    def _save_shown(self) -> None:
        if not self.form.isHidden():
            self.form.go.click()
        elif not self.check.isHidden():
            self.check.agree.click()
        elif not self.answer.isHidden():
            self.answer.save_shown()

    def _change(self) -> None:
        self.head.set_title(self._title)
        self.show_only(self.form)
        self.form.reason.setFocus()

    def _answer(self) -> None:
        self.errors.clear()
        part = self.answer
        start_on, need, better = (
            None if field.isHidden() else field.value for field in (part.start_on, part.need, part.better_done_by)
        )
        self.answered.emit(part.kind.value, start_on, need or "", better or "", part.faults("start_on"))

    def _meet(self) -> None:
        self.errors.clear()
        self.met.emit(self.answer.day.value, self.answer.coordinator.value or "", self.answer.faults("day"))

    def _keep(self) -> None:
        self.typed.emit(self.answer.typed() if not self.answer.isHidden() else self.form.typed())

    def _title_of_form(self, whom: Whom, receiver: str) -> str:
        if not receiver:
            return self.tr("Hand {0} over").format(whom.called)
        return self.tr("Hand {0} over to {1}").format(whom.called, receiver)

    def _of_whom(self, whom: Whom) -> tuple[str, str]:
        """Return what the form says of what they need from us, and of what they chose about sharing."""
        needs = self.tr("So that they are understood: {0}").format(whom.needs) if whom.needs else ""
        return needs, self.tr("Their sharing choices so far. {0}").format(whom.sharing) if whom.sharing else ""

    def _show_whom(self, whom: Whom, title: str) -> None:
        self._title = title
        self.show_whom(whom.name, whom.identifiers, title)
