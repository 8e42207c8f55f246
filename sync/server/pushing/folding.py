"""A push while it is folded in: what was read for it, and what it makes of that; everything is written at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import orjson
import uuid_utils
from pydantic import JsonValue
from sqlalchemy import Connection

from sync.protocol.change import Change, ChangeKind
from sync.protocol.merge import Fields
from sync.protocol.messages import VerdictKind
from sync.server.pushing.pasts import ROOM, Past
from sync.server.records import audit
from sync.server.records.epochs import put_back_at
from sync.server.records.following import Departure
from sync.server.records.history import Line, history
from sync.server.records.rows import Held, load
from sync.server.records.scope import SERVER, Grant


class Written(NamedTuple):
    """A line of the ledger as it is written: the table's columns, in its order."""

    organisation: str
    number: int
    change_id: str
    entity: str
    record: str
    kind: str
    area: str
    fields: str
    overtaken: str | None
    base: int
    author: str
    device: str
    counter: int
    at: str
    received_at: str
    verdict: str

    def as_line(self) -> Line:
        """Return the line as the history of its record will have it; what it overtook is left out."""
        return Line(
            self.number, self.change_id, self.entity, self.record, self.kind, self.area, self.author, self.device,
            self.counter, self.base, self.at, orjson.loads(self.fields), {}, self.verdict,
        )  # fmt: skip


class Place(NamedTuple):
    """The area where a member stands, and whether she was taken off the screens, or destroyed by law."""

    area: str
    is_off: bool
    is_erased: bool


@dataclass(slots=True)
class Folding:
    """One push of ``grant``, from ``number`` on. Nobody else numbers anything of its organisation meanwhile."""

    connection: Connection
    grant: Grant
    now: str
    number: int
    """The last number that was given."""
    held: dict[str, Held] = field(default_factory=dict)
    """Every record that was needed, by id, as the changes so far have left it."""
    places: dict[str, Place] = field(default_factory=dict)
    """Where members stand whom new records are about and who are not read beyond that."""
    touched: dict[str, Held] = field(default_factory=dict)
    own: set[int] = field(default_factory=set)
    """Numbers of what stands on the laptop exactly so."""
    lines: list[Written] = field(default_factory=list)
    entries: list[audit.Entry] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)
    matches: dict[str, frozenset[str]] = field(default_factory=dict)
    """Who was matched to the members that this push touches, before it; nothing of those who are new."""
    departures: list[Departure] = field(default_factory=list)
    moved: set[str] = field(default_factory=set)
    present: Grant = field(init=False)
    """What the worker's role and areas allow now: ``grant`` is widened, while it is folded, to what may still be sent."""
    pasts: dict[str, Past] = field(default_factory=dict)
    """What was read of histories, by record: what was asked for last stands last."""
    _put_back_at: str | None = None

    def __post_init__(self) -> None:
        self.present = self.grant

    def next_number(self) -> int:
        """Give the next number."""
        self.number += 1
        return self.number

    @property
    def put_back_at(self) -> str:
        """When the database was last put back, in no words where it never was; asked once."""
        if self._put_back_at is None:
            self._put_back_at = put_back_at(self.connection, self.grant.organisation)
        return self._put_back_at

    def area_of(self, person: str | None) -> str | None:
        """Return where a member stands; None when nothing is known of her here."""
        if person is None:
            return None
        held, place = self.held.get(person), self.places.get(person)
        return held.area if held is not None else place.area if place is not None else None

    def is_erased(self, person: str | None) -> bool:
        """Say whether a member was destroyed by law; of one of whom nothing is known here she was not."""
        if person is None:
            return False
        held, place = self.held.get(person), self.places.get(person)
        return held.is_erased if held is not None else place is not None and place.is_erased

    def fetch(self, ids: set[str]) -> None:
        """Read those of the records that exist and were not needed so far."""
        self.held |= load(self.connection, self.grant.organisation, ids - self.held.keys())

    def write_line(
        self, change: Change, number: int, kind: VerdictKind, overtaken: Mapping[str, JsonValue], area: str | None = None
    ) -> None:
        """Add a line to the ledger: what was said, and what became of it."""
        self.lines.append(
            Written(
                self.grant.organisation, number, change.id, change.entity, change.record, change.kind.value, area or change.area,
                _text(change.fields), _text(overtaken) if overtaken else None, change.base, change.author, change.device,
                change.counter, change.at, self.now, kind.value,
            )
        )  # fmt: skip

    def note(self, action: str, entity: str, record: str, detail: str) -> None:
        """Add an entry to the audit."""
        self.entries.append(audit.Entry(self.grant.worker, self.grant.device, action, entity, record, detail))

    def lines_of(self, record: str) -> Sequence[Line]:
        """Return the record's history with what this push adds to it."""
        return self.past_of(record).lines

    def past_of(self, record: str) -> Past:
        """Return the record's history with what this push adds to it; what was read of it before is not read again."""
        past = self.pasts.pop(record, None)
        if past is None:
            past = Past(history(self.connection, self.grant.organisation, record))
            self._forget_beyond(ROOM - past.size)
        self.pasts[record] = past
        for line in self.lines[past.heard :]:
            if line.record == record:
                past.add(line.as_line())
        past.heard = len(self.lines)
        return past

    def _forget_beyond(self, room: int) -> None:
        """Keep no more pasts than ``room`` bytes hold: those that were asked for longest ago go."""
        room -= sum(past.size for past in self.pasts.values())
        while room < 0 and self.pasts:
            room += self.pasts.pop(next(iter(self.pasts))).size

    def forget_words(self, record: str) -> None:
        """Take out of this push's own lines what they said of a record that is destroyed."""
        self.lines = [line._replace(fields="{}", overtaken=None) if line.record == record else line for line in self.lines]
        self.pasts.pop(record, None)

    def of_server(self, cause: Change, record: str, kind: ChangeKind, fields: Fields, *, base: int = 0) -> Change:
        """Return a change that the server itself makes, to a record of what two people answered differently."""
        return Change(
            id=str(uuid_utils.uuid7()), entity="conflict", record=record, kind=kind, area=self.held[cause.record].area,
            fields=dict(fields), base=base, author=cause.author, device=SERVER, counter=1, at=self.now,
        )  # fmt: skip


def _text(fields: Mapping[str, JsonValue]) -> str:
    return orjson.dumps(fields).decode()
