"""Takes a recovery key to paper, through the same way to the printer as leaflets; no file of it is left on the disk."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from ewb_desktop.domain.time import Clock
from ewb_desktop.ui.firstrun.presenter import groups_of

if TYPE_CHECKING:
    from ewb_desktop.ui.leaflets.edge import Printing

log = logging.getLogger(__name__)

_NOT_PRINTED = "The recovery key was not printed. See that a printer is set up and on, or write the key down."


def print_key(resources: Path, printing: Printing, clock: Clock, recovery_key: str) -> str:
    """Print the sheet once and return what came of it, in a sentence."""
    from ewb_desktop.leaflets.errors import LeafletError
    from ewb_desktop.leaflets.press import Press
    from ewb_desktop.ui.leaflets.edge import print_now

    try:
        # a press of its own: a warm one would remember the shapes of the key's groups
        sheet = Press.open(resources).render_key(groups_of(recovery_key), clock.today())
    except (LeafletError, OSError) as error:
        log.warning("the recovery key could not be laid out: %s", type(error).__name__)
        return _NOT_PRINTED
    result = print_now(printing, sheet.pdf, sheet.title)
    return "The recovery key is at the printer. Fetch the paper now." if result.copies else _NOT_PRINTED
