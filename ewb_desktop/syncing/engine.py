"""A file's work is exchanged with its server: over which line, as whom, and what is done when something is in the way."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from ewb_desktop.storage.exchange.adopting import adopt_worker
from ewb_desktop.storage.exchange.sync_state import Enrolment, note_trouble, read_enrolment, read_spoken
from ewb_desktop.storage.holding.sealed_files import KeepSealed, keep_beside
from ewb_desktop.storage.settling.tidying import Untidy, read_untidy
from ewb_desktop.storage.store import Store
from ewb_desktop.syncing.afterwards import FinishTyping, follow
from ewb_desktop.syncing.rounds import Outcome, Run
from ewb_desktop.syncing.troubles import Revoked, RoundFailed, UnknownLaptop
from ewb_desktop.syncing.unsent import gather_unsent, write_down_words
from ewb_desktop.syncing.wire import Wire
from sync import outbox
from sync.protocol.version import OLDEST_SPOKEN, PROTOCOL

OpenWire = Callable[[str, str | None], Wire]
SignOff = Callable[[bytes | None], None]
"""Told that this laptop was signed off, with the sealed outbox of unsent work if any: keeps that, then destroys the keys."""


class Engine:
    """Exchanges one file's work with its server. One thread at a time; ``stop`` may be called from any other."""

    def __init__(
        self,
        store: Store,
        program: str,
        sign_off: SignOff,
        open_wire: OpenWire = Wire,
        keep: KeepSealed | None = None,
        finish_typing: FinishTyping = lambda: True,
    ) -> None:
        self._store = store
        self._program = program
        self._sign_off = sign_off
        self._open_wire = open_wire
        self._keep = keep or partial(keep_beside, store)
        self._finish_typing = finish_typing
        self._wire: Wire | None = None
        self._run: Run | None = None
        self._stopping = threading.Event()

    @property
    def received(self) -> float | None:
        """What part of a first pull has come down the line, 0 to 1; None while none is coming. For any thread."""
        run = self._run
        return run.first_pull.received if run is not None else None

    def stop(self) -> None:
        """Break off the round that is under way and begin no other; what it had not finished is done again next time."""
        self._stopping.set()
        wire = self._wire
        if wire is not None:
            wire.hang_up()

    def run(self) -> Outcome:
        """Exchange everything; return what was done and what was in the way.

        Not enrolled: nothing is done. Raises only what the encrypted file raises (full disk, damaged file), and
        ``OSError`` when withheld work cannot be sealed; it stays in the file then.
        """
        with self._store.read() as connection:
            enrolment, spoken = read_enrolment(connection), read_spoken(connection)
            untidy = read_untidy(connection, self._store.clock.today())
        if enrolment is None or self._stopping.is_set():
            return Outcome()
        self._be(enrolment.worker)
        try:
            self._wire = self._open_wire(enrolment.address, enrolment.credential)
        except RoundFailed as trouble:
            self._note(trouble)
            return Outcome(trouble=trouble)
        self._wire.spoken = spoken if spoken is not None and OLDEST_SPOKEN <= spoken <= PROTOCOL else PROTOCOL
        run = self._run = Run(self._store, self._wire, self._program, self._stopping.is_set)
        try:
            run.exchange(untidy)
            if self._follow(run, self._wire):
                # words that nobody can finish here any more became work: it is sent before what it is about leaves
                run.exchange(Untidy())
                self._follow(run, self._wire)
        except RoundFailed as trouble:
            self._take(trouble, run, enrolment)
            return replace(run.done, trouble=trouble)
        finally:
            self._wire.close()
            self._wire = self._run = None
        return run.done

    def _follow(self, run: Run, wire: Wire) -> bool:
        """Do what follows once everything was exchanged; return whether there is something to send again."""
        if self._stopping.is_set():
            return False
        followed = follow(self._store, wire, self._keep, self, self._finish_typing)
        run.done = replace(run.done, left=run.done.left + followed.left, over=run.done.over + followed.over)
        return followed.has_to_send

    def _take(self, trouble: RoundFailed, run: Run, enrolment: Enrolment) -> None:
        """Keep what was in the way, and do what it asks for."""
        if self._stopping.is_set():
            return
        self._note(trouble)
        if isinstance(trouble, Revoked | UnknownLaptop):
            run.first_pull.let_go()
        if isinstance(trouble, Revoked):
            self._sign_off(self._sealed(enrolment))

    def _be(self, worker: str) -> None:
        """Write as the worker who was invited, also when the program ended between enrolment and telling the vault."""
        if self._store.author != worker:
            with self._store.write(self) as writing:
                adopt_worker(writing, self._store.author, worker)
            self._store.author = worker

    def _note(self, trouble: RoundFailed) -> None:
        with self._store.write(self) as writing:
            note_trouble(writing, trouble.name)

    def _sealed(self, enrolment: Enrolment) -> bytes | None:
        write_down_words(self._store, self._finish_typing, self)
        unsent = gather_unsent(self._store)
        return None if unsent.is_empty else outbox.seal(unsent, enrolment.credential)
