"""The form on the card of changes that were not taken: the fields of one of them, and the question before it is let go of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ewb_desktop.ui.sync.mending import HeldField, Input, Mending
from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.choices import CheckChoices, Choice
from ewb_desktop.ui.widgets.date_field import DateField
from ewb_desktop.ui.widgets.facts import FactTable
from ewb_desktop.ui.widgets.field import Field, SelectField, TextArea, TextField
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.look import tokens_of
from ewb_desktop.ui.widgets.notice import ErrorSummary, Notice, Tone
from ewb_desktop.ui.widgets.painting import draw_box
from ewb_desktop.ui.widgets.text import Heading, Kind, Level, Text
from ewb_desktop.ui.widgets.typed import show_typed, typed_in


class MendingForm(QFrame):
    """Shows a :class:`Mending`. ``saved(values)`` follows its button, ``let_go_asked`` the answer to its question.

    ``edited`` follows what the person types or chooses; ``started_again`` asks for a form without what was typed before.
    """

    edited = Signal()
    started_again = Signal()
    saved = Signal(object)
    let_go_asked = Signal()
    open_asked = Signal()
    closed = Signal()

    def __init__(self, mending: Mending, kept: Mapping[str, Any] | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sync.mending")
        self.setAccessibleName(mending.title)
        self._mending = mending
        self._fields: dict[str, Field] = {}
        self._ticks: dict[str, CheckChoices] = {}
        self._box = QVBoxLayout(self)
        # apart from the rows above, of which it repeats one
        self._box.setContentsMargins(20, 16, 20, 16)
        self._box.setSpacing(8)
        self._box.addWidget(Heading(mending.title, Level.SECTION))
        self._box.addWidget(Text(mending.reason, Kind.HINT))
        self._trouble = Notice("", name="sync.mending-trouble")
        self._trouble.hide()
        self._summary = ErrorSummary()
        if kept:
            self._box.addWidget(self._kept_notice())
        self._box.addWidget(self._trouble)
        self._box.addWidget(self._summary)
        for field in mending.fields:
            self._add(field)
        self._show_typed(kept or {})
        for part in self._fields.values():
            part.edited.connect(self.edited)
        for ticks in self._ticks.values():
            ticks.changed.connect(lambda _values: self.edited.emit())
        told = [(field.label, field.value) for field in mending.fields if field.input is Input.SHOWN]
        if told:
            facts = FactTable()
            facts.set_facts(told)
            self._box.addWidget(facts)
        self._box.addWidget(self._buttons())
        self._box.addWidget(self._question_notice())

    @property
    def typed(self) -> dict[str, Any]:
        """What stands in the form, right or wrong, for a draft."""
        return {name: ticks.values for name, ticks in self._ticks.items()} | typed_in(self._fields)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the box in which the form stands."""
        painter = QPainter(self)
        draw_box(painter, self.rect(), "", tokens_of(self).line, 1, 12)
        painter.end()

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Show what is wrong at its field, and what is wrong with none of them above."""
        for field in self._fields.values():
            field.show_error()
        at_fields = [(text, self._fields[name]) for name, text in faults.items() if name in self._fields]
        others = [text for name, text in faults.items() if name not in self._fields]
        self._trouble.set_words(self.tr("This was not saved") if others else "", " ".join(others))
        self._trouble.setVisible(bool(others))
        self._summary.show_errors(at_fields)
        self._say_trouble()

    def show_gone(self, gone: bool) -> None:
        """Say that the change does not wait any more, and what was typed can only be read; or that it waits again."""
        keyboard = self.focusWidget()
        if gone and keyboard in (self._save_button, self._let_go):
            self._close.setFocus(Qt.FocusReason.OtherFocusReason)
        self._save_button.setVisible(self._mending.can_save and not gone)
        self._let_go.setVisible(bool(self._mending.question) and not gone)
        self._question.hide()
        self._trouble.set_words(
            self.tr("This change does not wait any more") if gone else "",
            self.tr("It was sent as it was, or let go of. What you typed stays here until you close it.") if gone else "",
        )
        self._trouble.setVisible(gone)
        self._say_trouble()

    def begin(self) -> None:
        """Take the keyboard to the first thing that can be put right."""
        first: QWidget = next(iter([*self._fields.values(), *self._ticks.values()]), self._close)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _buttons(self) -> QWidget:
        name = self._mending.title
        self._save_button = save = Button(
            self.tr("Save and send again"), Look.SECONDARY, says=self.tr("Save and send again: {0}").format(name), icon="check",
            name="sync.mending-save",
        )  # fmt: skip
        save.clicked.connect(self._save)
        save.setVisible(self._mending.can_save)
        opener = Button(self.tr("Open its page"), says=self.tr("Open its page: {0}").format(name), name="sync.mending-open")
        opener.clicked.connect(self.open_asked)
        opener.setVisible(self._mending.can_open)
        self._let_go = Button(self.tr("Let it go"), says=self.tr("Let it go: {0}").format(name), name="sync.mending-let-go")
        self._let_go.clicked.connect(self._ask)
        self._let_go.setVisible(bool(self._mending.question))
        self._close = Button(self.tr("Close"), says=self.tr("Close: {0}").format(name), name="sync.mending-close")
        self._close.clicked.connect(self.closed)
        return Flow([save, opener, self._let_go, self._close], spacing=12)

    def _kept_notice(self) -> Notice:
        notice = Notice(
            self.tr("What you typed before is still here"),
            self.tr("It is kept on this laptop, but is not in the record yet. Go on, or start again."),
            Tone.INFO,
            name="sync.mending-kept",
        )
        again = Button(self.tr("Start again"), name="sync.mending-start-again")
        again.clicked.connect(self.started_again)
        notice.add(Flow([again]))
        return notice

    def _question_notice(self) -> Notice:
        self._question = Notice(
            self.tr("Let this change go?"), self._mending.question, name="sync.mending-question"
        )  # fmt: skip
        self._keep = Button(self.tr("Keep it"), Look.SECONDARY, name="sync.mending-keep")
        self._keep.setAccessibleDescription(f"{self._question.title.text()} {self._mending.question}")
        self._keep.clicked.connect(self._do_not)
        yes = Button(self.tr("Yes, let it go"), Look.SECONDARY, name="sync.mending-yes")
        yes.clicked.connect(self.let_go_asked)
        self._question.add(Flow([self._keep, yes], spacing=12))
        self._question.hide()
        return self._question

    def _say_trouble(self) -> None:
        # the keyboard stays where it is, so it is said aloud
        if self._trouble.isVisibleTo(self):
            announce(self._trouble, f"{self._trouble.title.text()}. {self._trouble.text.text()}")

    def _ask(self) -> None:
        self._question.show()
        # Return on it loses nothing; whoever does not see the question hears it with the button that the keyboard is on
        self._keep.setFocus(Qt.FocusReason.OtherFocusReason)

    def _do_not(self) -> None:
        self._let_go.setFocus(Qt.FocusReason.OtherFocusReason)
        self._question.hide()

    def _add(self, field: HeldField) -> None:
        name = f"sync.mending.{field.name}"
        made: Field
        match field.input:
            case Input.SHOWN:
                return
            case Input.SEVERAL:
                ticks = CheckChoices([Choice(value, words) for value, words in field.options], says=field.label, name=name)
                ticks.values = field.value or []
                self._ticks[field.name] = ticks
                self._box.addWidget(Text(field.label, Kind.BOLD))
                self._box.addWidget(ticks)
                return
            case Input.WORDS:
                made = area = TextArea(field.label, name=name)
                area.value = field.value or ""
            case Input.DAY:
                made = day = DateField(field.label, optional=True, name=name)
                day.value = field.value
            case Input.ONE:
                made = one = SelectField(field.label, [(None, self.tr("Nothing chosen")), *field.options], name=name)
                one.value = field.value
            case _:
                made = line = TextField(field.label, name=name)
                line.value = "" if field.value is None else str(field.value)
        self._fields[field.name] = made
        self._box.addWidget(made)

    def _show_typed(self, kept: Mapping[str, Any]) -> None:
        show_typed(self._fields, kept)
        for name, ticks in self._ticks.items():
            if isinstance(kept.get(name), list):
                ticks.values = kept[name]

    def _save(self) -> None:
        values: dict[str, Any] = {name: ticks.values for name, ticks in self._ticks.items()}
        faults: dict[str, str] = {}
        for field in self._mending.fields:
            if field.name in self._fields:
                values[field.name], fault = _read(self._fields[field.name], field)
                if fault:
                    faults[field.name] = fault
        self.show_faults(faults)
        if not faults:
            self.saved.emit(values)


def _read(part: Field, field: HeldField) -> tuple[Any, str]:
    """Return what was typed into a field as its record keeps it, and what is wrong with it."""
    if isinstance(part, DateField):
        return part.read()
    if not isinstance(part, TextField | TextArea | SelectField):
        return None, ""
    typed = part.value
    if field.input not in (Input.WHOLE, Input.NUMBER) or not typed:
        return typed if typed != "" else None, ""
    try:
        return (int(typed) if field.input is Input.WHOLE else float(typed)), ""
    except ValueError:
        return None, part.tr("{0}: write a number, for example 3").format(field.label)
