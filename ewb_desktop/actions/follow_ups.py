"""Asking how a signpost went, and ticking off what was promised; nobody is closed for not having gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.domain.roles import Duty
from ewb_desktop.domain.signposting import FollowUp as Asked
from ewb_desktop.domain.signposting import entry_needs_check
from ewb_desktop.storage.cards.follow_ups import FollowUpCard, follow_up_card, follow_up_ids
from ewb_desktop.storage.cards.signposts import signpost_card
from ewb_desktop.storage.tables import FollowUp, Handover, Signpost
from ewb_desktop.storage.writing import SeenAt


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer leads to. ``service`` is empty when the signpost is about none that is in the directory."""

    check_entry: bool
    """Whether to offer a correction of the directory's entry."""
    service: str


def answer_follow_up(
    desk: Desk,
    follow_up: str,
    *,
    arrived: str = "",
    still_going: str = "",
    was_good: str = "",
    note: str = "",
    seen_at: SeenAt = None,
    signpost_seen_at: SeenAt = None,
    initiator: object | None = None,
) -> Answered:
    """Write down how a signpost went; the answers are keys of their lists and each may be left empty.

    The follow-up is done and the signpost tells the latest answers. ``seen_at`` and ``signpost_seen_at`` are the server's
    numbers at which the worker saw the follow-up and the signpost: what a colleague answered since is not passed over unseen.
    Raises :class:`FaultyFields`.
    """
    card = _card(desk, follow_up)
    lists = (
        ("arrived", arrived, "arrival_answers"),
        ("still_going", still_going, "still_going_answers"),
        ("was_good", was_good, "was_it_good_answers"),
    )
    faults = {name: "Choose one of the answers." for name, key, of in lists if key and key not in desk.library.list(of).keys}
    if not faults and not any((arrived, still_going, was_good, note.strip())):
        faults["arrived"] = "Choose an answer, or write a note. “Not known yet” is an answer too."
    if faults:
        raise FaultyFields(faults)
    told = {"arrived": arrived, "still_going": still_going, "was_good": was_good, "outcome_note": note.strip()}
    today = desk.clock.today()
    asked = Asked(card.due_on, today, arrived, still_going, was_good, note.strip())
    with desk.write(Duty.CARE, initiator) as writing:
        signpost = signpost_card(writing.connection, card.about_id)
        said = {"answer": arrived or still_going or was_good, "note": note.strip()}
        writing.edit_as_seen(FollowUp, follow_up, seen_at, **as_done(desk, said))
        if signpost is not None:
            # what was not asked this time keeps its earlier answer
            writing.edit_as_seen(Signpost, signpost.id, signpost_seen_at, **{name: key for name, key in told.items() if key})
    return Answered(entry_needs_check(asked), signpost.service if signpost else "")


def tick_off(desk: Desk, follow_up: str, note: str = "", *, seen_at: SeenAt = None, initiator: object | None = None) -> None:
    """Say that what was promised has been done: a contact before or after, going along, a joint meeting.

    ``seen_at`` as for :func:`answer_follow_up`.
    """
    _card(desk, follow_up)
    with desk.write(Duty.CARE, initiator) as writing:
        writing.edit_as_seen(FollowUp, follow_up, seen_at, **as_done(desk, {"note": note.strip()}))


def put_off(desk: Desk, follow_up: str, until: date, *, seen_at: SeenAt = None, initiator: object | None = None) -> None:
    """Move a follow-up to a later day. Raises :class:`FaultyFields`. ``seen_at`` as for :func:`answer_follow_up`."""
    if until < desk.clock.today():
        raise FaultyFields({"until": "This day has passed. Choose today or a later day."})
    with desk.write(Duty.CARE, initiator) as writing:
        writing.edit_as_seen(FollowUp, follow_up, seen_at, due_on=until)


def open_again(desk: Desk, follow_up: str, *, initiator: object | None = None) -> None:
    """Undo :func:`tick_off` or :func:`answer_follow_up`: it is to be done again. Answers given stay on the signpost."""
    with desk.write(Duty.CARE, initiator) as writing:
        writing.edit(FollowUp, follow_up, done_at=None, done_by=None, answer=None, note=None)


def take_back_with_follow_ups(desk: Desk, kind: type[Signpost | Handover], id: str, initiator: object | None = None) -> None:
    """Take a signpost or a handover that was made by mistake off the screens, with all that was to be asked about it."""
    with desk.write(Duty.CARE, initiator) as writing:
        writing.remove(kind, id)
        for follow_up in follow_up_ids(writing.connection, id):
            writing.remove(FollowUp, follow_up)


def bring_back_with_follow_ups(desk: Desk, kind: type[Signpost | Handover], id: str, initiator: object | None = None) -> None:
    """Undo :func:`take_back_with_follow_ups`."""
    with desk.write(Duty.CARE, initiator) as writing:
        writing.restore(kind, id)
        for follow_up in follow_up_ids(writing.connection, id):
            writing.restore(FollowUp, follow_up)


def as_done(desk: Desk, said: Mapping[str, str]) -> dict[str, Any]:
    """Return what is written when a follow-up is done. Where nothing is said now, what a colleague said meanwhile stands."""
    return {"done_at": desk.clock.now(), "done_by": desk.worker.id} | {name: words for name, words in said.items() if words}


def _card(desk: Desk, follow_up: str) -> FollowUpCard:
    with desk.store.read() as connection:
        card = follow_up_card(connection, follow_up)
    if card is None:
        raise LookupError("this follow-up is not on this laptop any more")
    return card
