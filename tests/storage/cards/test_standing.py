"""What of a member, of a line of her timeline or of a note is not sent, not taken, or answered twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ewb_desktop.storage.cards.standing import Standing, standing_about, standing_of_members, standing_of_notes
from ewb_desktop.storage.exchange.sync_state import Enrolment, note_enrolment
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.tables import (
    Answer,
    Assessment,
    Conflict,
    Contact,
    Conversation,
    FollowUp,
    Goal,
    GoalRating,
    Person,
    ServiceNote,
    Signpost,
)  # fmt: skip
from sync.protocol.errors import Refusal
from tests.support.laptops import laptop

AREA = "stretford"
UNSENT = Standing(unsent=True)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    lent = laptop(tmp_path, "laptop", area=AREA)
    with lent.store.write() as writing:
        note_enrolment(writing, Enrolment("https://ewb.example.org", "kalla.a.b", lent.store.author, "Rowan Oak", "Kalla"))
    yield lent.store
    lent.store.close()


@dataclass(frozen=True, slots=True)
class Made:
    """Two members and what was written about Amina."""

    amina: str
    bo: str
    talk: str
    first: str
    measure: str
    goal: str
    signpost: str


def write(store: Store) -> Made:
    with store.write() as writing:
        amina, bo = (writing.add(Person(area=AREA, preferred_name=name)) for name in ("Amina", "Bo"))
        talk = writing.add(Conversation(area=AREA, person=amina))
        first, measure = (
            writing.add(Assessment(area=AREA, person=amina, conversation=talk, questionnaire=name))
            for name in ("first-conversation", "phq-9")
        )
        goal = writing.add(Goal(area=AREA, person=amina, words="A walk each day"))
        signpost = writing.add(Signpost(area=AREA, person=amina))
    made = Made(amina, bo, talk, first, measure, goal, signpost)
    send_all(store)
    return made


def send_all(store: Store) -> None:
    with store.write() as writing:
        writing.connection.exec_driver_sql("UPDATE journal SET settled_at = at, number = counter WHERE settled_at IS NULL")


def hold(store: Store, record: str, why: Refusal) -> None:
    with store.write() as writing:
        writing.connection.exec_driver_sql("UPDATE journal SET refusal = ? WHERE record = ?", (why.value, record))


def members(store: Store, *people: str) -> dict[str, Standing]:
    with store.read() as connection:
        return standing_of_members(connection, people)


def lines(store: Store, person: str) -> dict[str, Standing]:
    with store.read() as connection:
        return standing_about(connection, person)


def test_nothing_is_told_of_a_member_of_whom_all_is_sent(store: Store) -> None:
    made = write(store)
    assert members(store, made.amina, made.bo) == {}
    assert lines(store, made.amina) == {}


@pytest.mark.parametrize("kind", [Contact, Conversation, Signpost])
def test_a_member_about_whom_something_waits_is_told_and_no_other(
    store: Store, kind: type[Contact | Conversation | Signpost]
) -> None:
    made = write(store)
    with store.write() as writing:
        new = writing.add(kind(area=AREA, person=made.amina))
        writing.edit(Person, made.bo, telephone="0161 496 0000")
    assert members(store, made.amina) == {made.amina: UNSENT}
    assert members(store, made.amina, made.bo) == {made.amina: UNSENT, made.bo: UNSENT}
    assert lines(store, made.amina) == {new: UNSENT}


def test_parts_are_told_where_they_are_shown(store: Store) -> None:
    made = write(store)
    with store.write() as writing:
        writing.add(Answer(area=AREA, person=made.amina, assessment=made.measure, question="q1", value="2"))
    assert lines(store, made.amina) == {made.measure: UNSENT}
    with store.write() as writing:
        writing.add(Answer(area=AREA, person=made.amina, assessment=made.first, question="matters", value="Tea"))
    assert lines(store, made.amina) == {made.measure: UNSENT, made.talk: UNSENT}
    send_all(store)
    with store.write() as writing:
        writing.add(GoalRating(area=AREA, person=made.amina, goal=made.goal, rating=4))
        writing.add(FollowUp(area=AREA, person=made.amina, about="signpost", about_id=made.signpost))
    assert lines(store, made.amina) == {made.goal: UNSENT, made.signpost: UNSENT}


def test_why_a_change_was_not_taken_is_told_and_one_that_passes_by_itself_only_waits(store: Store) -> None:
    made = write(store)
    with store.write() as writing:
        barred, later = (writing.add(Contact(area=AREA, person=made.amina, how="ring")) for _ in range(2))
    hold(store, barred, Refusal.NOT_ALLOWED)
    hold(store, later, Refusal.WAITING_FOR)
    assert lines(store, made.amina) == {barred: Standing(held=(Refusal.NOT_ALLOWED,)), later: UNSENT}
    assert members(store, made.amina) == {made.amina: Standing(unsent=True, held=(Refusal.NOT_ALLOWED,))}


def test_two_answers_are_told_on_their_record_until_one_is_chosen(store: Store) -> None:
    made = write(store)
    with store.write() as writing:
        twice = writing.add(
            Conflict(area=AREA, person=made.amina, entity="signpost", record=made.signpost, field="arrived", other="no")
        )
    send_all(store)
    assert members(store, made.amina, made.bo) == {made.amina: Standing(choose=True)}
    assert lines(store, made.amina) == {made.signpost: Standing(choose=True)}
    with store.write() as writing:
        writing.edit(Conflict, twice, settled_at=writing.clock.now())
    send_all(store)
    assert members(store, made.amina) == {}


def test_a_note_in_the_directory_is_told_as_well(store: Store) -> None:
    with store.write() as writing:
        old, new = (writing.add(ServiceNote(area=AREA, service="s", words=words)) for words in ("Moved", "Closed"))
        writing.connection.exec_driver_sql("UPDATE journal SET settled_at = at WHERE record = ?", (old,))
    with store.read() as connection:
        assert standing_of_notes(connection, [old, new]) == {new: UNSENT}


def test_a_laptop_without_a_server_has_nothing_to_tell(tmp_path: Path) -> None:
    alone = laptop(tmp_path, "alone", area=AREA)
    with alone.store.write() as writing:
        amina = writing.add(Person(area=AREA, preferred_name="Amina"))
    assert members(alone.store, amina) == {}
    alone.store.close()


def test_what_waits_is_looked_up_by_its_id_and_never_by_reading_all_members(store: Store) -> None:
    made = write(store)
    with store.read() as connection:
        asked: list[str] = []
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.set_trace_callback(asked.append)
        standing_of_members(connection, [made.amina, made.bo])
        raw.set_trace_callback(None)
        statement = next(each for each in asked if "waits" in each)
        plan = [str(row[-1]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
    read_through = {line for line in plan if line.startswith("SCAN")}
    assert read_through <= {"SCAN json_each VIRTUAL TABLE INDEX 1:", "SCAN journal USING INDEX journal_waiting",
                            "SCAN brought USING INDEX brought_waiting", "SCAN conflict", "SCAN asked", "SCAN waits",
                            "SCAN journal USING INDEX journal_unsettled",
                            # the fields of one brought change
                            "SCAN json_each VIRTUAL TABLE INDEX 3:"}  # fmt: skip


def test_an_edit_of_the_members_record_marks_the_line_on_which_she_became_one_only_where_it_says_so(store: Store) -> None:
    made = write(store)
    with store.write() as writing:
        writing.edit(Person, made.amina, coordinator=store.author, telephone="0161 496 0123")
    with store.read() as connection:
        assert standing_about(connection, made.amina) == {}
        assert standing_of_members(connection, [made.amina]) == {made.amina: UNSENT}
    with store.write() as writing:
        writing.edit(Person, made.amina, source="friend_or_family")
    with store.read() as connection:
        assert standing_about(connection, made.amina) == {made.amina: UNSENT}


def test_a_member_who_was_never_sent_is_marked_on_the_line_on_which_she_became_one(store: Store) -> None:
    with store.write() as writing:
        person = writing.add(Person(area=AREA, preferred_name="Mina"))
    with store.read() as connection:
        assert standing_about(connection, person) == {person: UNSENT}


def test_a_brought_edit_marks_that_line_only_where_it_says_so(store: Store) -> None:
    made = write(store)

    def bring(id_: str, said: str) -> None:
        with store.write() as writing:
            writing.connection.exec_driver_sql(
                "INSERT INTO brought (id, sender, author, entity, record, kind, area, text, signature, brought_at, mark, was, "
                "laid) VALUES (?, 's', 'a', 'person', ?, 'edit', ?, ?, '', '', 0, '{}', '{}')",
                (id_, made.amina, AREA, f'{{"change": {{"fields": {said}}}}}'),
            )

    bring("1", '{"telephone": "0161 496 0123"}')
    with store.read() as connection:
        assert standing_about(connection, made.amina) == {}
    bring("2", '{"source": "friend_or_family"}')
    with store.read() as connection:
        assert standing_about(connection, made.amina) == {made.amina: UNSENT}
