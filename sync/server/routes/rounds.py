"""POST /v1/round: hello, the push and the first page of the pull in one turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import JsonValue, ValidationError
from sqlalchemy import Connection

from sync.packing import squeeze
from sync.protocol.change import Change
from sync.protocol.errors import Refusal, Trouble
from sync.protocol.messages import RoundRequest, Snapshot, Verdict, VerdictKind
from sync.protocol.version import LOOKS, LOOKS_SINCE, OFFERS_SINCE, PUSH_CHANGES
from sync.server.admission.auth import Admitted, CounterLost, WorkerUnreadable, admit, bearer
from sync.server.admission.laptop_keys import keep_keys
from sync.server.backups.put_back import begin_anew, has_mark, heard_of, is_ahead, mark_at
from sync.server.clock import instant_text
from sync.server.damage.retold import begin_epoch_again, is_house_whole, tell_counter_again, tell_end_again, tell_worker_again
from sync.server.database.bulk import run, together
from sync.server.database.joining import spoil
from sync.server.laptops.carried import came_before, note_handed, take_carried
from sync.server.laptops.giving import GIVE
from sync.server.laptops.looks import keep_looks
from sync.server.listening.asking import let_in
from sync.server.listening.exchange import House, check_protocol, exchange, newest
from sync.server.logs import logger
from sync.server.pushing.checking import LARGEST, is_id, read_change
from sync.server.pushing.ledger import Taken, take
from sync.server.pushing.mending import mend
from sync.server.pushing.numbers import put_right
from sync.server.records import audit
from sync.server.records.epochs import as_of_now
from sync.server.records.following import leaving, with_matched
from sync.server.records.history import heard_since
from sync.server.records.openings import with_opened
from sync.server.records.scope import Grant
from sync.server.records.wire import EMPTY, WirePage, nothing, read_page, with_history
from sync.server.trouble import RoundRefused

router: Final = APIRouter()

_NOTHING: Final = Taken({}, frozenset())
_SEEN_EVERY: Final = 60
"""Seconds between two notes that a laptop was here: a write for each empty round would serve nobody."""
_SEEN: Final = "UPDATE device SET last_seen = ?, program = ?, clock_off = ? WHERE organisation = ? AND id = ?"


@router.post("/v1/round")
async def post_round(request: Request) -> Response:
    """Take a laptop's changes and hand it what is new for it."""
    return await exchange(request, _round)


def _credential(request: Request) -> str:
    return bearer(request.headers.get("authorization"))


class _HouseUnreadable(RuntimeError):
    def __init__(self, organisation: str) -> None:
        super().__init__("the epoch or the counter cannot be read")
        self.organisation = organisation


def _round(house: House, request: Request, raw: Any) -> tuple[bytes, dict[str, int]]:
    try:
        return _answered(house, request, raw)
    except WorkerUnreadable as altered:
        with house.database.writing() as connection:
            if not tell_worker_again(connection, altered.organisation, altered.worker, house.clock()):
                logger.error("what a worker may see cannot be read, and not be told again: see `ewb-server doctor`")
                raise
    except CounterLost as lost:
        with house.database.writing() as connection:
            tell_counter_again(connection, lost.organisation, house.clock())
    except _HouseUnreadable as altered:
        with house.database.writing() as connection:
            put_right(connection, altered.organisation, instant_text(house.clock()))
            begin_epoch_again(connection, altered.organisation, house.clock())
    except audit.EndLost:
        with house.database.writing() as connection:
            if not tell_end_again(connection, admit(connection, _credential(request)).grant.organisation, house.clock()):
                raise
    # what was taken is known by its id
    return _answered(house, request, raw)


