"""Made-up records in the quantities of a real service, the same at every run, in the product's own entities."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from pydantic import JsonValue

from ewb_desktop.domain.time import instant_text
from sync.protocol.entities import ENVELOPE

GIVEN = ("Amina", "Joe", "Marek", "Sunita", "Pat", "Grace", "Rowan", "Zofia", "Idris", "Nia", "Owen", "Fatima", "Leon", "Maya",
         "Tomasz", "Aisha", "Peter", "Ewa", "Hassan", "Ruth", "Ola", "Dev", "Carys", "Bilal", "Hana", "Colin")  # fmt: skip
FAMILY = ("Khan", "Dunn", "Lis", "Bose", "Tran", "Lamb", "Oak", "Nowak", "Warsame", "Price", "Jones", "Begum", "Mbeki", "Shah",
          "Wójcik", "Hussain", "Marsh", "Mazur", "Iqbal", "Lewis", "Grant", "Patel", "Evans", "Malik", "Sato", "Ford", "Owusu",
          "Demir", "Zielińska", "Pugh", "Clarke", "Adeyemi", "Barnes", "Kowalska", "Rahman", "Doyle")  # fmt: skip
VOCABULARY = (
    "the and to of with for she he her his on in at is not has a said that this it they about after again all also always "
    "alone angry asked away bad because bed before better boys bus busy called came café carers choir cold cooking cried "
    "daughter day days debt did doctor done door down each early eat eats evening every family fear feel feels felt few find "
    "first flat food forms found four friend from full garden gave get gets girls given go goes good got group hall hand happy "
    "hard heating help hers hill home hope hospital hours house housing how husband ill job just keep kept kettle kids kitchen "
    "knows last late laughed left less letter letters library like little lives living long look looking lost loud made make "
    "manage many meet meeting men money month morning most mother moved much music needs neighbour never new next night noise "
    "nothing now nurse off often old once one open other out over paid pain park part pay people phone place post quiet read "
    "ready rent rest ring room sad safe saw school see sister sits sleep slept slow small soon sorry stairs started stay still "
    "stopped store street strong sure swim table tablets takes talk talked tea tell then there they thing things think three "
    "through Thursday time tired today together told too town train tried Tuesday two under until used usually visit voice "
    "waiting walk walked wants warm was week weeks well went were what when where which while wife will winter with without "
    "woke words work worried worries year years yesterday young"
)
WORDS = tuple(VOCABULARY.split())
"""What notes are made of: no phrases, which would compress as no real note does."""
NOTE = 400
"""Characters of a contact's note, as in the trackers of other services; shorter things are said elsewhere."""
AREA = "stretford"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

Record = tuple[str, str, dict[str, JsonValue]]
"""An entity, an id and its fields."""


def people(count: int, seed: int = 1) -> Iterator[list[Record]]:
    """Give nine records for each of ``count`` members: who they are, and what happened."""
    chance = random.Random(seed)
    for number in range(count):
        yield _member(chance, number)


