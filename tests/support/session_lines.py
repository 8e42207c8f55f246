"""A line that goes through a ``requests.Session``, so that tests put into its place what answers in this process, or breaks."""

from __future__ import annotations

from collections.abc import Mapping

import requests

from ewb_desktop.syncing.sockets import Answer


class SessionLine:
    """A laptop's line through ``session``, whose adapters answer for ``address``."""

    def __init__(self, address: str, session: requests.Session) -> None:
        self._address = address.partition("#")[0].rstrip("/")
        self._session = session

    def dial(self) -> None:
        """Nothing has to be opened: an adapter does that itself."""

    def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes, silence: float) -> Answer:
        """Return the answer of the adapter."""
        response = self._session.request(
            method, self._address + path, data=body, headers=headers, timeout=silence, allow_redirects=False, stream=True
        )
        return _Answered(response)

    def close(self) -> None:
        """Give back what the session holds."""
        self._session.close()


class _Answered:
    def __init__(self, response: requests.Response) -> None:
        self._response = response

    @property
    def status(self) -> int:
        return self._response.status_code

    def header(self, name: str) -> str:
        return self._response.headers.get(name, "")

    def read(self, most: int) -> bytes:
        return bytes(self._response.raw.read1(most))

    def close(self) -> None:
        self._response.close()


def mounted(address: str, adapter: requests.adapters.BaseAdapter) -> SessionLine:
    """Return a line whose every request ``adapter`` answers."""
    session = requests.Session()
    session.trust_env = False
    session.mount(address, adapter)
    return SessionLine(address, session)
