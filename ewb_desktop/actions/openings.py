"""What a coordinator does about an opening from outside the area: she reads it."""

from __future__ import annotations

from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.roles import Duty
from ewb_desktop.storage.tables import Opening


def note_read(desk: Desk, opening: str) -> None:
    """Note that the worker has read who opened a member's records and why; it is told no more."""
    with desk.write(Duty.CARE) as writing:
        writing.edit(Opening, opening, read_at=desk.clock.now(), read_by=desk.worker.id)
