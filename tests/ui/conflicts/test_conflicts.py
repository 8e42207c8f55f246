"""The page of two answers, with a real server: who said what and when, what was there before, and what is kept."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from ewb_desktop.actions.assessments import record_answer, start_assessment
from ewb_desktop.actions.conflicts import Keep, Kept, keep
from ewb_desktop.actions.desk import Desk, Worker
from ewb_desktop.actions.faults import NotForThisRole
from ewb_desktop.actions.people import add_person
from ewb_desktop.storage.cards.assessments import answers_of
from ewb_desktop.storage.cards.conflicts import open_conflicts
from ewb_desktop.storage.tables import Conflict, Goal, Handover, Need, Person, Row, table
from ewb_desktop.ui.conflicts.page import build
from ewb_desktop.ui.conflicts.presenter import ASKED_AGAIN, THE_OTHER, TOGETHER
from ewb_desktop.ui.destinations import ToConflicts, ToHistory
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.look import Scheme
from tests.support.connected import AREA, Connected, House
from tests.support.desks import library
from tests.support.looks import Look, expect_accessible, in_every_look, worn
from tests.support.screens import settle


def desk_of(laptop: Connected, name: str = "Rowan Oak", role: str = "connector") -> Desk:
    return Desk(laptop.store, laptop.clock, Worker(laptop.store.author, name, role), library(), AREA)


def sit(qtbot: QtBot, laptop: Connected, person: str = "", name: str = "Rowan Oak") -> Page:
    feed = Feed()
    laptop.store.listen(lambda changes, _initiator: feed.announce(changes))
    page = build(desk_of(laptop, name), feed)
    qtbot.addWidget(page)
    page.resize(1160, 660)
    page.show()
    page.opened(ToConflicts(person))
    # nothing else keeps the feed
    page.setProperty("feed", feed)
    return page


def focused(qtbot: QtBot, laptop: Connected) -> Page:
    """Return the page with the keyboard where it begins."""
    page = sit(qtbot, laptop)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    assert page.default_focus is not None
    page.default_focus.setFocus()
    return page


def words_on(page: Page) -> str:
    return "\n".join(part.text() for part in page.findChildren(QLabel) if part.isVisible())


def button(page: Page, name: str) -> Button:
    found = page.findChild(Button, name)
    assert isinstance(found, Button)
    return found


def exchange(*laptops: Connected) -> None:
    for laptop in laptops:
        laptop.sync()


def clash(centre: House, kind: type[Row], start: Row, field: str, one: object, two: object) -> tuple[Connected, Connected, str]:
    """Two laptops answer one field differently; both know it."""
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    with rowan.store.write() as writing:
        record = writing.add(start)
    exchange(rowan, grace)
    for laptop, said in ((rowan, one), (grace, two)):
        with laptop.store.write() as writing:
            writing.edit(kind, record, **{field: said})
    exchange(rowan, grace, rowan)
    return rowan, grace, record


def safe_to_call(centre: House) -> tuple[Connected, Connected, str]:
    start = Person(area=AREA, preferred_name="Amina", safe_to_call="yes")
    return clash(centre, Person, start, "safe_to_call", "no", "ask_first")


def test_both_answers_stand_with_who_and_when_and_what_was_there_before(qtbot: QtBot, centre: House) -> None:
    rowan, grace, _person = safe_to_call(centre)
    told = words_on(sit(qtbot, rowan))
    for words in (
        "Amina",
        "Date of birth not known",
        "Safe to call",
        "Before: Yes",
        "You, today 14:05",
        "Grace Lamb, today 14:05",
    ):
        assert words in told
    assert "Ask first each time" in told
    assert "safe_to_call" not in told
    assert "ask_first" not in told
    page = sit(qtbot, grace, name="Grace Lamb")
    assert (button(page, "conflicts.choice.0.shown").text(), button(page, "conflicts.choice.0.other").text()) == (
        "Keep theirs",
        "Keep mine",
    )


def test_where_the_careful_answer_is_not_the_one_written_the_page_says_what_is_gone_by(qtbot: QtBot, centre: House) -> None:
    start = Person(area=AREA, preferred_name="Amina", safe_to_call="ask_first")
    rowan, _grace, _person = clash(centre, Person, start, "safe_to_call", "yes", "no")
    told = words_on(sit(qtbot, rowan))
    assert "every page goes by the careful answer: “No, it is not safe”" in told
    assert ("Written down now" in told, "On the screens now" in told) == (True, False)


def test_keeping_the_other_answer_makes_both_laptops_equal(qtbot: QtBot, centre: House) -> None:
    rowan, grace, person = safe_to_call(centre)
    page = sit(qtbot, rowan)
    button(page, "conflicts.choice.0.other").click()
    assert "Nothing waits for you to choose" in words_on(page)
    for laptop in (rowan, grace):
        laptop.sync()
        with laptop.store.read() as connection:
            value = connection.execute(select(table(Person).c.safe_to_call).where(table(Person).c.id == person)).scalar()
            settled = connection.execute(select(table(Conflict).c.settled_by, table(Conflict).c.chosen)).one()
        assert value == "ask_first"
        assert tuple(settled) == (rowan.store.author, "ask_first")


def test_a_question_about_one_of_several_needs_says_which(qtbot: QtBot, centre: House) -> None:
    start = Need(area=AREA, code="money", words="Letters about the rent")
    rowan, _grace, _need = clash(centre, Need, start, "outcome", "met", "partly_met")
    told = words_on(sit(qtbot, rowan))
    assert "Need “Letters about the rent”: what became of it" in told


def test_words_of_two_people_can_both_be_kept_with_who_said_which(qtbot: QtBot, centre: House) -> None:
    rowan, grace, goal = clash(centre, Goal, Goal(area=AREA, words="Sleep"), "words", "Sleep well", "Sleep until six")
    page = sit(qtbot, grace, name="Grace Lamb")
    assert "Goal: in their words" in words_on(page)
    button(page, "conflicts.choice.0.both").click()
    assert TOGETHER in words_on(page)
    assert THE_OTHER not in words_on(page)
    exchange(grace, rowan)
    with rowan.store.read() as connection:
        words = connection.execute(select(table(Goal).c.words).where(table(Goal).c.id == goal)).scalar()
    assert words == "Sleep well (Rowan Oak, 21 November 2026)\nSleep until six (Grace Lamb, 21 November 2026)"


def test_words_that_were_kept_together_before_are_not_signed_once_more(qtbot: QtBot, centre: House) -> None:
    rowan, grace, goal = clash(centre, Goal, Goal(area=AREA, words="Sleep"), "words", "Sleep well", "Sleep until six")
    button(sit(qtbot, grace, name="Grace Lamb"), "conflicts.choice.0.both").click()
    # Rowan wrote once more before he heard of it
    with rowan.store.write() as writing:
        writing.edit(Goal, goal, words="Dream")
    exchange(rowan, grace, rowan)
    button(sit(qtbot, rowan), "conflicts.choice.0.both").click()
    with rowan.store.read() as connection:
        words = connection.execute(select(table(Goal).c.words).where(table(Goal).c.id == goal)).scalar()
    signed = [
        f"{said}, 21 November 2026)" for said in ("Sleep well (Rowan Oak", "Sleep until six (Grace Lamb", "Dream (Rowan Oak")
    ]
    assert sorted(str(words).splitlines()) == sorted(signed)


def test_of_two_lists_everything_can_be_kept(qtbot: QtBot, centre: House) -> None:
    start = Handover(area=AREA, shared=["contact"])
    rowan, _grace, handover = clash(centre, Handover, start, "shared", ["contact", "communication"], ["contact", "needs"])
    page = sit(qtbot, rowan)
    assert "Name and how to reach them safely" in words_on(page)
    button(page, "conflicts.choice.0.both").click()
    with rowan.store.read() as connection:
        assert connection.execute(select(table(Handover).c.shared).where(table(Handover).c.id == handover)).scalar() == [
            "contact", "communication", "needs",
        ]  # fmt: skip


def test_of_two_answers_only_one_of_which_can_be_true_both_cannot_be_kept(qtbot: QtBot, centre: House) -> None:
    rowan, _grace, _person = safe_to_call(centre)
    assert sit(qtbot, rowan).findChild(Button, "conflicts.choice.0.both") is None
    with rowan.store.read() as connection:
        card = open_conflicts(connection)[0]
    assert keep(desk_of(rowan), card.id, Keep.BOTH) is Kept.SETTLED


def test_the_history_of_the_record_is_one_step_away(qtbot: QtBot, centre: House) -> None:
    rowan, _grace, person = safe_to_call(centre)
    page = sit(qtbot, rowan)
    with qtbot.waitSignal(page.go) as asked:
        button(page, "conflicts.history.0").click()
    assert asked.args == [ToHistory("person", person, person)]


def test_after_a_choice_the_way_to_what_was_not_kept_stands_beside_it(qtbot: QtBot, centre: House) -> None:
    rowan, _grace, person = safe_to_call(centre)
    page = sit(qtbot, rowan)
    button(page, "conflicts.choice.0.other").click()
    came = button(page, "conflicts.chosen-history")
    assert came.isVisible()
    with qtbot.waitSignal(page.go) as asked:
        came.click()
    assert asked.args == [ToHistory("person", person, person)]


def test_one_persons_answers_stand_alone_and_the_others_are_one_step_away(qtbot: QtBot, centre: House) -> None:
    rowan, _grace, person = safe_to_call(centre)
    assert "Amina" in words_on(sit(qtbot, rowan, person))
    page = sit(qtbot, rowan, rowan.store.author)
    assert "Nothing waits" in words_on(page)
    button(page, "conflicts.all").click()
    assert "Amina" in words_on(page)


def test_a_choice_can_be_taken_back_at_once(qtbot: QtBot, centre: House) -> None:
    rowan, grace, person = safe_to_call(centre)
    page = sit(qtbot, rowan)
    button(page, "conflicts.choice.0.other").click()
    told = words_on(page)
    assert "Your choice for" in told
    assert "Everybody wrote the same" not in told
    with qtbot.waitSignal(page.said) as said:
        button(page, "undo").click()
    assert said.args == ["Both answers wait for a choice again."]
    assert "Ask first each time" in words_on(page)
    exchange(rowan, grace)
    for laptop in (rowan, grace):
        with laptop.store.read() as connection:
            assert [card.shown for card in open_conflicts(connection)] == ["no"]
            assert connection.execute(select(table(Person).c.safe_to_call).where(table(Person).c.id == person)).scalar() == "no"


def test_what_was_said_of_one_choice_goes_with_the_next(qtbot: QtBot, centre: House) -> None:
    rowan, _grace, _person = safe_to_call(centre)
    page = sit(qtbot, rowan)
    said: list[str] = []
    page.said.connect(said.append)
    button(page, "conflicts.choice.0.other").click()
    button(page, "undo").click()
    button(page, "conflicts.choice.0.shown").click()
    assert said == ["", ASKED_AGAIN, ""]


def test_at_twice_the_text_what_was_chosen_stays_in_sight_with_the_way_back(
    qapp: QApplication, qtbot: QtBot, centre: House
) -> None:
    rowan, grace, _person = safe_to_call(centre)
    with rowan.store.write() as writing:
        goal = writing.add(Goal(area=AREA, words="Sleep"))
    exchange(rowan, grace)
    for laptop, said in ((rowan, "Sleep well"), (grace, "Sleep until six")):
        with laptop.store.write() as writing:
            writing.edit(Goal, goal, words=said)
    exchange(rowan, grace, rowan)
    with worn(qapp, (Scheme.LIGHT, 200, False)):
        page = focused(qtbot, rowan)
        chosen = button(page, "conflicts.choice.0.other")
        chosen.setFocus()
        QTest.keyClick(chosen, Qt.Key.Key_Return)
        settle(page)
        undo = button(page, "undo")
        assert undo.isVisible()
        assert undo.visibleRegion().boundingRect().size() == undo.size()


def test_the_page_follows_an_edit_of_the_record(qtbot: QtBot, centre: House) -> None:
    rowan, _grace, goal = clash(centre, Goal, Goal(area=AREA, words="Sleep"), "words", "Sleep well", "Sleep until six")
    page = sit(qtbot, rowan)
    with rowan.store.write() as writing:
        writing.edit(Goal, goal, words="Walk every day")
    told = words_on(page)
    assert "Walk every day" in told
    assert "You, today" in told
    assert "Before: Sleep\n" in told


def test_a_role_that_holds_no_records_cannot_choose(centre: House) -> None:
    rowan, _grace, _person = safe_to_call(centre)
    with rowan.store.read() as connection:
        card = open_conflicts(connection)[0]
    with pytest.raises(NotForThisRole):
        keep(desk_of(rowan, role="volunteer"), card.id, Keep.OTHER)


def test_two_answers_to_a_question_are_told_with_the_question_and_in_words(qtbot: QtBot, centre: House) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    desks = [desk_of(rowan), desk_of(grace, "Grace Lamb")]
    person = add_person(desks[0], {"preferred_name": "Amina"})
    assessment = start_assessment(desks[0], person, None, "phq-9")
    record_answer(desks[0], assessment, "44250-9", 0)
    exchange(rowan, grace)
    for desk, value in zip(desks, (1, 3), strict=True):
        record_answer(desk, assessment, "44250-9", value)
    exchange(rowan, grace, rowan)
    told = words_on(sit(qtbot, rowan))
    assert "(PHQ-9): Little interest or pleasure in doing things" in told
    assert "Before: Not at all" in told
    assert "Several days" in told
    assert "Nearly every day" in told


def test_a_members_own_words_can_be_kept_as_both_workers_heard_them(qtbot: QtBot, centre: House) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    desks = [desk_of(rowan), desk_of(grace, "Grace Lamb")]
    assessment = start_assessment(desks[0], add_person(desks[0], {"preferred_name": "Amina"}), None, "first-conversation")
    exchange(rowan, grace)
    for desk, words in zip(desks, ("The noise at night", "She wakes at four"), strict=True):
        record_answer(desk, assessment, "brings-you", words)
    exchange(rowan, grace, rowan)
    page = sit(qtbot, rowan)
    button(page, "conflicts.choice.0.both").click()
    assert TOGETHER in words_on(page)
    with rowan.store.read() as connection:
        kept = str(answers_of(connection, assessment)["brings-you"].value)
    assert kept.splitlines() == [
        "The noise at night (Rowan Oak, 21 November 2026)",
        "She wakes at four (Grace Lamb, 21 November 2026)",
    ]


def three_answers(centre: House) -> list[Connected]:
    """Three laptops call one goal differently; all know it."""
    laptops = [centre.join(name) for name in ("Rowan Oak", "Grace Lamb", "Ines Vale")]
    with laptops[0].store.write() as writing:
        person = writing.add(Person(area=AREA, preferred_name="Amina"))
        goal = writing.add(Goal(area=AREA, person=person, words="Sleep"))
    exchange(*laptops)
    for laptop, words in zip(laptops, ("Sleep well", "Sleep until six", "Walk every day"), strict=True):
        with laptop.store.write() as writing:
            writing.edit(Goal, goal, words=words)
    exchange(*laptops, *laptops)
    return laptops


def test_three_answers_to_one_question_are_one_question_with_three_answers(qtbot: QtBot, centre: House) -> None:
    rowan, *_ = three_answers(centre)
    page = sit(qtbot, rowan)
    told = words_on(page)
    assert told.count("Goal: in their words") == told.count("Before: Sleep\n") == 1
    assert told.count("Another answer") == 2
    assert [button(page, f"conflicts.choice.0.{each}").text() for each in ("shown", "other", "other.1", "both")] == [
        "Keep mine", "Keep this answer", "Keep this answer", "Keep all",
    ]  # fmt: skip
    button(page, "conflicts.choice.0.other.1").click()
    assert "Nothing waits for you to choose" in words_on(page)


@in_every_look
def test_the_page_has_no_faults(qtbot: QtBot, centre: House, look: Look) -> None:
    rowan, grace, _goal = clash(centre, Goal, Goal(area=AREA, words="Sleep"), "words", "Sleep well", "Sleep until six")
    with rowan.store.write() as writing:
        person = writing.add(Person(area=AREA, preferred_name="Amina", safe_to_call="yes"))
    exchange(rowan, grace)
    for laptop, said in ((rowan, "no"), (grace, "ask_first")):
        with laptop.store.write() as writing:
            writing.edit(Person, person, safe_to_call=said)
    with grace.store.write() as writing:
        off = writing.add(Person(area=AREA, preferred_name="Bo"))
    exchange(rowan, grace, rowan)
    with rowan.store.write() as writing:
        writing.remove(Person, off)
    with grace.store.write() as writing:
        writing.edit(Person, off, telephone="0161 496 0001")
    exchange(rowan, grace, rowan)
    expect_accessible(qtbot, look, lambda: sit(qtbot, rowan))


@in_every_look
def test_the_page_after_a_choice_has_no_faults(qtbot: QtBot, centre: House, look: Look) -> None:
    rowan, _grace, _person = safe_to_call(centre)

    def chosen() -> Page:
        page = sit(qtbot, rowan)
        if page.findChild(Button, "conflicts.choice.0.shown") is not None:
            button(page, "conflicts.choice.0.shown").click()
        return page

    expect_accessible(qtbot, look, chosen)
