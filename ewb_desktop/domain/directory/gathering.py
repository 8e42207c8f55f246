"""Gathering the rows of one import: each is listed once, with its fate, whatever it turns out to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ewb_desktop.domain.directory.cleaning import Mends, clean_line
from ewb_desktop.domain.directory.listing import FIELD_NAMES, Listing
from ewb_desktop.domain.directory.report import Fate, Import, ImportReport, Row
from ewb_desktop.domain.directory.service import Reading, read_service
from ewb_desktop.domain.directory.terms import Terms

_NAMES_IN_WORDS = {"organisation": "organisation", "assured_on": "day it was checked", "url": "web address"}


@dataclass(slots=True)
class Gathering:
    """The listings, rows and notes of one import so far. The first of several rows with one id is the one kept."""

    terms: Terms
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    kept: dict[str, tuple[str, Listing]] = field(default_factory=dict)
    partial: bool = False

    def add(self, service: Any, where: str, mended: tuple[str, ...] = ()) -> None:
        """Take in one published service, or say why it was left. ``mended`` was put right before it came here."""
        if not isinstance(service, Mapping):
            self.leave(where, "", "It is not a service: there are no named fields in it. Nothing was taken from it.")
            return
        nested = service.get("service")
        if isinstance(nested, Mapping):  # a service at a location: the place is outside, the service inside
            service = {**nested, "service_at_locations": [{k: v for k, v in service.items() if k != "service"}]}
        try:
            readings = read_service(service, self.terms)
        except ValueError as fault:
            self.leave(where, "", str(fault), clean_line(service.get("id"), "id", Mends()))
            return
        for index, reading in enumerate(readings):
            self._keep(reading, f"{where}, place {index + 1}" if len(readings) > 1 else where, mended)

    def leave(self, where: str, name: str, reason: str, source_id: str = "") -> None:
        """Note a row that was not taken in."""
        self.rows.append(Row(where, name, source_id, "left", (reason,)))

    def note(self, sentence: str) -> None:
        """Say something about a file as a whole."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def finished(self) -> Import:
        """Return the import with its report."""
        listings = tuple(listing for _, listing in self.kept.values())
        return Import(listings, ImportReport(tuple(self.rows), tuple(self.notes), self.partial))

    def _keep(self, reading: Reading, where: str, mended: tuple[str, ...]) -> None:
        listing = reading.listing
        if listing.source_id in self.kept:
            first, twin = self.kept[listing.source_id]
            self.leave(where, listing.name, _twin_words(first, twin, listing), listing.source_id)
            return
        self.kept[listing.source_id] = (where, listing)
        mends = (*mended, *reading.mends.mended)
        fate: Fate = "mended" if mends else "kept"
        self.rows.append(Row(where, listing.name, listing.source_id, fate, (*mends, *reading.mends.doubts)))


def _twin_words(first: str, twin: Listing, listing: Listing) -> str:
    differing = [name for name in FIELD_NAMES if getattr(twin, name) != getattr(listing, name)]
    if not differing:
        return f"It is the same as {first}, which was kept."
    names = ", ".join(_NAMES_IN_WORDS.get(name, name.replace("_", " ")) for name in differing)
    return f"It has the same id as {first}, which was kept. They differ in: {names}. Please check which is right."
