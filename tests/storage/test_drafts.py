"""What was typed and not saved is there after a restart, and travels nowhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, event

from ewb_desktop.storage.changes import Changes
from ewb_desktop.storage.drafts import drop_draft, load_draft, save_draft
from ewb_desktop.storage.errors import FailingDisk, FullDisk
from ewb_desktop.storage.exchange.journal import counts
from tests.support.laptops import Laptop


def test_a_draft_survives_a_restart_until_it_is_dropped(lent: Laptop) -> None:
    save_draft(lent.store, "new person", {"preferred_name": "Gra"})
    save_draft(lent.store, "new person", {"preferred_name": "Grace"})
    again = lent.reopen()
    assert load_draft(again.store, "new person") == {"preferred_name": "Grace"}
    drop_draft(again.store, "new person")
    assert load_draft(again.store, "new person") is None
    again.store.close()


def test_a_draft_is_neither_sent_nor_announced(lent: Laptop) -> None:
    heard: list[Changes] = []
    lent.store.listen(lambda changes, _: heard.append(changes))
    save_draft(lent.store, "note", "words")
    with lent.store.read() as connection:
        assert counts(connection).to_send == 0
    assert heard == []


def test_a_failing_disk_at_the_end_of_a_save_does_not_make_it_look_undone(lent: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    save_draft(lent.store, "person/1", "words")

    def failing(*_: object, **__: object) -> None:
        raise FailingDisk

    with monkeypatch.context() as patch:
        patch.setattr(lent.store, "write", failing)
        drop_draft(lent.store, "person/1")
    assert load_draft(lent.store, "person/1") == "words"


def fill_disk(lent: Laptop) -> Callable[[], None]:
    """Let the file not grow any more; return what makes room again."""
    with lent.store.read() as connection:
        most = [connection.exec_driver_sql("PRAGMA page_count").scalar()]

    def limit(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {most[0]}")

    event.listen(lent.store.engine, "begin", limit)
    return lambda: most.__setitem__(0, 2**30)


def test_a_draft_for_which_there_is_no_room_is_there_while_the_file_is_open_and_goes_in_with_the_next(lent: Laptop) -> None:
    save_draft(lent.store, "person/1", "before")
    make_room = fill_disk(lent)
    long = "words " * 20_000
    with pytest.raises(FullDisk):
        save_draft(lent.store, "person/1", long)
    assert load_draft(lent.store, "person/1") == long
    make_room()
    save_draft(lent.store, "visit", "next")
    again = lent.reopen()
    assert load_draft(again.store, "person/1") == long
    again.store.close()


def test_a_draft_that_was_never_written_can_be_dropped(lent: Laptop) -> None:
    fill_disk(lent)
    with pytest.raises(FullDisk):
        save_draft(lent.store, "person/1", "words " * 20_000)
    drop_draft(lent.store, "person/1")
    assert load_draft(lent.store, "person/1") is None
