"""Putting right, or letting go of, what the server did not take: a contact, an answer, a note, a service line, a member."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from ewb_desktop.actions.assessments import finish_assessment, record_answer, start_assessment
from ewb_desktop.actions.contacts import record_contact
from ewb_desktop.actions.desk import Desk, Worker
from ewb_desktop.actions.faults import FaultyFields, NotForThisRole
from ewb_desktop.actions.held import let_go, mend
from ewb_desktop.actions.people import add_person
from ewb_desktop.domain.answers import BadAnswer
from ewb_desktop.storage.cards.assessments import answers_of, assessment_card
from ewb_desktop.storage.cards.safety_talks import open_talk_of
from ewb_desktop.storage.exchange.journal import JournalEntry, acknowledge, all_pending, mark_offered, quarantined
from ewb_desktop.storage.exchange.remaking import REMADE
from ewb_desktop.storage.settling.held import held_record
from ewb_desktop.storage.tables import Service, ServiceNote
from sync.protocol.errors import Refusal
from sync.protocol.messages import Verdict, VerdictKind


def refuse(desk: Desk, entity: str, reason: Refusal = Refusal.TOO_LARGE) -> str:
    """Let the server take everything but one kind of record; return the id of the first that it did not take."""
    with desk.store.write() as writing:
        waiting = all_pending(writing.connection)
        mark_offered(writing, waiting[-1].counter)
        acknowledge(
            writing,
            [
                Verdict(id=entry.id, kind=VerdictKind.REFUSED, reason=reason)
                if entry.entity == entity
                else Verdict(id=entry.id, kind=VerdictKind.ACCEPTED, number=entry.counter)
                for entry in waiting
            ],
        )
        return quarantined(writing.connection)[0].id


def waiting(desk: Desk) -> list[JournalEntry]:
    with desk.store.read() as connection:
        return all_pending(connection)


def verdict_of(desk: Desk, id: str) -> Any:
    with desk.store.read() as connection:
        return connection.exec_driver_sql("SELECT verdict FROM journal WHERE id = ?", (id,)).scalar()


def test_a_contact_is_shortened_and_goes_as_a_new_change_in_the_place_of_the_held_one(desk: Desk) -> None:
    joe = add_person(desk, {"given_name": "Joe"})
    contact = record_contact(desk, joe, "ring", "left_word", "x" * 300)
    held = refuse(desk, "contact")
    assert mend(desk, held, {"how": "message", "note": " Rang after four "})
    (again,) = waiting(desk)
    assert (again.record, again.kind) == (contact, "create")
    assert (again.fields["note"], again.fields["how"]) == ("Rang after four", "message")
    assert verdict_of(desk, held) == REMADE


def test_a_note_on_a_service_and_a_line_of_a_service_are_put_right(desk: Desk) -> None:
    with desk.store.write() as writing:
        service = writing.add(Service(area="*", name="Walking group", description="y" * 300))
        writing.add(ServiceNote(area="*", service=service, words="x" * 300, noted_at=datetime(2026, 11, 20, tzinfo=UTC)))
    held = refuse(desk, "service_note")
    assert mend(desk, held, {"words": "Door is round the back"})
    assert [entry.fields["words"] for entry in waiting(desk)] == ["Door is round the back"]


def test_a_service_keeps_its_name(desk: Desk) -> None:
    with desk.store.write() as writing:
        writing.add(Service(area="*", name="Walking group", description="y" * 300))
    held = refuse(desk, "service")
    with pytest.raises(FaultyFields):
        mend(desk, held, {"name": " \u202e"})


def test_a_member_is_put_right_by_the_rules_of_a_member(desk: Desk) -> None:
    joe = add_person(desk, {"given_name": "Joe", "telephone": "0161 496 0001"})
    held = refuse(desk, "person")
    with pytest.raises(FaultyFields):
        mend(desk, held, {"given_name": ""})
    with pytest.raises(FaultyFields):
        mend(desk, held, {"telephone": "12"})
    assert waiting(desk) == []
    assert mend(desk, held, {"telephone": "0161 496 0002"})
    assert [(entry.record, entry.fields["telephone"]) for entry in waiting(desk)] == [(joe, "0161 496 0002")]


def test_an_answer_that_is_put_right_follows_its_questionnaire(desk: Desk) -> None:
    joe = add_person(desk, {"given_name": "Joe"})
    form = start_assessment(desk, joe, None, "phq-9")
    questions = desk.library.questionnaire("phq-9").questions
    for question in questions:
        record_answer(desk, form, question.link_id, 0)
    finish_assessment(desk, form)
    held = refuse(desk, "answer")
    with pytest.raises(BadAnswer):
        mend(desk, held, {"value": 9})
    with desk.store.read() as connection:
        held = next(entry for entry in quarantined(connection) if entry.fields["question"] == questions[8].link_id).id
    assert mend(desk, held, {"value": 2})
    with desk.store.read() as connection:
        answer, card = answers_of(connection, form)[questions[8].link_id], assessment_card(connection, form)
        assert open_talk_of(connection, joe) is not None
        assert held_record(connection, held) is None
    assert answer.value == 2
    assert card is not None
    assert card.total == 2


def test_what_was_taken_meanwhile_is_not_written(desk: Desk) -> None:
    assert not mend(desk, "gone", {"note": "x"})
    assert let_go(desk, "gone") == 0


def test_a_role_that_may_not_write_it_may_still_let_go_of_it(desk: Desk) -> None:
    add_person(desk, {"given_name": "Joe"})
    held = refuse(desk, "person", Refusal.NOT_ALLOWED)
    smaller = replace(desk, worker=Worker(desk.worker.id, "Rowan Oak", "volunteer"))
    with pytest.raises(NotForThisRole):
        mend(smaller, held, {"given_name": "Jo"})
    assert let_go(smaller, held) == 1
