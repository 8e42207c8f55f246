"""This laptop's own keys, and the colleagues' laptops that a file can be sealed for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from ewb_desktop.storage.notes import read_note
from ewb_desktop.storage.tables import Laptop, Worker, table
from ewb_desktop.storage.writing import Writing
from sync.keys import LaptopKeys, keys_of, new_keys
from sync.protocol.messages import Handed
from sync.protocol.roles import EVERY_AREA, may_hold

_KEYS, _TOLD, _HANDED = "sync.keys", "sync.keys_told", "sync.handed"


@dataclass(frozen=True, slots=True)
class LaptopCard:
    """A colleague's laptop: whose it is, what she may hold as far as this file knows, and the laptop's public keys (hex)."""

    id: str
    name: str
    worker: str
    worker_name: str
    role: str
    areas: tuple[str, ...]
    sealing_key: str
    signing_key: str
    is_in_use: bool


def read_keys(connection: Connection) -> LaptopKeys | None:
    """Return this laptop's keys, None before they are made."""
    kept: Any = read_note(connection, _KEYS)
    return keys_of(kept) if isinstance(kept, dict) else None


def has_keys(connection: Connection) -> bool:
    """Say whether this laptop's keys were made."""
    return isinstance(read_note(connection, _KEYS), dict)


def make_keys(writing: Writing) -> LaptopKeys:
    """Return this laptop's keys, made now if there are none. They stay in the encrypted file."""
    kept = read_keys(writing.connection)
    if kept is None:
        kept = new_keys()
        writing.note(_KEYS, dict(kept.as_text()))
    return kept


def keys_to_tell(connection: Connection, epoch: str | None) -> LaptopKeys | None:
    """Return this laptop's keys while the server, as it is since ``epoch``, has not said that it has them."""
    return None if epoch is not None and read_note(connection, _TOLD) == epoch else read_keys(connection)


def note_told(writing: Writing, epoch: str) -> None:
    """Remember that the server has the keys."""
    writing.note(_TOLD, epoch)


def note_handed(writing: Writing, handed: Handed) -> None:
    """Remember what was sealed for a colleague's laptop until the server has noted it."""
    writing.note(_HANDED, [*_handed(writing.connection), handed.model_dump(mode="json")])


def handed_to_tell(connection: Connection) -> Handed | None:
    """Return the oldest of what was sealed for others and is not noted by the server."""
    return next((Handed.model_validate(each) for each in _handed(connection)), None)


def drop_handed(writing: Writing) -> None:
    """Forget the oldest: the server has noted it."""
    writing.note(_HANDED, _handed(writing.connection)[1:])


def colleagues_laptops(connection: Connection, device: str) -> list[LaptopCard]:
    """Return the laptops in use other than ``device`` that can take a file in, by their workers' names.

    A laptop whose worker's role holds no list of laptops, as a volunteer's, cannot tell who made a file: it opens none.
    """
    return [
        card
        for card in _cards(connection)
        if card.id != device and card.is_in_use and card.sealing_key and may_hold(card.role, card.areas, "laptop", EVERY_AREA)
    ]


def laptop_card(connection: Connection, id: str) -> LaptopCard | None:
    """Return one laptop, in use or not, or None when this file has not heard of it."""
    return next((card for card in _cards(connection) if card.id == id), None)


def _handed(connection: Connection) -> list[Any]:
    kept: Any = read_note(connection, _HANDED, [])
    return list(kept)


def _cards(connection: Connection) -> list[LaptopCard]:
    known, worker = table(Laptop).c, table(Worker).c
    query = (
        select(
            known.id, known.name, known.worker, worker.name.label("who"), worker.role, worker.areas, known.sealing_key,
            known.signing_key, known.active, worker.active.label("works"),
        )
        .join_from(table(Laptop), table(Worker), worker.id == known.worker)
        .where(known.gone == 0, worker.gone == 0)
        .order_by(worker.name, known.name, known.id)
    )  # fmt: skip
    return [
        LaptopCard(
            row.id, row.name or "", row.worker or "", row.who or "", row.role or "", tuple(row.areas or ()),
            row.sealing_key or "", row.signing_key or "", row.active is not False and row.works is not False,
        )
        for row in connection.execute(query)
    ]  # fmt: skip
