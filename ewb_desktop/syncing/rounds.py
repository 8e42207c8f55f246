"""One run of rounds, until neither side has more; broken off anywhere, the next one goes on from there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from ewb_desktop.domain.time import instant_told
from ewb_desktop.storage.cards.history import hear_of_offered
from ewb_desktop.storage.exchange.epochs import count_as_before
from ewb_desktop.storage.exchange.incoming import Laid
from ewb_desktop.storage.exchange.laptops import drop_handed, note_told
from ewb_desktop.storage.exchange.loads import Load
from ewb_desktop.storage.exchange.looks import looks_to_tell, note_looks_told
from ewb_desktop.storage.exchange.sync_state import Progress, note_progress, note_spoken, note_trouble, read_arriving
from ewb_desktop.storage.settling.tidying import Untidy, tidy
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.writing import Writing
from ewb_desktop.syncing import push
from ewb_desktop.syncing.ahead import Ahead
from ewb_desktop.syncing.first_pull import FirstPull, take_offer
from ewb_desktop.syncing.hello import Hello, Sent, has_to_send, read_hello
from ewb_desktop.syncing.pull import begin_epoch, lay_answer
from ewb_desktop.syncing.troubles import AnswerTooLarge, ForAnother, NotTaken, RoundFailed, SnapshotGone, TooLarge
from ewb_desktop.syncing.wire import Wire
from sync.protocol.errors import Refusal
from sync.protocol.messages import RoundReply
from sync.protocol.version import LONG_PULL_ROWS, PAGE_ROWS, PROTOCOL, PUSH_CHANGES

SNAPSHOTS: Final = 3
"""How many snapshots a run begins when the server loses them on the way; then it asks for pages."""

_NARROWER: Final = 16


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
    over: tuple[str, ...] = ()
    """Members who were here for a few hours, which are over."""
    trouble: RoundFailed | None = None

    def plus(self, laid: Laid, settled: push.Settled = push.NOTHING_SENT, *, rounds: int = 0) -> Outcome:
        """Return this with what one more answer, or one more part of a snapshot, did."""
        return replace(
            self,
            rounds=self.rounds + rounds,
            sent=self.sent + settled.taken,
            held=self.held + settled.held,
            received=self.received + laid.rows,
            set_aside=self.set_aside + laid.set_aside,
        )


class Run:
    """Rounds until both sides have nothing more. ``done`` says at any time what was done so far."""

    def __init__(self, store: Store, wire: Wire, program: str, is_stopped: Callable[[], bool]) -> None:
        self._store = store
        self._wire = wire
        self._program = program
        self._is_stopped = is_stopped
        self.done = Outcome()
        self.first_pull = FirstPull(store, wire, self, is_stopped, self._look_ahead)
        self._sent = Sent()
        self._limit = PUSH_CHANGES
        self._room = LONG_PULL_ROWS
        self._ahead: Ahead | None = None
        self._is_arriving = False
        self._snapshots = SNAPSHOTS
        self._spoken = wire.spoken

    def exchange(self, untidy: Untidy) -> None:
        """Put in order what is ``untidy``, then exchange everything; raises a :class:`RoundFailed`."""
        if untidy.is_anything:
            # undone by a power cut it is done again; keys alone must last, because others seal for them once they are told
            with self._store.write(self, relaxed=not untidy.lacks_keys) as writing:
                tidy(writing, untidy)
        try:
            while not self._is_stopped() and self._goes_on():
                continue
        finally:
            if self._ahead is not None:
                self._ahead.drop()

    def _goes_on(self) -> bool:
        """Do one round and receive the snapshot that it tells of; return whether another has to follow."""
        if self._ahead is None:
            # the server greets while what is sent is put together, and what cannot be sent is not marked
            self._wire.dial()
        hello, load = self._hello(), Load()
        try:
            # a colleague's changes go first: this worker's own edits of the same records were made upon them
            if hello.has_own and self._ahead is None and not hello.brought:
                load = push.gather(self._store, self._sent.counter, self._limit)
            return self._round(hello, load) or self._receive_snapshot()
        except SnapshotGone:
            # pages do as well, in the end
            self._snapshots -= 1
            self.first_pull.let_go()
        except AnswerTooLarge:
            if self._room == 1:
                raise
            # nothing of it was taken: fewer rows are asked for, and what was sent is settled with them
            self._room = max(1, min(self._room, PAGE_ROWS) // _NARROWER)
        except (TooLarge, NotTaken) as trouble:
            if not (load.places or hello.brought) or not trouble.stated:
                raise
            self._narrow(hello, load, trouble)
        return True

    def _hello(self, *, carries: bool = True) -> Hello:
        # an answer that is under way is taken first; what was written meanwhile goes with the next request
        return read_hello(self._store, self._sent, self._limit if carries and self._ahead is None else 0)

    def _round(self, hello: Hello, load: Load) -> bool:
        """Do one round; return whether there is more to send or to receive."""
        reply = self._reply(hello, load)
        if reply.scope.worker != self._store.author:
            # a cache on the way, or a server that mixes up its laptops: neither rows nor verdicts are hers
            raise ForAnother
        if self._is_stopped():
            # as if the answer had been lost: the next round gets it again
            return False
        if _has_pages(hello, reply) and not (hello.has_own or hello.brought):
            # the first page is small, so that something stands on the screens soon; the many that follow come in few commits
            self._ask_ahead(hello, reply.epoch, reply.page.next)
        return self._take_in(hello, load, reply)

    def _take_in(self, hello: Hello, load: Load, reply: RoundReply) -> bool:
        """Write all that an answer says in one transaction; return whether there is more to send or to receive."""
        before = hello.progress
        self._sent = self._sent.after(load, hello.brought)
        began = self._store.clock.now()
        # undone by a power cut, it is an answer that was lost on the line: ids settle it again, and the cursor asks again
        with self._store.write(self, relaxed=True) as writing:
            settled = push.settle(writing, load.places, reply.verdicts, instant_told(reply.server_time))
            push.settle_carried(writing, hello.brought, reply.verdicts)
            told = _note_heard(writing, reply)
            hidden = push.hidden_after(load.places, reply.verdicts, before.cursor)
            laid, after = lay_answer(writing, reply, sent=bool(settled.taken), began=began, again_after=hidden)
            is_other = after.cursor == 0 and take_offer(writing, reply)
            self._is_arriving = read_arriving(writing.connection) is not None
            self._note_spoken(writing, reply)
            note_trouble(writing, None)
            if after.restored_epoch != before.restored_epoch:
                self._sent = Sent()
            to_send = has_to_send(writing, self._sent)
            # only while the server takes them: an older one has no place for looks
            to_send = to_send or (told > 0 and bool(looks_to_tell(writing.connection, 1)))
            if after.restored_epoch is not None and not to_send:
                after = begin_epoch(after)
                count_as_before(writing, reply.began)
                hear_of_offered(writing)
                note_progress(writing, after)
            if _is_whole(after) and not _is_whole(before):
                # pages that say that more members come read again, although with the last answer none came
                writing.touch_wholesale("person")
        if is_other:
            self.first_pull.clear()
        self.done = self.done.plus(laid, settled, rounds=1)
        # a server that says "more" and does not move would keep us here for ever
        moved = (after.epoch, after.cursor) != (before.epoch, before.cursor)
        return to_send or (after.more_to_receive and moved and not _has_snapshot(reply))

    def _note_spoken(self, writing: Writing, reply: RoundReply) -> None:
        """Go on in the number of an older server, and in the highest that both know once it was updated."""
        if reply.newest is not None:
            self._wire.spoken = min(reply.newest, PROTOCOL)
        if self._wire.spoken != self._spoken:
            self._spoken = self._wire.spoken
            note_spoken(writing, self._spoken if self._spoken != PROTOCOL else None)

    def _receive_snapshot(self) -> bool:
        """Bring in what the server has ready in a file, if it told of one; return whether a round has to follow."""
        if not self._is_arriving:
            return False
        self._is_arriving = False
        self.done = self.done.plus(self.first_pull.run())
        return True

    def _look_ahead(self, number: int) -> None:
        """Ask for what came after a snapshot while the last of it is being laid, when there is nothing to send."""
        hello = self._hello(carries=False)
        if not hello.has_own:
            self._ask_ahead(hello, hello.progress.epoch, number)

    def _ask_ahead(self, hello: Hello, epoch: str | None, cursor: int) -> None:
        self._ahead = Ahead(self._wire, hello.request_ahead(self._program, self._store.clock.now(), epoch, cursor, self._room))

    def _reply(self, hello: Hello, load: Load) -> RoundReply:
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            if ahead.fits(hello.progress):
                return ahead.answer()
            ahead.drop()
        room = min(PAGE_ROWS, self._room)
        now, takes = self._store.clock.now(), self._snapshots > 0
        request = hello.request(self._program, now, takes_snapshot=takes, room=room, first_from=load.first_from)
        return self._wire.post_round(request, load.text)

    def _narrow(self, hello: Hello, load: Load, trouble: RoundFailed) -> None:
        """Send less at a time; a single change that the server cannot read goes into quarantine, if it reads the rest of us."""
        number = len(load.places) + len(hello.brought)
        if number > 1:
            self._limit = number // 2
            return
        self._round(self._hello(carries=False), Load())
        reason = Refusal.TOO_LARGE if isinstance(trouble, TooLarge) else Refusal.MALFORMED
        if hello.brought:
            push.hold_back_brought(self._store, hello.brought[0], reason)
        else:
            push.hold_back(self._store, load.places[0][0], reason)
        self._sent = self._sent.after(load, hello.brought)
        self._limit = PUSH_CHANGES


def _note_heard(writing: Writing, reply: RoundReply) -> int:
    """Note what the server has of what was told; return how many looks were waiting of those that it has."""
    if reply.has_keys:
        note_told(writing, reply.epoch)
    if reply.has_handed:
        drop_handed(writing)
    return note_looks_told(writing, reply.has_looks)


def _has_snapshot(reply: RoundReply) -> bool:
    return reply.keeps_snapshot or reply.snapshot is not None


def _has_pages(hello: Hello, reply: RoundReply) -> bool:
    return reply.page.more and not _has_snapshot(reply) and hello.progress.epoch in (None, reply.epoch)


def _is_whole(progress: Progress) -> bool:
    """Tell whether everything that the server had is here."""
    return progress.epoch is not None and not progress.more_to_receive