def _answered(house: House, request: Request, raw: Any) -> tuple[bytes, dict[str, int]]:
    now = house.clock()
    with house.database.reading() as connection:
        admitted = let_in(house, connection, request.headers.get("authorization"))
        if not is_house_whole(admitted):
            raise _HouseUnreadable(admitted.grant.organisation)
        grant = admitted.grant
        check_protocol(raw)
        hello, pushed, carried, looks = _read(raw)
        was_put_back = is_ahead(connection, admitted, hello)
    if was_put_back:
        begin_anew(house.database, house.settings.sign_offs, admitted, hello, now)
        with house.database.reading() as connection:
            admitted = admit(connection, _credential(request))
    is_same_epoch = hello.epoch is None or hello.epoch == admitted.epoch
    if not is_same_epoch and hello.protocol >= OFFERS_SINCE and hello.offers_for != admitted.epoch:
        # it has not heard of the restore: taken now, its newest work would come before the older that it offers again then
        pushed, carried = [], []
    verdicts, changes = _sort(pushed, house.settings.change_bytes)
    if verdicts:
        with house.database.reading() as connection:
            verdicts |= came_before(connection, grant.organisation, dict.fromkeys(verdicts, grant.device))
    heard = 0
    if hello.epoch is not None and not is_same_epoch:
        with house.database.reading() as connection:
            heard = heard_of(connection, admitted, hello, hello.epoch)
        changes = [as_of_now(change, heard) for change in changes]
    kept = _Pushed()
    if changes or carried or looks or hello.keys is not None or hello.handed is not None:
        kept = _push(house, admitted, hello, carried, changes, looks, now)
    verdicts |= kept.verdicts
    given = kept.given if kept.given is not None else _give_and_note(house, admitted, hello, kept, now)
    if given.page.unreadable:
        # mended, they come in the next page
        with house.database.writing() as connection:
            mend(connection, grant.organisation, given.page.unreadable, instant_text(now))
    named = _in_order([*carried, *pushed], verdicts)
    told: dict[str, Any] = {"has_keys": kept.has_keys, "has_handed": hello.handed is not None, "has_looks": kept.looks}
    told["leaving"] = given.leaving
    told["mark"] = given.mark
    told["began"] = heard
    if hello.protocol < newest():
        told["newest"] = newest()
    # what is not so is not said: an empty round stays small
    told = {name: value for name, value in told.items() if value}
    answer = squeeze(_reply(hello.protocol, admitted, named, given, now, told))
    return answer, {
        "changes": len(pushed) + len(carried),
        "rows": given.page.rows,
        **Counter(str(verdict.kind) for verdict in verdicts.values()),
    }


@dataclass(frozen=True, slots=True)
class _Pushed:
    """What became of what a laptop sent; ``given`` when its page was read in the same transaction.

    ``is_seen`` says that it was noted there that the laptop was here.
    """

    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    taken: Taken = _NOTHING
    has_keys: bool = False
    looks: Sequence[str] = ()
    given: _Given | None = None
    is_seen: bool = False


def _push(
    house: House,
    admitted: Admitted,
    hello: RoundRequest,
    carried: Sequence[Mapping[str, Any]],
    changes: Sequence[Change],
    looks: Sequence[Mapping[str, Any]],
    now: datetime,
) -> _Pushed:
    """Keep what the laptop sent and, in the embedded file's same transaction and wait for the disk, read what it is given."""
    grant, moment = admitted.grant, instant_text(now)
    has_keys, given, is_seen, fault = False, None, False, None
    with house.database.joining() as connection:
        if hello.keys is not None:
            has_keys = keep_keys(connection, grant, hello.keys, moment)
        if hello.handed is not None:
            note_handed(connection, grant, hello.handed, moment)
        # what a colleague wrote comes first: this laptop's worker has seen it
        verdicts = take_carried(connection, admitted, carried, house.settings.change_bytes, moment)
        taken = take(connection, grant, changes, moment, first_from=hello.first_from)
        looked = keep_looks(connection, grant, looks, moment)
        # making a snapshot may take long, and others wait to write; on PostgreSQL others push while this one's page is read
        if house.database.is_embedded and (hello.cursor or hello.snapshot is None):
            try:
                given = _give(house, connection, admitted, hello, taken, now)
            except Exception as broken:  # noqa: BLE001 - what was pushed is kept, whatever stops the answer
                spoil(connection)
                fault = broken
            else:
                _note(connection, grant, hello, given, now)
        elif house.database.is_embedded and _is_due(admitted.last_seen, now):
            # a transaction of its own would wait for the disk once more; on PostgreSQL a page follows that is noted with it
            _note_seen(connection, grant, hello, now)
            is_seen = True
    if fault is not None:
        raise fault
    return _Pushed({**verdicts, **taken.verdicts}, taken, has_keys, looked, given, is_seen)


