"""What stands on a leaflet beside its topic: services, how each is printed, and the next step. No Qt in here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.words import list_words
from ewb_desktop.storage.cards.people import PersonRecord
from ewb_desktop.storage.cards.services import ServiceCard
from ewb_desktop.storage.cards.signposts import services_told_of
from ewb_desktop.storage.cards.workers import WorkerCard
from ewb_desktop.ui.destinations import ToDirectory
from ewb_desktop.ui.leaflets.services import moved_up, read_services, search_services, service_rows, with_look
from ewb_desktop.ui.leaflets.shown import LeafletsView
from ewb_desktop.ui.leaflets.wish import ServiceLook, Step, Wish, where_of

MOST_ADDED = 3
"""So many services are put on a leaflet unasked: those that the member was told of last."""
_LATELY = timedelta(days=7)


@dataclass(slots=True)
class Held:
    """One leaflet in the making: what is wished for, for whom, the services on it, and whom one could ask for."""

    wish: Wish = field(default_factory=Wish)
    person: PersonRecord | None = None
    services: list[ServiceCard] = field(default_factory=list)
    workers: Sequence[WorkerCard] = ()


class OnIt:
    """Changes what is held; ``changed`` keeps it and makes the leaflet anew. Without a desk there are no services."""

    def __init__(self, desk: Desk | None, held: Held, view: LeafletsView, changed: Callable[[], None]) -> None:
        self._desk = desk
        self._held = held
        self._view = view
        self._changed = changed

    def add_what_they_were_told_of(self, now: datetime) -> None:
        """Put on it what the member was told of this week; :meth:`unasked_words` says so."""
        if self._desk is None or self._held.person is None:
            return
        with self._desk.store.read() as connection:
            told = services_told_of(connection, self._held.person.id, now - _LATELY)
        if told:
            lately = tuple(told[:MOST_ADDED])
            self._held.wish = replace(self._held.wish, services=lately, unasked=lately)

    def unasked_words(self) -> str:
        """Return what is on the leaflet without anybody having put it there, and what to do; nothing when there is nothing."""
        names = [card.name for card in self._held.services if card.id in self._held.wish.unasked]
        if not names or self._held.person is None:
            return ""
        are, them = ("is", "it") if len(names) == 1 else ("are", "them")
        told = f"because {self._held.person.name} was told of {them} lately."
        return f"{list_words(names)} {are} on it, {told} Take off what is not wanted."

    def find_services(self, typed: str) -> None:
        """Show the services that run and fit what was typed."""
        there = self._desk is not None and bool(typed.strip())
        rows = search_services(self._desk, typed, self._held.wish.services) if self._desk is not None and there else []
        self._view.show_found(rows, typed.strip())

    def look_in_directory(self) -> None:
        """Go to the directory for the same person; what is added there comes to what is on the leaflet."""
        self._view.leave_for(ToDirectory(person=self._held.person.id if self._held.person is not None else None))

    def add_service(self, service: str) -> None:
        """Put a service on the leaflet."""
        self._set_services((*self._held.wish.services, service))

    def take_off_service(self, service: str) -> None:
        """Take a service off the leaflet."""
        self._set_services(tuple(each for each in self._held.wish.services if each != service))

    def take_off_services(self) -> None:
        """Take every service off the leaflet."""
        self._set_services(())

    def move_service_up(self, service: str) -> None:
        """Print a service before the one that stands above it."""
        if service in self._held.wish.services:
            self._set_services(moved_up(self._held.wish.services, service))

    def open_service(self, service: str) -> None:
        """Show what of a service is printed, so that it can be changed."""
        card = next((card for card in self._held.services if card.id == service), None)
        if card is not None:
            self._view.show_service(
                card.name, self._held.wish.look_of(service), where_of(card), first=self._held.services[0] is card
            )

    def change_service(self, look: ServiceLook) -> None:
        """Print other things of a service."""
        card = next((card for card in self._held.services if card.id == look.service), None)
        if card is None:
            return
        itself = look.where is not None and look.where.strip() == where_of(card)
        self._held.wish = with_look(self._held.wish, replace(look, where=None) if itself else look)
        self.show_services()
        self._changed()

    def _set_services(self, services: tuple[str, ...]) -> None:
        self._held.wish = replace(self._held.wish, services=tuple(dict.fromkeys(services)))
        told = self.read_services()
        if told:
            self._view.tell(told)
        self.show_services()
        self._changed()

    def read_services(self) -> str:
        """Look the services up anew: one that does not run now is left off. Return the sentence that says so, or nothing."""
        self._held.services, closed = read_services(self._desk, self._held.wish.services) if self._desk is not None else ([], [])
        self._held.wish = replace(self._held.wish, services=tuple(card.id for card in self._held.services))
        one = len(closed) == 1
        left_off = f"not run now, so {'it was' if one else 'they were'} left off."
        return f"{list_words(closed)} {'does' if one else 'do'} {left_off}" if closed else ""

    def show_services(self) -> None:
        """Show what is on it, as it will be printed."""
        self._view.show_services(service_rows(self._desk, self._held.services, self._held.wish) if self._desk is not None else [])

    def change_step(self, step: Step) -> None:
        """Put another next step on the leaflet. With another worker comes that worker's number."""
        if step.worker != self._held.wish.step.worker:
            known = {worker.id: worker.telephone for worker in self._held.workers}
            if step.telephone in ("", known.get(self._held.wish.step.worker, "")):
                step = replace(step, telephone=known.get(step.worker, ""))
                self._held.wish = replace(self._held.wish, step=step)
                self.show_step()
        self._held.wish = replace(self._held.wish, step=step)
        self._changed()

    def show_step(self) -> None:
        """Show the next step; where nobody is named yet, the worker at this desk is asked for."""
        step = self._held.wish.step
        if not step.worker and self._desk is not None:
            me = self._desk.worker.id
            step = Step(step.words, me, step.on, next((each.telephone for each in self._held.workers if each.id == me), ""))
            self._held.wish = replace(self._held.wish, step=step)
        self._view.show_step(step, self._contacts())

    def _contacts(self) -> list[tuple[str, str]]:
        """Return whom one could ask for: the member's coordinator first, then everyone by name."""
        theirs = self._held.person.coordinator if self._held.person is not None else None
        named = [(each.id, f"{each.name}, their coordinator" if each.id == theirs else each.name) for each in self._held.workers]
        return sorted(named, key=lambda contact: contact[0] != theirs)
