"""What can be put right in a change that was not taken: its fields as a form asks for them, and what letting go means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from ewb_desktop.domain.lists import Entry
from ewb_desktop.domain.questionnaire import Item, ItemType
from ewb_desktop.domain.words import count_words
from ewb_desktop.storage.settling.held import HeldRecord
from ewb_desktop.ui.record_words import NAMED, RecordWords, says_nothing
from sync.protocol.change import ChangeKind
from sync.protocol.entities import ENTITIES, Kind
from sync.protocol.errors import Refusal

_LINE_LETTERS = 60
"""A text that is longer, or that people tell, is asked for in several lines."""
_HELD_TOGETHER = (*NAMED, "record", "questionnaire")
_YES_NO = ((True, "Yes"), (False, "No"))


class Input(Enum):
    """How a field is asked for. What is ``SHOWN`` is only read: who, when and where it was."""

    LINE = 1
    WORDS = 2
    WHOLE = 3
    NUMBER = 4
    DAY = 5
    ONE = 6
    SEVERAL = 7
    SHOWN = 8


@dataclass(frozen=True, slots=True)
class HeldField:
    """One field of a change. ``value`` is as the record has it, in words where it is only read."""

    name: str
    label: str
    input: Input
    value: Any
    options: tuple[tuple[Any, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Mending:
    """A change that was not taken, as it is put right. ``question`` asks before it is let go of, empty where it may not be."""

    key: str
    title: str
    reason: str
    fields: tuple[HeldField, ...]
    can_open: bool
    question: str

    @property
    def can_save(self) -> bool:
        """Say whether there is anything to put right."""
        return any(field.input is not Input.SHOWN for field in self.fields)


def fields_of(held: HeldRecord, words: RecordWords, item: Item | None) -> tuple[HeldField, ...]:
    """Return what a form asks for: the fields of the change that people read, first those that can be put right.

    Of a change that is too large what is longest stands before the rest: the keyboard is in it. ``item`` is the question of a
    questionnaire that is answered, if it is known.
    """
    entity = held.entry.entity
    made = [
        _field(entity, name, value, words, item if name == "value" else None)
        for name, value in held.values.items()
        if words.is_shown(entity, name) and (not says_nothing(value) or held.entry.kind == ChangeKind.EDIT)
    ]
    is_too_large = held.entry.refusal is Refusal.TOO_LARGE

    def place(field: HeldField) -> tuple[bool, int]:
        return field.input is Input.SHOWN, -len(str(field.value)) if is_too_large else 0

    return tuple(sorted(made, key=place))


def question_of(held: HeldRecord) -> str:
    """Return what is asked before a change is let go of: what it means for the record, and what goes along."""
    match held.entry.kind:
        case ChangeKind.CREATE if held.is_copied:
            words = "It leaves the screens here."
        case ChangeKind.CREATE:
            words = "Only this laptop has it. It leaves the screens here, and nobody else will ever see it."
        case ChangeKind.TOMBSTONE:
            words = "The record stands on the screens again."
        case _:
            words = "The record says again what it said before."
    if held.hanging:
        others = count_words(held.hanging, "other change hangs", "other changes hang")
        words = f"{words} {others} on it and {'goes' if held.hanging == 1 else 'go'} with it."
    if held.is_copied:
        words += (
            " It is in the copy that you saved for your administrator, too: if they take that in, it comes back for everybody. "
            "Tell them if it should not."
        )
    return f"{words} What it said can still be read in the history on this laptop for 90 days."


def _field(entity: str, name: str, value: Any, words: RecordWords, item: Item | None) -> HeldField:
    label = words.field(entity, name)
    options: tuple[tuple[Any, str], ...] = ()
    if entity == "answer" and name == "value":
        kind, options = _of_question(item)
        label = item.text if item is not None else label
    elif entity == "answer":
        # who answered, when and how goes with the answer itself
        kind = Input.SHOWN
    else:
        kind, options = _of_field(entity, name, value, words)
    said = words.value(entity, name, value, item) if kind is Input.SHOWN else value
    return HeldField(name, label, kind, said, options)


def _of_field(entity: str, name: str, value: Any, words: RecordWords) -> tuple[Input, tuple[tuple[Any, str], ...]]:
    declared, holds = ENTITIES[entity].fields[name].kind, words.holds(entity, name)
    listed = words.library.lists.get(holds)
    if holds in _HELD_TOGETHER:
        return Input.SHOWN, ()
    if listed is not None:
        return _of_list(declared, listed.entries, value)
    match declared:
        case Kind.TEXT:
            is_long = words.is_told(entity, name) or len(value or "") > _LINE_LETTERS or "\n" in (value or "")
            return (Input.WORDS if is_long else Input.LINE), ()
        case Kind.INTEGER:
            return Input.WHOLE, ()
        case Kind.REAL:
            return Input.NUMBER, ()
        case Kind.DAY:
            return Input.DAY, ()
        case Kind.FLAG:
            return Input.ONE, _YES_NO
        case _:
            return Input.SHOWN, ()


def _of_list(declared: Kind, entries: Sequence[Entry], value: Any) -> tuple[Input, tuple[tuple[Any, str], ...]]:
    here = value if isinstance(value, list) else [value]

    def kept(entry: Entry) -> Any:
        # a list may have been kept by its number or its style: what stands stays as it is
        others = [each for each in (entry.more.get("value"), entry.more.get("style")) if each is not None]
        stands = next((each for each in here if each in others), None)
        return stands if stands is not None else entry.more.get("value") if declared is Kind.INTEGER else entry.key

    options = [(kept(entry), entry.words) for entry in entries]
    # a word from a newer list is not lost because this one does not have it
    options += [(each, str(each)) for each in here if each is not None and each not in [key for key, _ in options]]
    return (Input.SEVERAL if declared is Kind.LIST else Input.ONE), tuple(options)


def _of_question(item: Item | None) -> tuple[Input, tuple[tuple[Any, str], ...]]:
    if item is None:
        return Input.SHOWN, ()
    match item.type:
        case ItemType.CHOICE:
            return Input.ONE, tuple((option.value, option.display) for option in item.options)
        case ItemType.BOOLEAN:
            return Input.ONE, _YES_NO
        case ItemType.INTEGER:
            return Input.WHOLE, ()
        case ItemType.STRING | ItemType.TEXT:
            return Input.WORDS, ()
        case _:
            return Input.SHOWN, ()
