"""A sealed file that a laptop left behind is opened by the server that kept the hash of its credential, and by no other."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from uuid_utils import uuid7

from sync.carrying import sign
from sync.keys import new_keys
from sync.outbox import MARK, Outbox, credential_hash, seal
from sync.protocol.change import Change
from sync.protocol.errors import Refusal
from sync.protocol.messages import Look, LookKind
from sync.server.admission.people import NotPossible, begin_epoch, create_organisation, invite_again
from sync.server.cli import main
from sync.server.laptops.looks import who_looked
from sync.server.laptops.outboxes import Opened, take_outbox
from sync.server.records.history import history
from tests.support.callers import Caller, enrol_request, enrolled
from tests.support.servers import ORGANISATION, RunningServer


def sealed_before_looks(changes: list[Change], credential: str) -> bytes:
    """Make a file as the first edition made it: the changes alone, as one list."""
    return sealed_as_it_stands([change.model_dump(mode="json") for change in changes], credential, b"EWB outbox 1\n")


def opened(
    server: RunningServer,
    file: bytes,
    role: str | None = None,
    organisation: str = ORGANISATION,
    areas: Sequence[str] | None = None,
) -> Opened:
    return server.do(lambda c: take_outbox(c, organisation, file, server.at[0], 128 << 10, role=role, areas=areas))


def kept(server: RunningServer, caller: Caller, record: str) -> list[str]:
    return [str(line.fields.get("preferred_name")) for line in server.do(lambda c: history(c, ORGANISATION, record))]


def test_the_work_of_a_laptop_that_was_signed_off_comes_in_once_however_often_its_file_is_taken(server: RunningServer) -> None:
    ada, ben = enrolled(server, "Ada Okafor"), enrolled(server, "Ben Shah", "clinician")
    sent, unsent = ada.change("person", {"preferred_name": "Maryam"}), ada.change("person", {"preferred_name": "Bo"})
    ada.round(sent)
    file = seal(Outbox([sent, unsent]), ada.credential)
    server.revoke(ada.device)
    told = opened(server, file)
    assert (told.worker, told.new, told.known, told.refused) == ("Ada Okafor", 1, 1, {})
    again = opened(server, file)
    assert (again.new, again.known) == (0, 2)
    assert kept(server, ada, unsent.record) == ["Bo"]
    ben.round()
    assert ben.rows[unsent.record]["preferred_name"] == "Bo"


@pytest.mark.parametrize(("is_told", "shown"), [(True, "yes"), (False, "no")])
def test_a_file_that_was_sealed_before_a_restore_has_heard_of_nothing_since_where_it_tells_its_epoch(
    server: RunningServer, is_told: bool, shown: str
) -> None:
    ada, ben = enrolled(server, "Ada Okafor"), enrolled(server, "Ben Shah", "clinician")
    epoch = ada.round().epoch
    made = ada.change("person", {"preferred_name": "Bo"})
    ada.round(made)
    # as if the backup were older than numbers that the laptop was told
    unsent = ada.edit(made, {"safe_to_call": "no"}, base=ada.cursor + 1)
    file = seal(Outbox([unsent], epoch=epoch if is_told else None), ada.credential)
    server.do(lambda c: begin_epoch(c, ORGANISATION, server.at[0]))
    ben.round()
    ben.round(ben.edit(made, {"safe_to_call": "yes"}, base=ben.cursor), epoch=None)
    assert opened(server, file).new == 1
    ben.round()
    assert ben.rows[made.record]["safe_to_call"] == shown


def test_work_of_a_role_that_was_lost_long_ago_is_taken_when_the_administrator_names_the_role(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    unsent = ada.change("person", {"preferred_name": "Bo"})
    file = seal(Outbox([unsent]), ada.credential)
    server.change_worker(ada.worker, role="volunteer")
    server.at[0] += timedelta(days=31)
    assert opened(server, file).refused == {Refusal.NOT_ALLOWED: 1}
    assert kept(server, ada, unsent.record) == []
    assert opened(server, file, "connector").new == 1
    assert kept(server, ada, unsent.record) == ["Bo"]


def test_a_file_that_was_sealed_before_the_laptop_joined_again_is_opened_and_the_old_credential_lets_nobody_in(
    server: RunningServer,
) -> None:
    ada = enrolled(server, "Ada Okafor")
    unsent = ada.change("person", {"preferred_name": "Bo"})
    file = seal(Outbox([unsent]), ada.credential)
    for _ in range(2):
        code = server.do(lambda c: invite_again(c, ORGANISATION, ada.worker, server.at[0])).code
        assert ada.send(enrol_request(code, ada.device), "/v1/enrol").status_code == 200
    assert ada.send(ada.ask()).status_code == 401
    assert opened(server, file).new == 1
    assert kept(server, ada, unsent.record) == ["Bo"]


def test_who_had_looked_at_what_comes_into_the_audit_with_the_work_and_once(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    sent = ada.change("person", {"preferred_name": "Maryam"})
    ada.round(sent)
    look = Look(id=str(uuid7()), kind=LookKind.VIEW, entity="person", record=sent.record, at="2026-11-21T13:00:00.000Z")
    spoilt = Look.model_construct(id=str(uuid7()), kind=7, entity="person", record=sent.record, at="")
    file = seal(Outbox([], [look, spoilt]), ada.credential)
    server.revoke(ada.device)
    opened(server, file)
    opened(server, file)
    found = server.do(lambda c: who_looked(c, ORGANISATION, sent.record, server.at[0]))
    assert [(each.worker, each.action) for each in found if each.action == "view"] == [("Ada Okafor", "view")]


def sealed_as_it_stands(held: object, credential: str, mark: bytes = MARK) -> bytes:
    nonce, key = os.urandom(12), HKDF(SHA256(), 32, salt=None, info=mark).derive(bytes.fromhex(credential_hash(credential)))
    text = held if isinstance(held, bytes) else orjson.dumps(held)
    return mark + nonce + AESGCM(key).encrypt(nonce, text, mark)


def test_a_file_in_which_nothing_can_be_read_is_told_of_as_that(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    with pytest.raises(NotPossible, match="nothing in it can be read"):
        opened(server, sealed_as_it_stands(b"{", ada.credential))


@pytest.mark.parametrize("odd", [{"cls": 1}, {"_fields_set": 5}, {"model_config": {}}], ids=str)
def test_a_look_that_names_what_no_look_has_keeps_no_good_work_out(server: RunningServer, odd: dict[str, object]) -> None:
    ada = enrolled(server, "Ada Okafor")
    unsent = ada.change("person", {"preferred_name": "Bo"})
    held = {"changes": [unsent.model_dump(mode="json")], "looks": [{"id": str(uuid7()), **odd}]}
    assert opened(server, sealed_as_it_stands(held, ada.credential)).new == 1


def test_a_file_that_is_far_too_large_is_not_read(
    server: RunningServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "film.mov"
    with file.open("wb") as film:
        film.truncate(1 << 30)
    assert main(["--database", server.settings.database.replace("+psycopg", ""), "outbox", ORGANISATION, str(file)]) == 2
    assert "larger than any sealed file" in capsys.readouterr().err


def test_what_cannot_be_read_is_named_and_keeps_no_good_work_out(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    goods = [ada.change("person", {"preferred_name": name}) for name in ("Bo", "Cy")]
    first, second = (each.model_dump(mode="json") for each in goods)
    newer = {**ada.change("person", {"preferred_name": "Zuleika"}).model_dump(mode="json"), "kind": "newkind"}
    spoilt = {**ada.change("person", {"preferred_name": "Zuleika"}).model_dump(mode="json"), "counter": 0, "entity": "Zuleika"}
    looks = [{"id": "x"}, "Zuleika"]
    held = {"changes": [newer, first, spoilt, None, second], "looks": looks, "carried": [{"id": "Zuleika"}]}
    told = opened(server, sealed_as_it_stands(held, ada.credential))
    assert (told.new, told.known, told.refused) == (2, 0, {})
    assert [kept(server, ada, each.record) for each in goods] == [["Bo"], ["Cy"]]
    assert told.unread == [
        f"change {newer['id']} of person {newer['record']}",
        f"change {spoilt['id']}",
        "number 3 of them, without an id",
        "number 4 of them, without an id",
        "number 5 of them, without an id",
        # a look that has no id by which it could be known again
        "number 6 of them, without an id",
    ]


@pytest.mark.parametrize("held", [[1], None, {"changes": None}, {"changes": {"a": 1}}, {"looks": "Zuleika"}], ids=str)
def test_a_file_that_holds_no_lists_is_told_of_and_says_nothing(server: RunningServer, held: object) -> None:
    ada = enrolled(server, "Ada Okafor")
    told = opened(server, sealed_as_it_stands(held, ada.credential))
    assert (told.new, told.unread) == (0, ["number 1 of them, without an id"])


def test_areas_that_are_typed_with_spaces_are_those_of_carried_work_too(server: RunningServer) -> None:
    ada, ben = enrolled(server, "Ada Okafor"), enrolled(server, "Ben Ode")
    keys = new_keys()
    ben.round(keys=keys.public.model_dump(mode="json"))
    made = ben.change("person", {"preferred_name": "Bo"})
    file = seal(Outbox([], [], [sign(made, ORGANISATION, ben.welcome.epoch, keys)]), ada.credential)
    server.change_worker(ben.worker, areas=["sale"])
    server.at[0] += timedelta(days=31)
    told = opened(server, file, areas=[" stretford "])
    assert (told.new, told.refused) == (1, {})


def test_a_file_of_a_newer_program_is_kept_until_the_server_is_updated(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    with pytest.raises(NotPossible, match="keep it, update this server"):
        opened(server, sealed_as_it_stands({}, ada.credential, b"EWB outbox 4\n"))


def test_a_file_from_before_looks_were_sealed_is_taken_too(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    unsent = ada.change("person", {"preferred_name": "Bo"})
    assert opened(server, sealed_before_looks([unsent], ada.credential)).new == 1
    assert kept(server, ada, unsent.record) == ["Bo"]


def test_a_file_that_was_altered_or_is_another_organisations_is_not_opened(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    file = seal(Outbox([ada.change("person", {"preferred_name": "Bo"})]), ada.credential)
    server.do(lambda c: create_organisation(c, "salford", "Salford Wellbeing (made up)", server.at[0]))
    for organisation, given in (("salford", file), (ORGANISATION, file[:-1]), (ORGANISATION, b"no outbox")):
        with pytest.raises(NotPossible, match="no laptop of this organisation"):
            opened(server, given, organisation=organisation)


def test_the_administrator_types_the_files_name_and_reads_what_became_of_it(
    server: RunningServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ada = enrolled(server, "Ada Okafor")
    unsent = ada.change("person", {"preferred_name": "Bo"})
    (tmp_path / "unsent.outbox").write_bytes(seal(Outbox([unsent, ada.change("conflict", {"field": "x"})]), ada.credential))

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
    held = {"changes": [unsent.model_dump(mode="json"), {"kind": "newkind", "fields": {"preferred_name": "Cy"}}]}
    (tmp_path / "newer.outbox").write_bytes(sealed_as_it_stands(held, ada.credential))
    status, said = typed("newer.outbox")
    assert status == 2
    assert "0 taken, 1 here already." in said
    assert "Cannot be read: number 1 of them, without an id." in said
    assert "Keep the file" in said
    assert "Cy" not in said
    status, said = typed("newer.outbox", "--areas", "")
    assert (status, "name at least one area" in said) == (2, True)
    assert typed("nowhere.outbox")[0] == 2
    (tmp_path / "whole.outbox").write_bytes(seal(Outbox([unsent]), ada.credential))
    status, said = typed("whole.outbox", "--role", "connector", "--areas", "stretfrod")
    assert (status, "did you mean 'stretford'?" in said) == (2, True)
    status, said = typed("whole.outbox", "--role", "connector", "--areas", "*")
    assert status == 0
    assert "From Blue laptop of Ada Okafor: 0 taken, 1 here already." in said
    assert "Keep the file until" in said
    assert "ewb-server-backup.service" in said


def looked_into(server: RunningServer, folder: Path, file: bytes) -> list[str]:
    """Return the arguments with which an administrator looks into a file."""
    (folder / "unsent.outbox").write_bytes(file)
    database = server.settings.database.replace("+psycopg", "")
    return ["--database", database, "outbox", ORGANISATION, str(folder / "unsent.outbox"), "--look"]


def test_who_looks_into_a_file_reads_whose_it_is_and_how_much_of_what_is_in_it(
    server: RunningServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ada, grace = enrolled(server, "Ada Okafor"), enrolled(server, "Grace Lamb")
    made = ada.change("person", {"preferred_name": "Bo"})
    carried = sign(grace.change("contact", {"note": "Cy"}), ORGANISATION, None, new_keys())
    unsent = Outbox([made, ada.edit(made, {"safe_to_call": "no"}, base=0)], carried=[carried])
    assert main(looked_into(server, tmp_path, seal(unsent, ada.credential))) == 0
    said = capsys.readouterr().out
    assert f"From Blue laptop ({ada.device}) of Ada Okafor, written on {made.at[:10]}." in said
    assert "Its worker's own: 2.\n  person, new: 1\n  person, changed: 1\n" in said
    assert "Carried for colleagues: 1.\n  contact, new: 1\n" in said
    assert not [name for name in ("Bo", "Cy") if name in said]


def test_who_looks_into_a_file_takes_nothing(server: RunningServer, tmp_path: Path) -> None:
    ada = enrolled(server, "Ada Okafor")
    made = ada.change("person", {"preferred_name": "Bo"})
    assert main(looked_into(server, tmp_path, seal(Outbox([made]), ada.credential))) == 0
    assert kept(server, ada, made.record) == []


def test_words_that_are_no_kind_and_no_day_are_not_told_to_who_looks_into_a_file(
    server: RunningServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ada = enrolled(server, "Ada Okafor")
    strange = ada.change("person", {}).model_dump(mode="json") | {"entity": "Zuleika", "at": "Zuleika"}
    assert main(looked_into(server, tmp_path, sealed_as_it_stands({"changes": [strange]}, ada.credential))) == 0
    said = capsys.readouterr().out
    assert ("of an unknown kind, new: 1" in said, "Zuleika" in said) == (True, False)
