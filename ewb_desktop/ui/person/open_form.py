"""The small form that is open on a member's page: what a colleague writes meanwhile where it will write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ewb_desktop.actions.desk import Desk
from ewb_desktop.storage.cards.contacts import SPOKE
from ewb_desktop.storage.cards.seen import Spot
from ewb_desktop.ui.meanwhile import Meanwhile
from ewb_desktop.ui.person.shown import CONTACT, COORDINATOR, GOAL, MEMBERSHIP, NEED, PersonView

_IF_SPOKEN = "If you spoke to them and save, both answers wait until somebody chooses."


class OpenForm:
    """What stands in the open form, as it was seen when it was opened, and what came since."""

    def __init__(self, desk: Desk, view: PersonView) -> None:
        self._view = view
        self._name = ""
        self._record = ""
        self._meanwhile = Meanwhile(desk, view.beside)

    def begin(self, name: str, record: str, kept: Any = None) -> None:
        """Begin with the form of this name, which writes into ``record``; without a record nobody else can write there.

        ``kept`` is what a draft kept of :meth:`kept`.
        """
        self._name, self._record = name, record
        spots = _spots(name, record) if record else {}
        if name == CONTACT:
            self._meanwhile.begin(
                spots, renews=False, typed=self._typed(), kept=kept, places={"done_by": "save"}, then={"done_by": _IF_SPOKEN}
            )
        else:
            self._meanwhile.begin(spots, renews=name != MEMBERSHIP, typed=self._typed(), kept=kept)

    def hear(self) -> None:
        """Show what came since where nothing was typed, and tell the rest."""
        if self._view.open_form() != self._name:
            self._name = ""
            self._meanwhile.end()
        elif self._name:
            if self._name not in (CONTACT, MEMBERSHIP):
                self._view.renew_form(self._name, self._meanwhile.now())
            self._meanwhile.hear(self._typed())

    def seen(self, field: str) -> str:
        """Return what stood in a field when its writer saw it last."""
        return str(self._meanwhile.seen(field) or "")

    def seen_at(self, *others: str) -> dict[str, int]:
        """Return at which numbers the fields were seen that the form writes, as ``Writing.edit_as_seen`` takes it."""
        return self._meanwhile.seen_at(self._record, *others)

    def kept(self) -> dict[str, Any]:
        """Return what a draft keeps of what its writer had seen."""
        return self._meanwhile.kept()

    def met(self, reached: str = SPOKE) -> str:
        """Return what becomes, now that it is saved, of what a colleague wrote; nothing where nobody was ``reached``."""
        written = {*self._typed(), "done_by"} if reached == SPOKE else ()
        return self._meanwhile.met(written)

    def _typed(self) -> Mapping[str, Any]:
        return self._view.changed_in(self._name) if self._name else {}


def _spots(name: str, record: str) -> dict[str, Spot]:
    fields = {
        CONTACT: ("follow_up", {"note": "note", "done_by": "done_by"}),
        COORDINATOR: ("person", {"coordinator": "coordinator"}),
        MEMBERSHIP: ("person", {"state": "membership"}),
        NEED: ("need", {"outcome": "outcome", "reason": "unmet_reason"}),
        GOAL: ("goal", {"outcome": "outcome"}),
    }
    entity, names = fields.get(name, ("", {}))
    return {key: Spot(entity, record, field) for key, field in names.items()}
