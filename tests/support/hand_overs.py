"""Afternoons on which work also goes from laptop to laptop in sealed files, and laptops are lost and signed off.

A file is made now and opened whenever: once or twice, by whom it is for or by somebody else, before or after its author's laptop
was signed off. What was saved is nowhere only when every laptop and every file that had it is gone.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from ewb_desktop.storage.exchange.laptops import laptop_card, read_keys
from ewb_desktop.storage.exchange.sync_state import read_enrolment
from ewb_desktop.storage.settling.brought_held import count_unsettled, offer_brought_again, unsettled
from ewb_desktop.syncing import handing
from ewb_desktop.syncing.handing import HandOverFailed
from ewb_desktop.syncing.troubles import Revoked
from sync import outbox, parcel
from sync.outbox import Outbox
from sync.server.admission.people import NotPossible
from sync.server.database import tables
from tests.support.afternoons import BOTH, WHO, Afternoons
from tests.support.connected import Connected

SPARES = 2
"""Laptops that wait in the cupboard: each takes the place of one that is lost."""


@dataclass(slots=True)
class Sealed:
    """A hand-over file on a memory stick, and the ids of the changes in it."""

    file: bytes
    receiver: Connected
    ids: frozenset[str]


class HandOvers(Afternoons):
    """Laptops that also hand over files, and are lost."""

    def __init__(self) -> None:
        super().__init__()
        self.spares: list[Connected] = []
        self.sticks: list[Sealed] = []
        self.lost: list[str] = []
        self.outboxes: list[tuple[bytes, frozenset[str]]] = []

    @initialize()
    def fill_the_cupboard(self) -> None:
        """Let the spare laptops join, so that every copy of the server knows them."""
        self.spares += [self.centre.join(f"Spare{number} Elm", areas=BOTH) for number in range(SPARES)]
        for laptop in self.spares:
            laptop.sync()

    @rule(who=WHO, whom=WHO, with_records=st.booleans())
    def hand_over(self, who: int, whom: int, with_records: bool) -> None:
        """Seal a laptop's unsent work, and now and then its records, for another one that it knows."""
        giver, receiver = self._laptop(who), self._laptop(who + 1 + whom % (len(self.laptops) - 1))
        try:
            made = handing.pack(giver.store, receiver.store.device, with_records=with_records)
        except HandOverFailed:
            # it has not heard of that laptop yet
            return
        if not made.is_empty:
            self.sticks.append(Sealed(made.file, receiver, _ids_in(made.file, giver, receiver)))

    @precondition(lambda self: self.sticks)
    @rule(which=WHO, times=st.integers(1, 2), is_restarted=st.booleans())
    def open_a_file(self, which: int, times: int, is_restarted: bool) -> None:
        """Look into a file and take it in where it belongs."""
        stick = self.sticks[which % len(self.sticks)]
        if stick.receiver in self.laptops:
            if is_restarted:
                self._reopen(stick.receiver)
            for _ in range(times):
                self._take_in(stick)

    @precondition(lambda self: self.sticks)
    @rule(which=WHO, who=WHO)
    def open_the_wrong_file(self, which: int, who: int) -> None:
        """Try a file on a laptop that it is not for."""
        stick, laptop = self.sticks[which % len(self.sticks)], self._laptop(who)
        if laptop is not stick.receiver:
            with pytest.raises(HandOverFailed):
                handing.take_in(laptop.store, stick.file)

    @precondition(lambda self: self.spares)
    @rule(who=WHO, is_found=st.booleans())
    def lose_a_laptop(self, who: int, is_found: bool) -> None:
        """Sign a laptop off and take a spare one. One that ``is_found`` meets the network once more; else all it had is gone."""
        number = who % len(self.laptops)
        laptop = self.laptops[number]
        self.centre.server.revoke(laptop.store.device)
        self.lost.append(laptop.store.device)
        if is_found:
            assert isinstance(laptop.engine.run().trouble, Revoked)
            kept = self._credential_hash(laptop.store.device)
            sealed = [*filter(None, laptop.signed_off), *(file.read_bytes() for file in self._sealed_files(laptop))]
            self.outboxes += [(each, _ids_of(outbox.unseal(each, kept))) for each in sealed]
        laptop.store.close()
        self.laptop_copies.pop(number, None)
        self.laptops[number] = self.spares.pop()
        self.laptops[number].sync()
        self._forget_what_is_nowhere()

    @precondition(lambda self: self.server_copy is not None)
    @rule()
    def put_the_server_back(self) -> None:
        """Put the copy back; laptops that were lost since are signed off once more."""
        super().put_the_server_back()
        for device in self.lost:
            # a copy that was made afterwards knows of it
            with suppress(NotPossible):
                self.centre.server.revoke(device)

    def _take_in(self, stick: Sealed) -> None:
        with stick.receiver.store.read() as connection:
            giver = laptop_card(connection, parcel.read_head(stick.file).sender)
        if giver is None:
            # it has not heard of that laptop yet; the stick is kept
            return
        looked = handing.look_into(stick.receiver.store, stick.file)
        taken = handing.take_in(stick.receiver.store, stick.file)
        assert [step.change.id for step in taken.new] == [step.change.id for step in looked.new]
        assert handing.look_into(stick.receiver.store, stick.file).new == ()

    def _evening(self) -> None:
        """Before the evening is looked at, the administrator opens what is sealed, and what is on sticks is opened."""
        for laptop in self.laptops:
            self._change_role(laptop, "connector", BOTH)
        self._open_what_is_sealed()
        for laptop in (*self.laptops, *self.laptops):
            laptop.sync()
        for stick in self.sticks:
            if stick.receiver in self.laptops:
                self._take_in(stick)
        for laptop in self.laptops:
            laptop.sync()
            self._let_the_administrator_take(laptop)
        for laptop in (*self.laptops, *self.laptops):
            laptop.sync()
            with laptop.store.write() as writing:
                offer_brought_again(writing, [each.carried.id for each in unsettled(writing.connection)])
            laptop.sync()
        super()._evening()
        for laptop in self.laptops:
            with laptop.store.read() as connection:
                assert count_unsettled(connection) == (0, 0)

    def _open_what_is_sealed(self) -> None:
        """The administrator also takes in what lost laptops had sealed."""
        super()._open_what_is_sealed()
        for sealed, _ids in self.outboxes:
            self._take_sealed(sealed)

    def _let_the_administrator_take(self, laptop: Connected) -> None:
        """Bring her a sealed copy of what a laptop carries and the server has not taken."""
        with laptop.store.read() as connection:
            enrolment, carried = read_enrolment(connection), [each.carried for each in unsettled(connection)]
        assert enrolment is not None
        if carried:
            self._take_sealed(outbox.seal(Outbox([], (), carried), enrolment.credential))

    def _somewhere(self) -> set[str]:
        return (
            super()
            ._somewhere()
            .union(
                *(self._carried(laptop) for laptop in self.laptops),
                *(stick.ids for stick in self.sticks if stick.receiver in self.laptops),
                *(ids for _sealed, ids in self.outboxes),
            )
        )

    def _carried(self, laptop: Connected) -> set[str]:
        with laptop.store.read() as connection:
            return set(connection.exec_driver_sql("SELECT id FROM brought WHERE text <> ''").scalars())

    def _sealed(self, laptop: Connected) -> set[str]:
        kept = self._credential_hash(laptop.store.device)
        return set().union(*(_ids_of(outbox.unseal(file.read_bytes(), kept)) for file in self._sealed_files(laptop)))

    def _credential_hash(self, device: str) -> str:
        row = tables.device.c
        query = tables.device.select().with_only_columns(row.credential_hash).where(row.id == device)
        return str(self.centre.server.do(lambda connection: connection.execute(query).scalar_one()))


def _ids_of(unsent: Outbox) -> frozenset[str]:
    return frozenset({change.id for change in unsent.changes} | {carried.id for carried in unsent.carried})


def _ids_in(file: bytes, giver: Connected, receiver: Connected) -> frozenset[str]:
    with giver.store.read() as theirs, receiver.store.read() as ours:
        signer, keys = read_keys(theirs), read_keys(ours)
    assert signer is not None
    assert keys is not None
    return frozenset(each["id"] for each in parcel.unseal(file, keys, signer.public.signing)["changes"])
