"""What was on a lost laptop: everything that it may have held, nobody left out, and nothing that was never for it."""

from __future__ import annotations

import csv
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from ewb_desktop.storage.tables import Goal, Person
from sync.protocol.version import PROTOCOL
from sync.server.admission.people import NotPossible
from sync.server.cli import main
from sync.server.clock import instant_text
from sync.server.database import tables
from sync.server.laptops.giving import GIVE
from sync.server.laptops.holdings import Held, what_was_on, write_holdings
from sync.server.records import audit
from sync.server.records.scope import SERVER
from tests.support.callers import Caller, enrolled
from tests.support.connected import AREA, Connected, House
from tests.support.servers import ORGANISATION, RunningServer


def member(laptop: Connected, name: str, area: str = AREA) -> str:
    with laptop.store.write() as writing:
        person = writing.add(Person(area=area, preferred_name=name))
        writing.add(Goal(area=area, person=person, words="Sleep"))
    laptop.sync()
    return person


def held(centre: House, laptop: Connected) -> Held:
    return centre.server.do(lambda connection: what_was_on(connection, ORGANISATION, laptop.store.device, centre.server.at[0]))


def members(centre: House, laptop: Connected) -> set[str]:
    return {each.member for each in held(centre, laptop).records if each.entity == "person"}


def later(centre: House) -> None:
    centre.server.at[0] += timedelta(hours=1)


def test_it_names_what_was_given_and_what_was_made_there_and_nothing_that_came_later(centre: House) -> None:
    wide, rowan = centre.join("Ines Vale", areas=("*",)), centre.join("Rowan Oak")
    member(wide, "Amina")
    member(wide, "Joe", "sale")
    later(centre)
    rowan.sync()
    member(rowan, "Bo")
    later(centre)
    member(wide, "Too late")
    assert members(centre, rowan) == {"Amina", "Bo"}
    made = {each.member: each.made_here for each in held(centre, rowan).records if each.entity == "goal"}
    assert made == {"Amina": False, "Bo": True}


def test_what_was_only_edited_there_was_not_made_there(centre: House) -> None:
    wide, rowan = centre.join("Ines Vale", areas=("*",)), centre.join("Rowan Oak")
    amina = member(wide, "Amina")
    rowan.sync()
    with rowan.store.write() as writing:
        writing.edit(Person, amina, pronouns="she/her")
    rowan.sync()
    member(rowan, "Bo")
    made = {each.member: each.made_here for each in held(centre, rowan).records if each.entity == "person"}
    assert made == {"Amina": False, "Bo": True}


def test_who_moved_to_another_area_still_had_what_was_hers_before(centre: House) -> None:
    wide, rowan = centre.join("Ines Vale", areas=("*",)), centre.join("Rowan Oak")
    member(wide, "Amina")
    member(wide, "Joe", "sale")
    later(centre)
    rowan.sync()
    worker = rowan.store.author
    centre.server.change_worker(worker, areas=["sale"])
    later(centre)
    rowan.sync()
    assert members(centre, rowan) == {"Amina", "Joe"}


def lose_sale(centre: House) -> Connected:
    """Let a laptop lose an area, hear of it, and go on, while a colleague's writes in that area before and after; return it."""
    wide, rowan = centre.join("Ines Vale", areas=("*",)), centre.join("Rowan Oak", areas=(AREA, "sale"))
    member(wide, "Joe", "sale")
    rowan.sync()
    later(centre)
    centre.server.change_worker(rowan.store.author, areas=[AREA])
    later(centre)
    rowan.sync()
    member(wide, "Too late", "sale")
    member(wide, "Amina")
    later(centre)
    rowan.sync()
    return rowan


def test_what_came_to_an_area_after_she_had_lost_it_was_not_on_it(centre: House) -> None:
    rowan = lose_sale(centre)
    assert members(centre, rowan) == {"Joe", "Amina"}


def test_what_was_given_just_as_she_lost_the_area_counts_as_given_before(centre: House) -> None:
    rowan = lose_sale(centre)
    line = tables.ledger.c
    newest = select(func.max(line.number)).where(line.organisation == ORGANISATION)
    lost = select(line.at).where(line.record == rowan.store.author).order_by(line.number.desc()).limit(1)
    at, number = centre.server.do(lambda c: (c.execute(lost).scalar_one(), c.execute(newest).scalar_one()))
    given = audit.Entry(rowan.store.author, rowan.store.device, GIVE, detail=f"2 rows, numbers 1 to {number}")
    centre.server.do(lambda c: audit.write(c, ORGANISATION, at, [given]))
    assert members(centre, rowan) == {"Joe", "Amina", "Too late"}


def test_areas_that_a_laptop_said_were_hers_name_nobody(centre: House) -> None:
    wide, rowan = centre.join("Ines Vale", areas=("*",)), centre.join("Rowan Oak")
    member(wide, "Amina")
    member(wide, "Joe", "sale")
    worker = rowan.store.author
    centre.server.change_worker(worker, areas=["sale"])
    centre.server.change_worker(worker, areas=[AREA])
    # as a server from before took it from an administrator's laptop
    line = tables.ledger.c
    said = update(tables.ledger).where(line.record == worker, line.kind == "edit", line.fields.contains("sale"))
    centre.server.do(lambda connection: connection.execute(said.values(device=wide.store.device)))
    rowan.sync()
    assert members(centre, rowan) == {"Amina"}


