"""How edits meet: one pure function for the server, which orders them, and for the laptop, which shows its own on top.

Every accepted edit ends in one of three places: it is the current value, or it stands in history, or it stands in a conflict
that somebody can see.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from pydantic import JsonValue

from sync.protocol.change import Change, ChangeKind
from sync.protocol.entities import CHOICE, ENTITIES, QUESTION, Policy

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
    said_since: Collection[str] = (),
) -> Merged:
    """Fold ``change``, which the server gives ``number``, into ``record`` (None: not there yet).

    ``seen`` says what its author saw in each set before she changed it (:meth:`Retelling.seen_by`): what she took out is taken
    out, and what others added meanwhile stays. A set that is not named there loses nothing.

    ``is_unheard`` (:meth:`Retelling.is_unheard`): she took the record off the screens and had not heard what others wrote in it,
    or wrote in it and had not heard that it was taken off. Then it is on the screens, and people are asked (a clash of ``GONE``).

    Of a question whose other answer came after its author looked at it she chooses nothing: it is asked still.

    ``said_since`` names the fields, or ``GONE``, of which her laptop's later word came before this one
    (:meth:`Retelling.said_since`): there the record stays as it is, and what this change says is overtaken.
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
    said_since = _passed_over(record, change, said_since)
    fields, changed, changed_by = dict(record.fields), dict(record.changed), dict(record.changed_by)
    clashes: list[Clash] = []
    said = {name: value for name, value in change.fields.items() if name not in said_since} if said_since else change.fields
    late = sorted(change.fields.keys() & set(said_since))
    overtaken = {name: change.fields[name] for name in late if fields.get(name) != change.fields[name]}
    for name, value in said.items():
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
    gone = record.gone if GONE in said_since else change.kind is ChangeKind.TOMBSTONE
    if gone is not record.gone and is_unheard:
        gone = False
        clashes.append(Clash(GONE, 0, 1))
    same = record.number <= change.base and not clashes
    folded = Record(fields, changed, changed_by, number, gone)
    if clashes:
        folded = _as_told(record, folded, change, clashes, overtaken)
    return Merged(folded, tuple(clashes), overtaken, same)


def _as_told(record: Record, folded: Record, change: Change, clashes: Iterable[Clash], overtaken: Fields) -> Record:
    """Return ``folded`` with what tells of the answers that go on being shown as ``record`` has it.

    Who said the answer that waits for a choice, and when, gives way with it: nobody is said to have heard what another heard.
    """
    known = ENTITIES.get(change.entity)
    names = {name for clash in clashes for name in known.told_with(clash.field)} if known is not None else set()
    stays = {name for name in names & change.fields.keys() if folded.changed.get(name) == folded.number}
    if not stays:
        return folded

    def put_back(now: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        return {name: before[name] if name in stays else now[name] for name in now if name not in stays or name in before}

    overtaken.update({name: change.fields[name] for name in sorted(stays)})
    changed, changed_by = put_back(folded.changed, record.changed), put_back(folded.changed_by, record.changed_by)
    return replace(folded, fields=put_back(folded.fields, record.fields), changed=changed, changed_by=changed_by)


def _passed_over(record: Record, change: Change, said_since: Collection[str]) -> Collection[str]:
    """Return the fields of which ``change`` says nothing that stands.

    So it is with ``said_since``, and with a choice by somebody who had not heard the answer beside it. Her own she knows; but
    then she must have heard the one that stands.
    """
    if change.entity != QUESTION:
        return said_since
    unheard = "shown" if record.fields.get("other_by") == change.author else "other"
    return said_since if record.changed.get(unheard, 0) <= change.base else {*said_since, *CHOICE}


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
        self._last_words: dict[str, dict[str, _Word]] = {}
        """By laptop and field, or ``GONE``, or ``_WHOLE``, which of its lines spoke of it last by the laptop's own count."""

    def fold(self, number: int, change: Change) -> Merged:
        """Return what the next line made of the record."""
        names, record = _sets_in(change), self._record
        is_unheard = record is not None and may_be_unheard(record, change) and self.is_unheard(change)
        since = self.said_since(change)
        merged = merge(record, change, number, self._seen_in(names, change), is_unheard=is_unheard, said_since=since)
        self._record = merged.record
        self._keep_word(number, change)
        if names or change.kind is ChangeKind.ERASE:
            self._standing = {name: merged.record.fields.get(name) for name in (*self._standing, *names)}
        said = {name: change.fields[name] for name in names if name not in since}
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

    def said_since(self, change: Change) -> frozenset[str]:
        """Return of what its laptop spoke later, by its own count, in a line that is here already: fields, and ``GONE``.

        So it is with what comes behind its turn, in a sealed file or by way of a colleague. A laptop that had heard the number
        of that line wrote upon it, whatever it counts: it may have been put back from a backup. What the server asks people is
        its own, and a laptop's words in it are told apart elsewhere.
        """
        words = self._last_words.get(change.device)
        if words is None or is_of_server(change.entity):
            return frozenset()
        whole = words.get(_WHOLE, _NO_WORD)
        names = [name for name in change.fields if _is_later(_later_of(words.get(name, whole), whole), change)]
        # a record that is offered whole once more says nothing of a removal, which follows it
        return frozenset([*names, GONE] if _is_later(words.get(GONE, _NO_WORD), change) else names)

    def _keep_word(self, number: int, change: Change) -> None:
        words = self._last_words.setdefault(change.device, {})
        for name in (*change.fields, _WHOLE if change.kind is ChangeKind.CREATE else GONE):
            words[name] = _later_of(words.get(name, _NO_WORD), _Word(change.counter, number))

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


class _Word(NamedTuple):
    """A line of a laptop: which it is by the laptop's own count, and its number."""

    counter: int
    number: int


_NO_WORD: Final = _Word(0, 0)
_WHOLE: Final = "*"
"""Stands for every field: what makes a record says all that it holds, and of a field that it does not name that it is empty."""


class _Heard(NamedTuple):
    """What is kept of a line: ``said`` and ``standing`` have what it said of sets, and what stood in them afterwards."""

    number: int
    device: str
    is_removal: bool
    said: Fields
    standing: Fields


def is_of_server(entity: str) -> bool:
    """Say whether it is the server that speaks in such records, such as what it asks people about."""
    known = ENTITIES.get(entity)
    return known is not None and known.is_of_server


def _later_of(one: _Word, other: _Word) -> _Word:
    # by its count alone: of two that count the same, which no laptop sends, the one that came last
    return one if one.counter > other.counter else other


def _is_later(word: _Word, change: Change) -> bool:
    return word.counter > change.counter and word.number > change.base


def _sets_in(change: Change) -> tuple[str, ...]:
    return tuple(name for name in change.fields if policy_of(change.entity, name) is Policy.UNION)


def _items(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []
