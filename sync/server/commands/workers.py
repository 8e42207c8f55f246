"""Commands about organisations and who works in them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from sync.fingerprint import grouped
from sync.protocol.entities import Sensitivity
from sync.server import certificates
from sync.server.admission import invitations
from sync.server.admission.people import (
    Invitation,
    NotPossible,
    change_worker,
    create_organisation,
    invite,
    invite_again,
    must_exist,
    withdraw,
)
from sync.server.admission.roster import areas_so_far, workers
from sync.server.clock import utc_now
from sync.server.commands.slips import must_be_areas, must_be_somebody_new
from sync.server.commands.words import in_database, looking_at, note_sign_offs, say
from sync.server.records.scope import EVERY_AREA, ROLES
from sync.server.settings import Settings

if TYPE_CHECKING:
    from sync.server.commands.words import Commands


def add(commands: Commands) -> None:
    """Let them be typed."""
    organisation = commands.add_parser("organisation", help="make an organisation")
    organisation.add_argument("organisation", help="2 to 20 small letters and digits")
    organisation.add_argument("--name", required=True)
    organisation.set_defaults(work=_organisation, makes_database=True)

    inviting = commands.add_parser("invite", help="make a worker and a one-time code for her laptop")
    inviting.add_argument("organisation")
    inviting.add_argument("--name")
    inviting.add_argument("--role", choices=sorted(ROLES))
    inviting.add_argument("--areas", nargs="+", help="names of areas, or * for every area")
    inviting.add_argument("--new-area", action="store_true", help="an area in which nobody works so far is meant")
    inviting.add_argument("--same-name", action="store_true", help="another person of a name that is there already is meant")
    inviting.add_argument("--worker", help="another code for a worker who is there already, by id")
    inviting.add_argument("--address", help="what laptops call this server by; else EWB_ADDRESS, else a name in its certificate")
    inviting.add_argument("--qr", type=Path, metavar="FILE", help="a new file for the QR code, .svg or .png; it lets a laptop in")
    inviting.set_defaults(work=_invite)

    listing = commands.add_parser("workers", help="list who was invited, with her id, role, areas, laptops and unused code")
    listing.add_argument("organisation")
    listing.set_defaults(work=_workers)

    withdrawing = commands.add_parser("withdraw", help="make the unused codes of a worker good for nothing")
    withdrawing.add_argument("organisation")
    withdrawing.add_argument("worker", help="her id, from the list")
    withdrawing.set_defaults(work=_withdraw)

    changing = commands.add_parser("worker", help="give a worker another role or other areas, or say that she has left")
    changing.add_argument("organisation")
    changing.add_argument("worker", help="her id, from the list of workers")
    changing.add_argument("--role", choices=sorted(ROLES))
    changing.add_argument("--areas", nargs="+")
    changing.add_argument("--new-area", action="store_true", help="an area in which nobody works so far is meant")
    changing.add_argument(
        "--active", choices=["yes", "no"], help="no: she has left; her laptops seal unsent work and destroy their keys"
    )
    changing.set_defaults(work=_worker)


_LEFT: Final = (
    "Changed: she has left. At their next round all her laptops are signed off: each seals what it had not sent yet into a file, "
    "which `ewb-server outbox` takes in, and destroys its keys. --active yes does not bring them back: she joins anew by a code."
)


def _organisation(settings: Settings, asked: argparse.Namespace) -> None:
    in_database(settings, lambda c: create_organisation(c, asked.organisation, asked.name, utc_now()))
    say(f"Made {asked.organisation}. Next: ewb-server invite {asked.organisation} --name ... --role ... --areas ...")


def _invite(settings: Settings, asked: argparse.Namespace) -> None:
    # before a worker is made: what can be known to fail makes nothing
    if asked.qr is not None and not invitations.address_of(settings):
        raise NotPossible("a QR code needs the server's address: say --address, or set EWB_ADDRESS")
    if asked.qr is not None and (asked.qr.exists() or not invitations.is_picture(asked.qr)):
        raise NotPossible(f"{asked.qr} must be a new file whose name ends in .svg or .png")

    made, told = in_database(settings, lambda c: (_invited(c, asked), _told(c, asked)))
    say(f"Code: {made.code}\nFor one laptop, until {made.expires_at}. Worker: {made.worker}")
    if asked.name:
        where = "every area" if EVERY_AREA in asked.areas else ", ".join(area.strip() for area in asked.areas)
        say(f"Invited: {asked.name.strip()}, {asked.role}, in {where}.")
    if told:
        say(told)
    own = certificates.fingerprint(settings.certificate) if settings.certificate is not None else None
    if own is not None:
        say(f"Fingerprint: {grouped(own)}")
    if settings.certificate is not None and not certificates.is_readable(settings.certificate):
        say(f"The certificate {settings.certificate} cannot be read here: its fingerprint, and the name in it, are not told.")
    line = invitations.invitation_line(settings, made.code)
    if not line:
        say("For a QR code say --address, or set EWB_ADDRESS: what laptops call this server by.")
        return
    say(f"In one line, to paste where the code is asked for: {line}")
    if invitations.is_of_here_alone(settings):
        say("Only a laptop on this very computer can call that address. For all others say --address, or set EWB_ADDRESS.")
    if not invitations.show(line, sys.stdout):
        say("This terminal cannot show the QR code: say --qr FILE.png.")
    if asked.qr is not None:
        try:
            invitations.write_picture(line, asked.qr)
        except OSError as fault:
            raise NotPossible(f"{asked.qr} cannot be written: {fault.strerror}. The code above holds.") from fault
        say(f"The QR code is in {asked.qr}. It lets one laptop in: hand it over as you would the code.")


def _invited(connection: Connection, asked: argparse.Namespace) -> Invitation:
    house, now = asked.organisation, utc_now()
    if asked.worker:
        if asked.name or asked.role or asked.areas:
            raise NotPossible(
                "--worker is for somebody who is there already, with her name, role and areas: leave these out. "
                f"Another role or other areas: `ewb-server worker {house} {asked.worker} --role ... --areas ...`"
            )
        return invite_again(connection, house, asked.worker, now)
    if not (asked.name and asked.role and asked.areas):
        raise NotPossible("say --name, --role and --areas for a new worker, or --worker for one who is there already")
    must_exist(connection, house)
    must_be_somebody_new(connection, house, asked.name, now, is_meant=asked.same_name)
    must_be_areas(connection, house, asked.areas, is_new_meant=asked.new_area)
    return invite(connection, house, asked.name, asked.role, asked.areas, now)


def _told(connection: Connection, asked: argparse.Namespace) -> str:
    """Return what somebody should know who lets a worker look after members in every area before any area has a name."""
    is_about_members = asked.role is not None and Sensitivity.CONTACT in ROLES[asked.role].reads
    if not is_about_members or set(asked.areas) != {EVERY_AREA} or areas_so_far(connection, asked.organisation):
        return ""
    return (
        "No area has a name yet: members whom she adds stand in no area, and whoever is invited for one later does not get them. "
        f"Name it now, beside the others: --areas '*' {asked.organisation}"
    )


def _workers(settings: Settings, asked: argparse.Namespace) -> None:
    found = looking_at(settings, lambda c: workers(c, asked.organisation, utc_now()))
    if not found:
        say(f"Nobody was invited yet: ewb-server invite {asked.organisation} --name ... --role ... --areas ...")
    for worker in found:
        state = [f"laptops: {worker.laptops}"] if worker.is_active else ["has left"]
        if worker.code_until is not None:
            state.append(f"unused code until {worker.code_until}")
        say(f"{worker.id}  {worker.name}  {worker.role}  {', '.join(worker.areas)}  {'; '.join(state)}")


def _withdraw(settings: Settings, asked: argparse.Namespace) -> None:
    taken = in_database(settings, lambda c: withdraw(c, asked.organisation, asked.worker, utc_now()))
    left = f"ewb-server worker {asked.organisation} {asked.worker} --active no"
    say(f"Codes taken back: {taken}. If she is not to work here at all, say `{left}`.")


def _worker(settings: Settings, asked: argparse.Namespace) -> None:
    if asked.role is None and asked.areas is None and asked.active is None:
        raise NotPossible("say what is to change: --role, --areas or --active; `ewb-server workers` tells how it is now")
    active = None if asked.active is None else asked.active == "yes"

    def change(connection: Connection) -> None:
        must_exist(connection, asked.organisation)
        must_be_areas(connection, asked.organisation, asked.areas or (), is_new_meant=asked.new_area)
        change_worker(
            connection, asked.organisation, asked.worker, utc_now(), role=asked.role, areas=asked.areas, is_active=active
        )

    in_database(settings, change)
    say(_LEFT if active is False else "Changed. It holds from the next round of her laptops.")
    note_sign_offs(settings, changed=asked.worker)
