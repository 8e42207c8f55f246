"""Joining a server: what a laptop knows before its first round."""

from __future__ import annotations

from pathlib import Path

from ewb_desktop.storage.journal import counts
from ewb_desktop.storage.workers import workers
from tests.support.connected import house


def test_a_worker_has_her_name_and_role_before_the_first_round(tmp_path: Path) -> None:
    with house(tmp_path) as centre:
        rowan = centre.join("Rowan Oak", "connector", ("stretford",))
        with rowan.store.read() as connection:
            assert [(each.id, each.name, each.role) for each in workers(connection)] == [
                (rowan.store.author, "Rowan Oak", "connector")
            ]


def test_the_name_that_the_server_told_is_not_sent_back(tmp_path: Path) -> None:
    with house(tmp_path) as centre:
        rowan = centre.join("Rowan Oak", "connector", ("stretford",))
        with rowan.store.read() as connection:
            assert counts(connection).to_send == 0
        rowan.sync()
        with rowan.store.read() as connection:
            assert [each.name for each in workers(connection)] == ["Rowan Oak"]
