"""A laptop that was told more than the database has: one epoch begins, on either database, however many show it at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import select, update

from sync.protocol.errors import Trouble
from sync.server.admission.people import begin_epoch
from sync.server.database import tables
from sync.server.records.epochs import FOUND_OUT
from tests.support.callers import Caller, enrolled, trouble
from tests.support.servers import ORGANISATION, RunningServer
from tests.sync.server.admission.test_losses import faults
from tests.sync.server.records.test_audit import tamper


def shown(server: RunningServer) -> list[str]:
    """Return the laptops that showed it, as the audit names them."""
    entry = tables.audit.c
    return list(server.do(lambda c: c.execute(select(entry.device).where(entry.action == FOUND_OUT)).scalars().all()))


def epoch_of(server: RunningServer) -> str:
    return str(server.do(lambda c: c.execute(select(tables.organisation.c.epoch)).scalar_one()))


def other_mark(caller: Caller, mark: str | None) -> str:
    """Return the mark of a number at which the laptop was told another change than stands there."""
    assert mark is not None
    return f"{mark.rpartition('.')[0]}.{'f' * 12}"


def test_a_number_that_was_never_given_begins_one_epoch_and_the_audit_names_the_laptop(server: RunningServer) -> None:
    ada, ben = enrolled(server, "Ada Okafor"), enrolled(server, "Ben Shah")
    old = epoch_of(server)
    work = ada.change("person", {"preferred_name": "Maryam"})
    reply = ada.round(work, epoch=old, cursor=99)
    # not taken before the laptop has heard of it
    assert (reply.epoch, reply.verdicts) == (epoch_of(server), ())
    assert reply.epoch != old
    ben.round(epoch=old, cursor=98)
    assert shown(server) == [ada.device]
    assert ada.round(work, epoch=old, offers_for=reply.epoch, cursor=99).verdicts[0].reason is None


def test_another_change_at_a_number_that_was_told_shows_it_too(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    epoch = epoch_of(server)
    mark = ada.round(ada.change("person", {"preferred_name": "Maryam"}), epoch=epoch).mark
    assert mark is not None
    # said already, it is not told again
    assert ada.round(epoch=epoch, mark=mark).mark is None
    assert shown(server) == []
    ada.round(epoch=epoch, mark=other_mark(ada, mark))
    assert shown(server) == [ada.device]


def test_what_proves_nothing_begins_nothing(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    epoch = epoch_of(server)
    mark = ada.round(ada.change("person", {"preferred_name": "Maryam"}), epoch=epoch).mark or ""
    elsewhere = f"{'0' * 8}.{mark.partition('.')[2]}"
    for said in (elsewhere, "", "x", "..", f"{mark.partition('.')[0]}.²³.x"):
        ada.round(epoch=epoch, mark=said)
    ada.round(cursor=99)
    assert (shown(server), epoch_of(server)) == ([], epoch)


def test_of_many_that_show_it_at_once_one_begins_it(server: RunningServer) -> None:
    callers = [enrolled(server, name) for name in ("Ada Okafor", "Ben Shah", "Cy Moss", "Di Hart")]
    old = epoch_of(server)

    def come(caller: Caller) -> str:
        return caller.round(epoch=old, cursor=99).epoch

    with ThreadPoolExecutor(len(callers)) as threads:
        told = set(threads.map(come, callers))
    assert told == {epoch_of(server)}
    assert len(shown(server)) == 1


def test_a_laptop_that_shows_it_again_and_again_costs_one_epoch_an_hour(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    epoch = ada.round(epoch=epoch_of(server), cursor=99).epoch
    server.at[0] += timedelta(minutes=50)
    answer = ada.send(ada.ask(epoch=epoch, cursor=99))
    assert (answer.status_code, trouble(answer).trouble) == (429, Trouble.TOO_MANY)
    # the rest of the hour
    assert answer.headers["Retry-After"] == "600"
    assert epoch_of(server) == epoch


def test_a_moment_that_the_disk_altered_stops_no_laptop(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    epoch = ada.round(epoch=epoch_of(server), cursor=99).epoch
    server.do(lambda c: tamper(c, update(tables.audit).where(tables.audit.c.action == FOUND_OUT).values(at="2026-11-21U")))
    server.at[0] += timedelta(minutes=50)
    assert ada.round(epoch=epoch, cursor=99).epoch == epoch_of(server) != epoch


def test_the_doctor_names_the_laptops_that_showed_it_since_the_administrator_said_so_last(server: RunningServer) -> None:
    ada, ben = enrolled(server, "Ada Okafor"), enrolled(server, "Ben Shah")
    ada.round(epoch=epoch_of(server), cursor=99)
    server.do(lambda connection: begin_epoch(connection, ORGANISATION, server.at[0]))
    assert "put back" not in faults(server)
    ben.round(epoch=epoch_of(server), cursor=99)
    server.at[0] += timedelta(hours=2)
    ben.round(epoch=epoch_of(server), cursor=99)
    assert f"told by laptop {ben.device}, 2 times" in faults(server)["put back"]
