"""Small painted widgets: what they tell, and what they say to a screen reader."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSlider, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.ui import theme
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.choices import CheckChoices, Choice, ChoiceList
from ewb_desktop.ui.widgets.flow import Columns
from ewb_desktop.ui.widgets.line_chart import Line, LineChart
from ewb_desktop.ui.widgets.long_text import LongText
from ewb_desktop.ui.widgets.look import TOKENS, Scheme, contrast
from ewb_desktop.ui.widgets.notice import UndoBar
from ewb_desktop.ui.widgets.page_head import PageHead
from ewb_desktop.ui.widgets.painting import BREAK
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.rows import RowList
from ewb_desktop.ui.widgets.scale import ScaleRow
from ewb_desktop.ui.widgets.scroll_page import ScrollPage
from ewb_desktop.ui.widgets.search_box import SearchBox
from ewb_desktop.ui.widgets.tag import Tag, initials_of
from ewb_desktop.ui.widgets.text import Text

FOUR = [Choice(n, text) for n, text in enumerate(("Not at all", "Several days", "Half the days", "Nearly every day"))]

pytestmark = pytest.mark.usefixtures("dressed")


def shown(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.addWidget(widget)
    widget.show()
    widget.activateWindow()
    QApplication.processEvents()


def test_a_digit_chooses_and_tells_the_value(qtbot: QtBot) -> None:
    choices = ChoiceList(FOUR, says="Sleep")
    told: list[object] = []
    choices.chosen.connect(told.append)
    shown(qtbot, choices)
    choices.rows[0].setFocus()
    QTest.keyClick(choices.rows[0], Qt.Key.Key_2)
    assert (told, choices.value) == ([2], 2)


def test_setting_a_choice_by_program_tells_nothing(qtbot: QtBot) -> None:
    choices = ChoiceList(FOUR, says="Sleep")
    told: list[object] = []
    choices.chosen.connect(told.append)
    qtbot.addWidget(choices)
    choices.value = 0
    choices.value = None
    assert (told, choices.value) == ([], None)


def test_arrow_keys_move_the_choice(qtbot: QtBot) -> None:
    choices = ChoiceList(FOUR, says="Sleep")
    shown(qtbot, choices)
    choices.value = 1
    choices.rows[1].setFocus()
    QTest.keyClick(choices.rows[1], Qt.Key.Key_Down)
    assert choices.value == 2


def test_a_choice_is_a_radio_button_to_a_screen_reader(qtbot: QtBot) -> None:
    choices = ChoiceList(FOUR, says="Sleep")
    shown(qtbot, choices)
    spoken = QAccessible.queryAccessibleInterface(choices.rows[0])
    assert (spoken.role(), spoken.text(QAccessible.Text.Name)) == (QAccessible.Role.RadioButton, "Not at all")


def test_several_choices_come_in_the_order_shown(qtbot: QtBot) -> None:
    checks = CheckChoices(FOUR, says="Needs")
    told: list[list[object]] = []
    checks.changed.connect(told.append)
    shown(qtbot, checks)
    checks.rows[3].click()
    checks.rows[0].click()
    assert told == [[3], [0, 3]]


def test_a_scale_tells_the_number_typed(qtbot: QtBot) -> None:
    scale = ScaleRow("Life", "not at all", "completely")
    shown(qtbot, scale)
    scale.setFocus()
    with qtbot.waitSignal(scale.chosen) as told:
        QTest.keyClick(scale, Qt.Key.Key_7)
    assert told.args == [7]


def test_markup_in_what_people_typed_stays_text(qtbot: QtBot) -> None:
    label = Text("<b>not bold</b>")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText


def test_the_search_waits_for_a_pause_and_searches_once(qtbot: QtBot) -> None:
    box = SearchBox("Find")
    told: list[str] = []
    box.searched.connect(told.append)
    shown(qtbot, box)
    with qtbot.waitSignal(box.searched):
        QTest.keyClicks(box, "debt ")
    assert told == ["debt"]


def test_a_row_s_button_names_its_row_and_tells_its_key(qtbot: QtBot) -> None:
    rows = RowList([Row("k", "Amina K.", action="Ring")], name="contacts")
    shown(qtbot, rows)
    button = rows.findChild(QWidget, "contacts.act.0")
    assert button is not None
    assert button.accessibleName() == "Ring: Amina K."
    with qtbot.waitSignal(rows.acted) as told:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert told.args == ["k"]


def test_the_columns_of_a_list_line_up(qtbot: QtBot) -> None:
    rows = RowList([Row(1, "A", "d", tag="short", action="Go"), Row(2, "B", "d", tag="much longer", action="Try again")])
    rows.resize(900, 300)
    shown(qtbot, rows)
    for part in ("tag", "action"):
        assert len({getattr(cells, part).geometry().right() for cells in rows._cells}) == 1


def test_columns_stack_when_there_is_little_room(qtbot: QtBot) -> None:
    columns = Columns([Text("one"), Text("two")], stack_under=500)
    columns.resize(900, 200)
    shown(qtbot, columns)
    wide = columns.stacked
    columns.resize(300, 200)
    QApplication.processEvents()
    assert (wide, columns.stacked) == (False, True)


def test_a_chart_says_its_numbers(qtbot: QtBot) -> None:
    chart = LineChart([Line("PHQ-9", ((date(2026, 9, 24), 19), (date(2026, 11, 24), 14)))], says="Feelings")
    qtbot.addWidget(chart)
    assert chart.accessibleDescription() == "PHQ-9: 19 (24.9.2026), 14 (24.11.2026)."


@pytest.mark.parametrize(("percent", "stacked"), [(100, False), (200, True)])
def test_the_words_of_undo_have_the_whole_width_in_large_letters(
    qtbot: QtBot, qapp: QApplication, percent: int, stacked: bool
) -> None:
    theme.apply(qapp, Scheme.LIGHT, percent)
    try:
        bar = UndoBar(Button("What changed"))
        qtbot.addWidget(bar)
        bar.resize(900, 200)
        bar.offer("Your choice for Zara Khan is saved. Both answers stay, each with who wrote it and when.")
        qtbot.waitUntil(lambda: (bar.text.width() > 0.9 * bar.width()) is stacked)
        assert (bar.button.mapTo(bar, QPoint()).y() > bar.text.geometry().bottom()) is stacked
    finally:
        theme.apply(qapp, Scheme.LIGHT, 100)


def test_undo_tells_once_and_goes(qtbot: QtBot) -> None:
    bar = UndoBar()
    qtbot.addWidget(bar)
    bar.offer("Joe was signposted.")
    with qtbot.waitSignal(bar.undone):
        bar.button.click()
    assert bar.isHidden()


@pytest.mark.parametrize(("name", "letters"), [("Amina K.", "AK"), ("Rowan", "R"), ("", ""), ("Mary-Ann Lee", "ML")])
def test_initials(name: str, letters: str) -> None:
    assert initials_of(name) == letters


@pytest.mark.parametrize("scheme", Scheme)
def test_every_scheme_has_the_contrast_it_promises(scheme: Scheme) -> None:
    tokens = TOKENS[scheme]
    for ink in (tokens.text, tokens.muted, tokens.accent, tokens.error, tokens.crisis):
        for ground in (tokens.page, tokens.card):
            assert contrast(QColor(ink), QColor(ground)) >= 4.5, (ink, ground)
    for pair in (*tokens.tints.values(), tokens.notice):
        assert contrast(QColor(pair.text), QColor(pair.fill)) >= 4.5, pair
    for ink, ground in ((tokens.on_accent, tokens.accent), (tokens.on_soft, tokens.soft)):
        assert contrast(QColor(ink), QColor(ground)) >= 4.5, (ink, ground)
    for ground in (tokens.page, tokens.card):
        assert contrast(QColor(tokens.edge), QColor(ground)) >= 3


def test_a_live_change_of_text_size_reaches_labels_that_are_shown(qtbot: QtBot, qapp: QApplication) -> None:
    label = Text("Hello")
    shown(qtbot, label)
    theme.apply(qapp, Scheme.LIGHT, 200)
    large = label.fontInfo().pixelSize()
    theme.apply(qapp, Scheme.LIGHT, 100)
    assert (large, label.fontInfo().pixelSize()) == (34, 17)


def test_a_row_can_be_opened_and_acted_on_by_two_buttons(qtbot: QtBot) -> None:
    rows = RowList([Row("k", "About a member: Bo", "Too long", action="Try again", opener="Open it")], name="held")
    shown(qtbot, rows)
    told: list[tuple[str, object]] = []
    rows.opened.connect(lambda key: told.append(("opened", key)))
    rows.acted.connect(lambda key: told.append(("acted", key)))
    for name in ("held.opener.0", "held.act.0"):
        button = rows.findChild(Button, name)
        assert button is not None
        button.click()
    assert told == [("opened", "k"), ("acted", "k")]


def test_a_word_of_ten_thousand_letters_is_broken_and_read_back_whole(qtbot: QtBot) -> None:
    label = Text("w" * 10_000)
    shown(qtbot, label)
    assert label.minimumSizeHint().width() < 500
    assert label.text() == "w" * 10_000


def test_an_ordinary_word_is_never_broken(qtbot: QtBot) -> None:
    text = Text("somebody@a-long-name.example.org and Llanfairpwllgwyngyll")
    assert BREAK not in QLabel.text(text)


def test_columns_with_a_part_that_is_too_wide_come_to_rest(qtbot: QtBot) -> None:
    wide = QWidget()
    wide.setMinimumWidth(1500)
    columns = Columns([Text("One"), wide], stack_under=600)
    page = ScrollPage()
    page.add(columns)
    page.resize(800, 400)
    shown(qtbot, page)
    assert columns.stacked
    page.resize(801, 400)
    QApplication.processEvents()
    assert columns.stacked


@pytest.mark.parametrize("has_scrolled", [False, True])
def test_what_has_the_keyboard_stays_in_sight_when_something_above_it_grows_unless_somebody_scrolled(
    qtbot: QtBot, has_scrolled: bool
) -> None:
    above, button, page = Text("A line"), Button("Take these in"), ScrollPage()
    for part in (above, button, Text("\n".join("below" * 40))):
        page.add(part)
    page.resize(500, 300)
    shown(qtbot, page)
    button.setFocus()
    QApplication.processEvents()
    if has_scrolled:
        page.verticalScrollBar().triggerAction(QAbstractSlider.SliderAction.SliderSingleStepAdd)
        page.verticalScrollBar().triggerAction(QAbstractSlider.SliderAction.SliderToMinimum)
    above.setText("\n".join(["Another line"] * 40))
    for _ in range(6):
        QApplication.processEvents()
    in_sight = button.visibleRegion().boundingRect().height() == button.height()
    assert in_sight is not has_scrolled


def test_long_words_are_folded_and_opened_by_a_button(qtbot: QtBot) -> None:
    words = "I lie awake and think of the post. " * 40
    folded = LongText(words, quoted=True)
    shown(qtbot, folded)
    assert len(folded.shown.text()) < 260
    assert folded.shown.text().endswith("…”")
    folded.button.click()
    assert folded.shown.text() == f"“{words}”"


def test_short_words_have_no_button(qtbot: QtBot) -> None:
    folded = LongText("Two lines\nof words")
    shown(qtbot, folded)
    assert not folded.button.isVisible()


def test_a_head_s_buttons_stay_on_one_line_beside_words_that_can_wrap(qtbot: QtBot) -> None:
    button = Button("Save and come back")
    head = PageHead("A title of several words", "and a line under it that goes on and on " * 3, [button])
    head.resize(900, 200)
    shown(qtbot, head)
    assert button.width() >= button.sizeHint().width()


@pytest.mark.parametrize("width", range(300, 760, 20))
def test_no_title_of_a_row_is_cut(qtbot: QtBot, width: int) -> None:
    rows = [
        Row(
            n, "Nev Hattersbrook", "You talked on Thursday. Agreed: ring today", "NH", tag="Safety talk open",
            trailing="since Thu", action="Open", opens=True,
        )
        for n in range(3)
    ]  # fmt: skip
    page = ScrollPage()
    page.add(RowList(rows, name="list"))
    page.fill()
    page.resize(width, 600)
    shown(qtbot, page)
    buttons = page.findChildren(Button)
    assert [each.words() for each in buttons if each.height() < each.heightForWidth(each.width())] == []


@pytest.mark.parametrize("mirrored", [False, True])
def test_tags_of_a_list_line_up_at_the_far_edge(qtbot: QtBot, mirrored: bool) -> None:
    rows = RowList([Row(1, "Letters about money", tag="being helped"), Row(2, "Sleep", tag="later")], stack_under=100)
    rows.setLayoutDirection(Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight)
    rows.resize(400, 200)
    shown(qtbot, rows)
    edges = {tag.x() if mirrored else tag.x() + tag.width() for tag in rows.findChildren(Tag)}
    assert edges == {0 if mirrored else rows.width()}
