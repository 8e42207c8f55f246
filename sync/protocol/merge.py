"""How edits meet: one pure function for the server, which orders them, and for the laptop, which shows its own on top.

Every accepted edit ends in one of three places: it is the current value, or it stands in history, or it stands in a conflict
that somebody can see.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pydantic import JsonValue

from sync.protocol.change import Change, ChangeKind
from sync.protocol.entities import ENTITIES, Policy

Fields = dict[str, JsonValue]

GONE = "gone"
"""Stands where a field's name stands when it is asked whether a record is on the screens (0) or off them (1)."""

NOBODY = ""
"""Stands for the laptop where a value is of more than one: an edit that has not seen its number is nobody's own."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record as the server holds it: its fields, and for each the number at which, and the laptop by which, it last changed."""

    fields: Mapping[str, JsonValue]
    changed: Mapping[str, int]
    changed_by: Mapping[str, str]
    number: int = 0
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Clash:
    """One field that two people changed without knowing of each other, under the policy ``ask``.

    Where it is ``GONE``, one of them took the record off the screens: it stays on them, whoever came first.
    """

    field: str
    shown: JsonValue
    """The value already shared: it stays on the screens until somebody chooses."""
    other: JsonValue
    """The value that came later."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What a change made of a record.

    ``record`` is the new state. ``clashes`` wait for a person. ``overtaken`` holds the values that gave way
    although neither author had seen the other's: they stay in history. ``same`` says that the author's own row, as it
    stands on the author's laptop, equals ``record``: it need not be sent back.
    """

    record: Record
    clashes: tuple[Clash, ...] = ()
    overtaken: Mapping[str, JsonValue] = field(default_factory=dict)
    same: bool = True


def policy_of(entity: str, name: str) -> Policy:
    """Return how edits of this field meet; fields of a newer program than ours are treated as ``latest``."""
    known = ENTITIES.get(entity)
    declared = known.fields.get(name) if known else None
    return declared.policy if declared else Policy.LATEST


def merge(
    record: Record | None,
    change: Change,
    number: int,
    seen: Mapping[str, JsonValue] | None = None,
    *,
    is_unheard: bool = False,
) -> Merged:
    """Fold ``change``, which the server gives ``number``, into ``record`` (None: not there yet).

    ``seen`` says what its author saw in each set before she changed it (:meth:`Retelling.seen_by`): what she took out is taken
    out, and what others added meanwhile stays. A set that is not named there loses nothing.

    ``is_unheard`` (:meth:`Retelling.is_unheard`): she took the record off the screens and had not heard what others wrote in it,
    or wrote in it and had not heard that it was taken off. Then it is on the screens, and people are asked (a clash of ``GONE``).
    """
    seen = seen or {}
    if record is None:
        stamps = dict.fromkeys(change.fields, number)
        laptops = dict.fromkeys(change.fields, change.device)
        return Merged(Record(dict(change.fields), stamps, laptops, number, change.kind is ChangeKind.TOMBSTONE))
    if change.kind is ChangeKind.ERASE:
        return Merged(
            Record({}, dict.fromkeys(record.fields, number), dict.fromkeys(record.fields, change.device), number, gone=True)
        )
    fields, changed, changed_by = dict(record.fields), dict(record.changed), dict(record.changed_by)
    clashes: list[Clash] = []
    overtaken: Fields = {}
    for name, value in change.fields.items():
        present = fields.get(name)
        policy = policy_of(change.entity, name)
        # a laptop has always seen its own edits, also those whose number it has not heard yet
        later = changed.get(name, 0) > change.base
        unseen = later and changed_by.get(name) != change.device
        if name in fields and present == value:
            if policy is Policy.ASK:
                # said again, as by somebody who chose what stood: whoever has not seen that must not pass over it. Of two who
                # said the same unknowingly neither has seen the other
                changed[name], changed_by[name] = number, NOBODY if unseen else change.device
            continue
        if unseen and policy is Policy.ASK:
            clashes.append(Clash(name, present, value))
            continue
        if unseen and policy is Policy.APPEND:
            overtaken[name] = value
            continue
        if later and policy is Policy.UNION:
            # also after one's own edit: what the server made of that one may hold what others added
            value = join_sets(seen.get(name), present, value)
        elif unseen:
            overtaken[name] = present
        fields[name], changed[name], changed_by[name] = value, number, change.device
    gone = change.kind is ChangeKind.TOMBSTONE
    if gone is not record.gone and is_unheard:
        gone = False
        clashes.append(Clash(GONE, 0, 1))
    same = record.number <= change.base and not clashes
    return Merged(Record(fields, changed, changed_by, number, gone), tuple(clashes), overtaken, same)


