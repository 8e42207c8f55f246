"""How what was done on another page is undone from a person's page."""

from __future__ import annotations

from collections.abc import Callable

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.follow_ups import open_again
from ewb_desktop.actions.handover import bring_back_handover, take_back_handover
from ewb_desktop.actions.people import change_coordinator
from ewb_desktop.actions.signposting import bring_back_signpost, take_back_signpost
from ewb_desktop.ui.destinations import Did, Done


def undoing(desk: Desk, person: str, done: Done) -> Callable[[], None]:
    """Return what undoes ``done``; nothing happens until it is called."""
    match done.did:
        case Did.SIGNPOSTED:
            return lambda: take_back_signpost(desk, done.about)
        case Did.SIGNPOST_OFF:
            return lambda: bring_back_signpost(desk, done.about)
        case Did.HANDED_OVER:
            return lambda: take_back_handover(desk, done.about)
        case Did.HANDOVER_OFF:
            return lambda: bring_back_handover(desk, done.about)
        case Did.FOLLOWED_UP:
            return lambda: open_again(desk, done.about)
        case Did.PASSED_ON:
            return lambda: change_coordinator(desk, person, done.about)
