"""Warm handover: agreed is accepted, the receiver answers in one of three ways, the coordinator stays until a first meeting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.actions.follow_ups import bring_back_with_follow_ups, take_back_with_follow_ups
from ewb_desktop.actions.signposting import check_runs
from ewb_desktop.domain.handover import OVERDUE, USUAL_DAYS, AnswerKind, BadHandoverAnswer, HandoverAnswer, check_answer
from ewb_desktop.domain.roles import Duty
from ewb_desktop.domain.unseen import without_unseen
from ewb_desktop.storage.cards import follow_ups as kinds
from ewb_desktop.storage.cards.handovers import HandoverCard, handover_card
from ewb_desktop.storage.cards.people import person_area
from ewb_desktop.storage.cards.services import service_card
from ewb_desktop.storage.tables import FollowUp, Handover, Person, SharingChoice
from ewb_desktop.storage.writing import SeenAt

_FIELD = {AnswerKind.START_AND_NEED: "need", AnswerKind.BETTER_DONE_BY: "better_done_by"}


class NotStartedYet(ValueError):
    """The member has not met the receiver yet, so the coordinator stays; the text says what to do."""


def hand_over(
    desk: Desk,
    person: str,
    *,
    reason: str,
    service: str | None = None,
    need: str | None = None,
    to_name: str = "",
    to_telephone: str = "",
    wanted: str = "",
    summary: str = "",
    shared: Sequence[str] = (),
    agreed: bool = False,
    introduced_by: str = "",
    meeting_on: date | None = None,
    initiator: object | None = None,
) -> str:
    """Agree a handover to a service of the directory or to somebody by name, and return its id. It is accepted today.

    ``need`` is the id of the member's need that it is for. ``shared`` (keys of ``handover_shares``) says what the receiver is
    told; with it the member must have ``agreed``, and the agreement is kept among their sharing choices. What is to be done
    stands on the Today page: the joint meeting on its day, and asking whether it has started.

    Raises :class:`FaultyFields`, ``ServiceClosed``.
    """
    today, to_name, to_telephone = desk.clock.today(), without_unseen(to_name), without_unseen(to_telephone)
    faults = {}
    if not service and not to_name:
        faults["to_name"] = "Choose a service, or write the name of who takes over."
    if not reason.strip():
        faults["reason"] = "Write why, in a few words, for example “wants help with debts”."
    if shared and not agreed:
        faults["shared"] = (
            "Ask whether they agree to this being shared. Without a yes, share nothing: the handover works all the same."
        )
    if meeting_on is not None and meeting_on < today:
        faults["meeting_on"] = "This day has passed. Choose today or a later day, or leave it empty."
    if faults:
        raise FaultyFields(faults)
    ask_on = today + timedelta(days=desk.library.times.get(OVERDUE, USUAL_DAYS))
    with desk.write(Duty.CARE, initiator) as writing:
        card = service_card(writing.connection, service) if service else None
        if service:
            check_runs(card)
        area = person_area(writing.connection, person)
        made = writing.add(
            Handover(
                area=area, person=person, service=service, need=need, to_name=to_name or (card.name if card else None),
                to_telephone=to_telephone or (card.telephone if card else None) or None, agreed_on=today,
                made_by=desk.worker.id, reason=reason.strip(), wanted=wanted.strip() or None, summary=summary.strip() or None,
                shared=list(shared) or None, introduced_by=introduced_by.strip() or None, meeting_on=meeting_on,
            )
        )  # fmt: skip
        if shared:
            words = desk.library.list("handover_shares")
            writing.add(
                SharingChoice(
                    area=area, person=person, shared_with=to_name or (card.name if card else None),
                    what="; ".join(words.words(key) for key in shared), agreed=True, told_how="asked at the handover",
                    decided_at=desk.clock.now(), recorded_by=desk.worker.id,
                )
            )  # fmt: skip
        for kind, day in ((kinds.MEETING, meeting_on), (kinds.STARTED, ask_on)):
            if day is not None:
                writing.add(
                    FollowUp(
                        area=area, person=person, about=kinds.HANDOVER, about_id=made, kind=kind, owner=desk.worker.id, due_on=day
                    )
                )
        return made


def record_answer(
    desk: Desk, handover: str, answer: HandoverAnswer, *, shown: HandoverCard | None = None, seen_at: SeenAt = None,
    initiator: object | None = None,
) -> None:  # fmt: skip
    """Write down what the receiver answered; a later answer takes the place of an earlier one. Raises :class:`FaultyFields`.

    ``shown`` is the handover as the worker saw it: only what differs from the answer there is written, and what a colleague
    wrote since is not passed over unseen; ``seen_at`` where she saw some of it later: at which of the server's numbers.
    """
    _card(desk, handover)
    try:
        check_answer(answer)
    except BadHandoverAnswer as fault:
        missing_day = answer.start_on is None and answer.kind is not AnswerKind.BETTER_DONE_BY
        raise FaultyFields({"start_on" if missing_day else _FIELD[answer.kind]: str(fault)}) from fault
    was = _answer_fields(shown.answer) if shown is not None and shown.answer is not None else {}
    said = {name: value for name, value in _answer_fields(answer).items() if shown is None or value != was.get(name)}
    with desk.write(Duty.CARE, initiator) as writing:
        writing.edit_as_seen(
            Handover, handover, seen_at or (shown.number if shown is not None else None), **said, answered_at=desk.clock.now(),
            answered_to=desk.worker.id,
        )  # fmt: skip


def record_first_attended(
    desk: Desk, handover: str, day: date, *, coordinator: str | None = None, seen_at: SeenAt = None,
    member_seen_at: SeenAt = None, initiator: object | None = None,
) -> None:  # fmt: skip
    """Write down the day on which the member first met the receiver; only now may ``coordinator`` take over.

    The follow-ups of the handover are done with it. ``seen_at`` and ``member_seen_at`` are the server's numbers at which the
    worker saw the handover and the member: another day or coordinator that a colleague wrote since is not passed over unseen.
    Raises :class:`FaultyFields`.
    """
    card = _card(desk, handover)
    if day > desk.clock.today():
        raise FaultyFields({"day": "This day is still to come. Write it down when they have met."})
    if day < card.agreed_on:
        raise FaultyFields({"day": "This day is before the handover was agreed. Check the day."})
    with desk.write(Duty.CARE, initiator) as writing:
        writing.edit_as_seen(Handover, handover, seen_at, first_attended_on=day)
        for follow_up in kinds.follow_ups_about(writing.connection, handover):
            if follow_up.is_open:
                writing.edit(FollowUp, follow_up.id, done_at=desk.clock.now(), done_by=desk.worker.id)
        if coordinator:
            writing.edit_as_seen(Person, card.person, member_seen_at, coordinator=coordinator)


def pass_coordination(
    desk: Desk, handover: str, coordinator: str, *, member_seen_at: SeenAt = None, initiator: object | None = None
) -> None:
    """Make ``coordinator`` the member's coordinator, once the handover has started. Raises :class:`NotStartedYet`.

    ``member_seen_at`` as for :func:`record_first_attended`.
    """
    card = _card(desk, handover)
    if card.first_attended_on is None:
        raise NotStartedYet(
            f"{card.person_name} has not met {card.to_name} yet. You stay the coordinator until then. "
            "Write down the first meeting, then pass it on."
        )
    if not coordinator.strip():
        raise FaultyFields({"coordinator": "Choose who coordinates. There is always one."})
    with desk.write(Duty.CARE, initiator) as writing:
        writing.edit_as_seen(Person, card.person, member_seen_at, coordinator=coordinator)


def take_back_handover(desk: Desk, handover: str, *, initiator: object | None = None) -> None:
    """Take a handover that was made by mistake off the screens; :func:`bring_back_handover` undoes it."""
    take_back_with_follow_ups(desk, Handover, handover, initiator)


def bring_back_handover(desk: Desk, handover: str, *, initiator: object | None = None) -> None:
    """Bring a handover back to the screens."""
    bring_back_with_follow_ups(desk, Handover, handover, initiator)


def _answer_fields(answer: HandoverAnswer) -> dict[str, Any]:
    return {
        "answer": str(answer.kind), "start_on": answer.start_on, "answer_needs": answer.need.strip() or None,
        "better_by": answer.better_done_by.strip() or None,
    }  # fmt: skip


def _card(desk: Desk, handover: str) -> HandoverCard:
    with desk.store.read() as connection:
        card = handover_card(connection, handover)
    if card is None:
        raise LookupError("this handover is not on this laptop any more")
    return card
