"""The words of the cards beside the timeline: needs and goals, feelings over time, sharing choices, membership."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ewb_desktop.domain.membership import State
from ewb_desktop.domain.time import local
from ewb_desktop.domain.words import MONTHS, full_day, short_day
from ewb_desktop.library import Library
from ewb_desktop.storage.cards.assessments import AnswerCard, SeriesPoint
from ewb_desktop.storage.cards.goals import GoalCard
from ewb_desktop.storage.cards.needs import HelpGiven, NeedCard
from ewb_desktop.storage.cards.safety_talks import TalkCard
from ewb_desktop.storage.cards.sharing import SharingCard
from ewb_desktop.storage.cards.standing import Standing
from ewb_desktop.ui.standing_words import marked
from ewb_desktop.ui.widgets.row import Row, Tint

CHARTED = ("phq-9", "gad-7")
"""Questionnaires whose totals are drawn over time."""

_OUTCOME_TINTS = {"met": Tint.GREEN, "partly": Tint.GREEN, "reached": Tint.GREEN}


@dataclass(frozen=True, slots=True)
class Series:
    """One line of the chart: a name and its numbers, oldest first."""

    name: str
    points: tuple[tuple[date, float], ...]


@dataclass(frozen=True, slots=True)
class Membership:
    """What the membership is, since when, what it can become, and which of those need a day (by key: its question)."""

    words: str
    since: str
    moves: tuple[tuple[str, str], ...]
    days: dict[str, tuple[str, str]]
    """For a key: the fact's name and the question."""


def need_row(need: NeedCard, helped: Sequence[HelpGiven], library: Library, today: date) -> Row:
    """Return the row of a need, with how it stands and what was done for it."""
    tag, tint = "now", Tint.BLUE
    if need.outcome and need.outcome != "still_open":
        tag, tint = library.list("need_outcomes").words(need.outcome).lower(), _OUTCOME_TINTS.get(need.outcome, Tint.GREY)
    elif helped:
        tag, tint = "being helped", Tint.VIOLET
    elif need.wanted and need.wanted != "now":
        tag, tint = library.list("need_wants").words(need.wanted).lower(), Tint.GREY
    title = need.words or library.list("needs").words(need.code)
    detail = " ".join(f"{help_words(each, today)}." for each in helped)
    return Row(key=need.id, title=title, detail=detail, tag=tag, tint=tint, opens=True)


def help_words(help: HelpGiven, today: date) -> str:
    """Return ``Handed over to Stretford Debt Advice on 19 November, started on 24 November``."""
    did, started = ("Handed over", help.started_on) if help.handed_over else ("Signposted", None)
    on = f" on {_day(help.day, today)}" if help.day else ""
    return f"{did} to {help.to or 'a service'}{on}" + (f", started on {_day(started, today)}" if started else "")


def _day(day: date, today: date) -> str:
    """Return the day, with its year only where it is another one."""
    return full_day(day) if day.year != today.year else f"{day.day} {MONTHS[day.month - 1]}"


def goal_row(goal: GoalCard, library: Library) -> Row:
    """Return the row of a goal, with how near it felt last and what became of it."""
    last = goal.ratings[-1] if goal.ratings else None
    rated = f"{last.rating} of 10" if last else "not rated yet"
    title = f"“{goal.words}”"
    if not goal.outcome:
        return Row(key=goal.id, title=title, trailing=rated, action="Rate")
    became = library.list("goal_outcomes").words(goal.outcome).lower()
    tint = _OUTCOME_TINTS.get(goal.outcome, Tint.GREY)
    return Row(key=goal.id, title=title, detail=rated, tag=became, tint=tint, action="Rate")


def series_of(name: str, points: Sequence[SeriesPoint]) -> Series:
    """Return one line of the chart."""
    return Series(name, tuple((point.day, point.total) for point in points))


def series_words(series: Series) -> str:
    """Return the numbers of a line in words: ``PHQ-9: 17 on 17 Sept, 14 on 19 Nov``."""
    return f"{series.name}: " + ", ".join(f"{total:g} on {short_day(day)}" for day, total in series.points)


def sharing_row(choice: SharingCard, today: date) -> Row:
    """Return the row of a sharing choice; what counts can be taken back."""
    until = f"until {full_day(choice.until)}" if choice.until else ""
    state, action = "", "Take back"
    if choice.withdrawn_at is not None:
        state, action = f"Taken back {short_day(local(choice.withdrawn_at).date())}", ""
    elif not choice.agreed:
        state = "Not to be shared"
    elif not choice.counts_on(today):
        state, action = "Has ended", ""
    detail = " · ".join(part for part in (state, choice.what, until, choice.told_how) if part)
    return Row(key=choice.id, title=choice.shared_with, detail=detail, action=action)


_DAYS = {"next_date": "When will you be in touch next?", "tried_on": "When did you last try?"}


def membership_of(known: dict[str, State], state: str, joined: date | None) -> Membership:
    """Return what is said of a membership. Every state has a way on."""
    now = known.get(state)
    moves = now.moves if now is not None else tuple(key for key in known if key != "visitor")
    days = {key: (known[key].needs[0], _DAYS.get(known[key].needs[0], "On which day?")) for key in moves if known[key].needs}
    return Membership(
        words=now.words if now is not None else state.replace("_", " ") or "Not known",
        since=f"Member since {full_day(joined)}" if joined else "",
        moves=tuple((key, known[key].words) for key in moves),
        days=days,
    )


def talk_words(talk: TalkCard) -> str:
    """Return when a safety conversation was opened, by whom, and who looks after it."""
    opened = f"Opened on {full_day(local(talk.opened_at).date())} by {talk.opened_by_name}."
    return f"{opened} {talk.owner_name} looks after it." if talk.owner_name else opened


def said_when(answer: AnswerCard) -> str:
    """Return when an answer was written down, and by whom."""
    return " · ".join(part for part in (full_day(local(answer.answered_at).date()), answer.answered_by) if part)


def with_marks(rows: Sequence[Row], standings: Mapping[str, Standing]) -> tuple[Row, ...]:
    """Return rows whose keys are their records' ids with the marks of where those stand."""
    return tuple(marked(rows, standings, [str(row.key) for row in rows]))
