"""What was typed and not saved is there after a restart, and travels nowhere."""

from __future__ import annotations

from ewb_desktop.storage.changes import Changes
from ewb_desktop.storage.drafts import drop_draft, list_drafts, load_draft, save_draft
from ewb_desktop.storage.journal import counts
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
        assert counts(connection).all_sent
    assert heard == []


def test_drafts_are_listed_newest_first(lent: Laptop) -> None:
    save_draft(lent.store, "person/1", 1)
    lent.clock.move(minutes=1)
    save_draft(lent.store, "person/2", 2)
    save_draft(lent.store, "visit", 3)
    assert list_drafts(lent.store, "person/") == ["person/2", "person/1"]
