"""Work goes to a colleague's laptop in a sealed file, and comes from one; the server still has to acknowledge every change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from ewb_desktop.domain.time import instant_text
from ewb_desktop.storage.cards.names import names_of
from ewb_desktop.storage.exchange.brought import BroughtStep, bring, person_of, work_out
from ewb_desktop.storage.exchange.journal import all_pending, mark_offered
from ewb_desktop.storage.exchange.laptops import LaptopCard, laptop_card, make_keys, note_handed, read_keys
from ewb_desktop.storage.exchange.sync_state import (
    Enrolment,
    note_sealed_file,
    read_enrolment,
    read_progress,
)
from ewb_desktop.storage.holding.sealed_files import KeepSealed, keep_beside
from ewb_desktop.storage.settling.handed_matches import holding_with
from ewb_desktop.storage.settling.handed_state import lay_state, member_of, read_state, what_may_go_to
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.writing import Writing
from sync import outbox, parcel
from sync.carrying import NotSigned, is_from, read, sign
from sync.parcel import Head, ParcelUnreadable
from sync.protocol.change import Change
from sync.protocol.messages import Carried, Handed
from sync.protocol.version import HANDED_RECORDS

Signed = tuple[Change, Carried]
"""A change, and the same as its author's laptop signed it."""


class HandOverFailed(Exception):
    """A file could not be made or taken in. Nothing was changed; the text says why and what to do next."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file for one colleague's laptop. ``left_out`` changes are not in it: she may not hold what they are about."""

    file: bytes
    changes: int
    left_out: int
    records: int = 0
    """Records from the server that go along."""

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing in it for her."""
        return not self.changes and not self.records


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a file brings: from whom, made when, what each change does here, and how many she may not hold.

    ``records`` counts by kind the records that are newer on the sender's laptop than here, as the server told them there.
    ``is_held``: the sender's laptop was signed off, and may have been in anybody's hands. Nothing of it stands on the screens;
    it is kept for the administrator, also the ``left_out`` changes, in a sealed file.
    """

    sender: LaptopCard
    made_at: str
    steps: tuple[BroughtStep, ...]
    left_out: int
    records: Mapping[str, int] = field(default_factory=dict)
    is_held: bool = False
    members: Mapping[str, str] = field(default_factory=dict)
    """Whom each change is about, by the change's id; an empty one where it is about nobody."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What is called how of that which the changes name, also of records that come with the file."""

    @property
    def new(self) -> tuple[BroughtStep, ...]:
        """The changes that did not come earlier."""
        return tuple(step for step in self.steps if not step.is_known)


@dataclass(frozen=True, slots=True)
class _Opened:
    """What a file holds that is as its sender's laptop made it, and the receiver's own credential."""

    sender: LaptopCard
    made_at: str
    content: dict[str, Any]
    carried: Sequence[Signed]
    credential: str = field(repr=False)


_ID = 36
"""Letters of an id."""


class _OnlyLooking(Exception):
    """Ends a writing that only was to show what it would do: it leaves no trace."""


def pack(store: Store, laptop: str, *, with_records: bool = False) -> Parcel:
    """Seal this laptop's unsent changes for a colleague's ``laptop``, as far as her role and areas let her hold them.

    ``with_records``: and what the server has told this laptop, under the same limits, for one that was long without a line.
    They go on waiting here until the server has acknowledged them by id; from now on they are never altered, so that a change
    that arrives by the file and by the line is one. Raises :class:`HandOverFailed`.
    """
    with store.write() as writing:
        connection = writing.connection
        enrolment, receiver = read_enrolment(connection), laptop_card(connection, laptop)
        if enrolment is None:
            raise HandOverFailed("This laptop has not joined a server, so it knows no other laptop.")
        if receiver is None or not receiver.is_in_use or not receiver.sealing_key:
            raise HandOverFailed("That laptop is not in use any more. Choose another one.")
        progress, keys = read_progress(connection), make_keys(writing)
        entries = all_pending(connection)
        lets_out = what_may_go_to(connection, receiver)
        chosen = [entry for entry in entries if lets_out(entry.entity, entry.area, member_of(connection, entry))]
        mark_offered(writing, max((entry.counter for entry in chosen), default=0))
        house = organisation_of(enrolment)
        carried = [sign(entry.change(), house, progress.epoch, keys) for entry in chosen]
        head = Head(house, store.device, laptop, instant_text(store.clock.now()))
        content: dict[str, Any] = {"changes": [each.model_dump(mode="json") for each in carried]}
        records = 0
        if with_records and progress.epoch is not None:
            columns, rows = read_state(connection, lets_out)
            content["state"] = {"epoch": progress.epoch, "columns": columns, "rows": rows}
            records = sum(map(len, rows.values()))
        ids = list(dict.fromkeys(entry.record for entry in chosen))
        number = progress.cursor if records else 0
        for start in range(0, len(ids) or int(number > 0), HANDED_RECORDS):
            some = tuple(ids[start : start + HANDED_RECORDS])
            note_handed(writing, Handed(laptop=laptop, at=head.made_at, records=some, number=number))
        file = parcel.seal(head, content, keys, receiver.sealing_key)
    return Parcel(file, len(chosen), len(entries) - len(chosen), records)


