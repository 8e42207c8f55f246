"""A save that failed for the disk, and what the bar over the page says once it worked."""

from __future__ import annotations

import errno

from ewb_desktop.actions.people import add_person
from ewb_desktop.app.office import Office
from ewb_desktop.ui.destinations import ToNewPerson, ToPerson, ToToday
from tests.support.programs import PATIENCE, Seat


def not_saved(seat: Seat) -> Office:
    """Return the office in which adding somebody has just failed."""
    office = seat.set_up()
    office.window.show_page(ToNewPerson())
    seat.program.tell_fault(OSError(errno.ENOSPC, "the system's own words"))
    seat.qtbot.waitUntil(office.window.trouble.isVisible, timeout=PATIENCE)
    return office


def test_the_bar_goes_once_the_save_worked(seat: Seat) -> None:
    office = not_saved(seat)
    person = add_person(office.desk, {"preferred_name": "Ada"})
    office.window.show_page(ToPerson(person))
    assert office.window.trouble.isHidden()


def test_the_bar_stays_when_only_something_else_was_saved(seat: Seat) -> None:
    office = not_saved(seat)
    office.window.show_page(ToToday())
    add_person(office.desk, {"preferred_name": "Ada"})
    assert office.window.trouble.isVisible()


def test_the_bar_of_a_second_failure_is_not_taken_away_by_the_first_page(seat: Seat) -> None:
    office = not_saved(seat)
    office.window.show_page(ToToday())
    seat.program.tell_fault(OSError(errno.EIO, "the system's own words"))
    seat.qtbot.waitUntil(lambda: "did not answer" in office.window.trouble.text.text(), timeout=PATIENCE)
    office.window.show_page(ToNewPerson())
    add_person(office.desk, {"preferred_name": "Ada"})
    assert office.window.trouble.isVisible()
