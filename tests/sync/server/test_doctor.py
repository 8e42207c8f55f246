"""The doctor finds what is wrong, says it in words, and changes nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Table, delete, insert, select, text, update

from sync.server.admission.people import begin_epoch
from sync.server.admission.roster import workers
from sync.server.backups.backup import back_up
from sync.server.damage import altered as damage
from sync.server.database import tables
from sync.server.database.engine import Database, upgrade
from sync.server.doctor.examining import examine
from sync.server.doctor.surroundings import certificate, free_room
from sync.server.records import audit
from sync.server.settings import Settings
from tests.support.callers import Caller, enrolled
from tests.support.certificates import make_authority
from tests.support.servers import ORGANISATION, RunningServer, spare_port
from tests.sync.server.records.test_audit import tamper

NOW = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)


@pytest.fixture
def ada(server: RunningServer) -> Caller:
    ada = enrolled(server, "Ada Okafor")
    ada.round(ada.change("person", {"preferred_name": "Zuleika"}), ada.change("visit", {"people": 1}))
    return ada


def faults(server: RunningServer, **noted: audit.Tip) -> dict[str, str]:
    found = list(examine(server.database, server.settings, server.at[0], list(noted.items())))
    assert len(found) >= 7
    return {finding.subject.removeprefix(f"{ORGANISATION}: "): finding.words for finding in found if not finding.is_well}


def test_a_server_that_is_well_has_no_fault(server: RunningServer, ada: Caller) -> None:
    assert faults(server) == {}


@pytest.mark.parametrize("held", ["", "0123456789", "-----BEGIN CERTIFICATE-----"])
def test_a_key_of_backups_that_is_none_is_named(server: RunningServer, ada: Caller, tmp_path: Path, held: str) -> None:
    file = tmp_path / "backup.key"
    file.write_text(held)
    found = examine(server.database, replace(server.settings, backup_key=file), server.at[0])
    (words,) = [each.words for each in found if not each.is_well]
    assert words.startswith(f"{file} holds no key of backups")


def test_a_list_of_sign_offs_that_is_a_folder_is_named(server: RunningServer, ada: Caller, tmp_path: Path) -> None:
    found = examine(server.database, replace(server.settings, signed_off=tmp_path), server.at[0])
    assert [each.subject for each in found if not each.is_well] == ["sign-offs"]


def test_a_database_that_was_put_back_has_no_backup_made_then(server: RunningServer, ada: Caller) -> None:
    server.do(lambda c: begin_epoch(c, ORGANISATION, server.at[0]))
    (words,) = [
        each.words
        for each in examine(server.database, server.settings, server.at[0])
        if each.subject == f"{ORGANISATION}: backup"
    ]
    assert words.startswith("none since the database was put back at ")


def test_it_says_nothing_of_anybody(server: RunningServer, ada: Caller) -> None:
    said = " ".join(finding.words for finding in examine(server.database, server.settings, server.at[0]))
    for secret in ("Zuleika", "Okafor", ada.worker, ada.device):
        assert secret not in said


def test_an_altered_audit_is_named_with_its_entry(server: RunningServer, ada: Caller) -> None:
    server.do(lambda c: tamper(c, update(tables.audit).where(tables.audit.c.number == 2).values(action="view")))
    said = [finding.words for finding in examine(server.database, server.settings, server.at[0]) if not finding.is_well]
    assert [words.split(":")[0] for words in said] == ["its triggers are gone", "broken at entry 2"]


def test_an_audit_that_was_written_anew_is_noticed_by_the_tip_that_was_noted(server: RunningServer, ada: Caller) -> None:
    with server.database.reading() as connection:
        noted = audit.tip(connection, ORGANISATION)
    assert not faults(server, stretford=noted)
    assert "written anew" in faults(server, stretford=replace(noted, hash="f" * 64))["audit"]


def test_a_tip_of_an_organisation_that_is_not_there_is_not_passed_over(server: RunningServer, ada: Caller) -> None:
    with server.database.reading() as connection:
        noted = audit.tip(connection, ORGANISATION)
    found = list(examine(server.database, server.settings, server.at[0], [("stretfrod", noted)]))
    assert [finding.subject for finding in found if not finding.is_well] == ["stretfrod: audit"]


def test_a_line_that_was_taken_out_of_the_ledger_is_noticed(server: RunningServer, ada: Caller) -> None:
    server.do(lambda c: c.execute(delete(tables.ledger).where(tables.ledger.c.number == 2)))
    found = faults(server)
    assert "2 lines of the ledger where the counter says 3" in found["numbers"]
    assert "1 have no history" in found["records"]


def test_a_record_that_was_taken_out_is_noticed(server: RunningServer, ada: Caller) -> None:
    server.do(lambda c: c.execute(delete(tables.record).where(tables.record.c.number == 2)))
    assert "1 are lost and only 1 lines of history (at number 2) left of them" in faults(server)["records"]


def test_an_epoch_that_lies_ahead_is_noticed(server: RunningServer, ada: Caller) -> None:
    server.do(lambda c: c.execute(update(tables.organisation).values(epoch_number=99)))
    assert "ewb-server restored stretford" in faults(server)["epoch"]


def test_a_clock_that_is_behind_the_audit_is_noticed(server: RunningServer, ada: Caller) -> None:
    server.at[0] -= timedelta(days=20_000)
    assert "see to this machine's clock" in faults(server)["clock"]


def test_a_backup_that_nobody_made_for_days_is_noticed(server: RunningServer, ada: Caller, tmp_path: Path) -> None:
    server.at[0] += timedelta(days=3)
    assert "there is none" in faults(server)["backup"]
    back_up(server.database, tmp_path / "one.ewb-backup", server.at[0])
    assert faults(server) == {}
    server.at[0] += timedelta(days=3)
    assert "systemctl status ewb-server-backup.service" in faults(server)["backup"]


def test_a_backup_that_was_made_while_the_clock_was_ahead_counts_for_nothing(
    server: RunningServer, ada: Caller, tmp_path: Path
) -> None:
    server.at[0] += timedelta(days=20_000)
    back_up(server.database, tmp_path / "one.ewb-backup", server.at[0])
    server.at[0] -= timedelta(days=20_000)
    ada.round(ada.change("visit", {}))
    assert "the clock was ahead" in faults(server)["backup"]
    back_up(server.database, tmp_path / "two.ewb-backup", server.at[0])
    assert faults(server) == {}


def test_a_kind_of_record_that_only_a_newer_program_knows_is_said(server: RunningServer, ada: Caller) -> None:
    server.do(lambda c: c.execute(update(tables.record).where(tables.record.c.number == 2).values(entity="hologram")))
    assert "update it" in faults(server)["kinds"]


def test_a_laptop_that_counts_as_another_worker_s_is_found(server: RunningServer, ada: Caller) -> None:
    di = enrolled(server, "Di Brandt", "volunteer")
    for caller in (ada, di):
        caller.round(keys={"sealing": "0" * 64, "signing": "1" * 64})
    assert "laptops" not in faults(server)
    server.do(lambda c: c.execute(update(tables.device).where(tables.device.c.id == di.device).values(worker=ada.worker)))
    assert di.device in faults(server)["laptops"]


class FirstOnes:
    """Chance that draws the first."""

    def sample(self, population: Sequence[int], k: int) -> list[int]:
        return list(population[:k])


NOTHING_IS_READ = {"fields": "{", "wire": "{"}


@pytest.mark.parametrize(
    ("record", "line", "said"),
    [
        (NOTHING_IS_READ, {"fields": "{"}, ["records (at number 2) cannot be handed out", "lines of history (at number 2)"]),
        ({"wire": "17"}, {}, ["records (at number 2) cannot be handed out"]),
        ({"changed_by": "["}, {}, ["records (at number 2) cannot be read"]),
        ({}, {"overtaken": "[]"}, ["lines of history (at number 2) cannot be read"]),
    ],
    ids=["record and history", "row", "record", "history"],
)
def test_what_cannot_be_read_is_found_and_what_to_do_is_said(
    server: RunningServer, ada: Caller, record: dict[str, str], line: dict[str, str], said: list[str]
) -> None:
    alter(server, record, line)
    found = [each.words for each in examine(server.database, server.settings, server.at[0]) if not each.is_well]
    assert len(found) == len(said)
    for words, part in zip(found, said, strict=True):
        assert part in words
        assert "restore the newest backup" in words


def test_words_that_were_put_into_a_row_or_a_record_are_found(server: RunningServer, ada: Caller) -> None:
    told = server.do(lambda c: c.execute(select(tables.record.c.wire).where(tables.record.c.number == 2)).scalar_one())
    alter(server, {"wire": told.replace("Zuleika", "Mallory")})
    assert "1 records (at number 2) say what no laptop sent" in faults(server)["histories"]
    alter(server, {"wire": told})
    assert faults(server) == {}
    # the same put into the record too: only its history tells
    forged = json.dumps({"preferred_name": "Mallory"})
    alter(server, {"wire": told.replace("Zuleika", "Mallory"), "fields": forged})
    assert "1 records (at number 2) say what no laptop sent" in faults(server)["histories"]


@pytest.mark.parametrize(
    ("table", "values", "subject", "said"),
    [
        (tables.record, {"sensitivity": "open"}, "scope", "1 records (at number 2) would be given to others"),
        (tables.record, {"person": "0" * 36}, "scope", "1 records (at number 2) would be given to others"),
        (tables.record, {"area": "elsewhere"}, "scope", "1 records (at number 2) would be given to others"),
        (tables.worker, {"role": "clinician"}, "workers", "1 may do or see other than was typed"),
        (tables.worker, {"areas": '["*"]'}, "workers", "1 may do or see other than was typed"),
        (tables.worker, {"areas": "["}, "workers", "1 may do or see other than was typed"),
    ],
)
def test_what_decides_who_receives_a_record_is_held_against_what_was_said(
    server: RunningServer, ada: Caller, table: Table, values: dict[str, str], subject: str, said: str
) -> None:
    where = table.c.number == 2 if table is tables.record else table.c.id == ada.worker
    # as somebody would who owns the database, with the row that travels made to fit
    server.do(lambda c: c.execute(update(table).where(where).values(**values)))
    server.do(lambda c: c.execute(update(tables.organisation).values(wire_shape="[]")))
    assert said in faults(server)[subject]


def test_areas_that_cannot_be_read_are_listed_as_none_and_can_be_said_anew(server: RunningServer, ada: Caller) -> None:
    row = tables.worker.c
    server.do(lambda c: c.execute(update(tables.worker).where(row.id == ada.worker).values(areas="[")))
    assert [each.areas for each in server.do(lambda c: workers(c, ORGANISATION, server.at[0]))] == [()]
    server.change_worker(ada.worker, areas=["stretford"])
    assert faults(server) == {}


def test_a_worker_who_was_matched_to_a_member_by_hand_is_found(server: RunningServer, ada: Caller) -> None:
    person = server.do(lambda c: c.execute(select(tables.record.c.id).where(tables.record.c.number == 2)).scalar_one())
    server.do(lambda c: c.execute(insert(tables.matched).values(organisation=ORGANISATION, worker=ada.worker, person=person)))
    assert "to 1 members (at number 2) others are matched than their records say" in faults(server)["matches"]


@pytest.mark.parametrize("statement", ["DROP TABLE look", "DROP INDEX record_area"])
def test_a_table_or_an_index_that_is_gone_is_named(server: RunningServer, ada: Caller, statement: str) -> None:
    server.do(lambda c: c.execute(text(statement)))
    said = {each.subject: each.words for each in examine(server.database, server.settings, server.at[0]) if not each.is_well}
    assert f"not here any more: {statement.split()[-1]}" in said["tables"]


def test_a_counter_that_is_gone_is_said(server: RunningServer, ada: Caller) -> None:
    server.do(lambda c: c.execute(delete(tables.counter)))
    said = {each.subject: each.words for each in examine(server.database, server.settings, server.at[0]) if not each.is_well}
    assert "restore makes the counter again" in said[f"{ORGANISATION}: counter"]


def test_a_large_house_is_looked_through_by_samples_unless_all_is_asked(
    server: RunningServer, ada: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(damage, "SAMPLE", 1)
    monkeypatch.setattr(damage, "_AT_ONCE", 1)
    told = server.do(lambda c: c.execute(select(tables.record.c.wire).where(tables.record.c.number == 2)).scalar_one())
    alter(server, {"wire": told.replace("Zuleika", "Mallory"), "fields": json.dumps({"preferred_name": "Mallory"})})
    found = [each.subject for each in examine(server.database, server.settings, NOW, is_all=True) if not each.is_well]
    assert found == [f"{ORGANISATION}: histories"]
    # chance draws number 1, the worker's own line
    monkeypatch.setattr(damage, "SystemRandom", FirstOnes)
    found = [each.subject for each in examine(server.database, server.settings, NOW) if not each.is_well]
    assert found == []


def alter(server: RunningServer, record: dict[str, str], line: dict[str, str] | None = None) -> None:
    for table, values in ((tables.record, record), (tables.ledger, line)):
        if values:
            server.do(lambda c, t=table, v=values: c.execute(update(t).where(t.c.number == 2).values(**v)))  # type: ignore[misc]


@pytest.mark.parametrize(("revision", "said"), [("0001", "ewb-server migrate"), ("9999", "newer than this program")])
def test_tables_of_another_version_are_said_and_left_alone(tmp_path: Path, revision: str, said: str) -> None:
    settings = Settings(f"sqlite:///{tmp_path / 'server.db'}")
    database = Database(settings)
    with database.refilling() as connection:
        upgrade(connection, "0001")
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{revision}'"))
    found = [finding for finding in examine(database, settings, NOW) if not finding.is_well]
    database.close()
    assert [finding.subject for finding in found] == ["tables"]
    assert said in found[0].words


def test_a_database_that_does_not_answer_is_said() -> None:
    settings = Settings(f"postgresql+psycopg://nobody@127.0.0.1:{spare_port()}/none")
    database = Database(settings)
    found = [finding for finding in examine(database, settings, NOW) if not finding.is_well]
    database.close()
    assert "does not answer" in found[0].words


def test_a_disk_with_little_room_is_said(tmp_path: Path) -> None:
    settings = Settings(f"sqlite:///{tmp_path / 'server.db'}")
    assert free_room(settings, lambda _folder: (1 << 40, 1 << 38)).is_well
    assert "make room" in free_room(settings, lambda _folder: (1 << 40, 1 << 20)).words


def test_a_certificate_that_ends_soon_is_said(tmp_path: Path) -> None:
    authority = make_authority()
    file = authority.certificate_for("server.example", tmp_path).certificate
    assert certificate(file, None, authority.now).is_well
    assert "renew it" in certificate(file, None, authority.now + timedelta(days=360)).words
    file.write_text("no certificate")
    assert not certificate(file, None, authority.now).is_well


def test_a_certificate_that_does_not_hold_yet_is_said(tmp_path: Path) -> None:
    authority = make_authority()
    file = authority.certificate_for("server.example", tmp_path).certificate
    found = certificate(file, None, authority.now - timedelta(days=500))
    assert (found.is_well, "only: until then laptops do not send" in found.words) == (False, True)


def test_a_certificate_with_another_s_key_is_said(tmp_path: Path) -> None:
    authority = make_authority()
    one, other = (authority.certificate_for("server.example", tmp_path, name=name) for name in ("one", "other"))
    assert certificate(one.certificate, one.key, authority.now).is_well
    found = certificate(one.certificate, other.key, authority.now)
    assert (found.is_well, "would not start again" in found.words) == (False, True)
