"""A snapshot comes down the line into a sealed spool, from there block by block into the file; a cut goes on from the byte."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

from ewb_desktop.storage.errors import WorkerCanAct
from ewb_desktop.storage.exchange.incoming import Group, Laid, Unfit, lay_block, read_block
from ewb_desktop.storage.exchange.journal import pending, recorded_after
from ewb_desktop.storage.exchange.sync_state import Arriving, note_arriving, note_progress, read_arriving, read_progress
from ewb_desktop.storage.file.spool import Spool
from ewb_desktop.storage.settling.digests import begin_checks
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.writing import Writing
from ewb_desktop.syncing.troubles import CutShort, SnapshotGone
from ewb_desktop.syncing.wire import Wire
from sync.blocks import LENGTH_BYTES, DamagedBlock, Seal, length
from sync.protocol.messages import RoundReply

TRIES: Final = 3
"""How often one block that arrives damaged is asked for."""
PUSH_SECONDS: Final = 20.0
"""What a worker saves meanwhile waits no longer than this: it is sent, and the snapshot goes on from the byte."""
_LOOK_SECONDS: Final = 0.5
_SPOOLED_BYTES: Final = 1 << 16


def take_offer(writing: Writing, reply: RoundReply) -> bool:
    """Keep what the answer says of a snapshot, in the transaction that lays it; return whether it is another one, or none now."""
    begun = read_arriving(writing.connection)
    if begun is not None and reply.keeps_snapshot:
        return False
    arriving = Arriving(**reply.snapshot.model_dump()) if reply.snapshot is not None else None
    if arriving != begun:
        note_arriving(writing, arriving)
    return arriving != begun


class FirstPull:
    """Brings one snapshot into the file. ``run`` belongs to the engine's thread; the line has another of its own."""

    def __init__(
        self, store: Store, wire: Wire, initiator: object, is_stopped: Callable[[], bool], arrived: Callable[[int], None]
    ) -> None:
        """``arrived`` is told the snapshot's number once all of it is in the spool and the line is free again."""
        self._store = store
        self._wire = wire
        self._initiator = initiator
        self._is_stopped = is_stopped
        self._arrived = arrived
        self._spool = Spool(store.path)
        self._line: _Line | None = None

    @property
    def received(self) -> float | None:
        """What part of a snapshot has come down the line, 0 to 1; None while none is coming. For any thread."""
        line = self._line
        return line.received if line is not None else None

    def run(self) -> Laid:
        """Lay what is there and what comes; return what was laid, at the end or when something has to be sent first.

        Raises a :class:`RoundFailed` when the line or the server is in the way: what arrived stays, and the next call goes on.
        """
        with self._store.read() as connection:
            arriving = read_arriving(connection)
            newer = recorded_after(connection, arriving.number) if arriving is not None else frozenset()
        if arriving is None:
            return Laid()
        seal = Seal(arriving.id, bytes.fromhex(arriving.key))
        until = time.monotonic() + PUSH_SECONDS
        laid, damaged = Laid(), 0
        line = self._line = _Line(self._wire, self._spool, arriving)
        following: Future[_Block | None] | None = None

        def meanwhile(then: Arriving, block: _Block) -> None:
            nonlocal following
            if then.laid_blocks < then.blocks:
                following = beside.submit(_open_if_here, line, seal, then)
            # its thousands of values are let go of while only the commit is under way, not when it is over
            beside.submit(block.groups.clear)

        with ThreadPoolExecutor(1, "ewb-opening") as beside:
            # a thread that begins runs at once; begun now, it does not keep the commit waiting that it is to run beside
            beside.submit(int)
            try:
                while arriving.laid_blocks < arriving.blocks and not self._is_stopped() and not self._has_to_send(until):
                    try:
                        opened, following = following, None
                        block = opened.result() if opened is not None else None
                        block = block or _open(line, seal, arriving, self._is_stopped)
                        if block is None:
                            break
                        if arriving.laid_blocks + 1 == arriving.blocks:
                            line.drop()
                            # here and not beside the commit: the one connection that is warm is free only now
                            self._arrived(arriving.number)
                        arriving, part = self._lay(arriving, block, newer, meanwhile)
                    except (DamagedBlock, Unfit) as error:
                        damaged += 1
                        line.drop()
                        self._spool.reach(arriving.place)
                        if damaged == TRIES:
                            self.let_go()
                            raise CutShort from error
                        line = self._line = _Line(self._wire, self._spool, arriving)
                    else:
                        laid += part
            finally:
                self._line = None
                line.drop()
        if arriving.laid_blocks == arriving.blocks:
            self.clear()
        return laid

    def let_go(self) -> None:
        """Forget the snapshot and destroy what arrived of it; what was laid of it stays in the file."""
        with self._store.write(self._initiator) as writing:
            note_arriving(writing, None)
        self.clear()

    def clear(self) -> None:
        """Destroy what arrived of a snapshot that is not the one to go on with."""
        self._spool.destroy()

    def _lay(
        self, arriving: Arriving, block: _Block, newer: frozenset[str], meanwhile: Callable[[Arriving, _Block], None]
    ) -> tuple[Arriving, Laid]:
        is_last = arriving.laid_blocks + 1 == arriving.blocks
        then = replace(arriving, laid_blocks=arriving.laid_blocks + 1, place=block.ends)
        # a power cut may undo this as a whole: rows and place go together, and the server still has it where the spool has not
        with self._store.write(self._initiator, relaxed=True, meanwhile=lambda: meanwhile(then, block)) as writing:
            laid = lay_block(writing, block.groups, newer)
            arriving = replace(then, laid=arriving.laid + laid.rows + laid.set_aside)
            note_arriving(writing, None if is_last else arriving)
            if is_last:
                progress = read_progress(writing.connection)
                note_progress(writing, replace(progress, cursor=arriving.number, more_to_receive=True, is_more_told=False))
                begin_checks(writing)
        return arriving, laid

    def _has_to_send(self, until: float) -> bool:
        if time.monotonic() < until:
            return False
        with self._store.read() as connection:
            return bool(pending(connection, 1))


