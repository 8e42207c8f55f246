"""The messages of a round and of enrolment, the same types at both ends.

One request carries hello, the pushed changes and the number the laptop has; one answer carries the welcome, a verdict for every
id and the first page of what is new. The body is JSON, compressed with zstd (:mod:`sync.packing`).
"""

from __future__ import annotations

import operator
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from sync.protocol.change import ID_PATTERN, Change, Id
from sync.protocol.digests import NAMED
from sync.protocol.errors import Refusal, Trouble
from sync.protocol.version import (
    HANDED_RECORDS,
    KNOWN_BY_SINCE,
    LONG_PULL_ROWS,
    LOOKS,
    LOOKS_SINCE,
    MARK,
    OPENED,
    PAGE_ROWS,
    PUSH_CHANGES,
)


class _Message(BaseModel):
    # a newer end may say more than we understand; what we understand must be right
    model_config = ConfigDict(frozen=True, extra="ignore")


class VerdictKind(StrEnum):
    """What became of one pushed change."""

    ACCEPTED = "accepted"
    MERGED = "merged"
    """Taken, and somebody else had changed the record meanwhile."""
    CONFLICT = "conflict"
    """Taken; a field needs a person to choose."""
    KNOWN = "known"
    """The server had it already, from a push whose answer was lost."""
    REFUSED = "refused"
    """Not taken: it stays on the laptop in quarantine."""


class Verdict(_Message):
    """The server's answer for one change id. ``number`` is the server's number of the change, 0 when it was not taken."""

    id: Id
    kind: VerdictKind
    number: int = 0
    reason: Refusal | None = None


class Scope(_Message):
    """What the laptop's worker may hold: the classes of her role in her areas (``*`` means every area)."""

    organisation: str
    worker: Id
    role: str
    areas: tuple[str, ...]
    classes: tuple[str, ...]


class Page(_Message):
    """Rows after the asked-for number, as arrays: for each entity the names of its columns and its rows.

    The columns begin with the envelope (:data:`sync.protocol.entities.ENVELOPE`). ``next`` is the number to ask for in the
    next round once these rows are in the file; ``more`` says that there are more now.
    """

    columns: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    # values are checked by kind when they are laid down; checking that JSON is JSON doubled the cost of a first pull
    rows: dict[str, list[list[Any]]] = Field(default_factory=dict)
    next: int
    more: bool = False
    history: list[list[Any]] = Field(default_factory=list)
    """What others did to these records since, as :class:`HistoryReply` has it; left out of long pages."""


class Snapshot(_Message):
    """All that a scope held at ``number``, ready in a file: ``GET /v1/snapshot/{id}``, from any byte on.

    ``key`` opens its blocks (hex) and travels only here. ``records`` stand in ``blocks`` blocks and ``size`` bytes; the first
    ``first`` blocks hold what a worker needs at once. What came after ``number`` is asked for in rounds, as ever.
    """

    id: str = Field(max_length=36, pattern="^[0-9a-f-]+$")
    key: str = Field(min_length=64, max_length=64, repr=False)
    number: int = Field(ge=0)
    records: int = Field(ge=0)
    blocks: int = Field(ge=0)
    first: int = Field(ge=0)
    size: int = Field(ge=0)


_KEY = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class PublicKeys(_Message):
    """What others need of a laptop's keys (hex): to seal a file for it alone (X25519), to know what it signed (Ed25519)."""

    sealing: _KEY
    signing: _KEY


class Carried(_Message):
    """A change that another laptop than its author's brings: its very text as the author's laptop signed it, and by what.

    :mod:`sync.carrying` makes and reads the text. ``id`` is the change's own, by which the server answers.
    """

    id: Id = Field(min_length=36, max_length=36)
    text: str
    signature: str = Field(max_length=128)


_Uuid = Annotated[Id, Field(pattern=f"^{ID_PATTERN}$")]
_Opened = Annotated[tuple[_Uuid, ...], Field(max_length=OPENED)]


class Handed(_Message):
    """A laptop tells what it sealed for another: which records, and up to which number what the server had told it.

    The server keeps it for the day on which that other laptop is lost.
    """

    laptop: Id = Field(min_length=36, max_length=36)
    at: str = Field(max_length=30)
    records: tuple[Annotated[Id, Field(min_length=36, max_length=36)], ...] = Field(default=(), max_length=HANDED_RECORDS)
    number: int = Field(default=0, ge=0)


class LookKind(StrEnum):
    """What somebody did with a record on a laptop without changing it."""

    VIEW = "view"
    HISTORY = "history"
    PRINT = "print"
    EXPORT = "export"


