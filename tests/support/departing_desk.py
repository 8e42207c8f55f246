"""A worker in front of her program, joined to a server, when areas or her role are taken away from her."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ewb_desktop.app.office import Office
from ewb_desktop.storage.tables import Person
from ewb_desktop.syncing.enrol import enrol
from ewb_desktop.ui.destinations import ToEditPerson
from ewb_desktop.ui.newperson.view import EditPersonPage
from ewb_desktop.ui.sync.view import SyncPage
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.field import TextField
from sync.server.admission.people import change_worker
from tests.support.clock import HandClock
from tests.support.connected import ADDRESS, AREA, Connected, House, TappedLine, house
from tests.support.programs import PATIENCE, Seat, shown
from tests.support.servers import ORGANISATION

SALE = "sale"
BORN = date(1986, 3, 14)


@dataclass
class Desk:
    """A worker in front of her program, joined to a server, and a colleague in the area that she also works in."""

    seat: Seat
    centre: House
    grace: Connected

    @property
    def office(self) -> Office:
        return self.seat.office

    def exchange(self) -> None:
        """Press "Send and receive now" and wait for the end."""
        with self.seat.qtbot.waitSignal(self.office.heartbeat.ended, timeout=PATIENCE):
            self.office.heartbeat.ask()
        # what has to be built again is, in the turn after
        QApplication.processEvents()

    def set_work(self, role: str, *areas: str) -> None:
        """Have the administrator change what and where she works."""
        worker = self.office.desk.store.author
        self.centre.server.do(
            lambda c: change_worker(c, ORGANISATION, worker, self.centre.server.at[0], role=role, areas=list(areas))
        )

    def told(self) -> tuple[str, str]:
        """Return what stands over the page, until it is read."""
        bar = self.office.window.trouble
        return ("", "") if bar.isHidden() else (bar.title.text(), bar.text.text())

    def count(self, kind: str) -> int:
        with self.office.desk.store.read() as connection:
            return int(connection.exec_driver_sql(f'SELECT count(*) FROM "{kind}"').scalar_one())


def member(laptop: Connected, area: str, name: str) -> str:
    with laptop.store.write() as writing:
        return writing.add(Person(area=area, given_name=name, family_name="Hasim", birth_date=BORN))


@contextlib.contextmanager
def desk_of_two_areas(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    """Sit down at the desk of a connector of two areas."""
    with house(tmp_path) as centre:
        grace = centre.join("Grace Lamb", areas=(AREA, "urmston"))
        line = Connected(grace.laptop, TappedLine(centre.server.adapter()))
        seat = Seat(qtbot, tmp_path / "desk", clock=HandClock(centre.server.at[0]), open_wire=line.open_wire)
        office = seat.set_up("Rowan Oak")
        code = centre.server.invite("Rowan Oak", "connector", [SALE, AREA]).code
        office.join(enrol(office.desk.store, ADDRESS, code, "Rowan's laptop", line.open_wire))
        QApplication.processEvents()
        yield Desk(seat, centre, grace)
        seat.leave()


def number_field(page: EditPersonPage) -> TextField:
    field = page.form.fields["telephone"]
    assert isinstance(field, TextField)
    return field


def type_number(page: EditPersonPage, number: str) -> None:
    """Type into the form, not long enough ago for the draft to have been kept."""
    number_field(page).line.setText(number)
    page.form.edited.emit()


def begun(desk: Desk) -> tuple[str, str, EditPersonPage]:
    """Return a member whose form is open and half typed, a second one of the same area, and the form."""
    ids = member(desk.grace, AREA, "Maryam"), member(desk.grace, AREA, "Amina")
    desk.grace.sync()
    desk.exchange()
    desk.office.window.show_page(ToEditPerson(ids[0]))
    page = shown(desk.office.window, EditPersonPage)
    type_number(page, "0161 496 01")
    return *ids, page


def button(desk: Desk, name: str) -> Button:
    found = desk.office.window.findChild(Button, name)
    assert isinstance(found, Button)
    return found


def notes_of(desk: Desk) -> str:
    return str(shown(desk.office.window, SyncPage)._notes.text.text())


def typed_on(desk: Desk, words: str) -> None:
    """Press keys where the keyboard stands now."""
    focus = desk.office.window.focusWidget()
    assert focus is not None
    QTest.keyClicks(focus, words)