@dataclass(frozen=True, slots=True)
class _Block:
    """A block that was opened and looked at; the next one begins at the byte ``ends``."""

    groups: list[Group]
    ends: int


def _open(line: _Line, seal: Seal, arriving: Arriving, is_stopped: Callable[[], bool]) -> _Block | None:
    """Wait for the block that is next and open it; None when stopped meanwhile. Raises as :meth:`_Line.block`, and ``Unfit``."""
    sealed = line.block(arriving.place, is_stopped)
    if sealed is None:
        return None
    groups = read_block(seal.opened(arriving.laid_blocks, sealed))
    return _Block(groups, arriving.place + LENGTH_BYTES + len(sealed))


def _open_if_here(line: _Line, seal: Seal, arriving: Arriving) -> _Block | None:
    return _open(line, seal, arriving, lambda: True)


class _Line:
    """The rest of a snapshot, coming into the spool in a thread of its own."""

    def __init__(self, wire: Wire, spool: Spool, arriving: Arriving) -> None:
        self._wire = wire
        self._spool = spool
        self._arriving = arriving
        if not arriving.place <= spool.size <= arriving.size:
            # it lost its end in a power cut, or is another's: what was laid is not needed, the rest comes again
            spool.reach(arriving.place)
        self._have = self._began = self._came = spool.size
        self._error: BaseException | None = None
        self._is_dropped = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._fetch, name="ewb-snapshot", daemon=True)
        self._thread.start()

    @property
    def received(self) -> float | None:
        """What part of it is here; None before anything has come in this try."""
        return self._came / self._arriving.size if self._came > self._began else None

    def block(self, place: int, is_stopped: Callable[[], bool]) -> bytes | None:
        """Wait for the block that begins at ``place`` and return it without its length; None when stopped meanwhile.

        Raises what broke the line when it broke before that block was there, :class:`DamagedBlock` when its length is none.
        """
        if not self._wait(place + LENGTH_BYTES, is_stopped):
            return None
        size = length(self._spool.read(place, LENGTH_BYTES))
        end = place + LENGTH_BYTES + size
        if end > self._arriving.size:
            raise DamagedBlock("no block has this length")
        if not self._wait(end, is_stopped):
            return None
        return self._spool.read(place + LENGTH_BYTES, size)

    def drop(self) -> None:
        """Break off what is under way and wait for its end; what arrived stays."""
        self._is_dropped = True
        while self._thread.is_alive():
            if self._have < self._arriving.size:
                self._wire.hang_up()
            self._thread.join(0.05)

    def _wait(self, end: int, is_stopped: Callable[[], bool]) -> bool:
        with self._changed:
            while self._have < end:
                if is_stopped():
                    return False
                if self._error is not None:
                    raise self._error
                self._changed.wait(_LOOK_SECONDS)
        return True

    def _fetch(self) -> None:
        kept = bytearray()
        try:
            if self._have < self._arriving.size:
                for piece in self._wire.fetch(self._arriving.id, self._have):
                    kept += piece
                    self._came += len(piece)
                    if self._is_dropped:
                        break
                    if self._have + len(kept) > self._arriving.size:
                        kept.clear()
                        raise SnapshotGone
                    if len(kept) >= _SPOOLED_BYTES:
                        self._keep(kept)
                if not self._is_dropped and self._have + len(kept) < self._arriving.size:
                    raise CutShort
        except BaseException as error:  # noqa: BLE001 - it is raised again in the thread that waits
            self._error = error
        try:
            # what came before the line broke is not asked for again
            self._keep(kept)
        except WorkerCanAct as error:
            self._error = error
        with self._changed:
            self._changed.notify_all()

    def _keep(self, kept: bytearray) -> None:
        if kept:
            self._spool.add(bytes(kept))
            with self._changed:
                self._have += len(kept)
                self._changed.notify_all()
            kept.clear()
