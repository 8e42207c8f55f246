"""The next answer is asked for while the one before is being laid: the line and the file work at the same time."""

from __future__ import annotations

import threading

from ewb_desktop.storage.exchange.sync_state import Progress
from ewb_desktop.syncing.wire import Wire
from sync.protocol.messages import RoundReply, RoundRequest

_AGAIN_SECONDS = 0.05


class Ahead:
    """One request under way beside this thread. It sends no changes, so nothing is lost when its answer is never looked at.

    While it is under way nobody else uses the ``wire``: :meth:`answer` or :meth:`drop` comes first.
    """

    def __init__(self, wire: Wire, request: RoundRequest) -> None:
        self._wire = wire
        self._request = request
        self._reply: RoundReply | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._ask, name="ewb-ahead", daemon=True)
        self._thread.start()

    def fits(self, progress: Progress) -> bool:
        """Tell whether this asked for just what comes next after ``progress``."""
        return (self._request.epoch, self._request.cursor) == (progress.epoch, progress.cursor)

    def answer(self) -> RoundReply:
        """Wait for the answer; raises what asking for it in this thread would have raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        if self._reply is None:
            raise RuntimeError("asking ended without an answer and without an error")
        return self._reply

    def drop(self) -> None:
        """Break off what is under way and forget it."""
        while self._thread.is_alive():
            # once is not enough: the line may only just be opening
            self._wire.hang_up()
            self._thread.join(_AGAIN_SECONDS)

    def _ask(self) -> None:
        try:
            self._reply = self._wire.post_round(self._request)
        except BaseException as error:  # noqa: BLE001 - it is raised again where the answer is wanted
            self._error = error
