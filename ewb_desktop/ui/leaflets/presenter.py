"""What the page of leaflets shows and does: topics that suit, format and language as recorded, what is added, and paper."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.roles import Duty
from ewb_desktop.domain.time import Clock
from ewb_desktop.leaflets.order import LeafletOrder
from ewb_desktop.leaflets.press import Press
from ewb_desktop.library import Library
from ewb_desktop.storage.cards.here import printed_lately
from ewb_desktop.storage.cards.needs import needs_of
from ewb_desktop.storage.cards.people import person_record
from ewb_desktop.storage.cards.workers import workers
from ewb_desktop.storage.drafts import drop_draft, load_draft, save_draft
from ewb_desktop.storage.errors import StorageTrouble
from ewb_desktop.ui.leaflets.edge import Edge, Run
from ewb_desktop.ui.leaflets.looks import chosen, looks_to_show, own_trouble, warnings_of
from ewb_desktop.ui.leaflets.on_it import Held, OnIt
from ewb_desktop.ui.leaflets.paper import Paper
from ewb_desktop.ui.leaflets.proofing import Proofing
from ewb_desktop.ui.leaflets.shown import LeafletsView
from ewb_desktop.ui.leaflets.studio import Proof, Studio
from ewb_desktop.ui.leaflets.topics import Again, Topics, agains, chosen_key, is_private
from ewb_desktop.ui.leaflets.wish import (
    Wish,
    language_of,
    next_step,
    order_for,
    reading_words,
    style_of,
    wish_from_draft,
)

log = logging.getLogger(__name__)

_LATEST = 12
"""Kinds of prints among which those that can be shown are looked for."""


class LeafletsPresenter:
    """Holds the wish for one leaflet. Without a desk there are no members, no services and no drafts."""

    def __init__(
        self, desk: Desk | None, library: Library, clock: Clock, studio: Studio, run: Run, edge: Edge, paper: Paper,
        view: LeafletsView,
    ) -> None:  # fmt: skip
        self._desk = desk
        self._library = library
        self._clock = clock
        self._studio = studio
        self._run = run
        self._edge = edge
        self._paper = paper
        self._view = view
        self._press: Press | None = None
        self._needs: frozenset[str] = frozenset()
        self._lately: tuple[Again, ...] = ()
        self._picked: Again | None = None
        self._printed: Wish | None = None
        self._asked = ""
        self._took_up = False
        self._sought = ""
        self._opening = ""
        self._proofing = Proofing(studio, run, view)
        self._held = Held()
        self.on_it = OnIt(desk, self._held, view, self._show_kept)

    def press(self) -> Press | None:
        """Return the press, once it is open."""
        return self._press

    # -- opening

    def open(
        self, person: str | None = None, services: Sequence[str] = (), topic: str = "", style: str = "", language: str = ""
    ) -> None:
        """Begin a leaflet, or take up again what was begun for the same person; ``style`` and ``language`` as it was printed.

        A topic that nobody should be seen with comes back for nobody in particular only from the directory.
        """
        self._forget()
        self._asked = topic
        if self._desk is not None:
            person = person if self._desk.may(Duty.CARE) else None
            with self._desk.store.read() as connection:
                self._held.workers = workers(connection)
                if person is not None:
                    self._held.person = person_record(connection, person)
                    self._needs = frozenset(need.code for need in needs_of(connection, person) if need.code)
            self._read_lately()
            if person is not None or not topic:
                # a topic that is asked for by itself, such as the crisis sheet, carries nothing that was meant for somebody else
                self._held.wish = wish_from_draft(load_draft(self._desk.store, self._key()))
                self._took_up = True
                if person is None and not services and is_private(self._held.wish.topic, self._library):
                    self._held.wish = self._held.wish.without_choices()
        if services:
            # what was begun for the same person stays, as when somebody looks in the directory for one more
            self._held.wish = replace(self._held.wish, services=tuple(dict.fromkeys((*self._held.wish.services, *services))))
        elif self._held.person is not None and not self._held.wish.adds:
            self.on_it.add_what_they_were_told_of(self._clock.now())
        if topic:
            self._held.wish = replace(self._held.wish, topic=topic)
        if style or language:
            self._held.wish = replace(self._held.wish, style=style_of(style, self._library), language=language or None)
        self._opening = self.on_it.read_services()
        if self.on_it.unasked_words():
            self._opening = _joined(self._opening, "What they were told of lately is on it.")
        self._show_held()
        self._run(self._studio.press, self._ready, self._proofing.fail)

    def _forget(self) -> None:
        self._held.person, self._held.wish = None, Wish()
        self._needs, self._sought, self._opening, self._asked = frozenset(), "", "", ""
        self._printed = self._picked = None
        self._took_up = False
        self._paper.say_no_name()

    def _show_held(self) -> None:
        self._show_whom()
        self.on_it.show_services()
        self.on_it.show_step()
        self._view.show_copies(self._held.wish.copies)
        self._view.show_warnings([])
        self._proofing.begin()

    def _read_lately(self) -> None:
        if self._desk is None:
            return
        with self._desk.store.read() as connection:
            lately = printed_lately(connection, self._desk.place, _LATEST) if self._held.person is None else []
        self._lately = agains((each.topic, style_of(each.format, self._library) or "", each.language) for each in lately)

    def _ready(self, press: object) -> None:
        if isinstance(press, Press):
            self._press = press
            if press.catalogue.faults:
                log.warning("%d faults in leaflets", len(press.catalogue.faults))
            self._view.show_own_trouble(own_trouble(press))
            self._begin()

    def _begin(self) -> None:
        topics = self._topics()
        first = topics.first() if topics is not None else None
        if topics is not None and first is not None and self._held.wish.topic not in {card.id for card in topics.cards()}:
            asked, why = self._held.wish.topic, topics.why_first(first)
            self._held.wish = replace(self._held.wish, topic=first.id)
            usual = topics.usual()
            if not asked and usual is not None and usual.topic == first.id:
                # what is printed most here comes in the format and language in which it is printed
                self._picked = usual
                self._held.wish = replace(self._held.wish, style=usual.style or None, language=usual.language or None)
            chosen_words = f"“{first.title}” is chosen: {why}. Choose another topic if it fits better." if why else ""
            self._opening = _joined(self._opening, "Every leaflet has the crisis numbers on it." if asked else chosen_words)
        if self._opening:
            self._view.tell(self._opening)
            self._opening = ""
        self._show_topics()
        self._show_looks()
        self._prove(waiting=True)

    def drop_person(self) -> None:
        """Make the leaflet for nobody in particular: nothing of the person stays on it, in what is kept, or in what is said.

        The topic stays where a worker asked for it; one that was chosen because it suits their needs says something about them.
        What was kept for nobody in particular is left as it is.
        """
        self._forget_draft()
        wish = self._held.wish
        topic = wish.topic if "topic" in wish.by_hand or wish.topic == self._asked else ""
        self._forget()
        self._held.wish, self._asked = Wish(topic=topic), topic
        self._held.services = []
        self._read_lately()
        self._view.begin_anew()
        self._show_held()
        if self._press is not None:
            # at once: nothing of the person stays in sight until the press has looked for leaflets of our own
            self._begin()
        self._view.tell("It is for nobody in particular now.")

    # -- topics

    def _topics(self) -> Topics | None:
        if self._press is None:
            return None
        lately = self._lately if self._held.person is None else ()
        return Topics(self._press.catalogue, self._library, self._needs, language_of(self._held.person) or "en", lately)

    def search_topics(self, typed: str) -> None:
        """Show the topics whose title or needs have all the words typed."""
        self._sought = typed
        self._show_topics()

    def _show_topics(self) -> None:
        topics = self._topics()
        if topics is not None and self._press is not None:
            rows = topics.rows(self._sought, {style.id: style.name for style in self._press.styles.values()})
            self._view.show_topics(rows, chosen_key(rows, self._held.wish.topic, self._picked))

    def choose_topic(self, topic: str | Again) -> None:
        """Make another topic's leaflet, or one as it was printed before."""
        if isinstance(topic, Again):
            self._picked = topic
            self._change(topic=topic.topic, style=topic.style or None, language=topic.language or None)
            return
        again, self._picked = self._picked, None
        if again is not None:
            # the format and language of what was picked before belonged to it
            self._change(topic=topic, style=None, language=None)
        elif topic != self._held.wish.topic:
            self._change(topic=topic)

    # -- how it should look

    def choose_style(self, style: str) -> None:
        """Print in another format than was recorded."""
        self._change(style=style)

    def choose_language(self, language: str) -> None:
        """Print in another language than was recorded."""
        self._change(language=language)

    def choose_palette(self, palette: str) -> None:
        """Print in other colours."""
        self._change(palette=palette)

    def choose_sheet(self, sheet: str) -> None:
        """Print on other paper."""
        self._change(sheet=sheet)

    def choose_discreet(self, discreet: bool) -> None:
        """Print with or without a cover that says nothing."""
        self._change(discreet=discreet)

    def _change(self, **choices: object) -> None:
        self._held.wish = self._held.wish.chosen(**choices)
        self._show_looks()
        self._prove()

    def _show_kept(self) -> None:
        """Show, keep and print what was changed."""
        self._show_looks()
        self.keep()
        self._prove()

    def _show_looks(self) -> None:
        if self._press is None:
            return
        made = chosen(self._press, self._held.wish, self._held.person, self._library)
        self._view.show_looks(looks_to_show(self._press, self._held.wish, made, self._library))
        topics = self._topics()
        there = topics.readable(language_of(self._held.person), self._held.wish.topic) if topics is not None else []
        unasked = self.on_it.unasked_words()
        said = warnings_of(made, self._held.person, self._library, services=bool(self._held.services), readable=there)
        self._view.show_warnings([*([unasked] if unasked else []), *said])

    # -- the leaflet itself

    @property
    def proof(self) -> Proof | None:
        """The finished leaflet as it is chosen now, once it is made."""
        return self._proofing.proof

    def _order(self) -> LeafletOrder | None:
        if self._press is None or not self._held.wish.topic:
            return None
        made = chosen(self._press, self._held.wish, self._held.person, self._library)
        return order_for(
            self._held.wish, made.choice, made.sheet.id, made.discreet, self._held.services,
            next_step(self._held.wish.step, self._held.workers), self._library, self._clock.today(), self._edge.giver(),
        )  # fmt: skip

    def _prove(self, *, waiting: bool = False) -> None:
        """Make the leaflet as it is chosen now; what waited for an earlier choice is given up unless it is ``waiting``."""
        order = self._order()
        if order is not None:
            self._proofing.make(order, waiting=waiting)

    def _with_proof(self, act: Callable[[Proof], None]) -> None:
        self._proofing.want(act, self._order)

    # -- to paper and to files

    def choose_copies(self, copies: int) -> None:
        """Print another number of copies."""
        self._held.wish = self._held.wish.chosen(copies=max(1, copies))
        self._view.show_copies(self._held.wish.copies)

    def print_leaflet(self) -> None:
        """Print, and count what came out."""
        self._with_proof(self._print)

    def _print(self, proof: Proof) -> None:
        wish = self._held.wish

        def printed() -> None:
            self._printed = wish
            self.keep()

        self._paper.print(proof, wish.copies, self._held.person, wish.services, printed)

    def save(self) -> None:
        """Save the leaflet where the worker says."""
        self._with_proof(lambda proof: self._paper.save(proof, self._held.person))

    def save_for_email(self) -> None:
        """Save the leaflet as a file for an e-mail."""
        self._with_proof(lambda proof: self._paper.save_for_email(proof, self._held.person))

    def save_words(self) -> None:
        """Save the words of the leaflet alone."""
        self._with_proof(lambda proof: self._paper.save_words(proof, self._held.person))

    def copy_words(self) -> None:
        """Put the words of the leaflet where other programs paste from."""
        self._with_proof(lambda proof: self._paper.copy(proof, self._held.person))

    def view_leaflet(self) -> None:
        """Open the leaflet in the viewer of this computer, from a private copy that goes at the lock."""
        self._with_proof(lambda proof: self._paper.view(proof, self._held.person))

    # -- drafts

    def keep(self) -> None:
        """Keep what was added in the encrypted file until the leaflet is printed."""
        if self._desk is None:
            return
        try:
            if self._held.wish.worth_keeping and self._held.wish != self._printed:
                save_draft(self._desk.store, self._key(), self._held.wish.as_draft())
                self._took_up = True
            elif self._took_up:
                # what was begun for nobody in particular is not lost to a leaflet that was asked for by itself
                self._forget_draft()
        except StorageTrouble as trouble:
            self._view.tell(str(trouble))

    def _forget_draft(self) -> None:
        if self._desk is not None and load_draft(self._desk.store, self._key()) is not None:
            drop_draft(self._desk.store, self._key())

    def _key(self) -> str:
        return f"leaflet:{self._held.person.id}" if self._held.person is not None else "leaflet"

    # -- whom it is for

    def _show_whom(self) -> None:
        person = self._held.person
        if person is None:
            self._view.show_whom("", "")
            return
        line = person.identifiers
        self._view.show_whom(person.name, " · ".join(part for part in (line, reading_words(person, self._library)) if part))


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
