"""What a worker can do about the directory: read files into it, say that something is wrong, and vouch that an entry is right."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.domain.directory.csvrows import looks_like_csv, read_csv
from ewb_desktop.domain.directory.listing import Listing
from ewb_desktop.domain.directory.merge import Differences, compare
from ewb_desktop.domain.directory.openreferral import Page, read_pages
from ewb_desktop.domain.directory.report import DirectoryUnreadableError, Import, ImportReport, Row
from ewb_desktop.domain.directory.service import made_id
from ewb_desktop.domain.directory.terms import Terms, parse_terms, plain_words
from ewb_desktop.domain.roles import Duty
from ewb_desktop.library import RESOURCES
from ewb_desktop.storage.areas import EVERYWHERE
from ewb_desktop.storage.cards.listings import (
    BY_HAND,
    Kept,
    add_listings,
    as_kept,
    directories,
    kept_listings,
    service_fields,
)
from ewb_desktop.storage.tables import Service, ServiceNote
from ewb_desktop.storage.writing import Writing

MADE_UP = "made-up-stretford"
"""The directory that comes with the program, for practice."""

Progress = Callable[[int, int, str], None]
"""How far: done, of how many, and what is being done."""

_AT_A_TIME = 500
_TWICE = "It is in another of the files too, and was taken from there."


class ImportStopped(Exception):
    """The person stopped the import; nothing was changed."""


@dataclasses.dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: the report of every row, and how the directory changed."""

    report: ImportReport
    differences: Differences

    def words(self) -> str:
        """Return the whole report as text, to be saved: what changed, and every row with what became of it."""
        lines = (self.differences.summary, self.report.summary, *self.report.notes, "", *(row.words for row in self.report.rows))
        return "\n".join(lines) + "\n"


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """Which directory some files would be read into, and what that would change."""

    source: str
    is_new: bool
    fits: bool
    """Whether nothing is there yet, or most of the services in the files are."""
    differences: Differences


def plan_import(desk: Desk, files: Sequence[tuple[str, bytes]], source: str = "") -> Plan:
    """Return what reading ``files`` into ``source`` would do; writes nothing. Raises ``DirectoryUnreadableError``.

    Without a ``source`` it is the directory that holds most of the services in the files, or a new one named after the first.
    """
    found = read_files(files, _terms())
    with desk.store.read() as connection:
        known = [name for name, _ in directories(connection) if name not in ("", BY_HAND)]
        kept = {name: kept_listings(connection, name) for name in ([source] if source else known)}
    best, hits = source, 0
    for name, here in kept.items():
        ids = {each.listing.source_id for each in here}
        both = sum(listing.source_id in ids for listing in _matched(found.listings, here))
        if both > hits:
            best, hits = name, both
    most = hits * 2 > len(found.listings)
    if not source and not most:
        best = _free_name(files[0][0] if files else "", known)
    here = kept.get(best, [])
    differences = compare((each.listing for each in here), _matched(found.listings, here))
    if found.report.partial:
        differences = dataclasses.replace(differences, not_in_file=())
    return Plan(best, best not in known, most or not here, differences)


def _free_name(label: str, known: Sequence[str]) -> str:
    stem = label.rpartition(".")[0].strip() or label.strip() or "directory"
    taken = {BY_HAND, *known}
    return next(name for name in (stem, *(f"{stem} {number}" for number in range(2, len(taken) + 3))) if name not in taken)


def import_files(
    desk: Desk,
    files: Sequence[tuple[str, bytes]],
    source: str = "directory",
    *,
    progress: Progress = lambda _done, _total, _words: None,
    stopped: Callable[[], bool] = lambda: False,
    initiator: object | None = None,
) -> Imported:
    """Read ``files`` (label and bytes) into the directory called ``source``; meant for the background lane.

    All of it is written or nothing. A kept service that is not in the files is marked so, never deleted, and only when the
    files are whole. Raises ``DirectoryUnreadableError`` with a sentence for the person, and :class:`ImportStopped`.
    """
    progress(0, 0, "Reading the files")
    found = read_files(files, _terms())
    with desk.store.read() as connection:
        kept = kept_listings(connection, source)
    differences = compare((each.listing for each in kept), _matched(found.listings, kept))
    _look(stopped)
    if found.report.partial:
        differences = dataclasses.replace(differences, not_in_file=())
    with desk.write(Duty.DIRECTORY, initiator) as writing:
        _write(writing, source, kept, differences, progress, stopped)
    return Imported(found.report, differences)


def load_made_up(desk: Desk, *, initiator: object | None = None) -> Imported:
    """Put the directory that comes with the program into this file: made-up services, for practice and a first look."""
    path = RESOURCES / "directory" / f"{MADE_UP}.json"
    return import_files(desk, [(path.name, path.read_bytes())], MADE_UP, initiator=initiator)


def read_files(files: Sequence[tuple[str, bytes]], terms: Terms) -> Import:
    """Read tables and Open Referral pages together as one import; a service that stands in two files is taken once.

    Raises ``DirectoryUnreadableError`` when none of them can be read; one that cannot is a row left out, with its reason.
    """
    pages = [Page(label, data) for label, data in files if not looks_like_csv(label, data)]
    read: list[Import] = []
    faults: list[tuple[str, str]] = []
    if pages or not files:
        try:
            read.append(read_pages(pages, terms))
        except DirectoryUnreadableError as fault:
            faults.append((", ".join(page.label for page in pages), str(fault)))
    for label, data in files:
        if looks_like_csv(label, data):
            try:
                read.append(read_csv(label, data, terms))
            except DirectoryUnreadableError as fault:
                faults.append((label, str(fault)))
    if not read:
        raise DirectoryUnreadableError(" ".join(words for _, words in faults))
    return read[0] if len(read) == 1 and not faults else _joined(read, faults)


