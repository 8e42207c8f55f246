"""Looks at every edit that a server took, also at every choice between two answers: none may have been passed over unasked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import case, func, select

from ewb_desktop.actions.conflicts import Keep, keep
from ewb_desktop.actions.desk import Desk, Worker
from ewb_desktop.storage.cards.conflicts import open_conflicts
from sync.protocol.change import ChangeKind
from sync.protocol.entities import Policy
from sync.protocol.merge import GONE, policy_of
from sync.server.database import tables
from sync.server.records.scope import SERVER
from tests.support.connected import AREA, Connected, House
from tests.support.desks import library

A_CHOICE = -1
ABOUT_HER = -2

Shown = Mapping[tuple[str, str], Any]
"""What everybody's screens say, by member and field."""


@dataclass(frozen=True, slots=True)
class Said:
    """One field of a change that the server took, or one choice between two answers (its ``base`` is ``A_CHOICE``).

    Or that somebody wrote about a member, which says that she stays (``ABOUT_HER``).
    """

    number: int
    record: str
    field: str
    value: Any
    device: str
    base: int

    def is_known_to(self, other: Said) -> bool:
        """Tell whether whoever said the other, later, had heard of this."""
        return other.number > self.number and (other.base >= self.number or other.device == self.device)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with two answers, as every laptop holds it; ``number`` is where the server last said what they are."""

    id: str
    number: int
    record: str
    field: str
    answers: tuple[Any, Any]
    chosen: Any
    is_settled: bool


def choose(laptop: Connected, place: int, which: Keep) -> None:
    """Let the worker settle one of the questions that her laptop shows, if there is any.

    Which one, and for which answer, never depends on ids, which are others each time: what failed once fails again.
    """
    with laptop.store.read() as connection:
        cards = sorted(open_conflicts(connection), key=lambda card: (card.person_name, card.field))
    if cards:
        card = cards[place % len(cards)]
        other = min(range(len(card.others)), key=lambda at: repr(card.others[at].value), default=0)
        worker = Worker(laptop.store.author, "Somebody", "connector")
        keep(Desk(laptop.store, laptop.clock, worker, library(), AREA), card.id, which, place=other)


def questions(laptop: Connected, centre: House) -> list[Asked]:
    """Return every question about a member's own record in a laptop's file, settled or not."""
    ledger = tables.ledger.c
    by_server = func.max(case((ledger.device == SERVER, ledger.number)))
    # one that the server lost was brought back by a laptop
    query = select(ledger.record, func.coalesce(by_server, func.min(ledger.number)).label("last")).where(
        ledger.entity == "conflict"
    )
    found = centre.server.do(lambda connection: connection.execute(query.group_by(ledger.record)).all())
    numbers = {row.record: row.last for row in found}
    with laptop.store.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT id, record, field, shown, other, chosen, settled_at FROM conflict"
            " WHERE gone = 0 AND entity = 'person' ORDER BY id"
        ).all()
    return [
        Asked(
            row.id, numbers[row.id], row.record, row.field, (_value(row.shown), _value(row.other)), _value(row.chosen),
            is_settled=row.settled_at is not None,
        )
        for row in rows
    ]  # fmt: skip


def said_to(centre: House) -> list[Said]:
    """Return every edit of a member and every choice in the server's ledger, in its order; who writes of her lets her stay.

    A choice that was taken back is none, nor is one whose author had not heard what it was between: that is asked still.
    """
    ledger = tables.ledger
    query = ledger.select().where(ledger.c.entity.in_(("person", "conflict", "contact"))).order_by(ledger.c.number)
    found: list[Said] = []
    about: dict[str, tuple[str, str]] = {}
    choices: dict[int, str] = {}
    for row in centre.server.do(lambda connection: connection.execute(query).all()):
        fields = orjson.loads(row.fields)
        if row.entity == "person":
            fields[GONE] = int(row.kind == ChangeKind.TOMBSTONE)
            found += [Said(row.number, row.record, name, value, row.device, row.base) for name, value in fields.items()]
        elif row.entity == "contact" and "person" in fields:
            found.append(Said(row.number, fields["person"], GONE, 0, row.device, ABOUT_HER))
        elif "record" in fields:
            about[row.record] = (fields["record"], fields["field"])
        elif "settled_at" in fields and row.device != SERVER:
            back = fields["settled_at"] is None
            found = [each for each in found if not (back and (each.device, choices.get(each.number)) == (row.device, row.record))]
            if not back and "settled_at" not in orjson.loads(row.overtaken or "{}"):
                choices[row.number] = row.record
                found.append(Said(row.number, *about[row.record], fields.get("chosen"), row.device, A_CHOICE))
    return found


def expect_none_passed_over(said: Sequence[Said], current: Shown, asked: Sequence[Asked]) -> None:
    """Fail unless each of what was said stands, or waits for a choice, or was replaced by somebody who could know of it.

    What was chosen must stand, unless somebody said something else since, and every question must show what stands.
    """
    for one in said:
        key = (one.record, one.field)
        if policy_of("person", one.field) is not Policy.ASK or key not in current:
            continue
        if current[key] == one.value or any(
            # whoever chose has answered what was said before the question, and nothing that was said, or chosen, after it
            (question.record, question.field) == key
            and one.value in question.answers
            and (not question.is_settled or question.number > one.number)
            for question in asked
        ):
            continue
        later = [each for each in said if (each.record, each.field) == key and each.number > one.number and each.base != A_CHOICE]
        assert any(each.base >= one.number or each.device == one.device for each in later), one
    _expect_no_removal_undone(said, current, asked)
    for question in asked:
        now = current[question.record, question.field]
        if not question.is_settled:
            assert question.answers[0] == now, question
            continue
        is_asked_again = any(
            not each.is_settled and (each.record, each.field) == (question.record, question.field) for each in asked
        )
        said_since = [each for each in said if (each.record, each.field) == (question.record, question.field)]
        assert question.chosen == now or is_asked_again or said_since[-1].value == now, question


def _expect_no_removal_undone(said: Sequence[Said], current: Shown, asked: Sequence[Asked]) -> None:
    """Fail unless who took a member off the screens, or wrote of her, was contradicted by somebody who knew, or people asked."""
    for one in said:
        key = (one.record, one.field)
        if one.field != GONE or one.device == SERVER or one.base == A_CHOICE or current.get(key, one.value) == one.value:
            continue
        if one.base == ABOUT_HER and _was_last_off(said, one):
            # who had taken her off herself, and writes about her, does not say that she stays
            continue
        others = [each for each in said if (each.record, each.field) == key and each.value != one.value and each.base != A_CHOICE]
        is_asked = any((each.record, each.field) == key and each.number > one.number for each in asked)
        assert is_asked or any(one.is_known_to(each) for each in others), one


def _was_last_off(said: Sequence[Said], one: Said) -> bool:
    """Tell whether the last that a laptop said of a member's own record, before it wrote about her, took her off the screens."""
    own = [each for each in said if (each.record, each.field, each.device) == (one.record, one.field, one.device)]
    words = [each.value for each in own if each.number < one.number and each.base not in (A_CHOICE, ABOUT_HER)]
    return words[-1:] == [1]


def _value(text: str | None) -> Any:
    return None if text is None else orjson.loads(text)