@dataclass(frozen=True, slots=True)
class Ready:
    """What a laptop is told of a snapshot: a new one, or that the one it has begun is still here."""

    offered: Snapshot | None = None
    keeps: bool = False

    @property
    def is_given(self) -> bool:
        """Say whether the laptop gets its rows from a snapshot."""
        return self.keeps or self.offered is not None


@dataclass(frozen=True, slots=True)
class _Given:
    """What a laptop is given in a round, and whether it is time to note that it was here."""

    ready: Ready
    page: WirePage
    told: list[list[JsonValue]]
    is_due: bool
    leaving: Sequence[str] = ()
    mark: str | None = None
    """What the laptop says again, by which a database that was put back is known; None where it says it already."""


def _give(house: House, connection: Connection, admitted: Admitted, hello: RoundRequest, taken: Taken, now: datetime) -> _Given:
    grant, is_same_epoch = admitted.grant, hello.epoch is None or hello.epoch == admitted.epoch
    ready = _snapshot(house, connection, admitted, hello, now) if is_same_epoch else Ready()
    if ready.is_given:
        page = EMPTY
    elif is_same_epoch and not hello.opened and taken.brings_nothing(hello.cursor):
        page = nothing(taken.last)
    else:
        room = min(hello.room, house.settings.page_rows)
        # what is opened comes with pages only: a snapshot is the same for everybody of a scope. So does who was matched to her
        # worker since this laptop was let in: its next page begins behind what there is of her
        grant = with_opened(connection, with_matched(connection, grant), now, hello.opened)
        page = read_page(connection, grant, hello.cursor if is_same_epoch else 0, room, house.settings.page_bytes, taken.own)
    has_news = page.rows and hello.cursor and is_same_epoch
    # as much again as the rows: beside a full page of them nothing would ever be told of what was done to them
    page_bytes = house.settings.page_bytes
    told = heard_since(connection, grant, hello.cursor, page.last, taken.began, page_bytes) if has_news else []
    # who left this laptop's scope after what it knows; a laptop that has nothing has nobody to let go of
    is_later = is_same_epoch and hello.cursor < page.after and (hello.cursor > 0 or bool(taken.own))
    gone = leaving(connection, grant, hello.cursor) if is_later and hello.protocol >= LOOKS_SINCE else ()
    is_told = not is_same_epoch or has_mark(admitted, hello.mark, page.after)
    mark = None if is_told else mark_at(connection, admitted, page.after)
    return _Given(ready, page, told, _is_due(admitted.last_seen, now), gone, mark)


def _give_and_note(house: House, admitted: Admitted, hello: RoundRequest, kept: _Pushed, now: datetime) -> _Given:
    """Read what the laptop is given after what it sent was kept, and note it."""
    if house.database.is_embedded:
        # whoever writes there holds everybody else up: it is held for the note alone
        with house.database.reading() as connection:
            given = _give(house, connection, admitted, hello, kept.taken, now)
        if _is_noted(given, kept):
            with house.database.joining() as connection:
                _note(connection, admitted.grant, hello, given, now, is_seen=kept.is_seen)
        return given
    with house.database.writing() as connection:
        given = _give(house, connection, admitted, hello, kept.taken, now)
        if _is_noted(given, kept):
            _note(connection, admitted.grant, hello, given, now, is_seen=kept.is_seen)
    return given


def _is_noted(given: _Given, kept: _Pushed) -> bool:
    return bool(given.page.rows) or (given.is_due and not kept.is_seen)


def _snapshot(house: House, connection: Connection, admitted: Admitted, hello: RoundRequest, now: datetime) -> Ready:
    if hello.cursor or hello.snapshot is None:
        return Ready()
    if hello.snapshot and house.snapshots.keeps(connection, admitted, hello.snapshot):
        return Ready(keeps=True)
    try:
        return Ready(house.snapshots.offer(connection, admitted, now))
    except OSError:
        # a full disk here: pages need none
        logger.exception("no snapshot")
        return Ready()


_Told = list[dict[str, Any]]


