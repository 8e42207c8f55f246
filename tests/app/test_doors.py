"""Making a worker's part of a laptop that joins a server, over a real vault and a real server."""

from __future__ import annotations

from pathlib import Path

import pytest

from ewb_desktop.app.doors import Doors, Unlocked
from ewb_desktop.storage.tables import Person
from ewb_desktop.storage.vaults import Vaults
from ewb_desktop.syncing.engine import Engine
from ewb_desktop.ui.firstrun.presenter import NewWorker
from sync.server.admission.roster import laptops
from tests.support.connected import ADDRESS, AREA, House
from tests.support.programs import CHEAP
from tests.support.servers import ORGANISATION


@pytest.mark.parametrize(("given", "listed"), [("The blue one", "The blue one"), ("", "venue-12")])
def test_a_laptop_is_listed_by_the_name_its_worker_gave_it_or_else_by_the_computers_own(
    centre: House, tmp_path: Path, given: str, listed: str
) -> None:
    line = centre.newcomer("Ines Vale")
    code = centre.server.invite("Ines Vale", "connector", [AREA]).code
    doors = Doors(
        Vaults(tmp_path / "vaults", line.clock, CHEAP), line.clock, device_name="venue-12", open_wire=lambda: line.open_wire
    )
    made = doors.make(NewWorker("Ines Vale", "", "violet otter kettle harbour", ADDRESS, code, given))
    made.opened.shut()  # type: ignore[attr-defined]
    assert [laptop.name for laptop in centre.server.do(lambda c: laptops(c, ORGANISATION))] == [listed]


def test_what_the_server_did_not_take_counts_among_what_waits_behind_the_lock(centre: House, tmp_path: Path) -> None:
    line = centre.newcomer("Ines Vale")
    code = centre.server.invite("Ines Vale", "connector", [AREA]).code
    doors = Doors(
        Vaults(tmp_path / "vaults", line.clock, CHEAP), line.clock, device_name="venue-12", open_wire=lambda: line.open_wire
    )
    made = doors.make(NewWorker("Ines Vale", "", "violet otter kettle harbour", ADDRESS, code)).opened
    assert isinstance(made, Unlocked)
    with made.store.write() as writing:
        writing.add(Person(area="somewhere else", preferred_name="Bo"))
    Engine(made.store, "0.1.0", lambda _sealed: None, line.open_wire).run()
    with made.store.write() as writing:
        writing.add(Person(area=AREA, preferred_name="Cy"))
    doors.note_to_send(made)
    made.shut()
    assert [door.to_send for door in doors.doors()] == [2]
