"""What a worker does about the organisation's own leaflets: bring one in, stop using it, add pictures and the logo.

Nothing is deleted: what is no longer used is stopped, stays in the file with its date, and can be used again.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.domain.roles import Duty
from ewb_desktop.storage.areas import EVERYWHERE
from ewb_desktop.storage.cards.own_leaflets import own_in_use
from ewb_desktop.storage.tables import OwnLeaflet, OwnPicture
from ewb_desktop.storage.tables.own import LOGO, PICTURE
from ewb_desktop.storage.writing import Writing

MOST_CONTENT = 88_000
"""Bytes of a picture that fit into one change with all that goes with it; the server takes up to 128 KiB."""

_DESCRIBE = "Write what the picture shows, for people who cannot see it."


@dataclass(frozen=True, slots=True)
class NewPicture:
    """A picture fit to be kept: how leaflets name it, its bytes, what it shows, and who made and allows it."""

    name: str
    content: bytes = field(repr=False)
    description: str
    credit: str = ""


def bring_leaflet(
    desk: Desk, file: str, source: str, *, replaces: Iterable[str] = (), pictures: Iterable[NewPicture] = (),
    initiator: object | None = None,
) -> str:  # fmt: skip
    """Keep a leaflet's file and the pictures that came with it, and stop those that it ``replaces``; return its id.

    Nothing is kept unless all of it is. Raises :class:`FaultyFields` for a picture that nobody described.
    """
    with desk.write(Duty.DIRECTORY, initiator) as writing:
        for picture in pictures:
            _keep(writing, picture, PICTURE)
        for id in replaces:
            _stop(writing, OwnLeaflet, id)
        return writing.add(OwnLeaflet(area=EVERYWHERE, file=file, source=source))


def stop_leaflets(desk: Desk, ids: Iterable[str], *, initiator: object | None = None) -> None:
    """Stop using these files: what came with the program for their topics is printed again."""
    with desk.write(Duty.DIRECTORY, initiator) as writing:
        for id in ids:
            _stop(writing, OwnLeaflet, id)


def use_leaflet_again(desk: Desk, id: str, *, instead_of: Iterable[str] = (), initiator: object | None = None) -> None:
    """Use a file that was stopped again, and stop those that are printed in its place now."""
    with desk.write(Duty.DIRECTORY, initiator) as writing:
        for other in instead_of:
            _stop(writing, OwnLeaflet, other)
        writing.edit(OwnLeaflet, id, stopped_at=None, stopped_by=None)


def add_picture(desk: Desk, picture: NewPicture, *, initiator: object | None = None) -> str:
    """Keep a picture for leaflets in place of one of the same name. Raises :class:`FaultyFields`."""
    missing = {} if picture.description.strip() else {"description": _DESCRIBE}
    if not picture.credit.strip():
        missing["credit"] = "Write who made the picture, and who allows us to print it."
    if missing:
        raise FaultyFields(missing)
    with desk.write(Duty.DIRECTORY, initiator) as writing:
        return _keep(writing, picture, PICTURE)


def set_logo(desk: Desk, picture: NewPicture, *, initiator: object | None = None) -> str:
    """Print this logo at the head of leaflets from now on. Raises :class:`FaultyFields`."""
    with desk.write(Duty.DIRECTORY, initiator) as writing:
        return _keep(writing, picture, LOGO)


def stop_picture(desk: Desk, id: str, *, initiator: object | None = None) -> None:
    """Stop using a picture or the logo."""
    with desk.write(Duty.DIRECTORY, initiator) as writing:
        _stop(writing, OwnPicture, id)


def _keep(writing: Writing, picture: NewPicture, used_as: str) -> str:
    if not picture.description.strip():
        raise FaultyFields({"description": _DESCRIBE})
    if len(picture.content) > MOST_CONTENT:
        raise FaultyFields({"file": "The picture is too large to be sent. Choose it again: the program makes it smaller."})
    there = own_in_use(writing.connection)
    same = [each for each in there.pictures if each.name.casefold() == picture.name.casefold()]
    for id in there.logos if used_as == LOGO else [each.id for each in same]:
        _stop(writing, OwnPicture, id)
    return writing.add(
        OwnPicture(
            area=EVERYWHERE, name=picture.name, used_as=used_as, content=base64.b64encode(picture.content).decode("ascii"),
            description=picture.description.strip(), credit=picture.credit.strip() or None,
        )
    )  # fmt: skip


def _stop(writing: Writing, kind: type[OwnLeaflet | OwnPicture], id: str) -> None:
    writing.edit(kind, id, stopped_at=writing.clock.now(), stopped_by=writing.author)
