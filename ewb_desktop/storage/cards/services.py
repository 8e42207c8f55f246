"""Services as the screens want them: found by words, filtered and sorted near to far, and one in full."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, func, select

from ewb_desktop.domain.directory.listing import OpeningRule
from ewb_desktop.domain.directory.opening import opening_words, schedules
from ewb_desktop.domain.directory.stale import Checked, last_checked
from ewb_desktop.domain.distance import miles
from ewb_desktop.domain.schedule import OpenState, Schedule, is_open, open_at
from ewb_desktop.storage.cards.listings import opening_rules, runs
from ewb_desktop.storage.cards.search import find_services
from ewb_desktop.storage.tables import Service, ServiceNote, Worker, table

LIMIT = 200
"""Lines that a search returns; :attr:`Found.total` tells of the others."""

_ALL = 1_000_000

Order = Literal["best", "nearest"]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the services must have. ``need`` and ``language`` are keys of their lists; ``within`` is in miles.

    A service that says nothing of a matter does not pass its filter: nobody is sent somewhere on a guess.
    """

    need: str = ""
    within: float | None = None
    open_now: bool = False
    step_free: bool = False
    free: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Standpoint:
    """When and where somebody looks: the clock on the wall, and the venue's place if it is known.

    ``ageing`` and ``old`` are the months after which an entry is marked (``times.toml``).
    """

    now: datetime
    latitude: float | None = None
    longitude: float | None = None
    ageing: int = 3
    old: int = 6

    @property
    def located(self) -> bool:
        """Whether distances can be told."""
        return self.latitude is not None and self.longitude is not None


@dataclass(frozen=True, slots=True)
class Shelved:
    """One service on the shelf: what filters look at."""

    id: str
    name: str
    organisation: str
    description: str
    status: str
    latitude: float | None
    longitude: float | None
    step_free: str
    free: bool | None
    languages: tuple[str, ...]
    needs: tuple[str, ...]
    schedules: tuple[Schedule, ...]
    assured_on: date | None
    in_latest_file: bool

    @property
    def runs(self) -> bool:
        """Whether it can be signposted to."""
        return runs(self.status)

    @property
    def words(self) -> list[str]:
        """The words of its name."""
        return self.name.casefold().split()


class Shelf:
    """All services by id, read once and good until a service changes; a page keeps one so that typing is fast."""

    def __init__(self, services: dict[str, Shelved]) -> None:
        self.services = services
        self._open_at: datetime | None = None
        self._open: frozenset[str] = frozenset()

    def open_at(self, now: datetime) -> frozenset[str]:
        """Return the ids of the services that are open at ``now``; worked out once for each minute."""
        minute = now.replace(second=0, microsecond=0)
        if minute != self._open_at:
            self._open = frozenset(each.id for each in self.services.values() if each.runs and is_open(each.schedules, minute))
            self._open_at = minute
        return self._open

    def named(self, letter: str) -> list[Shelved]:
        """Return the services with a word in their name that begins with ``letter``."""
        begins = letter.casefold()
        return [each for each in self.services.values() if any(word.startswith(begins) for word in each.words)]


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One line of a list of services. Opening and age are worked out when they are asked for: only lines on the screen are."""

    service: Shelved
    distance: float | None
    standpoint: Standpoint

    @property
    def opening(self) -> OpenState:
        """Whether it is open, until when, or when next."""
        return open_at(self.service.schedules, self.standpoint.now)

    @property
    def checked(self) -> Checked:
        """When the entry was last checked."""
        here = self.standpoint
        return last_checked(self.service.assured_on, here.now.date(), here.ageing, here.old)

    @property
    def id(self) -> str:
        """The service's id."""
        return self.service.id


@dataclass(frozen=True, slots=True)
class Found:
    """The first lines of what was found, and how many there are."""

    lines: tuple[ServiceLine, ...]
    total: int


@dataclass(frozen=True, slots=True)
class NoteCard:
    """What a worker found out about a service, still to be settled."""

    id: str
    words: str
    noted_at: datetime | None
    noted_by: str
    """The worker's name."""


@dataclass(frozen=True, slots=True)
class ServiceCard:
    """Everything that is known of a service. Empty text, ``None`` and empty lists mean: they did not say."""

    id: str
    source: str
    name: str
    organisation: str
    description: str
    status: str
    url: str
    email: str
    telephone: str
    address: str
    postcode: str
    latitude: float | None
    longitude: float | None
    step_free: str
    languages: tuple[str, ...]
    cost: str
    free: bool | None
    rules: tuple[OpeningRule, ...]
    minimum_age: int | None
    maximum_age: int | None
    needs: tuple[str, ...]
    eligibility: str
    assured_on: date | None
    assured_by: str
    alert: str
    in_latest_file: bool
    notes: tuple[NoteCard, ...]

    @property
    def runs(self) -> bool:
        """Whether it can be signposted to."""
        return runs(self.status)

    @property
    def when(self) -> tuple[str, ...]:
        """The opening times, a line each."""
        return opening_words(self.rules)

    def opening(self, now: datetime) -> OpenState:
        """Return whether it is open at ``now``, the clock on the wall."""
        return open_at(schedules(self.rules), now)

    def distance(self, latitude: float | None, longitude: float | None) -> float | None:
        """Return how many miles it is from there, or ``None`` when one of the places is not known."""
        if self.latitude is None or self.longitude is None or latitude is None or longitude is None:
            return None
        return miles(latitude, longitude, self.latitude, self.longitude)


