"""What was said: questionnaires and their answers, needs, goals, safety."""

from __future__ import annotations

from ewb_desktop.storage.columns import Day, Flag, Instant, Json, Real, Text, Whole
from ewb_desktop.storage.tables.row import Row


class Conversation(Row, table=True):
    """A conversation with a member."""

    __tablename__ = "conversation"

    person: Text = None
    place: Text = None
    worker: Text = None
    started_at: Instant = None
    ended_at: Instant = None
    mode: Text = None
    summary: Text = None


class Assessment(Row, table=True):
    """A questionnaire that was begun with a member."""

    __tablename__ = "assessment"

    person: Text = None
    conversation: Text = None
    questionnaire: Text = None
    version: Text = None
    worker: Text = None
    started_at: Instant = None
    completed_at: Instant = None
    completed_how: Text = None
    total: Real = None
    answered: Whole = None
    questions: Whole = None
    prorated: Flag = None
    rule_version: Text = None


class Answer(Row, table=True):
    """One answer of a questionnaire."""

    __tablename__ = "answer"

    person: Text = None
    assessment: Text = None
    question: Text = None
    value: Json = None
    skipped: Flag = None
    answered_at: Instant = None
    answered_by: Text = None
    told_by: Text = None


class Need(Row, table=True):
    """A need in the member's own words."""

    __tablename__ = "need"

    person: Text = None
    conversation: Text = None
    noted_at: Instant = None
    noted_by: Text = None
    code: Text = None
    words: Text = None
    wanted: Text = None
    outcome: Text = None
    unmet_reason: Text = None
    priority: Whole = None


class Goal(Row, table=True):
    """A goal that was agreed."""

    __tablename__ = "goal"

    person: Text = None
    conversation: Text = None
    need: Text = None
    set_at: Instant = None
    set_by: Text = None
    words: Text = None
    outcome: Text = None


class GoalRating(Row, table=True):
    """How near a member felt to a goal on one day."""

    __tablename__ = "goal_rating"

    person: Text = None
    goal: Text = None
    rating: Whole = None
    rated_at: Instant = None
    rated_by: Text = None


class SafetyTalk(Row, table=True):
    """A conversation about staying safe, until a named worker closes it."""

    __tablename__ = "safety_talk"

    person: Text = None
    conversation: Text = None
    opened_at: Instant = None
    opened_by: Text = None
    opened_because: Text = None
    explored: Text = None
    harder: Text = None
    safer: Text = None
    could_change: Text = None
    told_whom: Text = None
    told_at: Instant = None
    agreed: Text = None
    plan: Text = None
    review_on: Day = None
    owner: Text = None
    closed_at: Instant = None
    closed_by: Text = None
