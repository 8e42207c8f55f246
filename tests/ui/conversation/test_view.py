"""The conversation's page by keyboard alone, with a real file behind it."""

from __future__ import annotations

from datetime import date
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.people import add_person
from ewb_desktop.storage.cards.assessments import answers_of, assessments_of
from ewb_desktop.storage.cards.needs import needs_of
from ewb_desktop.storage.cards.safety_talks import open_talk_of
from ewb_desktop.storage.drafts import draft_keys
from ewb_desktop.ui import theme
from ewb_desktop.ui.conversation.page import build
from ewb_desktop.ui.conversation.presenter import ConversationPresenter
from ewb_desktop.ui.conversation.view import ConversationPage
from ewb_desktop.ui.destinations import Destination, ToConversation, ToPerson, ToQuestionnaire, ToSafety
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.safety.page import build as build_safety
from ewb_desktop.ui.widgets.long_text import LongText
from ewb_desktop.ui.widgets.look import Scheme
from ewb_desktop.ui.widgets.text import Text
from ewb_desktop.ui.window import MainWindow


@pytest.fixture
def amina(desk: Desk) -> str:
    return add_person(desk, {"given_name": "Amina", "family_name": "Khan", "birth_date": date(1986, 3, 14)})


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, amina: str) -> ConversationPage:
    page = build(desk, Feed())
    assert isinstance(page, ConversationPage)
    qtbot.addWidget(page)
    page.resize(1160, 660)
    page.show()
    page.activateWindow()
    page.opened(ToConversation(amina))
    QApplication.processEvents()
    return page


def presenter_of(page: ConversationPage) -> ConversationPresenter:
    return cast("ConversationPresenter", page.presenter)


def press(page: ConversationPage, *keys: Qt.Key) -> None:
    for key in keys:
        here = page.focusWidget()
        assert here is not None
        QTest.keyClick(here, key)


def answers(desk: Desk, person: str) -> list[object]:
    with desk.store.read() as connection:
        card = assessments_of(connection, person, "phq-9")[0]
        given = answers_of(connection, card.id)
    form = desk.library.questionnaire("phq-9")
    return [given[item.link_id].value if item.link_id in given else None for item in form.questions]


def test_phq_9_is_answered_with_digits_and_enter_alone(qtbot: QtBot, desk: Desk, amina: str, page: ConversationPage) -> None:
    page.opened(ToQuestionnaire(amina, None, "phq-9"))  # type: ignore[arg-type]
    for _ in range(8):
        press(page, Qt.Key.Key_1, Qt.Key.Key_Return)
    press(page, Qt.Key.Key_0, Qt.Key.Key_Return, Qt.Key.Key_2, Qt.Key.Key_Return)
    assert answers(desk, amina) == [1] * 8 + [0, 2]
    assert page.next_step.isVisible()
    assert page.next_step.choices.value == "gad-7"
    press(page, Qt.Key.Key_Return)
    assert page.head.title.text() == "Worry and feeling on edge (GAD-7)"


def test_question_nine_shows_what_to_do_at_once_and_enter_opens_the_safety_page(
    qtbot: QtBot, desk: Desk, amina: str, page: ConversationPage
) -> None:
    presenter_of(page).change("phq-9/44260-8")
    gone: list[Destination] = []
    page.go.connect(gone.append)
    press(page, Qt.Key.Key_1)
    assert page.known.notice.isVisible()
    with desk.store.read() as connection:
        talk = open_talk_of(connection, amina)
    assert talk is not None
    press(page, Qt.Key.Key_Return)
    assert gone == [ToSafety(amina, talk.id, talk.conversation)]


def test_a_key_that_is_no_answer_is_said_until_one_is_given(qtbot: QtBot, page: ConversationPage) -> None:
    presenter_of(page).choose("phq-9")
    press(page, Qt.Key.Key_7)
    assert "“7” is no answer here. Press 0 to 3" in page.question.error.text()
    press(page, Qt.Key.Key_2)
    assert page.question.error.text() == ""


def test_going_on_without_an_answer_is_said_at_the_foot(qtbot: QtBot, page: ConversationPage) -> None:
    presenter_of(page).choose("phq-9")
    with qtbot.waitSignal(page.said) as said:
        press(page, Qt.Key.Key_Return)
    assert said.args == ["The question before has no answer yet. Back goes to it."]


def test_enter_on_a_button_presses_that_button(qtbot: QtBot, page: ConversationPage) -> None:
    presenter_of(page).choose("gad-7")
    press(page, Qt.Key.Key_1, Qt.Key.Key_Return)
    second = page.question.heading.text()
    page.question.back_button.setFocus()
    press(page, Qt.Key.Key_Return)
    assert page.question.heading.text() != second


