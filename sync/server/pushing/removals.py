"""Nobody leaves the screens unnoticed: who is taken off while a colleague writes about her stays, and people are asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import and_, select

from sync.protocol.change import Change, ChangeKind
from sync.protocol.entities import ENTITIES
from sync.protocol.merge import GONE, Fields
from sync.protocol.messages import VerdictKind
from sync.server.database import tables
from sync.server.database.bulk import select_rows
from sync.server.pushing.clashes import put_question
from sync.server.pushing.folding import Folding
from sync.server.records.following import MEMBER, matches_of
from sync.server.records.history import Line
from sync.server.records.scope import SERVER

_WRITTEN_ABOUT = tuple(entity.name for entity in ENTITIES.values() if entity.asks_of_removal and entity.name != MEMBER)


@dataclass(frozen=True, slots=True)
class Word:
    """Who said something of a record, and when on her laptop."""

    author: str
    at: str


def ask_of_removal(push: Folding, change: Change) -> None:
    """Ask whether the record of ``change`` stays on the screens: one took it off, another, unknowing, wrote in it."""
    lines = push.lines_of(change.record)
    own = Word(change.author, change.at)
    unheard = [line for line in lines if line.number > change.base and line.device != change.device]
    if change.kind is ChangeKind.TOMBSTONE:
        _ask(push, change, change.record, kept=_last(unheard, is_removal=False), removed=own)
    else:
        _ask(push, change, change.record, kept=own, removed=_last(unheard, is_removal=True))


@dataclass(slots=True)
class Watched:
    """The members about whom one push writes, and those whom it takes off the screens, each with the last such change."""

    written: dict[str, Change] = field(default_factory=dict)
    removed: dict[str, Change] = field(default_factory=dict)

    def note(self, change: Change, person: str | None, *, was_gone: bool) -> None:
        """Note a change that was taken, of something about ``person``; ``was_gone`` before it, or not."""
        if person is None or not ENTITIES[change.entity].asks_of_removal:
            return
        if change.entity == MEMBER:
            if change.kind is ChangeKind.TOMBSTONE and not was_gone:
                self.removed[person] = change
        elif change.kind in (ChangeKind.CREATE, ChangeKind.EDIT):
            self.written[person] = change

    def keep_on_the_screens(self, push: Folding) -> None:
        """Bring back who is off the screens now, and was written about by another laptop than took her off; ask about each."""
        for person, change in _off(push, self.written):
            removal = _last_line(push.lines_of(person), is_removal=True)
            if removal is None or removal.device != change.device:
                _bring_back(push, change, person)
                word = _last([removal] if removal else [], is_removal=True)
                _ask(push, change, person, kept=Word(change.author, change.at), removed=word)
        for person, change in _off(push, self.removed):
            written = _written_since(push, person, change)
            if written is not None:
                _bring_back(push, change, person)
                _ask(push, change, person, kept=written, removed=Word(change.author, change.at))


def _off(push: Folding, noted: dict[str, Change]) -> list[tuple[str, Change]]:
    """Return those of the members who are off the screens now."""
    unread = noted.keys() - push.held.keys()
    off = {person for person in unread if person in push.places and push.places[person].is_off}
    found = select_rows(
        push.connection, tables.record, ("id", "gone"), push.grant.organisation, "id", unread - push.places.keys()
    )
    push.fetch(off | {row.id for row in found if row.gone})
    members = ((person, change, push.held.get(person)) for person, change in noted.items())
    return [(person, change) for person, change, held in members if held and held.record.gone and not held.is_erased]


def _written_since(push: Folding, person: str, removal: Change) -> Word | None:
    """Return who wrote about a member last what whoever took her off had not heard."""
    row, line = tables.record.c, tables.ledger.c
    query = (
        select(line.author, line.at)
        .join_from(tables.ledger, tables.record, and_(row.organisation == line.organisation, row.id == line.record))
        .where(
            row.organisation == push.grant.organisation,
            row.person == person,
            row.entity.in_(_WRITTEN_ABOUT),
            row.gone == 0,
            line.number > removal.base,
            line.device.not_in((removal.device, SERVER)),
            line.kind.in_((ChangeKind.CREATE, ChangeKind.EDIT)),
        )
        .order_by(line.number.desc())
        .limit(1)
    )
    found = push.connection.execute(query).first()
    return Word(found.author, found.at) if found is not None else None


def _bring_back(push: Folding, change: Change, person: str) -> None:
    """Let a member stand on the screens again; her history says that it was for what ``change`` says, or came to."""
    held = push.held[person]
    push.matches.setdefault(person, matches_of(held.record.fields))
    number = push.next_number()
    said = push.of_server(change, person, ChangeKind.EDIT, {}, base=number - 1).model_copy(update={"entity": MEMBER})
    held.record = replace(held.record, gone=False, number=number)
    push.touched[person] = held
    push.write_line(said, number, VerdictKind.ACCEPTED, {}, held.area)


def _ask(push: Folding, change: Change, record: str, *, kept: Word | None, removed: Word | None) -> None:
    """Put one question for a record, whoever took it off: it stays (0) as ``kept`` wants, or goes (1) as ``removed`` does."""
    about = push.held[record]
    unknown = Word(about.author, about.made_at)
    stays, goes = kept or unknown, removed or unknown
    fields: Fields = {
        "shown": 0, "shown_by": stays.author, "shown_at": stays.at, "before": 0,
        "other": 1, "other_by": goes.author, "other_at": goes.at,
    }  # fmt: skip
    put_question(push, change, record, GONE, "", fields)


def _last_line(lines: Sequence[Line], *, is_removal: bool) -> Line | None:
    # a row that was mended while it was off the screens says that it is off them, too
    said = [line for line in lines if (line.kind == ChangeKind.TOMBSTONE) is is_removal]
    return next((line for line in reversed(said) if not is_removal or line.device != SERVER), None)


def _last(lines: Sequence[Line], *, is_removal: bool) -> Word | None:
    line = _last_line(lines, is_removal=is_removal)
    return Word(line.author, line.at) if line is not None else None
