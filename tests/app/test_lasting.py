"""A window is open all day, and laptops are locked and unlocked again: what was looked at goes, and nothing grows."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.people import add_person
from ewb_desktop.app.office import Office
from ewb_desktop.ui.destinations import (
    Destination,
    ToConflicts,
    ToConversation,
    ToCrisis,
    ToDirectory,
    ToDirectoryImport,
    ToEditPerson,
    ToHandover,
    ToHelp,
    ToHistory,
    ToLeaflets,
    ToLeaving,
    ToMembers,
    ToNewPerson,
    ToOpening,
    ToOwnLeaflets,
    ToPerson,
    ToSafety,
    ToSettings,
    ToSignpost,
    ToSync,
    ToToday,
)  # fmt: skip
from tests.support.programs import Seat


def everywhere(person: str) -> list[Destination]:
    return [
        ToToday(), ToMembers(), ToPerson(person), ToNewPerson(), ToOpening(), ToEditPerson(person), ToConversation(person),
        ToSafety(person), ToDirectory(), ToDirectoryImport(), ToSignpost(person), ToHandover(person), ToLeaflets(person),
        ToOwnLeaflets(), ToSync(), ToConflicts(), ToHistory("person", person, person), ToSettings(), ToLeaving(), ToHelp(),
        ToCrisis(),
    ]  # fmt: skip


def let_go(qtbot: QtBot, office: Office | None) -> None:
    """Let all that is done with go: what works beside the window ends, what was to be deleted later is."""
    if office is not None:
        qtbot.waitUntil(lambda: not office.background.busy)
    QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


def test_every_page_that_is_opened_again_and_again_leaves_no_widget_and_the_program_goes_as_a_whole(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    stood = len(QApplication.topLevelWidgets())
    seat = Seat(qtbot, tmp_path)
    office = seat.set_up()
    amina, bo = (add_person(office.desk, {"given_name": name}) for name in ("Amina", "Bo"))
    counts = []
    for person in (amina, bo, amina):
        for destination in everywhere(person):
            office.window.show_page(destination)
        let_go(qtbot, office)
        counts.append(len(QApplication.allWidgets()))
    assert counts[-1] == counts[-2]
    known: list[weakref.ref[object]] = [weakref.ref(seat.program), weakref.ref(office), weakref.ref(office.window)]
    seat.leave()
    del seat, office
    let_go(qtbot, None)
    assert [each() for each in known] == [None, None, None]
    assert len(QApplication.topLevelWidgets()) <= stood