def test_enter_in_a_box_of_words_begins_a_new_line(qtbot: QtBot, page: ConversationPage) -> None:
    here = page.focusWidget()
    assert isinstance(here, QPlainTextEdit)
    QTest.keyClicks(here, "Two")
    press(page, Qt.Key.Key_Return)
    QTest.keyClicks(here, "lines")
    assert page.question.words == "Two\nlines"
    assert page.question.heading.text() == "What brings you here today?"


def test_words_are_kept_when_the_page_is_left_in_the_middle_of_a_sentence(
    qtbot: QtBot, desk: Desk, amina: str, page: ConversationPage
) -> None:
    here = page.focusWidget()
    assert here is not None
    QTest.keyClicks(here, "I lie awake unt")
    page.leaving()
    with desk.store.read() as connection:
        begun = assessments_of(connection, amina)[0]
        assert answers_of(connection, begun.id)["brings-you"].value == "I lie awake unt"


def test_words_are_a_draft_a_moment_after_the_last_key(qtbot: QtBot, desk: Desk, page: ConversationPage) -> None:
    here = page.focusWidget()
    assert here is not None
    QTest.keyClicks(here, "I lie aw")
    with qtbot.waitSignal(page.question.typed, timeout=5000):
        pass
    assert draft_keys(desk.store, "answer/")
    assert page.saved.text() == "saved a moment ago"


