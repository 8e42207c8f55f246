"""Lays out leaflets for a stall and prints or saves them one after another: what fails is told, and the rest goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.time import Clock
from ewb_desktop.domain.words import count_words, list_words
from ewb_desktop.leaflets.choose import ENGLISH
from ewb_desktop.leaflets.errors import SavingError
from ewb_desktop.leaflets.order import LeafletOrder, Rendered
from ewb_desktop.leaflets.press import Press
from ewb_desktop.leaflets.saving import write_leaflet
from ewb_desktop.library import Library
from ewb_desktop.storage.drafts import drop_draft, load_draft, save_draft
from ewb_desktop.storage.errors import StorageTrouble
from ewb_desktop.storage.ids import new_id
from ewb_desktop.ui.leaflets.counting import Sent, Sheets
from ewb_desktop.ui.leaflets.edge import Edge, Run, Way
from ewb_desktop.ui.leaflets.looks import chosen, language_options
from ewb_desktop.ui.leaflets.paper import Paper, free_name, not_made, not_sent
from ewb_desktop.ui.leaflets.shown import Options
from ewb_desktop.ui.leaflets.stall import NOBODY, Pile, Stall, pile_hint, pile_order, pile_wish, stall_from_draft
from ewb_desktop.ui.leaflets.studio import Studio
from ewb_desktop.ui.leaflets.topics import is_private
from ewb_desktop.ui.leaflets.wish import file_name

CLEAR = "clear-14"
"""The style of a pile for which no other is chosen."""
DRAFT = "leaflet-stall"
"""Under this name the stall is kept for the next time."""


@dataclass(frozen=True, slots=True)
class PileLine:
    """One pile as it is shown: what is chosen, what can be, a hint, and what came of it."""

    topic: str
    title: str
    copies: int
    style: str
    language: str
    styles: Options
    languages: Options
    hint: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class StallLooks:
    """What can be chosen for all piles at once, and what is. An empty value stands for the usual."""

    styles: Options
    languages: Options
    palettes: Options
    sheets: Options
    palette: str
    sheet: str


class StallView(Protocol):
    """What the presenter needs of the page."""

    def show_topics(self, topics: Sequence[tuple[str, str, str]], chosen: Sequence[str]) -> None:
        """Show every topic (id, title, hint) with those ticked that are on the stall."""

    def show_looks(self, looks: StallLooks) -> None:
        """Show what can be chosen for all."""

    def show_piles(self, piles: Sequence[PileLine], alike: Pile, go: str) -> None:
        """Show the piles, what was chosen for every one of them, and what the button that prints them says."""

    def show_progress(self, done: int, total: int, words: str) -> None:
        """Show how far it is."""

    def show_idle(self) -> None:
        """Show that nothing is being printed or saved."""

    def tell(self, sentence: str) -> None:
        """Say what was done."""


@dataclass(slots=True)
class _Job:
    """One go through the piles."""

    left: list[Pile]
    act: Callable[[_Job, Pile, LeafletOrder, Rendered], None]
    """Takes one finished leaflet further, and calls :meth:`StallPresenter._next` when that is done."""
    batch: str
    total: int
    way: Way | None = None
    folder: Path = Path()
    stopped: bool = False
    why: str = ""
    """What stopped all of it."""
    done: int = 0
    copies: int = 0
    kept: str = ""
    """Why something could not be counted."""


class StallPresenter:
    """Holds one stall. ``paper`` counts what was printed."""

    def __init__(
        self, desk: Desk | None, library: Library, clock: Clock, studio: Studio, run: Run, edge: Edge, paper: Paper,
        view: StallView,
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
        self._stall = Stall()
        self._states: dict[str, str] = {}
        self._missing: list[str] = []
        self._job: _Job | None = None

    def open(self) -> None:
        """Show the stall as it was last laid out."""
        if self._desk is not None and not self._stall.piles:
            self._stall = stall_from_draft(load_draft(self._desk.store, DRAFT))
        self._run(self._studio.press, self._ready, lambda error: self._view.tell(not_made(error)))

    def _ready(self, press: object) -> None:
        if not isinstance(press, Press):
            return
        self._press = press
        cards = press.catalogue.topics()
        there = {card.id for card in cards}
        self._stall = replace(self._stall, piles=tuple(pile for pile in self._stall.piles if pile.topic in there))
        topics = [
            (card.id, card.title, "Not for an open table: give it by hand." if is_private(card.id, self._library) else "")
            for card in sorted(cards, key=lambda card: is_private(card.id, self._library))
        ]
        self._view.show_topics(topics, self._stall.topics)
        codes = {code for card in cards for code in card.languages}
        self._view.show_looks(
            StallLooks(
                styles=[(style.id, style.name) for style in press.styles.values() if not style.topics],
                languages=language_options(codes, self._library),
                palettes=[(palette.id, palette.name) for palette in press.palettes.values()],
                sheets=[(sheet.id, sheet.name) for sheet in press.sheets.values() if not sheet.cards],
                palette=self._stall.palette or next(iter(press.palettes)), sheet=self._stall.sheet or next(iter(press.sheets)),
            )
        )  # fmt: skip
        self._show_piles()

    # -- what is laid out

    def choose_topics(self, topics: Sequence[str]) -> None:
        """Lay out these topics, in this order."""
        self._change(self._stall.with_topics(topics))

    def choose(self, topic: str, **choices: object) -> None:
        """Change copies, style or language of one pile."""
        self._change(self._stall.with_pile(topic, **choices))

    def choose_all(self, **choices: object) -> None:
        """Change copies, style or language of every pile."""
        self._change(self._stall.with_all(**choices))

    def choose_look(self, **choices: str) -> None:
        """Change the colours or the paper of all."""
        self._change(replace(self._stall, **choices))  # type: ignore[arg-type]  # each is a field of Stall

    def _change(self, stall: Stall) -> None:
        self._stall, self._states, self._missing = stall, {}, []
        self._show_piles()
        self._keep()

    def _keep(self) -> None:
        if self._desk is None:
            return
        try:
            if self._stall.piles:
                save_draft(self._desk.store, DRAFT, self._stall.as_draft())
            elif load_draft(self._desk.store, DRAFT) is not None:
                drop_draft(self._desk.store, DRAFT)
        except StorageTrouble as trouble:
            self._view.tell(str(trouble))

    def _show_piles(self) -> None:
        press = self._press
        if press is None:
            return
        self._view.show_piles([self._line(press, pile) for pile in self._stall.piles], self._alike(), self._go_words())

    def _alike(self) -> Pile:
        """Return what was chosen for every pile; no copies, or an empty word, where they differ."""
        piles = self._stall.piles or (self._stall.usual,)
        copies = {pile.copies for pile in piles}
        styles = {pile.style or CLEAR for pile in piles}
        languages = {pile.language or ENGLISH for pile in piles}
        return Pile(
            "", copies.pop() if len(copies) == 1 else 0, styles.pop() if len(styles) == 1 else "",
            languages.pop() if len(languages) == 1 else "",
        )  # fmt: skip

    def _go_words(self) -> str:
        if self._missing:
            return "Print what is missing"
        if not self._stall.piles:
            return "Print"
        copies = count_words(self._stall.copies, "copy", "copies")
        return f"Print {copies}"

    def _line(self, press: Press, pile: Pile) -> PileLine:
        card = next(card for card in press.catalogue.topics() if card.id == pile.topic)
        made = chosen(press, pile_wish(self._stall, pile), NOBODY, self._library).choice
        styles = [(style.id, style.name) for style in press.styles_for(pile.topic, made.language)]
        languages = language_options(card.languages, self._library)
        return PileLine(
            pile.topic, card.title, pile.copies, made.style, made.language, styles, languages,
            pile_hint(press, self._stall, pile, self._library), self._states.get(pile.topic, ""),
        )  # fmt: skip

    # -- one after another

    def print_all(self) -> None:
        """Print every pile, or those that are missing from the last time; the printer is chosen once."""
        wanted = [pile for pile in self._stall.piles if not self._missing or pile.topic in self._missing]
        self._begin(_Job(wanted, self._print, new_id(), len(wanted)))

    def save_all(self) -> None:
        """Save every pile's leaflet as a file of its own in a folder."""
        if not self._may_begin():
            return
        folder = self._edge.ask_folder()
        if folder:
            piles = list(self._stall.piles)
            self._begin(_Job(piles, self._save, "", len(piles), folder=Path(folder)))

    def stop(self) -> None:
        """Print no more after the one that is on its way."""
        if self._job is not None:
            self._job.stopped = True
            self._view.show_progress(self._job.done, self._job.total, "Stopping after this one")

    def _may_begin(self) -> bool:
        if self._job is not None:
            self._view.tell("The last ones are still on their way. Wait, or press Stop.")
        elif not self._stall.piles:
            self._view.tell("Choose one leaflet or more first.")
        return self._job is None and bool(self._stall.piles)

    def _begin(self, job: _Job) -> None:
        if not self._may_begin():
            return
        self._job, self._states, self._missing = job, {}, []
        self._next(job)

    def _next(self, job: _Job) -> None:
        press = self._press
        if job.stopped or job.why or not job.left or press is None:
            self._end(job)
            return
        pile = job.left.pop(0)
        title = self._line(press, pile).title
        self._view.show_progress(job.done, job.total, f"{title}: {job.done + 1} of {job.total}")
        order = pile_order(press, self._stall, pile, self._library, self._clock.today(), self._edge.giver())

        def made(rendered: object) -> None:
            if isinstance(rendered, Rendered):
                job.act(job, pile, order, rendered)

        self._run(lambda: self._studio.render(order), made, lambda error: self._fail(job, pile, not_made(error)))

    def _print(self, job: _Job, pile: Pile, order: LeafletOrder, rendered: Rendered) -> None:
        if job.way is None:
            job.way = self._edge.printing.ask(rendered.pdf, rendered.title, 1)
        way = job.way
        if not way.copies:
            job.why = way.trouble or "Nothing was printed."
            job.left.insert(0, pile)
            self._next(job)
            return
        # the dialog's own copies are sets of the whole stall
        copies = pile.copies * way.copies

        sheets = Sheets(order, rendered, copies, batch=job.batch)
        counting = self._paper.counting
        note = counting.begin()

        def sent(end: object) -> None:
            if not isinstance(end, Sent) or not end.result.copies:
                self._fail(job, pile, end.result.trouble if isinstance(end, Sent) else "")
                return
            trouble = counting.end(note, sheets, end)
            job.kept = job.kept if trouble is None else f"Not all of it could be counted. {trouble}".strip()
            job.copies += end.result.copies
            self._succeed(job, pile, f"{count_words(end.result.copies, 'copy', 'copies')} at the printer")

        self._run(
            lambda: counting.send(note, way, sheets), sent, lambda error: self._fail(job, pile, not_sent(error))
        )  # fmt: skip

    def _save(self, job: _Job, pile: Pile, order: LeafletOrder, rendered: Rendered) -> None:
        path = free_name(job.folder, file_name(rendered.title, f"{order.style}-{order.language}", discreet=False))
        try:
            write_leaflet(path, rendered.pdf)
        except SavingError as error:
            # the next one would meet the same folder
            job.why = str(error)
            job.left.insert(0, pile)
            self._next(job)
        else:
            self._succeed(job, pile, f"saved as {path.name}")

    def _succeed(self, job: _Job, pile: Pile, words: str) -> None:
        job.done += 1
        self._states[pile.topic] = words
        self._next(job)

    def _fail(self, job: _Job, pile: Pile, why: str) -> None:
        self._states[pile.topic] = f"Not done. {why}".strip()
        self._missing.append(pile.topic)
        self._next(job)

    def _end(self, job: _Job) -> None:
        self._job = None
        printed = bool(job.batch)
        self._missing += [pile.topic for pile in job.left]
        missing = [self._title(topic) for topic in self._missing]
        if not printed or not job.done:
            # nothing of a stall is missing that was never begun
            self._missing = self._missing if printed and not job.why else []
        self._view.show_idle()
        self._show_piles()
        words = []
        if printed and job.copies:
            copies = count_words(job.copies, "copy", "copies")
            words.append(f"{copies} of {count_words(job.done, 'leaflet', 'leaflets')} at the printer.")
        elif not printed and job.done:
            words.append(f"{count_words(job.done, 'leaflet', 'leaflets')} saved in the folder {job.folder.name or job.folder}.")
        if job.why:
            words.append(job.why)
        elif missing:
            words.append(f"Not done: {list_words(missing)}. The list says why.")
        words += [job.kept] if job.kept else []
        self._view.tell(" ".join(words) or "Stopped. Nothing was printed.")

    def _title(self, topic: str) -> str:
        cards = self._press.catalogue.topics() if self._press is not None else ()
        return next((card.title for card in cards if card.id == topic), topic)
