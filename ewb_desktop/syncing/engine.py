"""Rounds with the server until neither side has more; broken off anywhere, the next one goes on from there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from ewb_desktop.domain.time import instant_text
from ewb_desktop.storage import brought as carrying
from ewb_desktop.storage.adopting import adopt_worker
from ewb_desktop.storage.brought import BroughtEntry
from ewb_desktop.storage.incoming import count_aside, try_aside_again
from ewb_desktop.storage.journal import JournalEntry, all_pending, changes_of, forget_settled, pending, quarantined
from ewb_desktop.storage.laptops import drop_handed, handed_to_tell, keys_to_tell, make_keys, note_told
from ewb_desktop.storage.leaving import let_leaving_go
from ewb_desktop.storage.looks import ALL_LOOKS, forget_told, looks_to_tell, note_looks_told
from ewb_desktop.storage.opened import let_opened_go, read_opened
from ewb_desktop.storage.remaking import mended, retry
from ewb_desktop.storage.scope import leave_scope
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.sync_state import (
    Enrolment,
    Progress,
    note_progress,
    note_spoken,
    note_trouble,
    read_arriving,
    read_enrolment,
    read_progress,
    read_spoken,
)
from ewb_desktop.storage.writing import Writing
from ewb_desktop.syncing import push
from ewb_desktop.syncing.ahead import Ahead
from ewb_desktop.syncing.digest import check_when_due
from ewb_desktop.syncing.first_pull import FirstPull, take_offer
from ewb_desktop.syncing.letting_go import KeepOutbox, let_go_of_withheld, write_outbox
from ewb_desktop.syncing.pull import begin_epoch, lay_answer, time_told
from ewb_desktop.syncing.troubles import ForAnother, NotTaken, Revoked, RoundFailed, SnapshotGone, TooLarge, UnknownLaptop
from ewb_desktop.syncing.wire import Wire
from sync import outbox
from sync.protocol.errors import Refusal
from sync.protocol.messages import RoundReply, RoundRequest
from sync.protocol.version import LONG_PULL_ROWS, PAGE_ROWS, PROTOCOL, PUSH_CHANGES

SNAPSHOTS: Final = 3
"""How many snapshots a run begins when the server loses them on the way; then it asks for pages."""

OpenWire = Callable[[str, str | None], Wire]
SignOff = Callable[[bytes | None], None]
"""Told that this laptop was signed off, with the sealed outbox of unsent work if any: keeps that, then destroys the keys."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run of rounds did. ``trouble`` is why it stopped early, None when it came to its end."""

    rounds: int = 0
    sent: int = 0
    held: int = 0
    received: int = 0
    set_aside: int = 0
    left: tuple[str, ...] = ()
    """Members who are not hers any more, and whose records have left this laptop."""
    trouble: RoundFailed | None = None


class Engine:
    """Exchanges one file's work with its server. One thread at a time; ``stop`` may be called from any other."""

    def __init__(
        self, store: Store, program: str, sign_off: SignOff, open_wire: OpenWire = Wire, keep: KeepOutbox | None = None
    ) -> None:
        self._store = store
        self._program = program
        self._sign_off = sign_off
        self._open_wire = open_wire
        self._keep = keep or self._keep_beside
        self._wire: Wire | None = None
        self._stopping = threading.Event()

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
        if enrolment is None or self._stopping.is_set():
            return Outcome()
        self._be(enrolment.worker)
        try:
            self._wire = self._open_wire(enrolment.address, enrolment.credential)
        except RoundFailed as trouble:
            self._note(trouble)
            return Outcome(trouble=trouble)
        self._wire.spoken = min(spoken or PROTOCOL, PROTOCOL)
        left: tuple[str, ...] = ()
        run = _Run(self._store, self._wire, self._program, self._stopping.is_set)
        try:
            run.exchange()
            if not self._stopping.is_set():
                let_opened_go(self._store, initiator=self)
                let_go_of_withheld(self._store, self._keep, self)
                leave_scope(self._store, self)
                left = let_leaving_go(self._store, self)
                check_when_due(self._store, self._wire)
        except (Revoked, UnknownLaptop) as trouble:
            if self._stopping.is_set():
                return run.outcome(trouble)
            self._note(trouble)
            run.first_pull.let_go()
            if isinstance(trouble, UnknownLaptop):
                return run.outcome(trouble)
            self._sign_off(self._sealed(enrolment))
            return run.outcome(trouble)
        except RoundFailed as trouble:
            if not self._stopping.is_set():
                self._note(trouble)
            return run.outcome(trouble)
        finally:
            self._wire.close()
            self._wire = None
        return replace(run.outcome(None), left=left)

    def _be(self, worker: str) -> None:
        """Write as the worker who was invited, also when the program ended between enrolment and telling the vault."""
        if self._store.author != worker:
            with self._store.write(self) as writing:
                adopt_worker(writing, self._store.author, worker)
            self._store.author = worker

    def _note(self, trouble: RoundFailed) -> None:
        with self._store.write(self) as writing:
            note_trouble(writing, trouble.name)

    def _keep_beside(self, sealed: bytes) -> Path:
        return write_outbox(self._store.path.parent, self._store.clock.now(), sealed)

    def _sealed(self, enrolment: Enrolment) -> bytes | None:
        with self._store.read() as connection:
            work = changes_of([*all_pending(connection), *quarantined(connection)])
            looks = looks_to_tell(connection, limit=ALL_LOOKS)
        return outbox.seal(outbox.Outbox(work, looks), enrolment.credential) if work or looks else None


