"""A page that shows every widget once, for pictures and for the accessibility gate."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.choices import CheckChoices, Choice, ChoiceList
from ewb_desktop.ui.widgets.date_field import DateField
from ewb_desktop.ui.widgets.facts import FactTable
from ewb_desktop.ui.widgets.field import SelectField, TextArea, TextField
from ewb_desktop.ui.widgets.flow import Columns, Flow
from ewb_desktop.ui.widgets.line_chart import Line, LineChart
from ewb_desktop.ui.widgets.notice import EmptyState, ErrorSummary, Notice, ProgressPanel, Tone, UndoBar
from ewb_desktop.ui.widgets.page_head import PageHead
from ewb_desktop.ui.widgets.passphrase_field import PassphraseField
from ewb_desktop.ui.widgets.row import Row, Tint
from ewb_desktop.ui.widgets.rows import RowList
from ewb_desktop.ui.widgets.scale import ScaleRow
from ewb_desktop.ui.widgets.search_box import FilterChip, SearchBox
from ewb_desktop.ui.widgets.tag import Tag
from ewb_desktop.ui.widgets.text import Heading, Kind, Level, Text
from ewb_desktop.ui.widgets.virtual_list import ROW_ROLE, VirtualList

TODAY_ROWS = (
    Row("a", "Amina K.", "You talked about safety on Tuesday. Agreed to ring today", "AK", "", "Safety talk open",
        Tint.AMBER, "today 15:00", "Ring"),
    Row("j", "Joe D.", "4 weeks since the walking group. Did he get there?", "JD", "", "Signpost", Tint.BLUE, "today",
        "Ask"),
    Row("m", "Marek L.", "Debt adviser has not said when they start", "ML", "", "Handover, day 3", Tint.VIOLET,
        "since Mon", "Open"),
    Row("s", "Sunita B.", "First visit to the art class is tomorrow. You said you would go along", "SB", "",
        "Before-contact", Tint.GREEN, "Fri 10:30", "Plan"),
    Row("p", "Pat T.", "Not in touch for 5 weeks. Tried phone twice", "PT", "", "Keeping in touch", Tint.GREY,
        "this week", "Try again"),
)  # fmt: skip


class Rows(QAbstractListModel):
    """Many made-up rows."""

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = count

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._count

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        number = index.row()
        row = Row(number, f"Service {number}", "Help to open, sort and answer letters about money", "", "",
                  "open until 16:00" if number % 2 else "not checked since May",
                  Tint.GREEN if number % 2 else Tint.AMBER, f"{number / 10:.1f} miles")  # fmt: skip
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.spoken()
        return None


def rows_page() -> Page:
    """Return a page of lists, like Today."""
    page = Page("Rows", "rows")
    page.sheet.add(PageHead("Good afternoon, Rowan", "Thursday 26 November · drop-in until 16:00 · 9 visits so far", [
        Button("Count a visit", key="F6", name="count"),
        Button("Someone new is here", Look.PRIMARY, key="F7", name="new")]))  # fmt: skip
    first = Card("Who needs a contact", "7 for you · 4 for your team · 0 at this place")
    first.add(RowList(TODAY_ROWS, name="contacts"))
    second = Card("Next here")
    second.add(RowList([Row(1, "Debt advice drop-in", "14:00, small room · step-free", opens=True),
                        Row(2, "Walking group", "Sat 10:00 from the hall · free", opens=True)], name="next"))  # fmt: skip
    third = Card("Print quickly")
    third.add(RowList([Row(1, "Worry and anxiety", "clear print, English", action="Print"),
                       Row(2, "Crisis strip", "12 languages", action="Print")],
                      look=Look.QUIET, stack_under=240, name="print"))  # fmt: skip
    side = QWidget()
    column = QVBoxLayout(side)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(16)
    column.addWidget(second)
    column.addWidget(third)
    column.addStretch(1)
    page.sheet.add(Columns([first, side], (7, 3), stack_under=820))
    page.sheet.fill()
    return page


def form_page() -> Page:
    """Return a page of fields and choices, with errors shown."""
    page = Page("Form", "form")
    page.sheet.add(PageHead("Amina K.", "born 14 March 1986 · known as Mina", [Button("Pause", name="pause")],
                             trail="Person › Conversation on 26 November", initials_for="Amina K."))  # fmt: skip
    page.sheet.add(Flow([Tag("Large print 18 pt", Tint.AMBER), Tag("Urdu interpreter", Tint.AMBER),
                          Tag("Ring only, no messages or post"), Tag("Shares with: GP, debt adviser", Tint.GREEN),
                          Tag("being helped", Tint.VIOLET), Tag("new", Tint.BLUE)]))  # fmt: skip
    summary = ErrorSummary()
    page.sheet.add(summary)
    left = Card("About the person", "Ask only for what helps")
    name = TextField("Name", "What they like to be called", name="person.name")
    born = DateField("Date of birth", "For example 27 3 1986", optional=True, latest=date(2026, 11, 26), name="born")
    notes = TextArea("What matters to them", "Their words", optional=True, name="matters")
    pick = SelectField("How they came", [("self", "Came by themselves"), ("gp", "GP")], name="source")
    secret = PassphraseField("Passphrase", "Four words or more", name="secret")
    for part in (name, born, notes, pick, secret):
        left.add(part)
    right = Card()
    right.add(Text("Over the last 2 weeks, how often have you been bothered by", Kind.MUTED))
    right.add(Heading("Trouble falling or staying asleep, or sleeping too much", Level.QUESTION))
    choices = ChoiceList(
        [Choice(0, "Not at all"), Choice(1, "Several days"), Choice(2, "More than half the days"),
         Choice(3, "Nearly every day", "or when it is on your mind most of the time")],
        says="Trouble falling or staying asleep", name="sleep")  # fmt: skip
    choices.value = 2
    right.add(choices)
    scale = ScaleRow("How satisfied are you with your life?", "not at all", "completely", name="life")
    scale.value = 6
    right.add(scale)
    checks = CheckChoices([Choice("money", "Money"), Choice("sleep", "Sleep")], says="Needs", name="needs")
    checks.values = ["sleep"]
    right.add(checks)
    right.add(Flow([Button("Back", name="back"), Button("Next", Look.PRIMARY, name="next"),
                    Button("Skip this one", Look.SECONDARY, name="skip"),
                    Button("Crisis help", Look.CRISIS, key="F2", icon="life-buoy", name="crisis")], spacing=12))  # fmt: skip
    page.sheet.add(Columns([left, right], stack_under=820))
    page.sheet.fill()
    summary.show_errors([("Write a name. A first name is enough", name), ("There is no such day", born)])
    page.default_focus = summary
    return page


def panels_page() -> Page:
    """Return a page of lists, notices, facts and a chart."""
    page = Page("Panels", "panels")
    page.sheet.add(PageHead("Directory", "63 services · last import 2 November"))
    page.sheet.add(SearchBox("Find a service", shown="debt letters", name="find"))
    page.sheet.add(Flow([FilterChip("Within 2 miles"), FilterChip("Open now", on=True), FilterChip("Step-free")]))
    left = Card("Services")
    view = VirtualList("Services found", name="services")
    view.setModel(Rows(100_000, view))
    view.setMinimumHeight(360)
    view.setCurrentIndex(view.model().index(1, 0))
    left.add(view, 1)
    right = Card("Stretford Debt Advice drop-in", aside=Tag("checked 21 Nov", Tint.GREEN))
    right.add(FactTable([("When", "Tuesday and Thursday, 13:00 to 16:00"),
                         ("Where", "St Mary's Hall, small room. Step-free, quiet"), ("Telephone", "0161 496 0101")]))  # fmt: skip
    right.add(LineChart([Line("PHQ-9", ((date(2026, 9, 24), 19), (date(2026, 10, 28), 17), (date(2026, 11, 24), 14))),
                         Line("GAD-7", ((date(2026, 9, 24), 14), (date(2026, 10, 28), 12), (date(2026, 11, 24), 12)))],
                        says="Feelings over time"))  # fmt: skip
    right.add(Notice("This translation has not been checked yet", "It will say so on the leaflet."))
    right.add(Notice("The laptop has no line", "Everything is kept here and sent later.", Tone.INFO))
    right.add(EmptyState("Nobody is waiting", "When someone comes in, press F7.", Button("Someone is here", name="f7")))

    page.sheet.add(Columns([left, right], (3, 2), stack_under=820))
    progress = ProgressPanel("Reading the file")
    progress.set_progress(40, 100)
    page.sheet.add(progress)
    undo = UndoBar()
    page.sheet.add(undo)
    undo.offer("Joe D. was signposted to the walking group.")
    page.sheet.fill()
    return page


PAGES = {"rows": rows_page, "form": form_page, "panels": panels_page}
