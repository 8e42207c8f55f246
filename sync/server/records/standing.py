"""Tells from a record's history what nobody asks it for each push: whether it was destroyed by law, and in which area it stands.

Both stand in the record too. One cell that a failing disk altered, or somebody outside this program, would throw away what is
written about a member, or show it to the wrong laptops: where the record contradicts itself, the history is believed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, select

from sync.protocol.change import ChangeKind
from sync.protocol.entities import ENTITIES
from sync.server.database import tables
from sync.server.records.following import AREA, MEMBER
from sync.server.records.history import Line, histories
from sync.server.records.rows import Held
from sync.server.records.scope import SERVER


def otherwise_told(connection: Connection, organisation: str, held: Mapping[str, Held]) -> str | None:
    """Return the id of one of the records that is destroyed or not, or stands, as its history does not tell; None: none is so.

    Nothing is told by a history of which a line cannot be read.
    """
    lines = histories(connection, organisation, sorted(held))
    moves = moves_of(connection, organisation, [id_ for id_, each in held.items() if each.entity == MEMBER])
    for id_, each in held.items():
        marked = with_mark(moves.get(id_, set()), each.record.changed)
        if not agrees(lines.get(id_, ()), marked, is_erased=each.is_erased, area=each.area):
            return id_
    return None


def agrees(lines: Sequence[Line], moves: Collection[int], *, is_erased: bool, area: str) -> bool:
    """Tell whether a record is destroyed or not, and stands, as its ``lines`` tell; no lines tell nothing."""
    return not lines or (is_destroyed(lines) in (None, is_erased) and area_told(lines, moves) == area)


def is_destroyed(lines: Iterable[Line]) -> bool | None:
    """Tell whether a record was destroyed by law; None where nobody knows.

    That is so where its history says it and still has words, and where it does not say it and has not one.
    """
    told = list(lines)
    if not any(line.kind == ChangeKind.ERASE for line in told):
        return False if not told or any(line.fields or line.overtaken for line in told) else None
    return None if any(line.fields or line.overtaken for line in told) else True


def area_told(lines: Sequence[Line], moves: Collection[int]) -> str | None:
    """Return the area in which a record was put, or which it followed its member to; None where nothing was ever said of it.

    An edit does not move what is about a member, whatever its line says: the member moves, at one of the numbers ``moves``
    (:func:`moves_of`), and what hangs on her follows. What is about nobody stands where its last line says.
    """
    area: str | None = None
    about: object = None
    for line in lines:
        entity = ENTITIES.get(line.entity)
        if area is None or _may_move(line, about, moves):
            area = line.area
        if line.kind == ChangeKind.ERASE:
            # what came afterwards is not kept, and moves nothing
            return area
        if entity is not None and entity.person_field is not None and entity.name != MEMBER:
            about = line.fields.get(entity.person_field, about)
    return area


def _may_move(line: Line, about: object, moves: Collection[int]) -> bool:
    if line.entity == MEMBER:
        return line.number in moves
    if about is None:
        return True
    # what the server says of a question moves it with its member; a row that was only mended does not
    return line.device == SERVER and (line.author == SERVER or bool(line.fields))


def moves_of(connection: Connection, organisation: str, people: Collection[str]) -> dict[str, set[int]]:
    """Return at which numbers members left an area, as it was noted for the laptops that have to let go of them."""
    row = tables.departed.c
    query = select(row.person, row.number).where(
        row.organisation == organisation, row.worker == "", row.person.in_(sorted(people))
    )
    found: dict[str, set[int]] = {}
    for person, number in connection.execute(query):
        found.setdefault(person, set()).add(number)
    return found


def with_mark(moves: Collection[int], changed: Mapping[str, object]) -> set[int]:
    """Return the ``moves`` with the one that the member's record has noted: losing one of the two notes takes no move back."""
    number = changed.get(AREA)
    return {*moves, number} if isinstance(number, int) else {*moves}
