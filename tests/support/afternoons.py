"""Any afternoon of any number of laptops: edits, lost answers, restarts, backups put back, roles and clocks that change.

The rules that :class:`Afternoons` states hold for every one of them: nothing that was accepted is nowhere.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from ewb_desktop.actions.conflicts import Keep
from ewb_desktop.storage.exchange.journal import counts, quarantined
from ewb_desktop.storage.exchange.remaking import retry
from ewb_desktop.storage.file.backups import back_up, restore
from ewb_desktop.storage.settling.digests import CHECK_EVERY
from ewb_desktop.storage.tables import Person
from ewb_desktop.syncing.engine import Engine
from ewb_desktop.syncing.troubles import LineTrouble
from sync import outbox
from sync.server.admission.people import begin_epoch
from sync.server.database import tables as server_tables
from sync.server.doctor.examining import examine
from sync.server.laptops.outboxes import take_outbox
from tests.support.alike import expect_alike
from tests.support.connected import AREA, Connected, house
from tests.support.kept_edits import choose, expect_none_passed_over, questions, said_to
from tests.support.orders import ASKED, FIELDS, current_of, tell
from tests.support.server_copies import copy_pages
from tests.support.servers import ORGANISATION

ELSEWHERE = "sale"
BOTH = (AREA, ELSEWHERE)
WHO = st.integers(0, 1_000)
"""A laptop or a person: taken modulo how many there are."""
FIRST, LAST = datetime(1970, 1, 1, 12, tzinfo=UTC), datetime(2100, 12, 31, 12, tzinfo=UTC)
SETTLING_ROUNDS = 6


class Afternoons(RuleBasedStateMachine):
    """Laptops that work side by side, with or without a line, against one server. ``most`` laptops take part."""

    most: ClassVar[int] = 3

    def __init__(self) -> None:
        super().__init__()
        self.ending = ExitStack()
        self.folder = Path(self.ending.enter_context(tempfile.TemporaryDirectory()))
        self.centre = self.ending.enter_context(house(self.folder))
        self.laptops: list[Connected] = []
        self.people: list[str] = []
        self.saved: set[str] = set()
        self.laptop_copies: dict[int, Path] = {}
        self.server_copy: Path | None = None

    @initialize(data=st.data())
    def open_the_hall(self, data: st.DataObject) -> None:
        """Let laptops join that know the same four people."""
        for number in range(data.draw(st.integers(2, self.most), label="laptops")):
            self.laptops.append(self.centre.join(f"Worker{number} Oak", areas=BOTH))
        with self.laptops[0].store.write() as writing:
            self.people += [
                writing.add(Person(area=area, preferred_name=name, safe_to_call="yes"))
                for name, area in (("Amina", AREA), ("Bo", ELSEWHERE), ("Cass", AREA), ("Dev", ELSEWHERE))
            ]
        for laptop in self.laptops:
            laptop.sync()
        self._note_saved(self.laptops[0])

    @rule(who=WHO, whom=WHO, data=st.data(), name=st.sampled_from(sorted(FIELDS)))
    def edit(self, who: int, whom: int, data: st.DataObject, name: str) -> None:
        """Save one field of somebody whom the laptop holds."""
        laptop, person = self._laptop(who), self.people[whom % len(self.people)]
        if self._holds(laptop, person):
            with laptop.store.write() as writing:
                writing.edit(Person, person, **{name: data.draw(FIELDS[name], label=name)})
            self._note_saved(laptop)

    @rule(who=WHO, whom=WHO, data=st.data(), name=st.sampled_from(ASKED))
    def differ(self, who: int, whom: int, data: st.DataObject, name: str) -> None:
        """Let two laptops answer one question, and everybody hear of both."""
        for number in (who, who + 1):
            self.edit(number, whom, data, name)
        for laptop in (*self.laptops, *self.laptops):
            laptop.sync()

    @rule(who=WHO, place=st.integers(0, 3), which=st.sampled_from([Keep.SHOWN, Keep.OTHER]))
    def choose(self, who: int, place: int, which: Keep) -> None:
        """Choose between two answers that a laptop shows."""
        laptop = self._laptop(who)
        choose(laptop, place, which)
        self._note_saved(laptop)

    @rule(who=WHO, whom=WHO, is_removed=st.booleans())
    def remove_or_bring_back(self, who: int, whom: int, is_removed: bool) -> None:
        """Take somebody off the lists, or bring them back."""
        laptop, person = self._laptop(who), self.people[whom % len(self.people)]
        if self._holds(laptop, person):
            with laptop.store.write() as writing:
                (writing.remove if is_removed else writing.restore)(Person, person)
            self._note_saved(laptop)

    @rule(who=WHO, whom=WHO)
    def tell(self, who: int, whom: int) -> None:
        """Write down that somebody spoke with a member."""
        laptop = self._laptop(who)
        tell(laptop, self.people[whom % len(self.people)])
        self._note_saved(laptop)

    @rule(who=WHO)
    def exchange(self, who: int) -> None:
        """Do rounds until there is nothing more."""
        self._laptop(who).sync()

    @rule(who=WHO)
    def lose_the_answer(self, who: int) -> None:
        """Let the server do the work, and the line break before its answer."""
        laptop = self._laptop(who)
        laptop.line.loses_answer = True
        assert isinstance(laptop.engine.run().trouble, LineTrouble)

    @rule(who=WHO)
    def restart(self, who: int) -> None:
        """End the program and begin it again."""
        self._reopen(self._laptop(who))

    @rule(who=WHO)
    def keep_a_copy(self, who: int) -> None:
        """Make a backup of the laptop's file."""
        laptop = self._laptop(who)
        with laptop.store.lent_key() as key:
            copy = back_up(laptop.laptop.path, key, self.folder / f"copies{who % len(self.laptops)}", laptop.clock)
        self.laptop_copies[who % len(self.laptops)] = copy

    @precondition(lambda self: self.laptop_copies)
    @rule(who=WHO)
    def put_a_copy_back(self, who: int) -> None:
        """Put a laptop's backup in the place of its file; what it had not sent since is lost with the file."""
        number = sorted(self.laptop_copies)[who % len(self.laptop_copies)]
        laptop = self.laptops[number]
        laptop.store.close()
        if self.laptop_copies[number].exists():
            restore(self.laptop_copies[number], laptop.laptop.path, laptop.laptop.key, laptop.clock)
        self._reopen(laptop)
        self._forget_what_is_nowhere()

    @rule()
    def keep_a_copy_of_the_server(self) -> None:
        """Copy the server's database."""
        self.server_copy = self.folder / "server-copy.db"
        self.server_copy.unlink(missing_ok=True)
        copy_pages(self.folder / "server.db", self.server_copy)

    @precondition(lambda self: self.server_copy is not None)
    @rule()
    def put_the_server_back(self) -> None:
        """Put the copy in the place of the server's database, and say so."""
        assert self.server_copy is not None
        copy_pages(self.server_copy, self.folder / "server.db")
        self.centre.server.do(lambda connection: begin_epoch(connection, ORGANISATION, self.centre.server.at[0]))
        self._forget_what_is_nowhere()

    @rule(who=WHO, role=st.sampled_from(["volunteer", "peer", "connector"]), areas=st.sampled_from([BOTH, BOTH[:1], BOTH[1:]]))
    def change_role(self, who: int, role: str, areas: tuple[str, ...]) -> None:
        """Give a worker another role and other areas."""
        self._change_role(self._laptop(who), role, areas)

    @rule(who=WHO, instant=st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None)))
    def set_the_clock(self, who: int, instant: datetime) -> None:
        """Set a laptop's clock to any year."""
        self._laptop(who).clock.move_to(instant.replace(tzinfo=UTC, microsecond=0))

    @invariant()
    def nothing_saved_is_nowhere(self) -> None:
        """Every change is on the server, in a laptop's journal, or in a sealed file that the administrator can open."""
        if self.laptops:
            assert self.saved <= self._somewhere()

    def teardown(self) -> None:
        """In the evening everybody may see everything again and meets the network: all must be equal, and nothing missing."""
        try:
            if self.laptops:
                self._evening()
        finally:
            self.ending.close()

    def _evening(self) -> None:
        for laptop in self.laptops:
            self._change_role(laptop, "connector", BOTH)
        for turn in range(SETTLING_ROUNDS):
            # taken again, too: a choice in it may wait for its question, which a colleague's laptop brings back
            self._open_what_is_sealed()
            for laptop in self.laptops:
                if turn == SETTLING_ROUNDS // 2:
                    # the next day both ends are compared: what a restored server lost is brought back
                    laptop.clock.move_to(laptop.clock.now() + CHECK_EVERY)
                with laptop.store.write() as writing:
                    retry(writing, [entry.id for entry in quarantined(writing.connection)])
                laptop.sync()
        shown_first = expect_alike(self.centre, self.laptops)
        for laptop in self.laptops:
            with laptop.store.read() as connection:
                waits = counts(connection)
            assert (waits.to_send, waits.quarantined) == (0, 0)
        assert self.saved <= self._taken()
        said = said_to(self.centre)
        current = current_of([row for row in shown_first if row[0] in self.people])
        expect_none_passed_over(said, current, questions(self.laptops[0], self.centre))
        last = {(one.record, one.field): one.value for one in said if one.field == "telephone"}
        assert all(current[key] == value for key, value in last.items() if key in current)
        server = self.centre.server
        found = examine(server.database, server.settings, server.at[0], is_all=True)
        assert [(each.subject, each.words) for each in found if not each.is_well] == []

    def _open_what_is_sealed(self) -> None:
        """Let the administrator take in every file of a laptop that could not send."""
        for laptop in self.laptops:
            for file in self._sealed_files(laptop):
                self._take_sealed(file.read_bytes())

    def _take_sealed(self, sealed: bytes) -> None:
        now = self.centre.server.at[0]
        self.centre.server.do(lambda c: take_outbox(c, ORGANISATION, sealed, now, 128 << 10, role="connector", areas=list(BOTH)))

    def _laptop(self, who: int) -> Connected:
        return self.laptops[who % len(self.laptops)]

    def _holds(self, laptop: Connected, person: str) -> bool:
        with laptop.store.read() as connection:
            return bool(connection.exec_driver_sql("SELECT count(*) FROM person WHERE id = ?", (person,)).scalar_one())

    def _reopen(self, laptop: Connected) -> None:
        laptop.laptop = laptop.laptop.reopen()
        laptop.engine = Engine(laptop.store, "0.1.0", laptop.signed_off.append, laptop.open_wire)
        self.ending.callback(laptop.store.close)

    def _change_role(self, laptop: Connected, role: str, areas: tuple[str, ...]) -> None:
        self.centre.server.change_worker(laptop.store.author, role=role, areas=list(areas))

    def _note_saved(self, laptop: Connected) -> None:
        self.saved |= self._journal(laptop)

    def _forget_what_is_nowhere(self) -> None:
        """A file that was replaced by an older one takes with it what was nowhere else."""
        self.saved &= self._somewhere()

    def _somewhere(self) -> set[str]:
        return self._taken().union(*(self._journal(laptop) | self._sealed(laptop) for laptop in self.laptops))

    def _journal(self, laptop: Connected) -> set[str]:
        with laptop.store.read() as connection:
            return set(connection.exec_driver_sql("SELECT id FROM journal").scalars())

    def _taken(self) -> set[str]:
        ledger = server_tables.ledger.c
        return self.centre.server.do(lambda connection: set(connection.execute(select(ledger.change_id)).scalars()))

    def _sealed(self, laptop: Connected) -> set[str]:
        device = server_tables.device.c
        query = select(device.credential_hash).where(device.id == laptop.store.device)
        kept = self.centre.server.do(lambda connection: connection.execute(query).scalar_one())
        return {change.id for file in self._sealed_files(laptop) for change in outbox.unseal(file.read_bytes(), kept).changes}

    def _sealed_files(self, laptop: Connected) -> list[Path]:
        return sorted(laptop.laptop.path.parent.glob("unsent-*.ewb-outbox"))