class Look(_Message):
    """Somebody saw, printed or exported a record on a laptop, also without a line: ``at`` is the laptop's own time.

    ``kind`` is a :class:`LookKind`, or one of a newer program. Nothing that was written travels here.
    """

    id: _Uuid
    kind: str = Field(pattern="^[a-z_]{1,20}$")
    entity: str = Field(pattern="^[a-z_]{1,40}$")
    record: _Uuid
    at: str = Field(pattern="^[0-9TZ:.-]{20,30}$")


def _is_none(value: object) -> bool:
    return value is None


class RoundRequest(_Message):
    """A laptop's part of a round.

    ``carried`` comes before ``changes``. ``keys`` and ``handed`` are told until the server has said that it has them.
    ``opened`` names the openings that it still holds: their records come too, while they last.
    ``snapshot``: None, pages only; empty, a snapshot is welcome; an id, that one has begun to arrive and the laptop has its key.
    ``offers_for``: the epoch of a restored server that is offered again, oldest first, what the ``epoch`` before it had taken.
    ``mark`` is the last that an answer told, as it was told: by it a server knows when its database was put back unsaid.
    ``first_from``: from this count on the ``changes`` are offered for the first time, to anybody; None where none is.
    """

    protocol: int
    program: str = Field(max_length=40)
    device_time: str = Field(max_length=30)
    epoch: str | None = Field(default=None, max_length=36)
    cursor: int = Field(ge=0)
    # what is as it usually is, is not said: an empty round stays under 500 bytes
    room: Annotated[int, Field(ge=1, le=LONG_PULL_ROWS, exclude_if=PAGE_ROWS.__eq__)] = PAGE_ROWS
    snapshot: str | None = Field(default=None, max_length=36, exclude_if=_is_none)
    changes: tuple[Change, ...] = Field(default=(), max_length=PUSH_CHANGES, exclude_if=operator.not_)
    carried: tuple[Carried, ...] = Field(default=(), max_length=PUSH_CHANGES, exclude_if=operator.not_)
    keys: PublicKeys | None = Field(default=None, exclude_if=operator.not_)
    handed: Handed | None = Field(default=None, exclude_if=operator.not_)
    opened: _Opened = Field(default=(), exclude_if=operator.not_)
    looks: tuple[Look, ...] = Field(default=(), max_length=LOOKS, exclude_if=operator.not_)
    offers_for: str | None = Field(default=None, max_length=36, exclude_if=operator.not_)
    mark: str | None = Field(default=None, max_length=MARK, exclude_if=operator.not_)
    first_from: int | None = Field(default=None, ge=0, exclude_if=_is_none)


class RoundReply(_Message):
    """The server's part of a round. ``epoch`` changes when the server was restored from a backup.

    With a ``snapshot`` the page is empty. ``keeps_snapshot``: the one that the laptop named is still here, and still hers.
    ``newest``: the server speaks this number too, which is higher than the one it was spoken to in.
    """

    protocol: int
    server_time: str
    epoch: str
    scope: Scope
    verdicts: tuple[Verdict, ...] = ()
    page: Page
    snapshot: Snapshot | None = None
    keeps_snapshot: bool = False
    has_keys: bool = False
    """The server has the keys that this request told, and colleagues' laptops hear of them."""
    has_handed: bool = False
    """The server has noted what this request said was handed over."""
    has_looks: tuple[Id, ...] = Field(default=(), exclude_if=operator.not_)
    """The looks, by id, that stand in the server's audit now."""
    leaving: tuple[Id, ...] = Field(default=(), exclude_if=operator.not_)
    """Members who have left this laptop's scope: what is about them leaves it once everything unsent was sent."""
    newest: int | None = Field(default=None, exclude_if=operator.not_)
    mark: str | None = Field(default=None, max_length=MARK, exclude_if=operator.not_)
    """What stands at the number up to which this answer goes: the laptop says it again, and it means nothing to it."""
    began: int = Field(default=0, ge=0, exclude_if=operator.not_)
    """Up to which number what a laptop was told in another epoch means the same in this; of one nobody knows, to none."""


class HistoryRequest(_Message):
    """A laptop asks who changed a record, from what, to what and when; ``after`` is the last number that it has of that."""

    protocol: int
    record: Id = Field(min_length=36, max_length=36)
    after: int = Field(default=0, ge=0)


class HistoryReply(_Message):
    """Everything that was done to a record, oldest first, as arrays; nothing for a record that this worker may not see.

    A line is: number, entity, record, kind, author, device time, and for each field that it named three values: before,
    as it was told, afterwards; a fourth, true, where its author had not heard of what stood before. ``more`` says that there
    are more after the last number.
    """

    protocol: int
    lines: list[list[Any]] = Field(default_factory=list)
    more: bool = False


class DigestRequest(_Message):
    """A laptop compares what it holds: its sums by kind of record, then, for those that differ, its sums by bucket."""

    protocol: int
    sums: dict[str, str] = Field(default_factory=dict, max_length=200)
    buckets: dict[str, dict[str, str]] = Field(default_factory=dict, max_length=200)
    opened: _Opened = ()


