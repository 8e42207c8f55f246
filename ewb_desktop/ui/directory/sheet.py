"""How a service is told on the page: its line in the list and its sheet with the facts. Words only, without Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ewb_desktop.domain.directory.stale import Checked, last_checked
from ewb_desktop.domain.distance import distance_words
from ewb_desktop.domain.time import local
from ewb_desktop.domain.words import full_day, list_words, short_day
from ewb_desktop.library import Library
from ewb_desktop.storage.cards.listings import BY_HAND
from ewb_desktop.storage.cards.services import NoteCard, ServiceCard, ServiceLine, Standpoint
from ewb_desktop.storage.cards.standing import Standing
from ewb_desktop.ui.standing_words import mark_of
from ewb_desktop.ui.widgets.row import Row, Tint

CLOSED = {"temporarily closed": "closed for now", "defunct": "closed", "inactive": "not running now"}
STEP_FREE = {"yes": "Step-free", "no": "Steps at the entrance", "unknown": "Step-free entrance: not known"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One service as it is read. ``closed`` says why nobody can be signposted there, empty when they can."""

    id: str
    name: str
    tag: str
    tint: Tint
    organisation: str
    description: str
    alert: str
    closed: str
    facts: tuple[tuple[str, str], ...]
    notes: tuple[Row, ...]
    """What colleagues found wrong, with who and when; each can be put right."""
    by_hand: bool
    """Whether workers wrote the entry themselves, so that it can be changed here."""


def line_row(line: ServiceLine) -> Row:
    """Return the line of a service in the list."""
    service = line.service
    tag, tint = _line_tag(line)
    far = distance_words(line.distance) if line.distance is not None else ""
    return Row(
        key=service.id,
        title=service.name,
        detail=_first_words(service.description) or service.organisation,
        tag=tag,
        tint=tint,
        trailing=far,
    )


def sheet_of(card: ServiceCard, standpoint: Standpoint, library: Library, standings: Mapping[str, Standing]) -> Sheet:
    """Return the sheet of a service, as it is seen from ``standpoint``; ``standings`` are those of its notes."""
    checked = last_checked(card.assured_on, standpoint.now.date(), standpoint.ageing, standpoint.old)
    tag, tint = ("", Tint.GREY)
    if not card.runs:
        tag = CLOSED.get(card.status, "not running now")
    elif card.assured_on and checked.state == "fresh":
        tag, tint = f"checked {short_day(card.assured_on)}", Tint.GREEN
    elif checked.state in ("ageing", "old"):
        tag, tint = _stale(checked), Tint.AMBER
    return Sheet(
        id=card.id,
        name=card.name,
        tag=tag,
        tint=tint,
        organisation=card.organisation if card.organisation != card.name else "",
        description=card.description,
        alert=card.alert,
        closed=f"This service is {CLOSED.get(card.status, 'not running now')}, so nobody can be signposted there."
        if not card.runs
        else "",
        facts=_facts(card, standpoint, library, checked),
        notes=tuple(_note_row(note, standings.get(note.id)) for note in card.notes),
        by_hand=card.source == BY_HAND,
    )


def _note_row(note: NoteCard, standing: Standing | None) -> Row:
    when = full_day(local(note.noted_at).date()) if note.noted_at else ""
    said = ", ".join(part for part in (note.noted_by or "a colleague", when) if part)
    detail = f"{said[:1].upper()}{said[1:]}"
    return Row(key=note.id, title=note.words, detail=detail, action="It is put right", mark=mark_of(standing))


def _facts(card: ServiceCard, standpoint: Standpoint, library: Library, checked: Checked) -> tuple[tuple[str, str], ...]:
    opening = card.opening(standpoint.now)
    when = "\n".join(card.when) or "Not given. Call before you go."
    if opening.open_now is not None and card.runs:
        when = f"{when}\n{opening.words[0].upper()}{opening.words[1:]}"
    far = card.distance(standpoint.latitude, standpoint.longitude)
    entrance = STEP_FREE.get(card.step_free, STEP_FREE["unknown"])
    address = ", ".join(part for part in (card.address, card.postcode) if part)
    beside = " · ".join(part for part in (distance_words(far) if far is not None else "", entrance) if part)
    where = "\n".join(part for part in (address, beside) if part)
    cost = card.cost or {True: "Free", False: "There is a charge. Ask how much.", None: ""}[card.free]
    if card.free and card.cost and "free" not in card.cost.casefold():
        cost = f"Free. {card.cost}"
    languages = list_words([library.list("languages").words(code) for code in card.languages])
    return (
        ("When", when),
        ("Where", where),
        ("Telephone", card.telephone or "Not given"),
        ("Cost", cost or "Not given. Ask before you go."),
        ("Languages", languages),
        ("Who for", ". ".join(part for part in (_ages(card), card.eligibility) if part)),
        ("Helps with", list_words([library.list("needs").words(code) for code in card.needs])),
        ("Email", card.email),
        ("Website", card.url),
        ("Last checked", _checked_words(card, checked)),
    )


def _checked_words(card: ServiceCard, checked: Checked) -> str:
    by = f" by {card.assured_by}" if card.assured_by and checked.state == "fresh" else ""
    missing = "" if card.in_latest_file else " It is not in the latest file of its directory."
    words = checked.words.removeprefix("Last checked ")
    return f"{words}{by}{'.' if missing and not words.endswith('.') else ''}{missing}"


def _ages(card: ServiceCard) -> str:
    youngest, oldest = card.minimum_age, card.maximum_age
    if youngest and oldest:
        return f"Ages {youngest} to {oldest}"
    if youngest:
        return f"Age {youngest} and over"
    return f"Up to age {oldest}" if oldest else ""


def _line_tag(line: ServiceLine) -> tuple[str, Tint]:
    if not line.service.runs:
        return CLOSED.get(line.service.status, "not running now"), Tint.GREY
    checked, opening = line.checked, line.opening
    if checked.state in ("ageing", "old"):
        return _stale(checked), Tint.AMBER
    if opening.open_now:
        return opening.words, Tint.GREEN
    if opening.next_words:
        return opening.next_words, Tint.GREY
    return ("check date not known", Tint.AMBER) if checked.state == "unknown" else ("", Tint.GREY)


def _stale(checked: Checked) -> str:
    words = checked.words.split(". ")[0].rstrip(".")
    return words[:1].lower() + words[1:]


def _first_words(description: str) -> str:
    return " ".join(description.split())[:200]
