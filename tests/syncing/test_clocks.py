"""Clocks of laptop and server at any year from 1970 to 2100: no order, no change and no code depends on them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ewb_desktop.storage.tables import Person
from ewb_desktop.syncing.report import read_status, warnings
from sync.packing import pack
from sync.server.admission.people import begin_epoch
from tests.support.callers import enrol_request, new_id
from tests.support.connected import House
from tests.support.servers import ORGANISATION
from tests.syncing.test_rounds import add_person, edit, to_send, value

NOW = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)
FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 12, 31, tzinfo=UTC)
YEARS = [FIRST, NOW, LAST]


@pytest.mark.parametrize("at_server", YEARS, ids=lambda at: f"server {at.year}")
@pytest.mark.parametrize("at_laptop", YEARS, ids=lambda at: f"laptop {at.year}")
def test_the_later_arrival_shows_whatever_the_clocks_say(centre: House, at_laptop: datetime, at_server: datetime) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    person = add_person(rowan.store)
    rowan.sync()
    grace.sync()
    rowan.clock.move_to(at_laptop)
    centre.server.at[0] = at_server
    edit(grace.store, Person, person, telephone="0161 496 0001")
    grace.sync()
    edit(rowan.store, Person, person, telephone="0161 496 0002", preferred_name="Amina B")
    rowan.sync()
    rowan.clock.move_to(NOW)
    centre.server.at[0] = NOW
    grace.sync()
    rowan.sync()
    for laptop in (rowan, grace):
        assert value(laptop.store, Person, person, "telephone") == "0161 496 0002"
        assert value(laptop.store, Person, person, "preferred_name") == "Amina B"
        assert to_send(laptop.store) == 0
    assert warnings(read_status(rowan.store)) == []


@pytest.mark.parametrize("year", YEARS[::2], ids=lambda at: str(at.year))
@pytest.mark.parametrize("whose", ["laptop", "server"])
def test_a_clock_that_was_wrong_for_a_while_takes_nothing_from_what_a_restored_server_is_given_again(
    centre: House, whose: str, year: datetime
) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")

    def set_clock(at: datetime) -> None:
        if whose == "laptop":
            rowan.clock.move_to(at)
        else:
            centre.server.at[0] = at

    before = add_person(rowan.store, "Amina")
    rowan.sync()
    set_clock(year)
    during = add_person(rowan.store, "Bo")
    rowan.sync()
    rowan.sync()
    set_clock(NOW)
    rowan.sync()
    rowan.sync()
    # the backup from which the server comes back had none of it
    centre.server.do(lambda c: [c.exec_driver_sql(f"DELETE FROM {name}") for name in ("record", "ledger")])
    centre.server.do(lambda c: begin_epoch(c, ORGANISATION, NOW))
    rowan.sync()
    grace.sync()
    assert value(grace.store, Person, before, "preferred_name") == "Amina"
    assert value(grace.store, Person, during, "preferred_name") == "Bo"


def test_a_code_made_while_the_server_s_clock_was_ahead_is_not_good_for_years(centre: House) -> None:
    server = centre.server
    server.at[0] = LAST
    code = server.invite("Joy Dale", "connector", ["stretford"]).code
    server.at[0] = NOW
    session = server.session()
    assert session.post(f"{server.url}/v1/enrol", data=pack(enrol_request(code, new_id()))).status_code == 403
    again = server.invite("Joy Hill", "connector", ["stretford"]).code
    assert session.post(f"{server.url}/v1/enrol", data=pack(enrol_request(again, new_id()))).status_code == 200
