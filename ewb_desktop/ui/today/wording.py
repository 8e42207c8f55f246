"""The words of the Today page: a row for each person who needs a contact, what is next here, what to print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime

from ewb_desktop.domain.distance import distance_words
from ewb_desktop.domain.handover import AnswerKind
from ewb_desktop.domain.lists import WordList, format_words
from ewb_desktop.domain.person import initials
from ewb_desktop.domain.time import local
from ewb_desktop.domain.words import DAYS, count_words, day_words, full_day, short_day, short_weekday
from ewb_desktop.library import Library
from ewb_desktop.storage.cards.follow_ups import AFTER, ALONG, BEFORE, FOUR_WEEKS, MEETING, SIGNPOST, STARTED, TWELVE_WEEKS
from ewb_desktop.storage.cards.here import NextHere, Printed
from ewb_desktop.storage.cards.today import TodayItem, Why
from ewb_desktop.storage.cards.visits import VisitCard
from ewb_desktop.storage.holding.openings import OpeningCard
from ewb_desktop.ui.destinations import (
    Destination,
    ToConversation,
    ToHandover,
    ToLeaflets,
    ToNewPerson,
    ToPerson,
    ToSafety,
    ToService,
    ToSignpost,
)  # fmt: skip
from ewb_desktop.ui.widgets.row import Row, Tint

BORN = ("Born ", "Date of birth ")
"""How a row's detail begins when two people have one name."""

CRISIS = "crisis"
"""The leaflet that is always offered."""

Said = tuple[str, str, Tint, str]
"""Detail, tag, tint and verb of a row."""


def greeting(at: datetime, name: str) -> str:
    """Return ``Good afternoon, Rowan`` for the clock on the wall."""
    part = "morning" if at.hour < 12 else "afternoon" if at.hour < 18 else "evening"
    first = name.split()[0] if name.split() else ""
    return f"Good {part}, {first}" if first else f"Good {part}"


def day_line(today: date, opening: str, visits: int) -> str:
    """Return ``Thursday 26 November · drop-in until 16:00 · 9 visits so far today``."""
    counted = f"{count_words(visits, 'visit')} so far today" if visits else "no visits counted yet today"
    hours = opening.replace("open until", "drop-in until")
    return " · ".join(part for part in (day_words(today), hours, counted) if part)


def visit_row(visit: VisitCard, number: int, reasons: WordList, *, names: bool = True) -> Row:
    """Return the row of the day's visit ``number``: when, how many, why; that it became a member, or a way to a name.

    Without ``names`` nothing of it leads to anybody: the worker holds no members' records.
    """
    reason = reasons.entry(visit.reason)
    why = reason.words if reason is not None else visit.reason
    title = f"{number}, at {local(visit.at):%H:%M}"
    detail = " · ".join(part for part in (count_words(visit.people, "person", "people") if visit.people > 1 else "", why) if part)
    if not names:
        return Row(key=visit.id, title=title, detail=detail)
    if visit.person:
        return Row(key=ToPerson(visit.person), title=title, detail=detail, tag="member now", tint=Tint.GREEN, opens=True)
    return Row(key=ToNewPerson(visit=visit.id), title=title, detail=detail, action="They gave a name")


def item_rows(items: Sequence[TodayItem], worker: str, today: date) -> list[Row]:
    """Return a row for each person. Two people of one name are told apart by their dates of birth."""
    names = Counter(item.name for item in {item.person: item for item in items}.values())
    return [item_row(item, worker, today, alike=names[item.name] > 1) for item in items]


def item_row(item: TodayItem, worker: str, today: date, *, alike: bool = False) -> Row:
    """Return the row of one person; its key is the item. ``alike`` says that somebody else here has the same name."""
    detail, tag, tint, verb = _SAID[item.why](item, worker, today)
    if alike:
        detail = f"{_born(item)}. {detail}"
    return Row(
        key=item, title=item.name, detail=detail, initials=initials(item.name), tag=tag, tint=tint,
        trailing=_when(item, today), action=verb, opens=True,
    )  # fmt: skip


def opening_row(opening: OpeningCard, reasons: WordList) -> Row:
    """Return who opened whose page, when and why; its key is the opening."""
    at, until = local(opening.opened_at), local(opening.until)
    why = reasons.words(opening.reason)
    return Row(
        key=opening.id,
        title=f"{opening.by or 'A colleague'} opened {opening.name}'s page",
        detail=f"On {short_day(at.date())} from {at:%H:%M} to {until:%H:%M}. Why: {why}. In their words: “{opening.words}”",
        action="I have read it",
    )


def goes_to(item: TodayItem) -> Destination:
    """Return where the row's button leads."""
    match item.why:
        case Why.SAFETY:
            return ToSafety(item.person, talk=item.id)
        case Why.PAUSED:
            return ToConversation(item.person, item.id)
        case Why.HANDOVER:
            return ToHandover(item.person, handover=item.id)
        case Why.OUT_OF_TOUCH:
            return ToPerson(item.person, contact=True)
    if item.part == AFTER or item.part not in _PROMISED:
        return ToPerson(item.person, contact=True, follow_up=item.id)
    if item.about == SIGNPOST:
        return ToSignpost(item.person, signpost=item.about_id)
    return ToHandover(item.person, handover=item.about_id)


def button_words(row: Row) -> str:
    """Return what a screen reader calls the row's button: one person may wait for two things."""
    born = row.detail.split(". ")[0] if row.detail.startswith(BORN) else ""
    return ", ".join(part for part in (f"{row.action}: {row.title}", born, row.tag) if part)


