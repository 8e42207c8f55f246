"""What help looks like: topics on one side, the topic that is read on the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ewb_desktop.ui.destinations import Destination, ToHelp
from ewb_desktop.ui.help.presenter import KEYS, Block, Form, KeyWords, Topic, keys_in_order
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.choices import Choice, ChoiceList
from ewb_desktop.ui.widgets.flow import Columns
from ewb_desktop.ui.widgets.notice import Notice
from ewb_desktop.ui.widgets.page_head import PageHead
from ewb_desktop.ui.widgets.text import Heading, Kind, Level, Text


class HelpView(Page):
    """Topics, and the list of keys. ``read_keys`` is asked each time, so that the list is never out of date."""

    def __init__(
        self, topics: Sequence[Topic], read_keys: Callable[[], Sequence[KeyWords]], problems: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__("Help", "help", parent=parent)
        self.title = self.tr("Help")
        self._topics = {topic.key: topic for topic in topics}
        self._read_keys = read_keys
        self._shown: QWidget | None = None
        choices = [Choice(topic.key, topic.title) for topic in topics]
        choices.append(Choice(KEYS, self.tr("Keys")))
        self.list = ChoiceList(choices, says=self.tr("Topics"), keys=False, name="help-topics")
        self.list.chosen.connect(self.show_topic)
        self.card = Card(self.tr("Help"), name="help-topic")
        self.card.body.setSpacing(10)
        self.back_button = Button(self.tr("Back to what you were doing"), icon="arrow-left", key="Esc", name="help-back")
        self.back_button.clicked.connect(self.back)
        self.act(self.tr("Back to what you were doing"), "Esc", self.back.emit, "help-leave")
        line = self.tr("F1 opens help at any time, and what you were doing stays as it is. F2 opens crisis help.")
        self.sheet.add(PageHead(self.tr("Help"), line, [self.back_button]))
        if problems:
            words = self.tr("Some files of this program cannot be used. Everything else works.")
            self.sheet.add(Notice(words, "\n".join(problems), name="help-problems"))
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        column.addStretch(1)
        main = QWidget()
        column = QVBoxLayout(main)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.card)
        column.addStretch(1)
        self.sheet.add(Columns([side, main], (2, 3), stack_under=760))
        self.sheet.fill()
        self.default_focus = self.list
        self.show_topic(topics[0].key)

    def opened(self, destination: Destination) -> None:
        """Show the topic that was asked for."""
        if isinstance(destination, ToHelp) and destination.topic:
            self.show_topic(destination.topic)

    def show_topic(self, key: object) -> None:
        """Show one topic; one that is not there shows the first."""
        wanted = str(key)
        if wanted != KEYS and wanted not in self._topics:
            wanted = next(iter(self._topics))
        self.list.value = wanted
        if self._shown is not None:
            self.card.body.removeWidget(self._shown)
            self._shown.hide()
            self._shown.deleteLater()
        title = self.tr("Keys") if wanted == KEYS else self._topics[wanted].title
        self._shown = self._keys() if wanted == KEYS else _blocks(self._topics[wanted].blocks)
        self.card.set_title(title)
        self.card.add(self._shown)
        announce(self, title)

    def _keys(self) -> QWidget:
        part = QWidget()
        grid = QGridLayout(part)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        for line, one in enumerate(keys_in_order(self._read_keys())):
            key = Text(one.key, Kind.BOLD)
            key.setWordWrap(False)
            key.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
            grid.addWidget(key, line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Text(one.does), line, 1)
        return part


def _blocks(blocks: Sequence[Block]) -> QWidget:
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    for block in blocks:
        if block.form is Form.HEADING:
            column.addSpacing(8)
            column.addWidget(Heading(block.words, Level.SECTION))
        elif block.form is Form.PARAGRAPH:
            column.addWidget(Text(block.words))
        else:
            column.addWidget(_marked(f"{block.number}." if block.form is Form.STEP else "•", block.words))
    return part


def _marked(mark: str, words: str) -> QWidget:
    part = QWidget()
    across = QHBoxLayout(part)
    across.setContentsMargins(4, 0, 0, 0)
    across.setSpacing(10)
    sign = Text(mark)
    sign.setWordWrap(False)
    sign.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
    across.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    across.addWidget(Text(words), 1)
    return part
