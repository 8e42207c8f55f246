"""One window per profile: a second start brings the first window forward instead of opening the same file twice."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

_TRY_MILLISECONDS = 100
_SPEAK_MILLISECONDS = 500


class OneInstance(QObject):
    """Holds the lock of a profile's folder. A lock left by a process that is gone is taken over."""

    asked_forward = Signal()
    """The program was started a second time: show the window that is there."""

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = QLockFile(str(folder / "program.lock"))
        self._lock.setStaleLockTime(0)  # the process id says who is there, not the age of the file
        self._name = f"ewb-desktop-{zlib.crc32(str(folder.resolve()).encode()):08x}"
        self._server: QLocalServer | None = None

    def take(self) -> bool:
        """Return whether this process is the first one. If not, the first has been asked to come forward."""
        if not self._lock.tryLock(_TRY_MILLISECONDS):
            self._ask_first_one()
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

    def _ask_first_one(self) -> None:
        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if socket.waitForConnected(_SPEAK_MILLISECONDS):
            socket.write(b"forward")
            socket.flush()
            socket.waitForBytesWritten(_SPEAK_MILLISECONDS)
            socket.disconnectFromServer()

    def _heard(self) -> None:
        if self._server is not None:
            connection = self._server.nextPendingConnection()
            connection.deleteLater()  # whatever was said, it means the same
            self.asked_forward.emit()
