"""What the administrator types, against a real file, and the real server process on a spare port."""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import requests
from sqlalchemy import text

from sync.packing import pack, unpack
from sync.protocol.messages import EnrolReply
from sync.server.admission.roster import Laptop
from sync.server.cli import main
from sync.server.database.engine import Database, revision_of, upgrade
from sync.server.settings import SettingsIncomplete, from_environment
from tests.support.callers import AT, enrol_request, new_id
from tests.support.servers import serving, spare_port

Typed = Callable[..., tuple[int, str]]


def test_an_afternoon_of_an_administrator(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = f"sqlite:///{tmp_path / 'house' / 'server.db'}"

    def typed(*words: str) -> tuple[int, str]:
        code = main(["--database", database, *words])
        told = capsys.readouterr()
        return code, told.out + told.err

    assert typed("migrate")[0] == 0
    assert typed("organisation", "stretford", "--name", "Stretford Wellbeing (made up)")[0] == 0
    assert "already" in typed("organisation", "stretford", "--name", "Again")[1]
    status, said = typed("invite", "stretford", "--name", "Ada Okafor", "--role", "connector", "--areas", "stretford")
    assert status == 0
    code = said.split()[1]
    device = new_id()
    with serving(database) as url:
        enrolled = requests.post(f"{url}/v1/enrol", data=pack(enrol_request(code, device)), timeout=20)
        reply = EnrolReply.model_validate(unpack(enrolled.content, 1 << 20))
        hello = {"protocol": 1, "program": "0.1.0", "device_time": AT, "cursor": 0}
        headers = {"Authorization": f"Bearer {reply.credential}"}
        answer = requests.post(f"{url}/v1/round", data=pack(hello), headers=headers, timeout=20)
        assert unpack(answer.content, 1 << 20)["page"]["rows"]["worker"][0][6] == "Ada Okafor"
        person, look = new_id(), {"id": new_id(), "kind": "view", "entity": "person", "at": AT}
        made = {
            "id": new_id(), "entity": "person", "record": person, "kind": "create", "area": "stretford", "base": 0, "counter": 1,
            "fields": {"preferred_name": "Zuleika"}, "author": reply.scope.worker, "device": device, "at": AT,
        }  # fmt: skip
        told = {**hello, "protocol": 2, "changes": [made], "looks": [{**look, "record": person}]}
        assert requests.post(f"{url}/v1/round", data=pack(told), headers=headers, timeout=20).status_code == 200
        status, said = typed("looked", "stretford", person)
        assert (status, said.count("\n"), "Zuleika" in said) == (0, 2, False)
        assert f"Ada Okafor  Blue laptop  view  person {person}  on the laptop at {AT}" in said
        assert "create" in typed("looked", "stretford", person, "--changes")[1]
        assert typed("looked", "stretford", new_id())[0] == 2
        assert "Ada Okafor (connector)  last seen 2" in typed("laptops", "stretford")[1]
        assert typed("revoke", "stretford", device)[0] == 0
        assert requests.post(f"{url}/v1/round", data=pack(hello), headers=headers, timeout=20).status_code == 403
    assert "no laptop" in typed("revoke", "stretford", device)[1]
    assert typed("health", "stretford") == (0, "The database answers and the audit is whole.\n")


@pytest.mark.parametrize(
    "words",
    [
        ["invite", "nowhere", "--name", "Ada", "--role", "clinician", "--areas", "sale"],
        ["invite", "nowhere"],
        ["laptops", "nowhere"],
        ["organisation", "Not A Slug", "--name", "x"],
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert main(["--database", f"sqlite:///{tmp_path / 'server.db'}", *words]) == 2
    assert capsys.readouterr().err


def test_half_a_set_of_settings_does_not_start(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--database", "mysql://x", "serve"]) == 2
    assert "EWB_DATABASE must begin with" in capsys.readouterr().err


def test_backup_restore_and_doctor_as_an_administrator_types_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = f"sqlite:///{tmp_path / 'old.db'}", f"sqlite:///{tmp_path / 'new.db'}"

    def typed(database: str, *words: str) -> tuple[int, str]:
        code = main(["--database", database, *words])
        told = capsys.readouterr()
        return code, told.out + told.err

    assert typed(old, "organisation", "stretford", "--name", "Stretford Wellbeing (made up)")[0] == 0
    assert typed(old, "invite", "stretford", "--name", "Ada Okafor", "--role", "connector", "--areas", "stretford")[0] == 0
    key, file = str(tmp_path / "key"), str(tmp_path / "one.ewb-backup")
    assert typed(old, "backup-key", key)[0] == 0
    assert "there already" in typed(old, "backup-key", key)[1]
    assert "1 records, 1 lines of history" in typed(old, "backup", file, "--key-file", key)[1]
    assert "not sealed" in typed(old, "backup", str(tmp_path / "open.ewb-backup"))[1]
    assert "sealed: name its key file" in typed(new, "restore", file)[1]
    assert typed(new, "restore", file, "--key-file", key)[0] == 0
    assert "not empty" in typed(new, "restore", file, "--key-file", key)[1]
    status, said = typed(new, "doctor")
    assert (status, "FAULT" in said) == (0, False)
    tip = said.partition("note its tip elsewhere: ")[2].split()[0]
    assert typed(new, "doctor", "--tip", tip)[0] == 0
    assert typed(new, "doctor", "--tip", tip[:-4] + "0000")[0] == 2
    assert "is no tip" in typed(new, "doctor", "--tip", "stretford")[1]
    # each of several is looked at, and a number that is none is told
    assert typed(new, "doctor", "--tip", tip[:-4] + "0000", "--tip", tip)[0] == 2
    for number in ("\N{SUPERSCRIPT THREE}", "9" * 30):
        assert "is no tip" in typed(new, "doctor", "--tip", f"stretford:{number}:{tip.rpartition(':')[2]}")[1]


@pytest.mark.parametrize("slip", ["north\tend", "sale\n", "a\x1b[31mb", "x" * 200, "left\N{RIGHT-TO-LEFT OVERRIDE}right"])
def test_a_name_or_an_area_that_cannot_be_read_is_not_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], slip: str
) -> None:
    words = ["--database", f"sqlite:///{tmp_path / 'server.db'}"]
    made = {"--name": "Ada Okafor", "--role": "connector", "--areas": "sale"}

    def typed(*more: str) -> tuple[int, str]:
        code = main([*words, *more])
        told = capsys.readouterr()
        return code, told.out + told.err

    def invited(**other: str) -> tuple[int, str]:
        return typed("invite", "sale", *(word for pair in {**made, **other}.items() for word in pair), "--new-area")

    assert typed("organisation", "sale", "--name", slip)[0] == (0 if slip == "sale\n" else 2)
    typed("organisation", "sale", "--name", "Sale (made up)")
    status = 0 if slip == "sale\n" else 2
    assert invited(**{"--name": slip})[0] == status
    assert invited(**{"--areas": slip})[0] == status
    said = invited(**{"--name": "  Shirin\N{ZERO WIDTH NON-JOINER}  Gol\N{NO-BREAK SPACE}Oak "})[1]
    worker = said.partition("Worker: ")[2].split()[0]
    assert typed("worker", "sale", worker, "--areas", slip, "--new-area")[0] == status
    assert "Shirin\N{ZERO WIDTH NON-JOINER} Gol Oak  connector  sale" in typed("workers", "sale")[1]


def test_somebody_with_an_area_from_before_areas_were_looked_at_can_leave_and_what_that_means_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "server.db"
    words = ["--database", f"sqlite:///{file}"]
    assert main([*words, "organisation", "sale", "--name", "Sale (made up)"]) == 0
    assert main([*words, "invite", "sale", "--name", "Ada Okafor", "--role", "connector", "--areas", "sale"]) == 0
    worker = capsys.readouterr().out.partition("Worker: ")[2].split()[0]
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE worker SET areas = ?", ('["north\\tend"]',))
    assert main([*words, "worker", "sale", worker, "--active", "no"]) == 0
    said = capsys.readouterr().out
    assert "destroys its keys" in said
    assert "ewb-server outbox" in said


def test_a_taken_port_is_said_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        assert main(["--database", f"sqlite:///{tmp_path / 'server.db'}", "serve", "--port", port]) == 2
    said = capsys.readouterr().err
    assert f"nothing can listen at 127.0.0.1, port {port}" in said
    assert "stop what listens there" in said


def test_ready_asks_the_server_that_runs_here(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    database = f"sqlite:///{tmp_path / 'server.db'}"
    with serving(database) as url:
        monkeypatch.setenv("EWB_PORT", url.rpartition(":")[2])
        assert main(["ready"]) == 0
        with closing(sqlite3.connect(tmp_path / "server.db")) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        assert main(["ready"]) == 2
    assert main(["ready"]) == 2
    assert "does not answer" in capsys.readouterr().err


def test_a_backup_that_only_a_newer_program_can_restore_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--database", f"sqlite:///{tmp_path / 'server.db'}"]
    assert main([*words, "organisation", "sale", "--name", "Sale (made up)"]) == 0
    with closing(sqlite3.connect(tmp_path / "server.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert main([*words, "backup", str(tmp_path / "one.ewb-backup")]) == 0
    assert "only the newer program can restore" in capsys.readouterr().out


LISTS = (["workers", "stretford"], ["laptops", "stretford"], ["health", "stretford"])


def test_whoever_only_looks_waits_for_no_push_and_keeps_none_waiting(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "server.db"
    monkeypatch.setenv("EWB_SECONDS", "1")
    assert main(["--database", f"sqlite:///{file}", "organisation", "stretford", "--name", "Stretford (made up)"]) == 0
    with closing(sqlite3.connect(file, isolation_level=None)) as push:
        push.execute("BEGIN IMMEDIATE")
        assert [main(["--database", f"sqlite:///{file}", *words]) for words in (*LISTS, ["doctor"])] == [0, 0, 0, 0]
    assert "whole" in capsys.readouterr().out


@pytest.mark.parametrize("words", LISTS)
def test_whoever_only_looks_brings_no_tables_to_another_version(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    file = tmp_path / "server.db"
    with closing(Database(from_environment({"EWB_DATABASE": f"sqlite:///{file}"}))) as database:
        with database.refilling() as connection:
            upgrade(connection, "0001")
        assert main(["--database", f"sqlite:///{file}", *words]) == 2
        assert "ewb-server migrate" in capsys.readouterr().err
        with database.reading() as connection:
            assert revision_of(connection) == "0001"
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        assert main(["--database", f"sqlite:///{file}", *words]) == 2
        assert "update the program" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["serve"], ["laptops", "stretford"], ["backup", "x"]])
def test_a_database_that_is_not_there_is_said_without_its_password(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    nowhere = f"postgresql://ewb:open-sesame@127.0.0.1:{spare_port()}/ewb"
    assert main(["--database", nowhere, *words]) == 2
    said = capsys.readouterr()
    assert "does not answer as it should" in said.err
    assert "open-sesame" not in said.err + said.out


def test_a_database_of_a_newer_program_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = f"sqlite:///{tmp_path / 'server.db'}"
    assert main(["--database", database, "migrate"]) == 0
    with closing(sqlite3.connect(tmp_path / "server.db")) as file, file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")
    assert main(["--database", database, "serve"]) == 2
    assert "newer than this program" in capsys.readouterr().err


@pytest.fixture
def typed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Type commands about one organisation's database; what was said comes back with the code."""

    def run(*words: str) -> tuple[int, str]:
        code = main(["--database", f"sqlite:///{tmp_path / 'house' / 'server.db'}", *words])
        told = capsys.readouterr()
        return code, told.out + told.err

    assert run("organisation", "stretford", "--name", "Stretford Wellbeing (made up)")[0] == 0
    return run


def test_workers_are_listed_with_what_every_other_command_asks_for(typed: Typed) -> None:
    said = typed("invite", "stretford", "--name", "Ada Okafor", "--role", "connector", "--areas", "stretford", "sale")[1]
    worker = said.partition("Worker: ")[2].split()[0]
    listed = typed("workers", "stretford")[1]
    assert f"{worker}  Ada Okafor  connector  stretford, sale  laptops: 0; unused code until 2" in listed
    assert typed("worker", "stretford", worker) == (
        2,
        "say what is to change: --role, --areas or --active; `ewb-server workers` tells how it is now\n",
    )
    assert typed("worker", "stretford", worker, "--active", "no")[0] == 0
    assert "has left" in typed("workers", "stretford")[1]


def test_a_code_that_was_given_by_mistake_is_taken_back(typed: Typed, tmp_path: Path) -> None:
    said = typed("invite", "stretford", "--name", "Ada Okafor", "--role", "administrator", "--areas", "*")[1]
    code, worker = said.split()[1], said.partition("Worker: ")[2].split()[0]
    assert typed("withdraw", "stretford", worker)[1].startswith("Codes taken back: 1.")
    assert "unused code" not in typed("workers", "stretford")[1]
    with serving(f"sqlite:///{tmp_path / 'house' / 'server.db'}") as url:
        answer = requests.post(f"{url}/v1/enrol", data=pack(enrol_request(code, new_id())), timeout=20)
    assert unpack(answer.content, 1 << 20)["trouble"] == "bad_code"
    assert typed("withdraw", "stretford", new_id())[0] == 2


def invited(typed: Typed, name: str, *areas: str, role: str = "connector") -> tuple[int, str]:
    return typed("invite", "stretford", "--name", name, "--role", role, "--areas", *areas)


def test_a_mistyped_area_is_not_made_and_a_new_one_is_when_it_is_meant(typed: Typed) -> None:
    assert invited(typed, "Ada Okafor", "stretford")[0] == 0
    before = typed("workers", "stretford")[1]
    status, said = invited(typed, "Ben Shah", "Stretfrod", "stretford")
    assert status == 2
    assert said.startswith("Nobody works in 'Stretfrod' (did you mean 'stretford'?); nothing was done. Areas so far: stretford.")
    worker = before.split()[0]
    assert typed("worker", "stretford", worker, "--areas", "sale")[0] == 2
    assert typed("workers", "stretford")[1] == before
    assert typed("worker", "stretford", worker, "--areas", "sale", "--new-area")[0] == 0
    # an area whose only worker left is no new one; every area is none
    assert typed("worker", "stretford", worker, "--active", "no")[0] == 0
    assert invited(typed, "Ben Shah", "sale")[0] == 0
    assert invited(typed, "Cy Roe", "*", role="clinician")[0] == 0


def test_whoever_works_in_every_area_before_one_has_a_name_is_told_where_members_would_be(typed: Typed) -> None:
    assert "--areas '*' stretford" in invited(typed, "Ada Okafor", "*")[1]
    assert "no area" not in invited(typed, "Flo Reed", "*", role="administrator")[1]
    assert "no area" not in invited(typed, "Ben Shah", "*", "sale")[1]
    assert "no area" not in invited(typed, "Cy Roe", "*")[1]


@pytest.mark.parametrize("area", ["stretford, sale", "Everywhere", "all"])
def test_what_is_no_area_is_not_taken_for_one_though_it_would_be_the_first(typed: Typed, area: str) -> None:
    status, said = invited(typed, "Ada Okafor", area)
    assert (status, repr(area) in said, "nothing was done" in said) == (2, True, True)
    assert typed("workers", "stretford")[1].startswith("Nobody was invited yet")


def test_a_star_that_the_shell_took_for_files_is_told(typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Makefile", "README.md"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    status, said = invited(typed, "Ada Okafor", "Makefile", "README.md", role="administrator")
    assert (status, "--areas '*'" in said) == (2, True)


def test_who_is_invited_is_said_back_and_where(typed: Typed) -> None:
    assert typed("laptops", "stretford")[1].startswith("No laptop has joined yet.")
    assert "Invited: Ada Okafor, connector, in sale, north end.\n" in invited(typed, " Ada Okafor", "sale", "north end")[1]
    assert "Invited: Flo Reed, administrator, in every area.\n" in invited(typed, "Flo Reed", "*", role="administrator")[1]


def test_a_mistyped_organisation_is_told_with_those_there_are(typed: Typed) -> None:
    status, said = typed("workers", "Stretford")
    assert (status, "There is: stretford." in said) == (2, True)


def test_one_person_is_not_invited_twice_and_two_of_a_name_are_when_they_are_meant(typed: Typed) -> None:
    worker = invited(typed, "Ada Okafor", "stretford")[1].partition("Worker: ")[2].split()[0]
    status, said = invited(typed, " ada  okafor ", "stretford")
    assert status == 2
    assert said.startswith(f"Ada Okafor is here already: connector, stretford, {worker}.")
    assert f"ewb-server invite stretford --worker {worker}" in said
    assert len(typed("workers", "stretford")[1].splitlines()) == 1
    assert invited(typed, "Ada Okafor", "stretford", "--same-name")[0] == 0
    assert len(typed("workers", "stretford")[1].splitlines()) == 2


def test_whoever_has_left_is_brought_back_before_she_is_given_a_code(typed: Typed) -> None:
    worker = invited(typed, "Ada Okafor", "stretford")[1].partition("Worker: ")[2].split()[0]
    typed("worker", "stretford", worker, "--active", "no")
    back = f"ewb-server worker stretford {worker} --active yes"
    for said in (invited(typed, "Ada Okafor", "stretford"), typed("invite", "stretford", "--worker", worker)):
        assert (said[0], back in said[1]) == (2, True)
    typed("worker", "stretford", worker, "--active", "yes")
    assert typed("invite", "stretford", "--worker", worker)[0] == 0


def test_another_code_takes_no_other_name_role_or_areas(typed: Typed) -> None:
    worker = invited(typed, "Ada Okafor", "stretford")[1].partition("Worker: ")[2].split()[0]
    status, said = typed("invite", "stretford", "--worker", worker, "--role", "clinician")
    assert (status, f"ewb-server worker stretford {worker}" in said) == (2, True)


@pytest.mark.parametrize("words", [["--name", "  "], ["--name", "Ada", "--areas", " "]])
def test_a_name_or_an_area_of_nothing_is_not_taken(typed: Typed, words: list[str]) -> None:
    given = {"--name": "Ada", "--role": "connector", "--areas": "sale", **dict(zip(words[::2], words[1::2], strict=True))}
    assert typed("invite", "stretford", *(word for pair in given.items() for word in pair))[0] == 2
    assert typed("workers", "stretford")[1].startswith("Nobody was invited yet")


@pytest.mark.parametrize("command", [["laptops", "stretford"], ["backup", "x"], ["doctor"], ["workers", "stretford"]])
def test_a_mistyped_database_is_not_made(tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    file = tmp_path / "nowhere" / "server.db"
    assert main(["--database", f"sqlite:///{file}", *command]) == 2
    assert f"there is no database {file}" in capsys.readouterr().err
    assert not file.parent.exists()


def test_bringing_a_database_up_to_date_names_it_and_says_whether_it_is_new(typed: Typed, tmp_path: Path) -> None:
    file = tmp_path / "house" / "server.db"
    assert typed("migrate")[1] == f"The database {file} is up to date.\n"
    assert "new and up to date" in typed("--database", f"sqlite:///{tmp_path / 'other.db'}", "migrate")[1]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a person's folder to that person by other means")
def test_nobody_else_on_the_machine_reads_the_database(typed: Typed, tmp_path: Path) -> None:
    folder = tmp_path / "house"
    file = folder / "server.db"
    assert (folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)
    file.chmod(0o644)
    typed("workers", "stretford")
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_no_database_and_was_named_by_mistake_stays_readable_to_everybody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "accounts"
    file.write_text("root:x:0:0\n")
    file.chmod(0o644)
    for command in ("doctor", "migrate"):
        assert main(["--database", f"sqlite:///{file}", command]) == 2
    assert "no database" in capsys.readouterr().err
    assert (file.stat().st_mode & 0o777, file.read_text()) == (0o644, "root:x:0:0\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["serve", "--port", "99999"], "EWB_PORT must be a whole number from 1 to 65535"),
        (["certificate", "x", "--for", "bad host"], "'bad host' is neither a name of a machine nor an address"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(tmp_path: Path, typed: Typed, words: list[str], said: str) -> None:
    code, told = typed(*(str(tmp_path / word) if word == "x" else word for word in words))
    assert (code, told.count("\n")) == (2, 1)
    assert said in told
    assert not (tmp_path / "x").exists()


def test_a_folder_for_snapshots_that_cannot_be_written_in_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsIncomplete, match="EWB_SNAPSHOTS names"):
        from_environment({"EWB_DATABASE": "sqlite:///x.db", "EWB_SNAPSHOTS": str(tmp_path / "file" / "beneath")})


def test_how_many_backups_to_keep_is_a_number(typed: Typed, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        typed("backup", "x", "--keep", "abc")
    assert "'abc' must be a whole number of 1 or more" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("ahead", "words"),
    [(None, ""), (599, ""), (600, "its clock is 10 minutes ahead"), (-7_200, "its clock is 2 hours behind"),
     (3 * 86_400, "its clock is 3 days ahead")],
)  # fmt: skip
def test_a_clock_that_is_off_is_told_in_the_list_of_laptops(ahead: int | None, words: str) -> None:
    assert Laptop("", "", "", "", "", None, None, ahead).clock_words == words
