"""One window per profile: a second start brings the first window forward instead of opening the same file twice."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QLockFile, QObject, QThread, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

_TRY_MILLISECONDS = 100
_PATIENCE_MILLISECONDS = 5000
"""So long a second start waits for the first one, which may be at its own first paint or held up by a slow disk."""


class OneInstance(QObject):
    """Holds the lock of a profile's folder. A lock left by a process that is gone is taken over."""

    asked_forward = Signal()
    """The program was started a second time: show the window that is there."""

    def __init__(self, folder: Path, parent: QObject | None = None, *, patience: int = _PATIENCE_MILLISECONDS) -> None:
        super().__init__(parent)
        self._patience = patience
        self.has_answered = False
        """Whether the one that runs already said that its window comes forward."""
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = QLockFile(str(folder / "program.lock"))
        self._lock.setStaleLockTime(0)  # the process id says who is there, not the age of the file
        self._name = f"ewb-desktop-{zlib.crc32(str(folder.resolve()).encode()):08x}"
        self._server: QLocalServer | None = None

    def take(self) -> bool:
        """Return whether this process is the first one. If not, the first has been asked to come forward."""
        if not self._lock.tryLock(_TRY_MILLISECONDS):
            self.has_answered = self._ask_first_one()
            return False
        return True

    def listen(self) -> None:
        """Hear from now on when the program is started a second time. Qt's network is loaded here, behind the first paint."""
        from PySide6.QtNetwork import QLocalServer

        QLocalServer.removeServer(self._name)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._heard)
        self._server.listen(self._name)

    def release(self) -> None:
        """Let the next process be the first one."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._lock.unlock()

    def _ask_first_one(self) -> bool:
        from PySide6.QtNetwork import QLocalSocket

        deadline = QDeadlineTimer(self._patience)
        while True:
            socket = QLocalSocket()
            socket.connectToServer(self._name)
            if socket.waitForConnected(max(0, deadline.remainingTime())):
                # only an answer says that there is still somebody who shows a window
                return socket.bytesAvailable() > 0 or socket.waitForReadyRead(max(0, deadline.remainingTime()))
            if deadline.hasExpired():
                return False
            QThread.msleep(_TRY_MILLISECONDS)  # it holds the lock and does not listen yet

    def _heard(self) -> None:
        if self._server is not None:
            connection: QLocalSocket = self._server.nextPendingConnection()
            self.asked_forward.emit()
            connection.disconnected.connect(connection.deleteLater)
            connection.write(b"here")
            connection.disconnectFromServer()