def test_a_peer_s_laptop_had_whom_she_supports_and_supported_and_nobody_else(centre: House) -> None:
    wide, peer = centre.join("Ines Vale", areas=("*",)), centre.join("Cy Moss", "peer")
    amina, joe, _bo = (member(wide, name) for name in ("Amina", "Joe", "Bo"))
    for person, supporters in ((amina, [peer.store.author]), (joe, [peer.store.author]), (joe, [])):
        with wide.store.write() as writing:
            writing.edit(Person, person, supporters=supporters)
        wide.sync()
        peer.sync()
    assert members(centre, peer) == {"Amina", "Joe"}


def test_a_volunteer_s_laptop_had_no_member_on_it(centre: House) -> None:
    rowan, volunteer = centre.join("Rowan Oak"), centre.join("Vi Hill", "volunteer")
    member(rowan, "Amina")
    later(centre)
    volunteer.sync()
    assert held(centre, volunteer).members == 0


def test_a_laptop_that_was_never_given_anything_had_nothing(centre: House) -> None:
    rowan, other = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    member(rowan, "Amina")
    assert list(held(centre, other).records) == []


def on_laptop(server: RunningServer, caller: Caller) -> set[str]:
    found = server.do(lambda connection: what_was_on(connection, ORGANISATION, caller.device, server.at[0]))
    return {each.member for each in found.records if each.entity == "person"}


def set_right(server: RunningServer) -> None:
    server.at[0] = server.at[0].replace(year=2026)


def test_a_clock_that_was_ahead_and_was_set_right_leaves_nobody_out(server: RunningServer, ada: Caller, ben: Caller) -> None:
    server.at[0] = server.at[0].replace(year=2100)
    ada.round(ada.change("person", {"preferred_name": "Amina"}))
    set_right(server)
    ben.round()
    ada.round(ada.change("person", {"preferred_name": "Too late"}))
    assert on_laptop(server, ben) == {"Amina"}


def test_what_was_given_while_the_clock_was_ahead_names_nobody_who_came_later(
    server: RunningServer, ada: Caller, ben: Caller
) -> None:
    ada.round(ada.change("person", {"preferred_name": "Amina"}))
    server.at[0] = server.at[0].replace(year=2100)
    ben.round()
    set_right(server)
    ada.round(ada.change("person", {"preferred_name": "Too late"}))
    assert on_laptop(server, ben) == {"Amina"}


def test_what_came_by_repair_or_was_opened_is_told_by_numbers_too(server: RunningServer, ada: Caller, ben: Caller) -> None:
    server.at[0] = server.at[0].replace(year=2100)
    amina = ada.change("person", {"preferred_name": "Amina"})
    ada.round(amina)
    set_right(server)
    assert ben.send({"protocol": PROTOCOL, "records": [amina.record]}, "/v1/records").status_code == 200
    zoe = enrolled(server, "Zoe Lane", areas=["sale"])
    asked = {"protocol": PROTOCOL, "person": amina.record, "reason": "here_now", "words": "She is at my table"}
    assert zoe.send(asked, "/v1/open").status_code == 200
    assert on_laptop(server, ben) == on_laptop(server, zoe) == {"Amina"}


def test_what_an_earlier_version_gave_without_a_number_is_told_by_its_time(
    server: RunningServer, ada: Caller, ben: Caller
) -> None:
    ada.round(ada.change("person", {"preferred_name": "Amina"}))
    given = audit.Entry(ben.worker, ben.device, GIVE, detail="snapshot 1 from byte 0")
    server.do(lambda connection: audit.write(connection, ORGANISATION, instant_text(server.at[0]), [given]))
    server.at[0] += timedelta(hours=1)
    ada.round(ada.change("person", {"preferred_name": "Too late"}))
    assert on_laptop(server, ben) == {"Amina"}


def test_the_look_is_in_the_audit(centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    held(centre, rowan)
    query = tables.audit.select().where(tables.audit.c.action == "list")
    (entry,) = centre.server.do(lambda connection: connection.execute(query).all())
    assert (entry.device, entry.record) == (SERVER, rowan.store.device)


def test_a_laptop_that_is_not_there_is_said(centre: House) -> None:
    with pytest.raises(NotPossible):
        centre.server.do(lambda connection: what_was_on(connection, ORGANISATION, "nothing", centre.server.at[0]))


def test_the_file_can_be_read_by_its_owner_only_and_is_never_written_over(
    centre: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rowan = centre.join("Rowan Oak")
    member(rowan, "=Amina()")
    file, words = tmp_path / "held.csv", ["--database", f"sqlite:///{tmp_path / 'server.db'}", "held", ORGANISATION]
    assert main([*words, rowan.store.device, str(file)]) == 0
    assert "Members whom they are about: 1." in capsys.readouterr().out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert {row["member"] for row in rows if row["kind of record"] in ("person", "goal")} == {"'=Amina()"}
    assert main([*words, rowan.store.device, str(file)]) == 2
    with pytest.raises(FileExistsError):
        write_holdings(held(centre, rowan), file)
