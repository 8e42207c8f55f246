"""Commands about laptops: which there are, what was on one, who looked, and what one could not send."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sync.protocol.change import ChangeKind
from sync.server.admission.lost_laptops import sign_off_lost
from sync.server.admission.people import NotPossible, must_exist, revoke
from sync.server.admission.roster import laptops
from sync.server.admission.signed_off import credential_kept, note_taken, read_noted
from sync.server.clock import utc_now
from sync.server.commands.slips import must_be_known_areas
from sync.server.commands.words import in_database, looking_at, note_sign_offs, say, settings_key
from sync.server.laptops.holdings import what_was_on, write_holdings
from sync.server.laptops.looks import readable, who_looked
from sync.server.laptops.outboxes import REFUSAL_ADVICE, Opened, look_into, take_outbox
from sync.server.records.scope import ROLES
from sync.server.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from sync.server.commands.words import Commands

_NOT_TOLD = (
    "What it takes to tell it so is kept nowhere: it hears that it is not known, which keeps what it holds under its worker's "
    "passphrase, and no code lets it in again under its id."
)
_DONE: Final[dict[str, str]] = {
    ChangeKind.CREATE: "new",
    ChangeKind.EDIT: "changed",
    ChangeKind.TOMBSTONE: "taken off the screens",
    ChangeKind.ERASE: "erased",
}
"""What a change does to its record, in the administrator's words."""
_LARGEST_FILE: Final = 1 << 29
"""Bytes: thousands of changes of the largest kind. It is opened in memory: its seal is checked before any of it is believed."""
_NAMED = 20
"""Most changes of a sealed file that are named one by one."""


def add(commands: Commands) -> None:
    """Let them be typed."""
    listing = commands.add_parser("laptops", help="list the laptops")
    listing.add_argument("organisation")
    listing.set_defaults(work=_laptops)

    revoking = commands.add_parser("revoke", help="sign a laptop off")
    revoking.add_argument("organisation")
    revoking.add_argument("laptop", help="its id, from the list")
    revoking.set_defaults(work=_revoke)

    holding = commands.add_parser("held", help="write to a file what was on a laptop, to tell people when it is lost")
    holding.add_argument("organisation")
    holding.add_argument("laptop", help="its id, from the list")
    holding.add_argument("file", type=Path, help="a file that is not there yet; only you can read it")
    holding.set_defaults(work=_held)

    looking_back = commands.add_parser("looked", help="list who looked at a member's records, or at one record")
    looking_back.add_argument("organisation")
    looking_back.add_argument("record", help="the id of the member, or of any other record")
    looking_back.add_argument("--changes", action="store_true", help="also who wrote and changed what")
    looking_back.set_defaults(work=_looked)

    opening = commands.add_parser("outbox", help="take the work in a sealed file that a laptop could not send")
    opening.add_argument("organisation")
    opening.add_argument("file", type=Path, help="the file, as its laptop wrote it")
    opening.add_argument("--role", choices=sorted(ROLES), help="take it as from this role, when the worker's own changed since")
    opening.add_argument("--areas", nargs="+", help="take it as from these areas, when the worker's own changed since")
    opening.add_argument("--look", action="store_true", help="only tell what is in it, by kind and number, and take nothing")
    opening.set_defaults(work=_outbox)


def _laptops(settings: Settings, asked: argparse.Namespace) -> None:
    found = looking_at(settings, lambda c: laptops(c, asked.organisation))
    if not found:
        say(f"No laptop has joined yet. Who was invited, and has an unused code: ewb-server workers {asked.organisation}")
    for laptop in found:
        state = f"signed off {laptop.revoked_at}" if laptop.revoked_at else f"last seen {laptop.last_seen or 'never'}"
        clock = laptop.clock_words
        say(f"{laptop.id}  {laptop.name}  {laptop.worker} ({laptop.role})  {state}{f'; {clock}' if clock else ''}")


def _revoke(settings: Settings, asked: argparse.Namespace) -> None:
    kept = _credential_kept(settings, asked.organisation, asked.laptop)

    def sign_off(connection: Connection) -> bool:
        was_lost = sign_off_lost(connection, asked.organisation, asked.laptop, utc_now(), kept)
        if not was_lost:
            revoke(connection, asked.organisation, asked.laptop, utc_now())
        return was_lost

    was_lost = in_database(settings, sign_off)
    say("Its row was lost: it is here again, signed off." if was_lost else "Signed off. The laptop is told at its next round.")
    if was_lost:
        say("The laptop is told at its next round." if kept else _NOT_TOLD)
    note_sign_offs(settings)