@pytest.mark.parametrize("way", ["next", "back", "rail", "ctrl+enter", "page"])
def test_a_need_typed_and_not_added_is_added_whichever_way_the_step_is_left(
    desk: Desk, amina: str, page: ConversationPage, way: str
) -> None:
    presenter_of(page).choose("needs")
    QTest.keyClicks(page.needs.words.area, "Help with letters")
    if way == "page":
        page.leaving()
    elif way == "rail":
        page.steps.chosen.emit("gad-7")
    elif way == "ctrl+enter":
        QTest.keyClick(page.needs.words.area, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    else:
        (page.needs.next_button if way == "next" else page.needs.back_button).click()
    with desk.store.read() as connection:
        assert [need.words for need in needs_of(connection, amina)] == ["Help with letters"]
    assert not draft_keys(desk.store, "need/")
    page.leaving()
    with desk.store.read() as connection:
        assert len(needs_of(connection, amina)) == 1


def test_a_need_is_a_draft_a_moment_after_the_last_key(qtbot: QtBot, desk: Desk, page: ConversationPage) -> None:
    presenter_of(page).choose("needs")
    QTest.keyClicks(page.needs.words.area, "Help with le")
    with qtbot.waitSignal(page.needs.need_typed, timeout=5000):
        pass
    assert draft_keys(desk.store, "need/")


def test_the_keyboard_is_on_the_answer_of_each_question(qtbot: QtBot, page: ConversationPage) -> None:
    presenter_of(page).choose("ons4")
    press(page, Qt.Key.Key_7, Qt.Key.Key_Return)
    assert page.question.heading.text().startswith("Overall, to what extent")
    press(page, Qt.Key.Key_4)
    with_focus = page.focusWidget()
    assert isinstance(with_focus, QWidget)
    assert with_focus.accessibleName() == "4"


def test_pause_goes_back_to_the_person(qtbot: QtBot, amina: str, page: ConversationPage) -> None:
    with qtbot.waitSignal(page.go) as gone:
        page.pause_button.click()
    assert gone.args == [ToPerson(amina)]


def test_the_way_to_an_open_safety_conversation_stays_on_every_step(qtbot: QtBot, amina: str, page: ConversationPage) -> None:
    presenter = presenter_of(page)
    presenter.change("phq-9/44260-8")
    press(page, Qt.Key.Key_3, Qt.Key.Key_0)
    assert page.known.notice.isVisible()
    presenter.to_safety()
    page.opened(ToConversation(amina))
    for step in ("gad-7", "needs", "check"):
        presenter.choose(step)
        QApplication.processEvents()
        assert page.known.open_button.isVisible()
        assert page.known.notice.title.text() == "A safety conversation is open"
        assert page.known.card.isVisible() is (step != "check")


def test_the_last_page_has_a_way_to_change_each_answer(qtbot: QtBot, page: ConversationPage) -> None:
    presenter_of(page).choose("gad-7")
    press(page, Qt.Key.Key_2, Qt.Key.Key_Return)
    presenter_of(page).choose("check")
    change = page.findChild(QPushButton, "conversation-answers-gad-7.act.0")
    assert change is not None
    change.click()
    assert page.question.heading.text() == "Feeling nervous, anxious or on edge"


def test_an_answer_of_one_endless_word_leaves_the_page_its_columns(desk: Desk, amina: str, page: ConversationPage) -> None:
    presenter = presenter_of(page)
    box = page.findChild(QPlainTextEdit, "conversation-answer.input")
    assert isinstance(box, QPlainTextEdit)
    box.setPlainText("w" * 10_000)
    presenter.next()
    presenter.choose("needs")
    QApplication.processEvents()
    assert not page.columns.stacked
    assert page.sheet.content.width() <= page.width()
    assert page.known.findChild(LongText) is not None


def test_people_s_own_words_keep_their_small_first_letter(desk: Desk, amina: str, page: ConversationPage) -> None:
    presenter = presenter_of(page)
    box = page.findChild(QPlainTextEdit, "conversation-answer.input")
    assert isinstance(box, QPlainTextEdit)
    box.setPlainText("iPad lessons")
    presenter.choose("check")
    assert "iPad lessons" in [text.text() for text in page.check.findChildren(Text)]


def test_the_safety_panel_s_button_and_who_answers_are_in_sight_on_a_small_screen(
    qapp: QApplication, desk: Desk, amina: str, page: ConversationPage
) -> None:
    theme.apply(qapp, Scheme.LIGHT, 100)
    page.resize(1072, 600)
    presenter_of(page).change("phq-9/44260-8")
    presenter_of(page).answer(1)
    QApplication.processEvents()
    for part in (page.known.open_button, page.steps.who.combo):
        foot = part.mapTo(page, part.rect().bottomLeft()).y()
        assert part.isVisible()
        assert foot <= page.height(), part.objectName()


def test_the_question_beside_the_nine_is_not_numbered_among_them(desk: Desk, amina: str, page: ConversationPage) -> None:
    presenter_of(page).change("phq-9/69722-7")
    assert "One more question, not counted" in [text.text() for text in page.steps.findChildren(Text)]


def test_at_twice_the_text_a_question_opens_with_its_words_and_its_answers_in_sight(
    qapp: QApplication, qtbot: QtBot, desk: Desk, amina: str, page: ConversationPage
) -> None:
    theme.apply(qapp, Scheme.LIGHT, 200)
    try:
        page.resize(1206, 625)
        port = page.sheet.viewport()
        for item in desk.library.questionnaire("phq-9").questions:
            presenter_of(page).change(f"phq-9/{item.link_id}")
            qtbot.waitUntil(lambda: not page._settled.isActive())
            QApplication.processEvents()
            seen = page.question.heading.visibleRegion().boundingRect()
            assert seen.height() == page.question.heading.height(), item.text
            answers = page.question.findChildren(QRadioButton)[:2]
            assert len(answers) == 2
            for answer in answers:
                assert answer.mapTo(port, answer.rect().bottomLeft()).y() <= port.height(), item.text
    finally:
        theme.apply(qapp, Scheme.LIGHT, 100)


def test_at_twice_the_text_what_to_do_now_comes_into_sight_when_question_nine_is_answered(
    qapp: QApplication, qtbot: QtBot, page: ConversationPage
) -> None:
    theme.apply(qapp, Scheme.LIGHT, 200)
    try:
        page.resize(1206, 625)
        presenter_of(page).change("phq-9/44260-8")
        presenter_of(page).answer(1)
        qtbot.waitUntil(lambda: not page._settled.isActive())
        button = page.known.open_button
        assert button.visibleRegion().boundingRect().height() == button.height()
    finally:
        theme.apply(qapp, Scheme.LIGHT, 100)


def test_the_notice_of_an_open_talk_is_only_as_tall_as_its_words_beside_all_the_answers(page: ConversationPage) -> None:
    presenter = presenter_of(page)
    presenter.change("phq-9/44260-8")
    presenter.answer(1)
    presenter.to_safety()
    presenter.choose("check")
    QApplication.processEvents()
    assert page.known.notice.height() < page.known.height() / 2


@pytest.mark.parametrize("before", ["phq-9", "needs"])
def test_back_from_the_safety_page_the_keyboard_is_on_the_chosen_answer(
    qtbot: QtBot, desk: Desk, amina: str, before: str
) -> None:
    page, safety = build(desk, Feed()), build_safety(desk, Feed())
    assert isinstance(page, ConversationPage)
    window = MainWindow(
        place="St Mary's Hall", worker="Rowan O.", pages={ToConversation: lambda: page, ToSafety: lambda: safety},
        find=lambda _text: [],
    )  # fmt: skip
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    window.show_page(ToConversation(amina))
    presenter_of(page).choose(before)
    presenter_of(page).change("phq-9/44260-8")
    press(page, Qt.Key.Key_2)
    page.known.open_button.setFocus()
    page.known.open_button.click()
    QApplication.processEvents()
    next(action for action in safety.actions() if action.objectName() == "safety-save-action").trigger()
    QApplication.processEvents()
    assert page.isVisible()
    here = QApplication.focusWidget()
    assert isinstance(here, QRadioButton)
    assert here.isChecked()
