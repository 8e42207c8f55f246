"""The page of leaflets for tests: a printer that keeps what it got, dialogs that answer at once, work done here and now."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.time import Clock
from ewb_desktop.ui.destinations import ToLeaflets
from ewb_desktop.ui.leaflets.edge import Edge, Giver, Printing, PrintResult, Run, Way
from ewb_desktop.ui.leaflets.page import build
from ewb_desktop.ui.leaflets.studio import Studio
from ewb_desktop.ui.leaflets.topic_list import TopicList
from ewb_desktop.ui.leaflets.view import LeafletsPage
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.field import SelectField
from ewb_desktop.ui.widgets.notice import Notice
from tests.support.clock import HandClock
from tests.support.desks import library
from tests.support.doors import run_now
from tests.support.leaflet_orders import RESOURCES

STUDIO = Studio(RESOURCES)

Widget = TypeVar("Widget", bound=QWidget)


@dataclass
class PaperTray:
    """A printer, two file dialogs, a clipboard and a viewer in one. ``takes`` is how many copies are chosen in the printer's
    dialog; leaflets whose titles are in ``jams`` do not come out. ``printing`` is another printer in place of this one.
    """

    folder: Path
    takes: int | None = None
    trouble: str = ""
    save_as: str = ""
    save_in: str = ""
    jams: frozenset[str] = frozenset()
    has_viewer: bool = True
    giver: Giver = field(default_factory=Giver)
    printing: Printing | None = None
    printed: list[tuple[bytes, str, int]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)
    copied: list[str] = field(default_factory=list)
    viewed: list[Path] = field(default_factory=list)

    def ask(self, pdf: bytes, title: str, copies: int) -> Way:
        copies = copies if self.takes is None else self.takes
        self.asked.append(title)
        return Way(copies, self.trouble)

    def send(self, way: Way, pdf: bytes, title: str, copies: int) -> PrintResult:
        if title in self.jams:
            return PrintResult(0, "The printer ran out of ink.")
        self.printed.append((pdf, title, copies))
        return PrintResult(copies, self.trouble)

    def ask_folder(self) -> str:
        return self.save_in

    def ask_where(self, name: str) -> str:
        self.offered.append(name)
        return self.save_as

    def view(self, path: Path) -> bool:
        self.viewed.append(path)
        return self.has_viewer

    def edge(self) -> Edge:
        return Edge(
            self.printing or self, self.ask_where, self.ask_folder, self.copied.append, self.view, self.folder / "to-view",
            self.folder / "tallies", lambda: self.giver,
        )  # fmt: skip


def leaflets_page(
    qtbot: QtBot | None, desk: Desk | None, tray: PaperTray, destination: ToLeaflets | None = None, clock: Clock | None = None,
    run: Run = run_now,
) -> LeafletsPage:  # fmt: skip
    """Return the page, opened."""
    page = build(desk, library(), clock or (desk.clock if desk is not None else HandClock()), STUDIO, run, tray.edge())
    assert isinstance(page, LeafletsPage)
    if qtbot is not None:
        qtbot.addWidget(page)
        page.resize(1160, 660)
        page.show()
    page.opened(destination or ToLeaflets())
    return page


def found(page: LeafletsPage, kind: type[Widget], name: str) -> Widget:
    widget = page.findChild(kind, name)
    assert isinstance(widget, kind), name
    return widget


def topics(page: LeafletsPage) -> list[str]:
    model = found(page, TopicList, "leaflets.topics").model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def words(page: LeafletsPage) -> str:
    """Return the leaflet's words on one line: a column may break anywhere."""
    return " ".join(found(page, QPlainTextEdit, "leaflets.text").toPlainText().split()).replace("\N{NO-BREAK SPACE}", " ")


def warning(page: LeafletsPage) -> str:
    notice = found(page, Notice, "leaflets.warning")
    return notice.text.text() if notice.isVisibleTo(page) else ""


def choose(page: LeafletsPage, name: str, value: object) -> None:
    field = found(page, SelectField, name)
    field.value = value
    field.combo.activated.emit(field.combo.currentIndex())


def styles_offered(page: LeafletsPage) -> list[tuple[str, str]]:
    combo = found(page, SelectField, "leaflets.style").combo
    return [(str(combo.itemData(index)), combo.itemText(index)) for index in range(combo.count())]


def press(page: LeafletsPage, name: str) -> None:
    found(page, Button, name).click()
