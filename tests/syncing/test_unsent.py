"""What was not sent is sealed whole into a file that a worker chose, and known again there before anything goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ewb_desktop.storage.drafts import save_draft
from ewb_desktop.storage.exchange.sync_state import read_enrolment
from ewb_desktop.storage.holding.sealed_files import is_sealed_file
from ewb_desktop.syncing import unsent
from ewb_desktop.syncing.unsent import gather_unsent, holds, ids_of, seal_into, write_down_words
from sync import outbox
from tests.support.connected import House
from tests.syncing.test_rounds import add_person


def test_what_was_only_typed_is_in_it_too(centre: House, tmp_path: Path) -> None:
    rowan = centre.join("Rowan Oak")
    person = add_person(rowan.store, "Amina")
    save_draft(rowan.store, f"contact/{person}", {"note": "told at the door"})
    write_down_words(rowan.store, lambda: True)
    with rowan.store.read() as connection:
        enrolment = read_enrolment(connection)
    assert enrolment is not None
    seal_into(tmp_path / "mine", gather_unsent(rowan.store), enrolment.credential)
    found = outbox.unseal((tmp_path / "mine").read_bytes(), outbox.credential_hash(enrolment.credential))
    assert ids_of(found) == ids_of(gather_unsent(rowan.store))
    assert any("told at the door" in str(change.fields.get("note")) for change in found.changes)


def test_a_stick_that_keeps_other_bytes_than_were_written_is_told(
    centre: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rowan = centre.join("Rowan Oak")
    add_person(rowan.store, "Amina")
    monkeypatch.setattr(unsent, "write_whole", lambda path, content: path.write_bytes(content[:-1]))
    with pytest.raises(OSError, match="cannot be read again"):
        seal_into(tmp_path / "mine", gather_unsent(rowan.store), "a credential")


def test_a_file_that_lost_something_on_the_way_is_told(centre: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rowan = centre.join("Rowan Oak")
    add_person(rowan.store, "Amina")
    whole = gather_unsent(rowan.store)
    seal = outbox.seal
    monkeypatch.setattr(outbox, "seal", lambda all_, secret: seal(outbox.Outbox(all_.changes[1:], all_.looks), secret))
    with pytest.raises(OSError, match="not everything"):
        seal_into(tmp_path / "mine", whole, "a credential")


def test_sealed_files_are_known_from_other_files(tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(outbox.MARK + b"more")
    (tmp_path / "letter").write_bytes(b"Dear all")
    assert [is_sealed_file(tmp_path / name) for name in ("mine", "letter", "nothing")] == [True, False, False]


def test_a_file_that_is_gone_holds_nothing(tmp_path: Path) -> None:
    assert not holds(tmp_path / "mine", b"")
