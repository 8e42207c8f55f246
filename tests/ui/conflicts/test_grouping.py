"""What two workers answered each in one step is one question on the page, and one choice."""

from __future__ import annotations

from pytestqt.qtbot import QtBot
from sqlalchemy import select

from ewb_desktop.actions.grouping import count_questions
from ewb_desktop.storage.cards.conflicts import count_open_conflicts
from ewb_desktop.storage.tables import FollowUp, Person, Signpost, table
from ewb_desktop.ui.widgets.button import Button
from tests.support.connected import AREA, Connected, House
from tests.ui.conflicts.test_conflicts import button, desk_of, exchange, sit, words_on


def both_follow_up(centre: House, *, seconds: int = 0) -> tuple[Connected, Connected, str, str]:
    """Two workers say what became of a signpost at its follow-up, in one step or with ``seconds`` between; both know it."""
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    with rowan.store.write() as writing:
        person = writing.add(Person(area=AREA, preferred_name="Amina"))
        sent = writing.add(Signpost(area=AREA, person=person, service_name="Debt advice"))
        due = writing.add(FollowUp(area=AREA, person=person, about="signpost", about_id=sent, kind="four_weeks"))
    exchange(rowan, grace)
    for laptop, answer, arrived in ((rowan, "arrived", "yes"), (grace, "going_later", "not_yet")):
        with laptop.store.write() as writing:
            author, now = laptop.store.author, laptop.clock.now()
            writing.edit(FollowUp, due, answer=answer, done_by=author, done_at=now)
        laptop.clock.move(seconds=seconds)
        with laptop.store.write() as writing:
            writing.edit(Signpost, sent, arrived=arrived)
    exchange(rowan, grace, rowan)
    return rowan, grace, due, sent


def test_what_two_workers_answered_each_in_one_step_is_one_question_and_no_halves_of_both_can_stand(
    qtbot: QtBot, centre: House
) -> None:
    rowan, grace, due, sent = both_follow_up(centre)
    page = sit(qtbot, rowan)
    assert page.findChild(Button, "conflicts.choice.1.shown") is None
    assert "Signpost “Debt advice” and follow-up “" in words_on(page)
    # the minute is the same in both
    assert "Done at" not in words_on(page)
    button(page, "conflicts.choice.0.other").click()
    exchange(rowan, grace)
    for laptop in (rowan, grace):
        with laptop.store.read() as connection:
            follow_up, signpost = table(FollowUp).c, table(Signpost).c
            said = connection.execute(select(follow_up.answer, follow_up.done_by).where(follow_up.id == due)).one()
            arrived = connection.execute(select(signpost.arrived).where(signpost.id == sent)).scalar_one()
        assert (tuple(said), arrived) == (("going_later", grace.store.author), "not_yet")
        assert count_open_conflicts_of(laptop) == 0


def test_the_same_words_of_a_signpost_and_its_follow_up_are_asked_once_and_kept_alike(qtbot: QtBot, centre: House) -> None:
    rowan, grace, due, sent = both_follow_up(centre)
    for laptop, words in ((rowan, "Liked the tea"), (grace, "No bus on Sundays")):
        with laptop.store.write() as writing:
            writing.edit(FollowUp, due, note=words)
            writing.edit(Signpost, sent, outcome_note=words)
    exchange(rowan, grace, rowan)
    page = sit(qtbot, rowan)
    assert page.findChild(Button, "conflicts.choice.2.shown") is None
    assert count_questions(desk_of(rowan)) == 2
    assert "Signpost “Debt advice”: how it went and follow-up “" in words_on(page)
    # questions of one moment stand in any order
    (both_of_them,) = (each for each in page.findChildren(Button) if each.objectName().endswith(".both"))
    both_of_them.click()
    both = "Liked the tea (Rowan Oak, 21 November 2026)\nNo bus on Sundays (Grace Lamb, 21 November 2026)"
    exchange(rowan, grace)
    for laptop in (rowan, grace):
        with laptop.store.read() as connection:
            note = connection.execute(select(table(FollowUp).c.note).where(table(FollowUp).c.id == due)).scalar_one()
            told = connection.execute(select(table(Signpost).c.outcome_note).where(table(Signpost).c.id == sent)).scalar_one()
        assert (note, told) == (both, both)


def test_what_each_answered_in_two_steps_is_asked_in_two(qtbot: QtBot, centre: House) -> None:
    rowan, _grace, _due, _sent = both_follow_up(centre, seconds=60)
    page = sit(qtbot, rowan)
    assert page.findChild(Button, "conflicts.choice.1.shown") is not None
    assert page.findChild(Button, "conflicts.choice.2.shown") is None


def test_one_step_of_a_choice_is_taken_back_whole(qtbot: QtBot, centre: House) -> None:
    rowan, _grace, _due, _sent = both_follow_up(centre)
    page = sit(qtbot, rowan)
    waited = count_open_conflicts_of(rowan)
    button(page, "conflicts.choice.0.other").click()
    button(page, "undo").click()
    assert count_open_conflicts_of(rowan) == waited > 1
    assert page.findChild(Button, "conflicts.choice.1.shown") is None


def count_open_conflicts_of(laptop: Connected) -> int:
    with laptop.store.read() as connection:
        return count_open_conflicts(connection)