class DigestReply(_Message):
    """``differ`` names the kinds whose sums differ. For buckets that differ: which, and their records (id, number, 1 if removed).

    ``more``: other buckets differ too, and are listed once these are mended. Sums mean nothing to a laptop of another ``epoch``.
    """

    protocol: int
    epoch: str
    differ: tuple[str, ...] = ()
    buckets: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    records: dict[str, list[tuple[str, int, int]]] = Field(default_factory=dict)
    more: bool = False


class RecordsRequest(_Message):
    """A laptop asks for records by their ids; with ``history`` for what was done to them, in place of their rows."""

    protocol: int
    records: tuple[Id, ...] = Field(max_length=NAMED)
    opened: _Opened = ()
    history: bool = Field(default=False, exclude_if=operator.not_)


class RecordsReply(_Message):
    """Those of the records that the laptop may hold, or their history; ``elsewhere`` exist and are not for this laptop.

    ``left_out``: not all of their history is here, for one answer does not hold it; it may be asked for with fewer others.
    """

    protocol: int
    page: Page
    elsewhere: tuple[Id, ...] = ()
    left_out: tuple[Id, ...] = ()


class Sought(StrEnum):
    """What came of asking for a member outside the worker's area."""

    OPENED = "opened"
    HERE = "here"
    """In the worker's own area: rounds bring her records, nothing had to be opened."""
    NOBODY = "nobody"
    SEVERAL = "several"
    """More than one fits; nobody is told who."""
    NOT_ALLOWED = "not_allowed"
    """The worker's role opens nothing outside its area."""
    OVER = "over"
    """The opening whose next page was asked for has ended."""


NAME_LETTERS, TELEPHONE_LETTERS, POSTCODE_LETTERS = 200, 60, 20
"""Most letters of what somebody is looked for by."""


class OpenRequest(_Message):
    """A worker asks for a member outside her area and says why: by id, or by name with what stands on the member's record.

    That is a day of birth (``born``), a ``telephone`` number or a ``postcode``; of several each must fit.
    ``reason`` is a code of the laptop's list, ``words`` are her own. With ``opening`` and ``after`` the next page of an
    opening is asked for: nothing is opened then.
    """

    protocol: int
    reason: str = Field(default="", max_length=40, pattern="^[a-z_]*$")
    words: str = Field(default="", max_length=500)
    person: _Uuid | None = None
    name: str = Field(default="", max_length=NAME_LETTERS)
    born: str = Field(default="", pattern="^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")
    telephone: str = Field(default="", max_length=TELEPHONE_LETTERS)
    postcode: str = Field(default="", max_length=POSTCODE_LETTERS)
    opening: _Uuid | None = None
    after: int = Field(default=0, ge=0)


class OpenReply(_Message):
    """What came of it; when it was opened, the member's records and how many ``seconds`` they may stay on the laptop."""

    protocol: int
    sought: Sought
    opening: str = ""
    person: str = ""
    seconds: int = 0
    page: Page = Field(default_factory=lambda: Page(next=0))


class EnrolRequest(_Message):
    """A laptop asks to join with the one-time code that the administrator gave to its worker."""

    protocol: int
    code: str = Field(max_length=60)
    device: Id = Field(min_length=36, max_length=36)
    device_name: str = Field(max_length=80)


class EnrolReply(_Message):
    """The laptop's credential, which only the laptop keeps (the server has its hash), and whom it is for."""

    protocol: int
    credential: str
    epoch: str
    scope: Scope
    worker_name: str
    organisation_name: str


_Request = TypeVar("_Request", bound=BaseModel)


_KNOWN_BY = ("telephone", "postcode")
"""By what else than a day of birth a member is found."""


def is_understood(request: BaseModel, number: int) -> bool:
    """Say whether enough of a request is left for an end of the older protocol ``number`` to answer it."""
    if number >= KNOWN_BY_SINCE or not isinstance(request, OpenRequest) or request.born:
        return True
    return not any(getattr(request, name) for name in _KNOWN_BY)


def in_number(request: _Request, number: int) -> _Request:
    """Return a request as an end of the older protocol ``number`` understands it; what that end lacks waits."""
    told: dict[str, Any] = {"protocol": number}
    if isinstance(request, RoundRequest) and number < LOOKS_SINCE:
        told["looks"] = ()
    if isinstance(request, OpenRequest) and number < KNOWN_BY_SINCE:
        told |= dict.fromkeys(_KNOWN_BY, "")
    return request.model_copy(update=told)


class TroubleReply(_Message):
    """The body of every answer that is not 200: a code that the laptop knows, and words for whoever reads a log."""

    trouble: Trouble
    words: str = ""
    protocol: int
