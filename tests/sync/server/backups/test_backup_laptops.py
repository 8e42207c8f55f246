"""After a restore real laptops offer again what the backup had not: nothing that the server ever took is lost."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from ewb_desktop.storage.exchange.journal import counts
from ewb_desktop.storage.tables import Person
from sync.server.backups.backup import back_up, restore
from sync.server.database.engine import Database
from tests.support.connected import AREA, Connected, TappedLine, house
from tests.support.orders import shown
from tests.support.postgres import Cluster
from tests.support.servers import RunningServer, running, settings_for


def add(laptop: Connected, name: str) -> str:
    with laptop.store.write() as writing:
        return writing.add(Person(area=AREA, preferred_name=name))


def edit(laptop: Connected, person: str, **fields: object) -> None:
    with laptop.store.write() as writing:
        writing.edit(Person, person, **fields)


def move(laptop: Connected, server: RunningServer) -> None:
    """Put the restored server where the old one was."""
    laptop.line = TappedLine(server.adapter())


@pytest.mark.parametrize("kinds", [("sqlite", "postgresql"), ("postgresql", "sqlite")])
def test_laptops_bring_back_what_the_backup_had_not(tmp_path: Path, postgres: Cluster, kinds: tuple[str, str]) -> None:
    with ExitStack() as lent:
        old, new = (
            f"sqlite:///{tmp_path / f'{n}.db'}" if kind == "sqlite" else lent.enter_context(postgres.new_database())
            for n, kind in enumerate(kinds)
        )
        centre = lent.enter_context(house(tmp_path, old))
        rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
        early = add(rowan, "Amina")
        rowan.sync()
        grace.sync()
        kept = back_up(centre.server.database, tmp_path / "one.ewb-backup", centre.server.at[0])
        # what follows the server takes, and its disk breaks before the next backup
        late = add(rowan, "Bo")
        edit(rowan, early, pronouns="she/her")
        rowan.sync()
        edit(grace, early, telephone="0161 496 0002")
        grace.sync()
        unsent = add(grace, "Cyd")

        fresh = Database(settings_for(new))
        restore(fresh, kept.file, centre.server.at[0])
        fresh.close()
        with running(settings_for(new), organisation=None) as second:
            for laptop in (rowan, grace):
                move(laptop, second)
            for laptop in (rowan, grace, rowan, grace):
                laptop.sync()
            assert shown(rowan.store) == shown(grace.store)
            with grace.store.read() as connection:
                rows = {row.id: row for row in connection.exec_driver_sql("SELECT * FROM person")}
            assert rows.keys() == {early, late, unsent}
            assert (rows[early].pronouns, rows[early].telephone) == ("she/her", "0161 496 0002")
            for laptop in (rowan, grace):
                with laptop.store.read() as connection:
                    assert counts(connection).to_send == 0