def _read(raw: dict[str, Any]) -> tuple[RoundRequest, _Told, _Told, _Told]:
    """Return the request without its changes, and these as they came, then those that it carries for others, then its looks.

    One that is malformed must not stop the others.
    """
    pushed, carried, looks = raw.get("changes", []), raw.get("carried", []), raw.get("looks", [])
    if not (isinstance(pushed, list) and isinstance(carried, list) and isinstance(looks, list)):
        raise RoundRefused(Trouble.MALFORMED, "changes are not a list")
    if len(pushed) + len(carried) > PUSH_CHANGES:
        raise RoundRefused(Trouble.TOO_LARGE, f"more than {PUSH_CHANGES} changes")
    if len(looks) > LOOKS or not all(isinstance(look, dict) and is_id(look.get("id")) for look in looks):
        raise RoundRefused(Trouble.MALFORMED, "a look has no id by which to answer")
    if not all(isinstance(change, dict) and isinstance(change.get("id"), str) for change in (*pushed, *carried)):
        raise RoundRefused(Trouble.MALFORMED, "a change has no id by which to answer")
    try:
        hello = RoundRequest.model_validate({**raw, "changes": (), "carried": (), "looks": ()})
    except ValidationError as invalid:
        places = ", ".join(".".join(str(part) for part in error["loc"]) for error in invalid.errors())
        raise RoundRefused(Trouble.MALFORMED, f"not as agreed: {places}") from None
    if hello.cursor > LARGEST:
        raise RoundRefused(Trouble.MALFORMED, "not as agreed: cursor")
    return hello, pushed, carried, looks


def _sort(pushed: Iterable[dict[str, Any]], change_bytes: int) -> tuple[dict[str, Verdict], list[Change]]:
    """Return verdicts for the changes that cannot be taken whatever the records say, and the other changes."""
    verdicts: dict[str, Verdict] = {}
    changes: list[Change] = []
    for raw in pushed:
        read = read_change(raw, change_bytes)
        if isinstance(read, Refusal):
            verdicts[raw["id"]] = Verdict(id=raw["id"], kind=VerdictKind.REFUSED, reason=read)
        else:
            changes.append(read)
    return verdicts, changes


def _in_order(pushed: Iterable[dict[str, Any]], verdicts: dict[str, Verdict]) -> list[Verdict]:
    return [verdicts[id_] for id_ in dict.fromkeys(raw["id"] for raw in pushed)]


def _reply(spoken: int, admitted: Admitted, verdicts: list[Verdict], given: _Given, now: datetime, told: dict[str, Any]) -> bytes:
    if given.ready.is_given:
        offered = given.ready.offered.model_dump(mode="json") if given.ready.offered is not None else None
        told |= {"snapshot": offered, "keeps_snapshot": given.ready.keeps}
    opening = orjson.dumps(
        {
            **told,
            "protocol": spoken,
            "server_time": instant_text(now),
            "epoch": admitted.epoch,
            "scope": admitted.grant.as_scope().model_dump(mode="json"),
            "verdicts": [{"id": v.id, "kind": v.kind, "number": v.number, "reason": v.reason} for v in verdicts],
        }
    )
    return opening[:-1] + b',"page":' + with_history(given.page, given.told).text + b"}"


def _is_due(seen: str | None, now: datetime) -> bool:
    try:
        return seen is None or abs((now - datetime.fromisoformat(seen)).total_seconds()) >= _SEEN_EVERY
    except (ValueError, TypeError):
        # altered by a failing disk: noted again, it is right again
        return True


def _note(
    connection: Connection, grant: Grant, hello: RoundRequest, given: _Given, now: datetime, *, is_seen: bool = False
) -> None:
    """Remember that the laptop was here and how far its clock is off, unless that ``is_seen`` already, and what it was given."""
    page = given.page
    tip = audit.held_tip(connection, grant.organisation) if page.rows else None
    with together(connection):
        if not is_seen and (given.is_due or page.rows):
            _note_seen(connection, grant, hello, now)
        if tip is not None:
            gave = f"{page.rows} rows, numbers {page.first} to {page.last}"
            entry = audit.Entry(grant.worker, grant.device, GIVE, detail=gave)
            audit.write(connection, grant.organisation, instant_text(now), [entry], tip)


def _note_seen(connection: Connection, grant: Grant, hello: RoundRequest, now: datetime) -> None:
    seen = (instant_text(now), _printable(hello.program), _clock_off(hello.device_time, now))
    run(connection, _SEEN, (*seen, grant.organisation, grant.device))


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())


def _clock_off(device_time: str, now: datetime) -> int | None:
    try:
        told = datetime.fromisoformat(device_time)
    except ValueError:
        return None
    return round(((told if told.tzinfo else told.replace(tzinfo=UTC)) - now).total_seconds())
