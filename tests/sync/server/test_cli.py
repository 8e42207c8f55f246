"""What the administrator types, against a real file, and the real server process on a spare port."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import requests

from sync.packing import pack, unpack
from sync.protocol.messages import EnrolReply
from sync.server.cli import main
from tests.support.callers import AT, enrol_request, new_id
from tests.support.servers import serving, spare_port


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