def read_shelf(connection: Connection) -> Shelf:
    """Read what searches need of all services, by name."""
    known = table(Service).c
    rows = connection.execute(
        select(
            known.id, known.name, known.organisation, known.description, known.status, known.latitude, known.longitude,
            known.step_free, known.free, known.languages, known.needs, known.schedule, known.assured_on, known.in_latest_file,
        )
        .where(known.gone == 0)
        .order_by(known.name.collate("NOCASE"), known.id)
    )  # fmt: skip
    shelved = (
        Shelved(
            id, name or "", organisation or "", description or "", status or "active", latitude, longitude,
            step_free or "unknown", free, tuple(languages or ()), tuple(needs or ()), schedules(opening_rules(schedule)),
            assured_on, latest is not False,
        )
        for id, name, organisation, description, status, latitude, longitude, step_free, free, languages, needs, schedule,
        assured_on, latest in rows
    )  # fmt: skip
    return Shelf({each.id: each for each in shelved})


def search(
    connection: Connection,
    typed: str,
    filters: Filters,
    standpoint: Standpoint,
    *,
    order: Order = "best",
    limit: int = LIMIT,
    shelf: Shelf | None = None,
) -> Found:
    """Return the services that match what was typed and pass the filters.

    ``best`` puts the best match first, or the nearest when nothing was typed. What does not run now stands
    at the end, never hidden.
    """
    shelf = read_shelf(connection) if shelf is None else shelf
    words = typed.strip()
    if len(words) == 1 and words.isalnum():
        # one letter occurs in the words of nearly every service
        candidates = shelf.named(words)
    elif words:
        candidates = [shelf.services[id] for id in find_services(connection, words, limit=_ALL) if id in shelf.services]
    else:
        candidates = list(shelf.services.values())
    open_ids = shelf.open_at(standpoint.now) if filters.open_now else None
    passed = [
        (service, far)
        for service in candidates
        if open_ids is None or service.id in open_ids
        for far in (_distance(service, standpoint),)
        if _passes(service, far, filters)
    ]
    if standpoint.located and (order == "nearest" or not words):
        passed.sort(key=lambda each: each[1] if each[1] is not None else float("inf"))
    passed.sort(key=lambda each: not each[0].runs)
    lines = tuple(ServiceLine(service, far, standpoint) for service, far in passed[:limit])
    return Found(lines, len(passed))


def service_card(connection: Connection, service: str) -> ServiceCard | None:
    """Return one service in full with the notes that are still open, or ``None`` when it is not in this file."""
    known = table(Service).c
    row = connection.execute(
        select(
            known.id, known.source, known.name, known.organisation, known.description, known.status, known.url, known.email,
            known.telephone, known.address, known.postcode, known.latitude, known.longitude, known.step_free, known.languages,
            known.cost, known.free, known.schedule, known.minimum_age, known.maximum_age, known.needs, known.eligibility,
            known.assured_on, known.assured_by, known.alert, known.in_latest_file,
        ).where(known.id == service, known.gone == 0)
    ).mappings().first()  # fmt: skip
    if row is None:
        return None
    lists = ("languages", "needs")
    numbers = ("latitude", "longitude", "free", "minimum_age", "maximum_age", "assured_on")
    plain: dict[str, Any] = {name: value if name in numbers else value or "" for name, value in row.items()}
    return ServiceCard(
        **{name: plain[name] for name in plain if name not in (*lists, "schedule", "in_latest_file", "status")},
        status=plain["status"] or "active",
        languages=tuple(row["languages"] or ()),
        needs=tuple(row["needs"] or ()),
        rules=opening_rules(row["schedule"]),
        in_latest_file=row["in_latest_file"] is not False,
        notes=tuple(open_notes(connection, service)),
    )


def open_notes(connection: Connection, service: str) -> list[NoteCard]:
    """Return what workers found wrong with a service and nobody has settled, the latest first."""
    known, worker = table(ServiceNote).c, table(Worker).c
    rows = connection.execute(
        select(known.id, known.words, known.noted_at, worker.name)
        .select_from(table(ServiceNote).outerjoin(table(Worker), worker.id == known.noted_by))
        .where(known.service == service, known.gone == 0, known.settled_at.is_(None))
        .order_by(known.noted_at.desc(), known.id.desc())
    )
    return [NoteCard(id, words or "", at, name or "") for id, words, at, name in rows]


@dataclass(frozen=True, slots=True)
class DirectoryCount:
    """How large the directory is, how many entries say when they were checked, and the latest of those days."""

    services: int
    checked: int
    last_checked_on: date | None


def count_services(connection: Connection) -> DirectoryCount:
    """Return the size of the directory."""
    known = table(Service).c
    count, checked, latest = connection.execute(
        select(func.count(), func.count(known.assured_on), func.max(known.assured_on))
        .select_from(table(Service))
        .where(known.gone == 0)
    ).one()
    return DirectoryCount(int(count), int(checked), latest)


def _distance(service: Shelved, standpoint: Standpoint) -> float | None:
    if service.latitude is None or service.longitude is None or standpoint.latitude is None or standpoint.longitude is None:
        return None
    return miles(standpoint.latitude, standpoint.longitude, service.latitude, service.longitude)


def _passes(service: Shelved, far: float | None, filters: Filters) -> bool:
    if filters.need and filters.need not in service.needs:
        return False
    if filters.language and filters.language not in service.languages:
        return False
    if filters.free and service.free is not True:
        return False
    if filters.step_free and service.step_free != "yes":
        return False
    return filters.within is None or (far is not None and far <= filters.within)