class _Run:
    """One run: rounds until both sides have nothing more."""

    def __init__(self, store: Store, wire: Wire, program: str, is_stopped: Callable[[], bool]) -> None:
        self._store = store
        self._wire = wire
        self._program = program
        self._is_stopped = is_stopped
        self._counter = 0
        self._place = 0
        self._limit = PUSH_CHANGES
        self._done = Outcome()
        self._ahead: Ahead | None = None
        self.first_pull = FirstPull(store, wire, self, is_stopped, self._look_ahead)
        self._snapshots = SNAPSHOTS
        self._spoken = wire.spoken

    def outcome(self, trouble: RoundFailed | None) -> Outcome:
        return replace(self._done, trouble=trouble)

    def exchange(self) -> None:
        try:
            self._exchange()
        finally:
            if self._ahead is not None:
                self._ahead.drop()

    def _exchange(self) -> None:
        self._tidy()
        more = True
        while more and not self._is_stopped():
            # an answer that is under way is taken first; what was written meanwhile goes with the next request
            brought = [] if self._ahead is not None else push.gather_brought(self._store, self._place, self._limit)
            # a colleague's changes go first: this worker's own edits of the same records were made upon them
            is_own_turn = self._ahead is None and not brought
            entries = push.gather(self._store, self._counter, self._limit) if is_own_turn else []
            try:
                more = self._round(entries, brought)
                if not more:
                    more = self._receive_snapshot()
            except SnapshotGone:
                # pages do as well, in the end
                self._snapshots -= 1
                self.first_pull.let_go()
                more = True
            except (TooLarge, NotTaken) as trouble:
                if not (entries or brought) or not trouble.stated:
                    raise
                self._narrow(entries, brought, trouble)

    def _round(self, entries: list[JournalEntry], brought: Sequence[BroughtEntry] = ()) -> bool:
        """Do one round; return whether there is more to send or to receive."""
        with self._store.read() as connection:
            before = read_progress(connection)
            waiting = bool(pending(connection, 1, after=self._counter)) or bool(brought)
        reply = self._reply(before, entries, brought)
        if reply.scope.worker != self._store.author:
            # a cache on the way, or a server that mixes up its laptops: neither rows nor verdicts are hers
            raise ForAnother
        if self._is_stopped():
            # as if the answer had been lost: the next round gets it again
            return False
        has_snapshot = reply.keeps_snapshot or reply.snapshot is not None
        has_pages = reply.page.more and not has_snapshot and before.epoch in (None, reply.epoch)
        if has_pages and not entries and not waiting:
            # the first page is small, so that something stands on the screens soon; the many that follow come in few commits
            then = self._request(replace(before, epoch=reply.epoch, cursor=reply.page.next), [], LONG_PULL_ROWS)
            self._ahead = Ahead(self._wire, then)
        if entries:
            # each entry goes once in a run: one that the server did not name waits for the next
            self._counter = entries[-1].counter
        if brought:
            self._place = brought[-1].place
        # a page in mid-pull may be lost in a power cut: its cursor is lost with it, and the next run asks for it again
        with self._store.write(self, relaxed=self._ahead is not None) as writing:
            settled = push.settle(writing, entries, reply.verdicts, time_told(reply.server_time))
            push.settle_carried(writing, brought, reply.verdicts)
            if reply.has_keys:
                note_told(writing, reply.epoch)
            if reply.has_handed:
                drop_handed(writing)
            told = note_looks_told(writing, reply.has_looks)
            laid, after = lay_answer(writing, reply, sent=bool(settled.taken))
            is_other = after.cursor == 0 and take_offer(writing, reply)
            note_trouble(writing, None)
            self._note_spoken(writing, reply)
            if after.restored_epoch != before.restored_epoch:
                self._counter = 0
            to_send = bool(pending(writing.connection, 1, after=self._counter))
            to_send = to_send or bool(carrying.waiting(writing.connection, 1, 0, self._place))
            # only while the server takes them: an older one has no place for looks
            to_send = to_send or (told > 0 and bool(looks_to_tell(writing.connection, 1)))
            if after.restored_epoch is not None and not to_send:
                after = begin_epoch(after)
                note_progress(writing, after)
        if is_other:
            self.first_pull.clear()
        done = self._done
        self._done = Outcome(
            done.rounds + 1, done.sent + settled.taken, done.held + settled.held, done.received + laid.rows,
            done.set_aside + laid.set_aside,
        )  # fmt: skip
        # a server that says "more" and does not move would keep us here for ever
        moved = (after.epoch, after.cursor) != (before.epoch, before.cursor)
        return to_send or (after.more_to_receive and moved and not has_snapshot)

    def _note_spoken(self, writing: Writing, reply: RoundReply) -> None:
        """Go on in the number of an older server, and in the highest that both know once it was updated."""
        if reply.newest is not None:
            self._wire.spoken = min(reply.newest, PROTOCOL)
        if self._wire.spoken != self._spoken:
            self._spoken = self._wire.spoken
            note_spoken(writing, self._spoken if self._spoken != PROTOCOL else None)

    def _receive_snapshot(self) -> bool:
        """Bring in what the server has ready in a file, if it told of one; return whether a round has to follow."""
        with self._store.read() as connection:
            if read_arriving(connection) is None:
                return False
        laid = self.first_pull.run()
        done = self._done
        self._done = replace(done, received=done.received + laid.rows, set_aside=done.set_aside + laid.set_aside)
        return True

    def _look_ahead(self, number: int) -> None:
        """Ask for what came after a snapshot while the last of it is being laid, when there is nothing to send."""
        with self._store.read() as connection:
            before, waiting = read_progress(connection), bool(pending(connection, 1, after=self._counter))
        if not waiting:
            self._ahead = Ahead(self._wire, self._request(replace(before, cursor=number), [], LONG_PULL_ROWS))

    def _reply(self, before: Progress, entries: list[JournalEntry], brought: Sequence[BroughtEntry]) -> RoundReply:
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            if ahead.fits(before):
                return ahead.answer()
            ahead.drop()
        with self._store.read() as connection:
            keys, handed = keys_to_tell(connection, before.epoch), handed_to_tell(connection)
            looks = looks_to_tell(connection)
        return self._wire.post_round(
            self._request(before, entries).model_copy(
                update={
                    "carried": tuple(entry.carried for entry in brought),
                    "keys": keys.public if keys is not None else None,
                    "handed": handed,
                    "looks": looks,
                }
            )
        )

    def _request(self, progress: Progress, entries: list[JournalEntry], room: int = PAGE_ROWS) -> RoundRequest:
        return RoundRequest(
            protocol=PROTOCOL, program=self._program, device_time=instant_text(self._store.clock.now()), epoch=progress.epoch,
            cursor=progress.cursor, room=room, snapshot=self._snapshot(progress), changes=changes_of(entries),
            opened=self._opened(),
        )  # fmt: skip

    def _opened(self) -> tuple[str, ...]:
        with self._store.read() as connection:
            return tuple(one.opening for one in read_opened(connection))

    def _snapshot(self, progress: Progress) -> str | None:
        """Return what this laptop says of snapshots: it takes one where it has nothing yet, and names the one that has begun."""
        if progress.cursor or progress.restored_epoch is not None or not self._snapshots:
            return None
        with self._store.read() as connection:
            begun = read_arriving(connection)
        return begun.id if begun is not None else ""

    def _narrow(self, entries: list[JournalEntry], brought: list[BroughtEntry], trouble: RoundFailed) -> None:
        """Send less at a time; a single change that the server cannot read goes into quarantine, if it reads the rest of us."""
        if len(entries) + len(brought) > 1:
            self._limit = (len(entries) + len(brought)) // 2
            return
        self._round([])
        reason = Refusal.TOO_LARGE if isinstance(trouble, TooLarge) else Refusal.MALFORMED
        if brought:
            push.hold_back_brought(self._store, brought[0], reason)
            self._place = brought[0].place
            self._limit = PUSH_CHANGES
            return
        push.hold_back(self._store, entries[0], reason)
        self._counter = entries[0].counter
        self._limit = PUSH_CHANGES

    def _tidy(self) -> None:
        with self._store.read() as connection:
            aside, to_retry = count_aside(connection), mended(connection)
            server_time = read_progress(connection).server_time
        with self._store.write(self) as writing:
            forget_settled(writing, server_time)
            forget_told(writing, server_time)
            retry(writing, to_retry)
            make_keys(writing)
            if aside:
                try_aside_again(writing)