def _member(chance: random.Random, number: int) -> list[Record]:
    def new() -> str:
        # version 7 in shape: the time first, so that ids sort as real ones do
        head = (1_770_000_000_000 + number * 1000 + chance.randrange(900)) & ((1 << 48) - 1)
        bits = (head << 80) | (0x7 << 76) | (chance.getrandbits(12) << 64) | (0b10 << 62) | chance.getrandbits(62)
        return str(UUID(int=bits))

    def at(days: int) -> str:
        return instant_text(START + timedelta(days=days + number % 200, minutes=chance.randrange(400)))

    def note(length: int = 60) -> str:
        return prose(chance, length)

    person, talk, signpost = new(), new(), new()
    given, family = chance.choice(GIVEN), chance.choice(FAMILY)
    born = date(1935, 1, 1) + timedelta(days=chance.randrange(26_000))
    return [
        ("person", person, {
            "given_name": given, "family_name": f"{family}", "birth_date": born.isoformat(), "membership": "active",
            "telephone": f"07700 900{chance.randrange(1000):03d}", "postcode": f"M32 0{''.join(chance.choices('CIKMOV', k=2))}",
            "spoken_language": chance.choice(["en", "en", "en", "pl", "ur"]), "source": chance.choice(["self", "gp", "walk_in"]),
            "safe_to_call": "yes", "joined_on": "2026-03-02", "communication": ["large_print"] if number % 7 == 0 else []}),
        ("conversation", talk, {"person": person, "started_at": at(0), "ended_at": at(0), "mode": "in_person",
                                "summary": note(NOTE)}),
        ("assessment", new(), {"person": person, "conversation": talk, "questionnaire": "phq-9", "version": "1",
                               "started_at": at(0), "completed_at": at(0), "total": chance.randrange(28), "answered": 9,
                               "questions": 9, "prorated": 0}),
        ("assessment", new(), {"person": person, "conversation": talk, "questionnaire": "gad-7", "version": "1",
                               "started_at": at(0), "completed_at": at(0), "total": chance.randrange(22), "answered": 7,
                               "questions": 7, "prorated": 0}),
        ("need", new(), {"person": person, "conversation": talk, "code": chance.choice(["money", "sleep", "loneliness"]),
                         "words": note(), "wanted": "now", "noted_at": at(0)}),
        ("signpost", signpost, {"person": person, "service_name": "Stretford Debt Advice drop-in", "reason": note(),
                                "how": "told", "made_at": at(0)}),
        ("follow_up", new(), {"person": person, "about": "signpost", "about_id": signpost, "kind": "four_weeks",
                              "due_on": (START.date() + timedelta(days=28 + number % 300)).isoformat()}),
        ("contact", new(), {"person": person, "at": at(7), "how": "phone", "reached": "spoke", "note": note(NOTE)}),
        ("contact", new(), {"person": person, "at": at(21), "how": "phone", "reached": "spoke", "note": note(NOTE)}),
    ]  # fmt: skip


def prose(chance: random.Random, length: int = NOTE) -> str:
    """Return words as they stand in a note, of about ``length`` characters."""
    said: list[str] = []
    left = chance.randrange(length // 2, length * 3 // 2)
    while left > 0:
        # common words come often, a time or an amount now and then
        word = WORDS[int(len(WORDS) * chance.random() ** 2)] if chance.random() > 0.04 else str(chance.randrange(1, 240))
        said.append(word)
        left -= len(word) + 1
    return " ".join(said)


def services(count: int, seed: int = 2) -> Iterator[Record]:
    """Give ``count`` services of a directory."""
    chance = random.Random(seed)
    kinds = ["debt advice", "walking group", "men's shed", "carers' café", "food bank", "art class", "housing help", "choir"]
    for number in range(count):
        bits = (1_770_000_000_000 + number << 80) | (0x7 << 76) | (0b10 << 62) | number
        kind = chance.choice(kinds)
        yield "service", str(UUID(int=bits)), {
            "source": "made up", "source_id": f"s{number}", "name": f"{chance.choice(FAMILY)} {kind} {number}",
            "status": "active",
            "organisation": f"{chance.choice(FAMILY)} Trust", "description": f"{kind}: {' '.join(chance.choices(WORDS, k=12))}",
            "latitude": 53.44 + chance.random() / 10, "longitude": -2.31 + chance.random() / 10, "step_free": "yes",
            "languages": ["en"], "free": 1, "needs": ["money"], "assured_on": "2026-10-01", "in_latest_file": 1,
            "schedule": [{"freq": "weekly", "byday": ["TU", "SA"], "opens_at": "13:00", "closes_at": "16:00"}]}  # fmt: skip


def as_pages(records: list[Record], author: str) -> dict[str, tuple[list[str], list[list[JsonValue]]]]:
    """Return the records as a server's rows: for each entity its columns and rows, numbered in order."""
    pages: dict[str, tuple[list[str], list[list[JsonValue]]]] = {}
    for number, (entity, record, fields) in enumerate(records, 1):
        columns, rows = pages.setdefault(entity, ([*ENVELOPE, *(name for name in fields if name not in ENVELOPE)], []))
        envelope: dict[str, JsonValue] = {
            "id": record, "area": AREA if entity != "service" else "*", "number": number, "author": author,
            "made_at": instant_text(START), "gone": 0,
        }  # fmt: skip
        values = {**envelope, **fields}
        rows.append([values[name] for name in columns])
    return pages
