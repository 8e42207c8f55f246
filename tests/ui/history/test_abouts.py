"""What the page of what changed can be about: everything of a member that has a history, known again by its words."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.assessments import record_answer, start_assessment
from ewb_desktop.actions.conflicts import Keep, Kept, keep
from ewb_desktop.actions.held import let_go
from ewb_desktop.actions.people import add_person
from ewb_desktop.storage.cards.conflicts import open_conflicts
from ewb_desktop.storage.exchange.journal import quarantined
from ewb_desktop.storage.exchange.looks import looks_to_tell
from ewb_desktop.storage.tables import Contact, Goal, Need, Person
from ewb_desktop.ui.background import Background
from ewb_desktop.ui.destinations import ToHistory
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.field import SelectField
from sync.protocol.messages import LookKind
from tests.support.connected import AREA, Connected, House
from tests.support.looks import Look, expect_accessible, in_every_look
from tests.ui.history.test_history import background, desk_of, sit, words_on

__all__ = ["background"]


def choice(page: Page) -> SelectField:
    found = page.findChild(SelectField, "history.about")
    assert isinstance(found, SelectField)
    return found


def offered(page: Page) -> list[str]:
    combo = choice(page).combo
    return [combo.itemText(at) for at in range(combo.count())]


def choose(page: Page, place: int) -> None:
    """Choose as the keyboard does: Down, with the list shut."""
    combo = choice(page).combo
    for _step in range(place - combo.currentIndex()):
        QTest.keyClick(combo, Qt.Key.Key_Down)


def settled(centre: House) -> tuple[Connected, str, str]:
    """Rowan and Grace called one need differently, and Rowan kept hers; a goal was changed after that."""
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    with rowan.store.write() as writing:
        person = writing.add(Person(area=AREA, preferred_name="Amina"))
        need = writing.add(Need(area=AREA, person=person, words="somewhere warm"))
        goal = writing.add(Goal(area=AREA, person=person, words="sleep"))
    for laptop in (rowan, grace):
        laptop.sync()
    for laptop, words in ((grace, "a warm place to meet people"), (rowan, "a warm room")):
        with laptop.store.write() as writing:
            writing.edit(Need, need, words=words)
    for laptop in (rowan, grace, rowan):
        laptop.sync()
    with rowan.store.read() as connection:
        (card,) = open_conflicts(connection)
    assert keep(desk_of(rowan, "Rowan Oak"), card.id, Keep.SHOWN) is Kept.DONE
    rowan.sync()
    rowan.clock.move(hours=1)
    with rowan.store.write() as writing:
        writing.edit(Goal, goal, words="sleep until six")
    return rowan, person, need


def test_the_answer_that_was_not_kept_is_read_from_the_member_s_page(qtbot: QtBot, background: Background, centre: House) -> None:
    rowan, person, need = settled(centre)
    page = sit(qtbot, background, rowan, ToHistory("person", person, person))
    assert "a warm place to meet people" not in words_on(page)
    assert offered(page) == [
        "About a member",
        "Goal “sleep until six” · today 15:05",
        "Need “a warm room” · today 14:05",
    ]
    with qtbot.waitSignal(page.said) as said:
        choose(page, 1)
    assert said.args == ["2 changes of it are known here."]
    choose(page, 2)
    told = words_on(page)
    assert "Amina · Need" in told
    assert "“a warm place to meet people” was told too. “a warm room” stayed" in told
    assert choice(page).value == ToHistory("need", need, person)


def test_each_record_that_is_looked_at_is_noted(qtbot: QtBot, background: Background, centre: House) -> None:
    rowan, person, need = settled(centre)
    page = sit(qtbot, background, rowan, ToHistory("person", person, person))
    choose(page, 2)

    def noted() -> list[tuple[str, str]]:
        with rowan.store.read() as connection:
            return [(look.kind, look.record) for look in looks_to_tell(connection)]

    qtbot.waitUntil(lambda: (LookKind.HISTORY, need) in noted())


def test_a_contact_that_was_let_go_of_is_read_though_it_is_off_the_screens(
    qtbot: QtBot, background: Background, centre: House
) -> None:
    rowan = centre.join("Rowan Oak")
    with rowan.store.write() as writing:
        person = writing.add(Person(area=AREA, preferred_name="Amina"))
    rowan.sync()
    with rowan.store.write() as writing:
        writing.add(Contact(area=AREA, person=person, how="ring", note="Rang " + "x" * 200_000))
    rowan.sync()
    with rowan.store.read() as connection:
        (held,) = quarantined(connection)
    assert let_go(desk_of(rowan, "Rowan Oak"), held.id) == 1
    page = sit(qtbot, background, rowan, ToHistory("person", person, person))
    assert offered(page) == ["About a member", "Contact “Rang…” · let go today 14:05"]
    choose(page, 1)
    assert "let go on this laptop" in words_on(page)
    assert "How it was made: " in words_on(page)


def test_an_answer_is_offered_by_its_question(qtbot: QtBot, background: Background, centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    desk = desk_of(rowan, "Rowan Oak")
    person = add_person(desk, {"preferred_name": "Amina"})
    assessment = start_assessment(desk, person, None, "phq-9")
    record_answer(desk, assessment, "44250-9", 0)
    rowan.sync()
    rowan.clock.move(hours=1)
    record_answer(desk, assessment, "44250-9", 1)
    page = sit(qtbot, background, rowan, ToHistory("person", person, person))
    (answer,) = [words for words in offered(page) if "Little interest or pleasure" in words]
    assert answer.endswith(" · today 15:05")
    assert "44250-9" not in "".join(offered(page))


def test_what_is_told_of_stays_among_what_can_be_chosen_and_alone_it_is_no_choice(
    qtbot: QtBot, background: Background, centre: House
) -> None:
    rowan = centre.join("Rowan Oak")
    with rowan.store.write() as writing:
        person = writing.add(Person(area=AREA, preferred_name="Amina"))
        need = writing.add(Need(area=AREA, person=person, words="somewhere warm"))
    page = sit(qtbot, background, rowan, ToHistory("person", person, person))
    assert not choice(page).isVisible()
    page.opened(ToHistory("need", need, person))
    assert offered(page) == ["About a member", "Need"]
    assert choice(page).value == ToHistory("need", need, person)


def test_what_changes_while_the_page_is_open_is_offered_too(qtbot: QtBot, background: Background, centre: House) -> None:
    rowan, person, need = settled(centre)
    page = sit(qtbot, background, rowan, ToHistory("need", need, person))
    rowan.clock.move(hours=1)
    with rowan.store.write() as writing:
        writing.edit(Person, person, pronouns="she")
    assert offered(page)[0] == "About a member · today 16:05"
    assert choice(page).value == ToHistory("need", need, person)


@in_every_look
def test_the_page_with_a_choice_has_no_faults(qtbot: QtBot, background: Background, centre: House, look: Look) -> None:
    rowan, person, need = settled(centre)
    expect_accessible(qtbot, look, lambda: sit(qtbot, background, rowan, ToHistory("need", need, person)))