def note_wrong(desk: Desk, service: str, words: str, *, initiator: object | None = None) -> str:
    """Note what is wrong with an entry, for whoever keeps the directory; return the note's id. Raises :class:`FaultyFields`."""
    if not words.strip():
        raise FaultyFields({"words": "Write what is wrong, for example “The telephone number has changed”."})
    with desk.write(Duty.COUNT, initiator) as writing:
        return writing.add(
            ServiceNote(area=EVERYWHERE, service=service, words=words.strip(), noted_at=desk.clock.now(), noted_by=desk.worker.id)
        )


def take_back_note(desk: Desk, note: str, *, initiator: object | None = None) -> None:
    """Undo :func:`note_wrong`."""
    with desk.write(Duty.COUNT, initiator) as writing:
        writing.remove(ServiceNote, note)


def settle_note(desk: Desk, note: str, *, initiator: object | None = None) -> None:
    """Say that what was wrong has been put right."""
    with desk.write(Duty.COUNT, initiator) as writing:
        writing.edit(ServiceNote, note, settled_at=desk.clock.now(), settled_by=desk.worker.id)


def bring_up_note(desk: Desk, note: str, *, initiator: object | None = None) -> None:
    """Undo :func:`settle_note`: it is still wrong."""
    with desk.write(Duty.COUNT, initiator) as writing:
        writing.edit(ServiceNote, note, settled_at=None, settled_by=None)


def check_service(desk: Desk, service: str, *, initiator: object | None = None) -> None:
    """Vouch that the entry is right: it was checked today, by the worker at the desk."""
    with desk.write(Duty.DIRECTORY, initiator) as writing:
        writing.edit(Service, service, assured_on=desk.clock.today(), assured_by=desk.worker.name)


def _terms() -> Terms:
    return parse_terms((RESOURCES / "directory" / "terms.json").read_bytes())


def _joined(read: Sequence[Import], faults: Iterable[tuple[str, str]]) -> Import:
    listings: dict[str, Listing] = {}
    rows: list[Row] = []
    broken = list(faults)
    for each in read:
        again = {listing.source_id for listing in each.listings} & set(listings)
        for row in each.report.rows:
            if row.fate != "left" and row.source_id in again:
                rows.append(dataclasses.replace(row, fate="left", reasons=(_TWICE,)))
            else:
                rows.append(row)
        for listing in each.listings:
            listings.setdefault(listing.source_id, listing)
    rows += [Row(label, "", "", "left", (words,)) for label, words in broken]
    notes = tuple(note for each in read for note in each.report.notes)
    partial = bool(broken) or any(each.report.partial for each in read)
    return Import(tuple(listings.values()), ImportReport(tuple(rows), notes, partial))


def _matched(found: Iterable[Listing], kept: Sequence[Kept]) -> list[Listing]:
    """Return ``found`` under the ids of the services that are kept.

    A table without ids names its rows by name and postcode: such a row is the kept service of that name and postcode. A day on
    which a worker checked an entry is not put back to an earlier one.
    """
    known = {each.listing.source_id: each.listing for each in kept}
    by_name = {(plain_words(each.listing.name), each.listing.postcode): each.listing for each in kept}
    matched = []
    for listing in map(as_kept, found):
        before = known.get(listing.source_id)
        if before is None and listing.source_id == made_id(listing.name, listing.postcode):
            before = by_name.get((plain_words(listing.name), listing.postcode))
        if before is None:
            matched.append(listing)
            continue
        renamed = dataclasses.replace(listing, source_id=before.source_id)
        if before.assured_on and renamed.assured_on and before.assured_on > renamed.assured_on:
            renamed = dataclasses.replace(renamed, assured_on=before.assured_on, assured_by=before.assured_by)
        matched.append(renamed)
    return matched


def _write(
    writing: Writing,
    source: str,
    kept: Sequence[Kept],
    differences: Differences,
    progress: Progress,
    stopped: Callable[[], bool],
) -> None:
    by_source = {each.listing.source_id: each for each in kept}
    total = len(differences.new) + len(differences.changed)
    done = 0
    for begin in range(0, len(differences.new), _AT_A_TIME):
        _look(stopped)
        part = differences.new[begin : begin + _AT_A_TIME]
        add_listings(writing, source, part)
        done += len(part)
        progress(done, total, f"Writing services: {done} of {total}")
    for changed in differences.changed:
        _look(stopped)
        writing.edit(Service, by_source[changed.stored.source_id].id, in_latest_file=True, **service_fields(changed.merged))
        done += 1
        if done % 50 == 0:
            progress(done, total, f"Writing services: {done} of {total}")
    for listing in differences.unchanged:
        if not by_source[listing.source_id].in_latest_file:
            writing.edit(Service, by_source[listing.source_id].id, in_latest_file=True)
    for listing in differences.not_in_file:
        if by_source[listing.source_id].in_latest_file:
            writing.edit(Service, by_source[listing.source_id].id, in_latest_file=False)


def _look(stopped: Callable[[], bool]) -> None:
    if stopped():
        raise ImportStopped("The import was stopped. Nothing was changed.")