def may_be_unheard(record: Record, change: Change) -> bool:
    """Tell whether the lines of a record have to be asked: ``change`` turns it on or off the screens, and that is asked about."""
    known = ENTITIES.get(change.entity)
    if known is None or not known.asks_of_removal or change.kind is ChangeKind.ERASE:
        return False
    return (change.kind is ChangeKind.TOMBSTONE) is not record.gone


def lay_beneath(server: Mapping[str, JsonValue], unsent: Sequence[Mapping[str, JsonValue]]) -> Fields:
    """Return what a laptop shows: the server's values, with the laptop's own unsent edits (oldest first) on top."""
    shown = dict(server)
    for fields in unsent:
        shown.update(fields)
    return shown


def join_sets(seen: JsonValue, present: JsonValue, wanted: JsonValue) -> list[JsonValue]:
    """Return the set ``present`` after what was done to ``seen`` to make it ``wanted``: added what is new, taken out what went.

    An item that one laptop takes out never comes back because another still has it; an item that nobody took out stays. Where
    both come to the same items they stand as in ``wanted``: so the author's laptop has them already.
    """
    before, after = _items(seen), _items(wanted)
    kept = [item for item in _items(present) if item in after or item not in before]
    joined = [*kept, *(item for item in after if item not in before and item not in kept)]
    return list(after) if len(joined) == len(after) and all(item in after for item in joined) else joined


def replay(lines: Iterable[tuple[int, Change]]) -> Iterator[Merged]:
    """Fold a record's ``lines``, oldest first, and yield what each made of it: how every value came about.

    Of what was yielded no more is kept than later lines are judged by: a history may be longer than the memory.
    """
    told = Retelling()
    for number, change in lines:
        yield told.fold(number, change)


class Retelling:
    """A record's history as far as it was told: how the record stands, and by what edits are judged whose authors knew less."""

    def __init__(self) -> None:
        self._record: Record | None = None
        self._lines: list[_Heard] = []
        self._standing: Fields = {}
        """What stands in sets."""

    def fold(self, number: int, change: Change) -> Merged:
        """Return what the next line made of the record."""
        names, record = _sets_in(change), self._record
        is_unheard = record is not None and may_be_unheard(record, change) and self.is_unheard(change)
        merged = merge(record, change, number, self._seen_in(names, change), is_unheard=is_unheard)
        self._record = merged.record
        if names or change.kind is ChangeKind.ERASE:
            self._standing = {name: merged.record.fields.get(name) for name in (*self._standing, *names)}
        said = {name: change.fields[name] for name in names}
        self._lines.append(_Heard(number, change.device, change.kind is ChangeKind.TOMBSTONE, said, self._standing))
        return merged

    def seen_by(self, change: Change) -> Fields:
        """Return what the author of ``change`` saw in the sets that it changes.

        An author sees her laptop's own edits, also those whose numbers it has not heard.
        """
        return self._seen_in(_sets_in(change), change)

    def is_unheard(self, change: Change) -> bool:
        """Tell whether the author of ``change`` had not heard what others said against it.

        It turns the record on or off the screens (:func:`may_be_unheard`). A laptop has always heard its own. Of two who both
        take it off neither says anything against the other.
        """
        is_removal = change.kind is ChangeKind.TOMBSTONE
        return any(
            line.number > change.base and line.device != change.device and line.is_removal is not is_removal
            for line in self._lines
        )

    def _seen_in(self, names: Collection[str], change: Change) -> Fields:
        """Return what ``change`` was made upon in sets: the state at its base, and over it what the same laptop said since."""
        seen: Fields = {}
        if not names:
            return seen
        for line in reversed(self._lines):
            if line.number <= change.base:
                return {name: line.standing.get(name) for name in names} | seen
            if line.device == change.device:
                seen = {name: line.said[name] for name in names if name in line.said} | seen
        return seen


class _Heard(NamedTuple):
    """What is kept of a line: ``said`` and ``standing`` have what it said of sets, and what stood in them afterwards."""

    number: int
    device: str
    is_removal: bool
    said: Fields
    standing: Fields


def _sets_in(change: Change) -> tuple[str, ...]:
    return tuple(name for name in change.fields if policy_of(change.entity, name) is Policy.UNION)


def _items(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []
