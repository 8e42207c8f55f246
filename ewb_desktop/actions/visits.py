"""Counting a visit: nobody is asked for a name, and a visit can become a member later."""

from __future__ import annotations

from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.roles import Duty
from ewb_desktop.storage.areas import EVERYWHERE
from ewb_desktop.storage.tables import Visit
from ewb_desktop.storage.writing import Writing


def count_visit(desk: Desk, people: int = 1, reason: str = "", *, initiator: object | None = None) -> str:
    """Count ``people`` (one or more) who came by, here and now; return the visit's id. No name is kept."""
    if people < 1:
        raise ValueError("count one person or more")
    with desk.write(Duty.COUNT, initiator) as writing:
        return count_within(writing, desk, people, reason)


def count_within(writing: Writing, desk: Desk, people: int = 1, reason: str = "") -> str:
    """Count a visit in a transaction that writes something else too; return the visit's id."""
    return writing.add(
        Visit(
            area=EVERYWHERE, place=desk.place, day=desk.clock.today(), counted_at=desk.clock.now(), people=people,
            reason=reason.strip() or None,
        )
    )  # fmt: skip


def take_back_visit(desk: Desk, visit: str, *, initiator: object | None = None) -> None:
    """Undo :func:`count_visit`."""
    with desk.write(Duty.COUNT, initiator) as writing:
        writing.remove(Visit, visit)
