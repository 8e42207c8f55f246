"""What a worker can do about a field that two people answered differently: choose."""

from __future__ import annotations

from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.roles import Duty
from ewb_desktop.storage.conflicts import conflict, wire_value
from ewb_desktop.storage.tables import KINDS, Conflict


def keep_shown(desk: Desk, id: str, *, initiator: object | None = None) -> bool:
    """Keep the answer that is on the screens now; False when somebody settled it meanwhile."""
    return _settle(desk, id, shown=True, initiator=initiator)


def keep_other(desk: Desk, id: str, *, initiator: object | None = None) -> bool:
    """Put the answer that came later on the screens; False when somebody settled it meanwhile."""
    return _settle(desk, id, shown=False, initiator=initiator)


def _settle(desk: Desk, id: str, *, shown: bool, initiator: object | None) -> bool:
    with desk.write(Duty.CARE, initiator) as writing:
        card = conflict(writing.connection, id)
        if card is None:
            return False
        chosen = card.shown if shown else card.other
        writing.edit(Conflict, id, chosen=wire_value(chosen), settled_at=desk.clock.now(), settled_by=desk.worker.id)
        # written also when it is the one on the screens: another laptop may show the other by then
        writing.edit(KINDS[card.entity], card.record, **{card.field: chosen})
    return True