def _credential_kept(settings: Settings, organisation: str, laptop: str) -> str | None:
    try:
        return credential_kept(read_noted(settings.sign_offs), organisation, laptop, settings_key(settings))
    except OSError:
        # a laptop is signed off without it too
        return None


def _held(settings: Settings, asked: argparse.Namespace) -> None:
    held = in_database(settings, lambda c: what_was_on(c, asked.organisation, asked.laptop, utc_now()))
    try:
        write_holdings(held, asked.file)
    except FileExistsError as fault:
        raise NotPossible(f"{asked.file} is there already: name a new file") from fault
    except OSError as fault:
        raise NotPossible(f"{asked.file} cannot be written: {fault.strerror}") from fault
    last = f"given something last on {held.last_given[:10]}" if held.last_given else "never given anything"
    say(f"{held.laptop} of {held.worker}, {last}. Records: {len(held.records)}. Members whom they are about: {held.members}.")
    say(f"They are in {asked.file}, which names people: keep it as you keep the database. What was never sent is not in it.")


def _looked(settings: Settings, asked: argparse.Namespace) -> None:
    found = in_database(
        settings, lambda c: who_looked(c, asked.organisation, asked.record, utc_now(), with_changes=asked.changes)
    )
    for line in readable(found):
        say(line)
    say(f"Lines: {len(found)}. What laptops have not sent yet is not among them.")


def _outbox(settings: Settings, asked: argparse.Namespace) -> None:
    try:
        if asked.file.stat().st_size > _LARGEST_FILE:
            raise NotPossible(f"{asked.file} is larger than any sealed file can be: it is something else")
        file = asked.file.read_bytes()
    except OSError as fault:
        raise NotPossible(f"{asked.file} cannot be read: {fault.strerror}") from fault
    if asked.look:
        _look_into(settings, asked.organisation, file)
        return

    def take(connection: Connection) -> Opened:
        must_exist(connection, asked.organisation)
        must_be_known_areas(connection, asked.organisation, asked.areas or ())
        return take_outbox(
            connection, asked.organisation, file, utc_now(), settings.change_bytes, role=asked.role, areas=asked.areas
        )

    taken = in_database(settings, take)
    say(f"From {taken.laptop} of {taken.worker}: {taken.new} taken, {taken.known} here already.")
    for reason, number in sorted(taken.refused.items()):
        say(f"Not taken: {number}. {REFUSAL_ADVICE[reason]}")
    for name in taken.unread[:_NAMED]:
        say(f"Cannot be read: {name}.")
    if taken.unread:
        say(
            f"What cannot be read: {len(taken.unread)}. It may be of a newer program: update this server and take the file again."
        )
    _note_taken(settings, taken)
    if taken.is_in_use:
        # who has taken her part off a laptop by such a file has no line by which the server could hear of it
        say("The laptop counts as in use here. If its worker has left it, sign it off:")
        say(f"  ewb-server revoke {asked.organisation} {taken.taken.laptop}")
    if taken.refused or taken.unread:
        raise NotPossible("Keep the file: it can be taken again, and what was taken stays as it is.")
    say(
        "Everything in the file is on the server. Keep the file until a backup was made after it was taken: by `ewb-server backup"
    )
    say("FOLDER`, or by the timer (`systemctl status ewb-server-backup.service` tells when and how it ended). A restore of an")
    say("older one loses what was in it, and names the file.")


def _look_into(settings: Settings, organisation: str, file: bytes) -> None:
    inside = looking_at(settings, lambda c: look_into(c, organisation, file))
    first, last = inside.days or ("", "")
    when = f", written on {first}" if first == last else f", written from {first} to {last}"
    say(f"From {inside.laptop} ({inside.laptop_id}) of {inside.worker}{when if inside.days else ''}.")
    for title, counted in (("Its worker's own", inside.own), ("Carried for colleagues", inside.carried)):
        say(f"{title}: {sum(counted.values())}.")
        for (entity, kind), number in sorted(counted.items()):
            say(f"  {entity}, {_DONE.get(kind, kind)}: {number}")
    say(f"Who looked at what: {inside.looks}. Cannot be read: {inside.unread}.")
    say("Nothing was taken. To take it, type the same without --look.")


def _note_taken(settings: Settings, taken: Opened) -> None:
    try:
        note_taken(settings.sign_offs, taken.taken)
    except OSError as fault:
        raise NotPossible(
            f"It is taken, but it cannot be noted in {settings.sign_offs} ({fault.strerror}): the restore of an older backup "
            "could not name this file. Keep it, see to that list, and take the file again."
        ) from fault