def service_row(service: NextHere) -> Row:
    """Return the row of something that is open here, or next."""
    opening = service.opening
    when = opening.words if opening.open_now else opening.next_words
    where = distance_words(service.distance) + " away" if service.distance is not None and service.distance >= 0.1 else ""
    facts = (when[:1].upper() + when[1:], where, "step-free" if service.step_free else "", "free" if service.free else "")
    return Row(key=ToService(service.service), title=service.name, detail=" · ".join(fact for fact in facts if fact), opens=True)


def leaflet_row(printed: Printed, library: Library) -> Row:
    """Return the row of a leaflet that can be printed again, under the title that stands on it."""
    title, languages = library.leaflet_title(printed.topic), library.list("languages")
    form = format_words(library.list("leaflet_formats"), printed.format)
    facts = (form, languages.words(printed.language) if printed.language else "")
    again = ToLeaflets(topic=printed.topic, style=printed.format, language=printed.language)
    return Row(key=again, title=title, detail=", ".join(fact for fact in facts if fact), action="Print")


def _born(item: TodayItem) -> str:
    return f"{BORN[0]}{full_day(item.born)}" if item.born else f"{BORN[1]}not known"


def _safety(item: TodayItem, worker: str, today: date) -> Said:
    if item.unwritten:
        return "A safety conversation is waiting", "Safety talk open", Tint.AMBER, "Open"
    who = "You" if item.owner == worker else item.subject or "A colleague"
    agreed = f"Agreed: {item.words}" if item.words else "Not finished yet."
    return f"{who} talked about safety {_on(item.day, today)}. {agreed}", "Safety talk open", Tint.AMBER, "Open"


def _paused(_item: TodayItem, _worker: str, _today: date) -> Said:
    return "You began a conversation today. Everything said is kept.", "Conversation", Tint.BLUE, "Go on"


def _promised(item: TodayItem, _worker: str, _today: date) -> Said:
    what, tag, tint, verb = _PROMISED.get(item.part, ("You agreed to be in touch.", "Waiting", Tint.GREY, "Ring"))
    return " ".join(part for part in (what.format(item.subject or "the service"), item.words) if part), tag, tint, verb


_PROMISED: dict[str, Said] = {
    FOUR_WEEKS: ("{0}, 4 weeks on. Did they get there?", "Signpost", Tint.BLUE, "Ask"),
    TWELVE_WEEKS: ("{0}, 12 weeks on. Are they still going?", "Signpost", Tint.BLUE, "Ask"),
    BEFORE: ("The first visit to {0} is coming. You said you would be in touch before.", "Before-contact", Tint.GREEN, "Plan"),
    ALONG: ("The first visit to {0}. You said you would go along.", "Going along", Tint.GREEN, "Plan"),
    AFTER: ("They were going to {0}. Ask how it was.", "After-contact", Tint.GREEN, "Ring"),
    MEETING: ("You meet together with {0}.", "Meeting together", Tint.VIOLET, "Open"),
    STARTED: ("Has {0} started with them?", "Handover", Tint.VIOLET, "Ask"),
}


def _handover(item: TodayItem, _worker: str, _today: date) -> Said:
    receiver = item.subject or "The receiver"
    days = item.clock.days if item.clock else 0
    if not item.part:
        detail = f"{receiver} has not said when they start"
    elif item.part == AnswerKind.BETTER_DONE_BY:
        detail = f"“{receiver}”: {item.words[:1].lower()}{item.words[1:]}"
    else:
        detail = f"“{receiver}” said: {item.words[:1].lower()}{item.words[1:]}. Have they been?"
    if item.clock is not None and item.clock.overdue:
        detail = f"{detail} ({item.clock.words.rpartition(': ')[2]})"
    return detail, f"Handover, day {days}" if days else "Handover, today", Tint.VIOLET, "Open"


def _quiet(item: TodayItem, _worker: str, today: date) -> Said:
    weeks = (today - item.day).days // 7 if item.day else 0
    tried = {0: "", 1: " Tried once.", 2: " Tried twice."}.get(item.tried, f" Tried {item.tried} times.")
    detail = f"Nobody has talked with them for {count_words(weeks, 'week')}.{tried}"
    return detail, "Keeping in touch", Tint.GREY, "Try again" if item.tried else "Ring"


_SAID: dict[Why, Callable[[TodayItem, str, date], Said]] = {
    Why.SAFETY: _safety,
    Why.PAUSED: _paused,
    Why.FOLLOW_UP: _promised,
    Why.HANDOVER: _handover,
    Why.OUT_OF_TOUCH: _quiet,
}


def _when(item: TodayItem, today: date) -> str:
    if item.why is Why.OUT_OF_TOUCH or item.day is None:
        return "this week"
    if item.day >= today:
        return "today" if item.day == today else "tomorrow"
    # "Handover, day 6" and "since Sunday" beside one another would read as two beginnings
    return f"was due {_near(item.day, today)}" if item.why is Why.HANDOVER else f"since {_near(item.day, today)}"


def _near(day: date, today: date) -> str:
    return short_weekday(day) if (today - day).days < 7 else short_day(day)


def _on(day: date | None, today: date) -> str:
    if day is None or day == today:
        return "today"
    return f"on {DAYS[day.weekday()]}" if (today - day).days < 7 else f"on {short_day(day)}"
