"""What writing one service in by hand does: kept as it is typed, added or changed, and shown in the directory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.actions.services import add_service, change_service
from ewb_desktop.storage.cards.listings import BY_HAND
from ewb_desktop.storage.cards.services import ServiceCard, service_card
from ewb_desktop.storage.drafts import drop_draft, load_draft, save_draft
from ewb_desktop.ui.destinations import Destination, ToService


class ByHandView(Protocol):
    """What the presenter needs of the page."""

    def show_by_hand(self, typed: Mapping[str, Any], *, new: bool) -> None:
        """Show the form: empty, as it was typed before, or with the entry that is changed."""

    def show_by_hand_faults(self, faults: Mapping[str, str]) -> None:
        """Tell what needs another look, by field."""

    def leave_for(self, destination: Destination, said: str) -> None:
        """Go on, and say what was done."""


class ByHandPresenter:
    """Drives the form of one service."""

    def __init__(self, desk: Desk, view: ByHandView) -> None:
        self._desk = desk
        self._view = view
        self._service: str | None = None
        self._shown: dict[str, Any] = {}
        """The entry that is changed, as it stood when the form was filled."""

    def open(self, service: str | None) -> None:
        """Begin a new entry, or change one that was made by hand."""
        with self._desk.store.read() as connection:
            card = service_card(connection, service) if service else None
        self._service = card.id if card is not None and card.source == BY_HAND else None
        kept = load_draft(self._desk.store, self._key())
        self._shown = self._known(card) if card is not None and self._service else {}
        typed = self._shown | kept if isinstance(kept, dict) else self._shown
        self._view.show_by_hand(typed, new=self._service is None)

    def keep(self, typed: Mapping[str, Any]) -> None:
        """Keep what is typed; beside an entry that is here only what was changed: the rest may be a colleague's newer words."""
        changed = {
            name: each for name, each in typed.items() if not self._service or (each or "") != (self._shown.get(name) or "")
        }
        if changed:
            save_draft(self._desk.store, self._key(), changed)
        else:
            drop_draft(self._desk.store, self._key())

    def save(self, typed: Mapping[str, Any]) -> None:
        """Add the service or save its changes, and show it."""
        try:
            if self._service is None:
                service, said = add_service(self._desk, typed), "Added. You can signpost there now."
            else:
                change_service(self._desk, self._service, typed, shown=self._shown)
                service, said = self._service, "Saved."
        except FaultyFields as fault:
            self._view.show_by_hand_faults(fault.sentences)
            return
        drop_draft(self._desk.store, self._key())
        self._view.leave_for(ToService(service), said)

    def _known(self, card: ServiceCard) -> dict[str, Any]:
        languages = self._desk.library.list("languages")
        return {
            "name": card.name, "description": card.description, "telephone": card.telephone, "address": card.address,
            "postcode": card.postcode, "when": "\n".join(rule.notes for rule in card.rules if rule.notes), "cost": card.cost,
            "free": card.free, "languages": ", ".join(languages.words(code) for code in card.languages),
        }  # fmt: skip

    def _key(self) -> str:
        return f"service/{self._service or 'new'}"
