"""What was printed here: counted by leaflet for some days, and as a table for a report. No Qt in here."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.time import local
from ewb_desktop.domain.words import count_words, full_day
from ewb_desktop.leaflets.errors import LeafletError
from ewb_desktop.leaflets.press import Press
from ewb_desktop.leaflets.saving import write_leaflet
from ewb_desktop.storage.cards.leaflets import PrintCard, prints_between
from ewb_desktop.ui.leaflets.edge import Edge
from ewb_desktop.ui.leaflets.looks import language_words
from ewb_desktop.ui.leaflets.paper import with_ending
from ewb_desktop.ui.leaflets.wish import style_of
from ewb_desktop.ui.widgets.row import Row

TODAY, WEEK, MONTH, LAST_MONTH = "today", "week", "month", "last_month"
PERIODS = (TODAY, WEEK, MONTH, LAST_MONTH)
HEAD = ("Day", "Place", "Leaflet", "Language", "Format", "Colours", "Paper", "Discreet cover", "Copies", "Printed together")
_MOST_ROWS = 40
"""Kinds of leaflets that are shown; the table has them all."""


class PrintedView(Protocol):
    """What the presenter needs of the page."""

    def show_printed(self, period: str, line: str, rows: Sequence[Row]) -> None:
        """Show what was printed in a period: in words, and leaflet by leaflet."""

    def tell(self, sentence: str) -> None:
        """Say what was done."""


def days_of(period: str, today: date) -> tuple[date, date]:
    """Return the first and last day of a period: today, seven days with today, this month so far, or the month before."""
    if period == WEEK:
        return today - timedelta(days=6), today
    if period == MONTH:
        return today.replace(day=1), today
    if period == LAST_MONTH:
        last = today.replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last
    return today, today


class PrintedPresenter:
    """Reads the counts; there is nobody's name in them."""

    def __init__(self, desk: Desk, edge: Edge, press: Callable[[], Press | None], view: PrintedView) -> None:
        self._desk = desk
        self._edge = edge
        self._press = press
        self._view = view
        self._period = TODAY

    def open(self) -> None:
        """Show what was printed today, or in the period looked at before."""
        self.choose(self._period)

    def choose(self, period: str) -> None:
        """Show what was printed in another period."""
        self._period = period
        first, last = days_of(period, self._desk.clock.today())
        cards = self._cards()
        kinds: dict[tuple[str, ...], int] = {}
        for card in cards:
            kind = self._names(card)
            kinds[kind] = kinds.get(kind, 0) + card.copies
        most = sorted(kinds.items(), key=lambda each: (-each[1], each[0]))
        rows = [
            Row(kind, kind[0], " · ".join(part for part in kind[1:] if part), trailing=count_words(copies, "copy", "copies"))
            for kind, copies in most[:_MOST_ROWS]
        ]
        days = full_day(last) if first == last else f"{full_day(first)} to {full_day(last)}"
        copies = count_words(sum(kinds.values()), "copy", "copies")
        more = f" The first {_MOST_ROWS} kinds are shown; the table has all." if len(most) > _MOST_ROWS else ""
        self._view.show_printed(period, f"{days}: {copies} in {count_words(len(cards), 'print', 'prints')}.{more}", rows)

    def save(self) -> None:
        """Save the period as a table that a spreadsheet opens."""
        first, last = days_of(self._period, self._desk.clock.today())
        chosen = self._edge.ask_where(f"leaflets-printed-{first}-to-{last}.csv")
        if not chosen:
            return
        path, kept = with_ending(Path(chosen), ".csv")
        try:
            write_leaflet(path, self._table().encode("utf-8-sig"))
        except LeafletError as error:
            self._view.tell(str(error))
        else:
            where = f"Saved as {path.name} in the folder {path.parent.name or path.parent}."
            self._view.tell(f"{where} {kept}No person is named in it.")

    def _table(self) -> str:
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(HEAD)
        batches: dict[str, int] = {}
        for card in reversed(self._cards()):
            title, style, language, palette, sheet, discreet = self._names(card)
            batch = batches.setdefault(card.batch, len(batches) + 1) if card.batch else ""
            row = (
                local(card.at).date().isoformat(), card.place, title, language, style, palette, sheet, "yes" if discreet else "",
                card.copies, batch,
            )  # fmt: skip
            writer.writerow([_plain(each) for each in row])
        return out.getvalue()

    def _cards(self) -> list[PrintCard]:
        first, last = days_of(self._period, self._desk.clock.today())
        with self._desk.store.read() as connection:
            return prints_between(connection, first, last)

    def _names(self, card: PrintCard) -> tuple[str, str, str, str, str, str]:
        library, press = self._desk.library, self._press()
        style = style_of(card.format, library) or ""
        named = press.styles[style].name if press is not None and style in press.styles else card.format
        palette = press.palettes[card.palette].name if press is not None and card.palette in press.palettes else card.palette
        sheet = press.sheets[card.sheet].name if press is not None and card.sheet in press.sheets else card.sheet
        language = language_words(card.language, library) if card.language else ""
        there = press.catalogue.topics() if press is not None else ()
        title = next((each.title for each in there if each.id == card.topic), library.leaflet_title(card.topic))
        return title, named, language, palette, sheet, "discreet cover" if card.discreet else ""


def _plain(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
