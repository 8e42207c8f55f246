"""Laptops are let in by a code once, and by their credential until they are signed off."""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests
from sqlalchemy import select, update

from sync.packing import pack
from sync.protocol.errors import Trouble
from sync.server.admission.roster import workers
from sync.server.database import tables
from sync.server.listening.limits import Turns
from tests.support.callers import enrol_request, enrolled, new_id, rows_of, trouble
from tests.support.servers import ORGANISATION, RunningServer


def join(server: RunningServer, code: str, device: str | None = None) -> requests.Response:
    return server.session().post(f"{server.url}/v1/enrol", data=pack(enrol_request(code, device or new_id())))


def refused(answer: requests.Response) -> Trouble:
    assert answer.status_code != 200
    return trouble(answer).trouble


def test_a_code_lets_one_laptop_in_and_says_whose_it_is(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor", "connector", ["stretford", "sale"])
    welcome = ada.welcome
    assert (welcome.worker_name, welcome.organisation_name) == ("Ada Okafor", "Stretford Wellbeing (made up)")
    assert (welcome.scope.worker, welcome.scope.areas) == (ada.worker, ("stretford", "sale"))
    assert welcome.scope.classes == ("open", "staff", "contact", "care")
    assert ada.round().epoch == welcome.epoch


def test_colleagues_know_a_new_worker_by_name(server: RunningServer) -> None:
    ada, ben = enrolled(server, "Ada Okafor"), enrolled(server, "Ben Shah", "clinician")
    assert {row["name"] for row in rows_of(ada.round())["worker"]} == {"Ada Okafor", "Ben Shah"}
    assert {row["id"] for row in rows_of(ben.round())["worker"]} == {ada.worker, ben.worker}


def test_a_code_is_good_once(server: RunningServer) -> None:
    code = server.invite("Ada Okafor", "clinician", ["sale"]).code
    assert join(server, code).status_code == 200
    assert refused(join(server, code)) is Trouble.BAD_CODE


def test_a_code_is_good_for_a_day(server: RunningServer) -> None:
    code = server.invite("Ada Okafor", "clinician", ["sale"]).code
    server.at[0] += timedelta(hours=24, seconds=1)
    assert refused(join(server, code)) is Trouble.BAD_CODE


def test_a_code_that_was_made_while_the_clock_was_years_ahead_lets_nobody_in_and_is_not_listed(server: RunningServer) -> None:
    server.at[0] += timedelta(days=20_000)
    code = server.invite("Ada Okafor", "peer", ["stretford"]).code
    server.at[0] -= timedelta(days=20_000)
    assert refused(join(server, code)) is Trouble.BAD_CODE
    (worker,) = server.do(lambda connection: workers(connection, ORGANISATION, server.at[0]))
    assert worker.code_until is None


@pytest.mark.parametrize("code", ["", "stretford", "stretford-AAAAA-BBBBB-CCCCC", "nowhere-AAAAA-BBBBB-CCCCC", "x\x00y-1"])
def test_a_wrong_code_lets_nobody_in(server: RunningServer, code: str) -> None:
    assert refused(join(server, code)) is Trouble.BAD_CODE


def test_a_code_is_read_as_people_type_it(server: RunningServer) -> None:
    code = server.invite("Ada Okafor", "clinician", ["sale"]).code
    typed = " " + code.lower().replace("0", "o").replace("1", "l").replace("-", " - ") + " "
    assert join(server, typed).status_code == 200


def test_guessing_codes_is_slowed_down(server: RunningServer) -> None:
    answers = [refused(join(server, "stretford-AAAAA-BBBBB-CCCCC")) for _ in range(40)]
    assert answers[0] is Trouble.BAD_CODE
    assert answers[-1] is Trouble.TOO_MANY


def test_only_hashes_are_kept(server: RunningServer) -> None:
    invitation = server.invite("Ada Okafor", "clinician", ["sale"])
    ada = enrolled(server, "Ben Shah")
    with server.database.reading() as connection:
        kept = str([connection.execute(select(table)).all() for table in tables.metadata.sorted_tables])
    assert ada.credential not in kept
    assert ada.credential.partition(".")[2] not in kept
    assert invitation.code not in kept
    assert invitation.code.partition("-")[2].replace("-", "") not in kept


@pytest.mark.parametrize("credential", ["stretford.wrong", "stretford.", "nowhere.x", "\xa3", "x", "Str\t.1"])
def test_an_unknown_credential_is_told_so(server: RunningServer, credential: str) -> None:
    ada = enrolled(server, "Ada Okafor")
    ada.credential = credential
    answer = ada.send(ada.ask())
    assert (answer.status_code, refused(answer)) == (401, Trouble.UNKNOWN_LAPTOP)


def test_no_credential_at_all_is_told_so(server: RunningServer) -> None:
    answer = server.session().post(f"{server.url}/v1/round", data=pack({"protocol": 1}))
    assert (answer.status_code, refused(answer)) == (401, Trouble.UNKNOWN_LAPTOP)


def test_a_laptop_that_was_signed_off_is_told_so_and_gets_nothing(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    made = ada.change("person", {"preferred_name": "Maryam"})
    server.revoke(ada.device)
    answer = ada.send(ada.ask([made]))
    assert (answer.status_code, refused(answer)) == (403, Trouble.REVOKED)
    assert b"page" not in ada.last_bytes
    assert made.record not in pulled(server)


def pulled(server: RunningServer) -> dict[str, object]:
    colleague = enrolled(server, "Ben Shah", "clinician", ["*"])
    colleague.round()
    return dict(colleague.rows)


def test_a_laptop_keeps_its_worker(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    other = server.invite("Ben Shah", "clinician", ["sale"]).code
    assert refused(join(server, other, ada.device)) is Trouble.BAD_CODE
    # and the code was not used up by that
    assert join(server, other).status_code == 200


def test_asking_too_often_is_told_kindly(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    seconds = [0.0]
    house = server.app.state.house
    turns = Turns(2, 60, lambda: seconds[0])
    object.__setattr__(house, "turns", turns)
    ada.round()
    ada.round()
    answer = ada.send(ada.ask())
    assert (answer.status_code, refused(answer), answer.headers["Retry-After"]) == (429, Trouble.TOO_MANY, "1")
    seconds[0] += 1
    ada.round()


def seen(server: RunningServer) -> tuple[str | None, int | None]:
    with server.database.reading() as connection:
        found = connection.execute(select(tables.device.c.last_seen, tables.device.c.clock_off)).one()
    return found.last_seen, found.clock_off


def test_when_a_laptop_was_here_and_how_far_its_clock_is_off_is_known(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    ada.round(device_time="2026-11-21T14:25:00.000Z")
    assert seen(server) == ("2026-11-21T14:05:00.000Z", 20 * 60)


def test_when_a_laptop_was_here_is_noted_again_where_a_failing_disk_altered_it(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    server.do(lambda c: c.execute(update(tables.device).values(last_seen="no time")))
    ada.round()
    assert seen(server)[0] == "2026-11-21T14:05:00.000Z"
