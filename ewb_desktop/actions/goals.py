"""A member's goal: agreed in their words, rated from 0 to 10, and what became of it."""

from __future__ import annotations

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.domain.roles import Duty
from ewb_desktop.domain.time import local
from ewb_desktop.storage.cards.goals import ratings_of
from ewb_desktop.storage.cards.people import person_area
from ewb_desktop.storage.tables import Goal, GoalRating
from ewb_desktop.storage.writing import SeenAt


def set_goal(
    desk: Desk, person: str, words: str, *, conversation: str | None = None, need: str | None = None,
    initiator: object | None = None,
) -> str:  # fmt: skip
    """Write down a goal in the member's words and return its id. Raises :class:`FaultyFields` when there are none."""
    with desk.write(Duty.CARE, initiator) as writing:
        return writing.add(
            Goal(
                area=person_area(writing.connection, person), person=person, conversation=conversation, need=need,
                set_at=desk.clock.now(), set_by=desk.worker.id, words=_words(words),
            )
        )  # fmt: skip


def change_goal(desk: Desk, goal: str, words: str, *, seen_at: SeenAt = None, initiator: object | None = None) -> None:
    """Put a goal in other words. Raises :class:`FaultyFields` when there are none.

    ``seen_at`` is the server's number at which the worker saw the goal: what a colleague wrote since is not passed over unseen.
    """
    with desk.write(Duty.CARE, initiator) as writing:
        writing.edit_as_seen(Goal, goal, seen_at, words=_words(words))


def remove_goal(desk: Desk, goal: str, *, initiator: object | None = None) -> None:
    """Take a goal off the screens; :func:`restore_goal` undoes it."""
    with desk.write(Duty.CARE, initiator) as writing:
        writing.remove(Goal, goal)


def restore_goal(desk: Desk, goal: str, *, initiator: object | None = None) -> None:
    """Bring a goal back."""
    with desk.write(Duty.CARE, initiator) as writing:
        writing.restore(Goal, goal)


def rate_goal(desk: Desk, person: str, goal: str, rating: int, *, initiator: object | None = None) -> str:
    """Note how near the goal feels today, 0 (no nearer yet) to 10 (reached), and return the rating's id.

    Ratings of other days stay; a second one on the same day takes the place of the first.
    """
    if isinstance(rating, bool) or not 0 <= rating <= 10:
        raise FaultyFields({"rating": "Choose a number from 0 to 10."})
    with desk.write(Duty.CARE, initiator) as writing:
        for card in ratings_of(writing.connection, goal):
            if local(card.rated_at).date() == desk.clock.today():
                writing.remove(GoalRating, card.id)
        return writing.add(
            GoalRating(
                area=person_area(writing.connection, person),
                person=person,
                goal=goal,
                rating=rating,
                rated_at=desk.clock.now(),
                rated_by=desk.worker.id,
            )
        )


def record_goal_outcome(desk: Desk, goal: str, outcome: str, *, seen_at: SeenAt = None, initiator: object | None = None) -> None:
    """Note what became of a goal, a key of the list ``goal_outcomes``; nothing says that it is gone on with.

    ``seen_at`` as for :func:`change_goal`.
    """
    if outcome and outcome not in desk.library.list("goal_outcomes").keys:
        raise FaultyFields({"outcome": "Choose what became of this goal."})
    with desk.write(Duty.CARE, initiator) as writing:
        writing.edit_as_seen(Goal, goal, seen_at, outcome=outcome or None)


def _words(words: str) -> str:
    if not words.strip():
        raise FaultyFields({"words": "Write the goal in the person's own words."})
    return words.strip()
