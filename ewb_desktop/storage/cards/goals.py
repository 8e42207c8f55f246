"""What members want to reach, in their own words, and how near they felt to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from ewb_desktop.storage.tables import Goal, GoalRating, Worker, table


@dataclass(frozen=True, slots=True)
class RatingCard:
    """How near a goal felt: 0 (no nearer yet) to 10 (reached)."""

    id: str
    rating: int
    rated_at: datetime


@dataclass(frozen=True, slots=True)
class GoalCard:
    """One goal with its ratings in the order of time. ``set_by`` is the name of the worker who wrote it down."""

    id: str
    number: int
    """The server's number of the record as it stands here; 0 where the server has not numbered it yet."""
    person: str
    conversation: str
    need: str
    words: str
    outcome: str
    set_at: datetime
    set_by: str
    ratings: tuple[RatingCard, ...]


def goals_of(connection: Connection, person: str) -> list[GoalCard]:
    """Return a member's goals, the latest first."""
    known, worker, rated = table(Goal).c, table(Worker).c, table(GoalRating).c
    ratings: dict[str, list[RatingCard]] = {}
    for goal, card in _ratings(connection, rated.person == person):
        ratings.setdefault(goal, []).append(card)
    rows = connection.execute(
        select(
            known.id, known.number, known.person, known.conversation, known.need, known.words, known.outcome, known.set_at,
            known.made_at, worker.name,
        )
        .select_from(table(Goal).outerjoin(table(Worker), worker.id == known.set_by))
        .where(known.person == person, known.gone == 0)
        .order_by(known.set_at.desc(), known.id.desc())
    )  # fmt: skip
    return [
        GoalCard(
            id, number, person or "", talk or "", need or "", words or "", outcome or "", at or made, name or "",
            tuple(ratings.get(id, ())),
        )
        for id, number, person, talk, need, words, outcome, at, made, name in rows
    ]  # fmt: skip


def ratings_of(connection: Connection, goal: str) -> list[RatingCard]:
    """Return the ratings of one goal in the order of time."""
    return [card for _, card in _ratings(connection, table(GoalRating).c.goal == goal)]


def _ratings(connection: Connection, where: ColumnElement[bool]) -> list[tuple[str, RatingCard]]:
    rated = table(GoalRating).c
    rows = connection.execute(
        select(rated.goal, rated.id, rated.rating, rated.rated_at, rated.made_at)
        .where(where, rated.gone == 0, rated.rating.is_not(None))
        .order_by(rated.rated_at, rated.id)
    )
    return [(goal, RatingCard(id, rating, rated_at or made_at)) for goal, id, rating, rated_at, made_at in rows]
