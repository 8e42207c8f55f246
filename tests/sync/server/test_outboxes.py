"""A sealed file that a laptop left behind is opened by the server that kept the hash of its credential, and by no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync.outbox import seal
from sync.protocol.errors import Refusal
from sync.server.cli import main
from sync.server.history import history
from sync.server.outboxes import Opened, take_outbox
from sync.server.people import NotPossible, change_worker, create_organisation, invite_again
from tests.support.callers import Caller, enrol_request, enrolled
from tests.support.servers import ORGANISATION, RunningServer


def opened(server: RunningServer, file: bytes, role: str | None = None, organisation: str = ORGANISATION) -> Opened:
    return server.do(lambda c: take_outbox(c, organisation, file, server.at[0], 128 << 10, role=role))


def kept(server: RunningServer, caller: Caller, record: str) -> list[str]:
    return [str(line.fields.get("preferred_name")) for line in server.do(lambda c: history(c, ORGANISATION, record))]


def test_the_work_of_a_laptop_that_was_signed_off_comes_in_once_however_often_its_file_is_taken(server: RunningServer) -> None:
    ada, ben = enrolled(server, "Ada Okafor"), enrolled(server, "Ben Shah", "clinician")
    sent, unsent = ada.change("person", {"preferred_name": "Maryam"}), ada.change("person", {"preferred_name": "Bo"})
    ada.round(sent)
    file = seal([sent, unsent], ada.credential)
    server.revoke(ada.device)
    told = opened(server, file)
    assert (told.worker, told.new, told.known, told.refused) == ("Ada Okafor", 1, 1, {})
    again = opened(server, file)
    assert (again.new, again.known) == (0, 2)
    assert kept(server, ada, unsent.record) == ["Bo"]
    ben.round()
    assert ben.rows[unsent.record]["preferred_name"] == "Bo"


def test_work_of_a_role_that_was_lost_is_taken_when_the_administrator_names_the_role(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    unsent = ada.change("person", {"preferred_name": "Bo"})
    file = seal([unsent], ada.credential)
    server.do(lambda c: change_worker(c, ORGANISATION, ada.worker, server.at[0], role="volunteer"))
    assert opened(server, file).refused == {Refusal.NOT_ALLOWED: 1}
    assert kept(server, ada, unsent.record) == []
    assert opened(server, file, "connector").new == 1
    assert kept(server, ada, unsent.record) == ["Bo"]


def test_a_file_that_was_sealed_before_the_laptop_joined_again_is_opened_and_the_old_credential_lets_nobody_in(
    server: RunningServer,
) -> None:
    ada = enrolled(server, "Ada Okafor")
    unsent = ada.change("person", {"preferred_name": "Bo"})
    file = seal([unsent], ada.credential)
    for _ in range(2):
        code = server.do(lambda c: invite_again(c, ORGANISATION, ada.worker, server.at[0])).code
        assert ada.send(enrol_request(code, ada.device), "/v1/enrol").status_code == 200
    assert ada.send(ada.ask()).status_code == 401
    assert opened(server, file).new == 1
    assert kept(server, ada, unsent.record) == ["Bo"]


def test_a_file_that_was_altered_or_is_another_organisations_is_not_opened(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    file = seal([ada.change("person", {"preferred_name": "Bo"})], ada.credential)
    server.do(lambda c: create_organisation(c, "salford", "Salford Wellbeing (made up)", server.at[0]))
    for organisation, given in (("salford", file), (ORGANISATION, file[:-1]), (ORGANISATION, b"no outbox")):
        with pytest.raises(NotPossible, match="no laptop of this organisation"):
            opened(server, given, organisation=organisation)


def test_the_administrator_types_the_files_name_and_reads_what_became_of_it(
    server: RunningServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ada = enrolled(server, "Ada Okafor")
    unsent = ada.change("person", {"preferred_name": "Bo"})
    (tmp_path / "unsent.outbox").write_bytes(seal([unsent, ada.change("conflict", {"field": "x"})], ada.credential))

    def typed(*words: str) -> tuple[int, str]:
        # the driver's name is added by the program itself
        database = server.settings.database.replace("+psycopg", "")
        code = main(["--database", database, "outbox", ORGANISATION, str(tmp_path / words[0]), *words[1:]])
        told = capsys.readouterr()
        return code, told.out + told.err

    status, said = typed("unsent.outbox")
    assert status == 2
    assert "of Ada Okafor: 1 taken, 0 here already." in said
    assert "Not taken: 1." in said
    assert "Keep the file" in said
    assert "Bo" not in said
    assert kept(server, ada, unsent.record) == ["Bo"]
    assert typed("nowhere.outbox")[0] == 2
    (tmp_path / "whole.outbox").write_bytes(seal([unsent], ada.credential))
    status, said = typed("whole.outbox", "--role", "connector", "--areas", "*")
    assert status == 0
    assert "From Blue laptop of Ada Okafor: 0 taken, 1 here already." in said
    assert "The file can go." in said