def look_into(store: Store, file: bytes) -> Delivery:
    """Return what ``file`` would change here; nothing is changed yet. Raises :class:`HandOverFailed` with the reason."""
    opened = _open(store, file)
    seen: list[Delivery] = []
    with suppress(_OnlyLooking), store.write() as writing:
        seen.append(_lay(writing, store, opened)[0])
        raise _OnlyLooking
    return seen[0]


def take_in(store: Store, file: bytes, keep: KeepSealed | None = None) -> Delivery:
    """Lay what ``file`` brings beneath this worker's own edits, and carry it to the server from now on; twice does nothing more.

    From a laptop that was signed off nothing is laid: the server is asked whether it has it, and the administrator decides. What
    such a file brings that may not be on this laptop goes into a sealed file (``keep``, else beside this one) for her: it may be
    nowhere else. Raises :class:`HandOverFailed`, or ``OSError`` when that file cannot be written; nothing was changed then.
    """
    opened = _open(store, file)
    outside = _outside(store, opened) if not opened.sender.is_in_use else []
    path = None
    if outside:
        sealed = outbox.seal(outbox.Outbox([], (), outside), opened.credential)
        path = keep(sealed) if keep is not None else keep_beside(store, sealed)
    with store.write() as writing:
        delivery, steps = _lay(writing, store, opened)
        bring(writing, steps)
        if path is not None:
            note_sealed_file(writing, path)
    return delivery


def _outside(store: Store, opened: _Opened) -> list[Carried]:
    """Return what a file brings that this laptop may not hold, as its author signed it."""
    with store.read() as connection:
        holding = holding_with(connection, None, [change for change, _ in opened.carried])
        return [text for change, text in opened.carried if not holding.covers_change(connection, change)]


def _lay(writing: Writing, store: Store, opened: _Opened) -> tuple[Delivery, list[BroughtStep]]:
    """Lay the records of a file, and work out what its changes do on top of them."""
    connection, is_held = writing.connection, not opened.sender.is_in_use
    state = None if is_held else opened.content.get("state")
    holding = holding_with(connection, state, [change for change, _ in opened.carried])
    records = lay_state(writing, holding.columns, holding.rows, holding.covers, holding.progress.cursor)
    allowed = [(change, text) for change, text in opened.carried if holding.covers_change(connection, change)]
    steps = work_out(connection, allowed, store.device, lays=not is_held)
    left_out = len(opened.carried) - len(allowed)
    # what comes with the file stands in this transaction, and goes with it where it is only looked into
    members = {step.change.id: person_of(connection, step.change) for step in steps}
    names = names_of(connection, {*_ids_in(steps), *members.values()} - {""})
    return Delivery(opened.sender, opened.made_at, tuple(steps), left_out, records, is_held, members, names), steps


def _ids_in(steps: Iterable[BroughtStep]) -> Iterator[str]:
    """Yield what may be ids among all that changes say, alone and in lists."""
    for step in steps:
        for value in (*step.before.values(), *step.after.values(), *step.change.fields.values()):
            yield from (
                each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str) and len(each) == _ID
            )


def _open(store: Store, file: bytes) -> _Opened:
    try:
        head = parcel.read_head(file)
    except ParcelUnreadable as error:
        raise HandOverFailed("This is not a file from another laptop, or it was damaged on the way. Ask for it again.") from error
    with store.read() as connection:
        enrolment, keys = read_enrolment(connection), read_keys(connection)
        sender, meant = laptop_card(connection, head.sender), laptop_card(connection, head.receiver)
        if enrolment is None or keys is None or head.organisation != organisation_of(enrolment):
            raise HandOverFailed("This file is from a laptop of another organisation. It cannot be opened here.")
        if head.receiver != store.device:
            raise HandOverFailed(f"This file is for {_whose(meant)}. Only that laptop can open it. It is safe to carry it there.")
        if sender is None or not sender.signing_key:
            raise HandOverFailed(
                "This laptop does not know the one that made the file, so it cannot tell whose work it is. Nothing was taken in; "
                "it is safe on your colleague's laptop. Send and receive once, then try again. A volunteer's laptop knows no "
                "others and takes no files: your colleague can make one for somebody else, or send when there is a connection."
            )
        try:
            content = parcel.unseal(file, keys, sender.signing_key)
            carried = _carried(content, head, sender)
        except (ParcelUnreadable, NotSigned, ValidationError) as error:
            raise HandOverFailed(
                f"This file is not as {sender.worker_name}'s laptop made it: it was changed or damaged on the way. "
                "Nothing was taken in. Ask for the file again."
            ) from error
    return _Opened(sender, head.made_at, content, carried, enrolment.credential)


def organisation_of(enrolment: Enrolment) -> str:
    """Return the organisation's short name, with which every credential begins."""
    return enrolment.credential.partition(".")[0]


def _whose(laptop: LaptopCard | None) -> str:
    return f"{laptop.worker_name}'s laptop ({laptop.name})" if laptop is not None else "another laptop"


def _carried(content: dict[str, Any], head: Head, sender: LaptopCard) -> Sequence[Signed]:
    found = []
    for raw in content.get("changes", ()):
        carried = Carried.model_validate(raw)
        said = read(carried)
        change = Change.model_validate(said.raw)
        is_hers = change.device == head.sender and change.author == sender.worker and said.organisation == head.organisation
        if not is_hers or not is_from(carried, sender.signing_key):
            raise NotSigned("a change in the file is not its sender's")
        found.append((change, carried))
    return found
