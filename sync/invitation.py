"""An invitation on one line: the server's address and the one-time code together, as a QR code holds it and a laptop takes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from sync.fingerprint import grouped, read_fingerprint

_LINE: Final = re.compile(r"(https?://[^\s#]+)(#\S*)?\s+([a-z0-9]{2,20}(?:-[a-z0-9]{5}){3})(?![\w-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invitation says. ``fingerprint`` is that of the server's own certificate, grouped, empty when it has none."""

    address: str
    code: str
    fingerprint: str = ""


def line_of(address: str, code: str, fingerprint: str = "") -> str:
    """Return ``https://ewb.example.org stretford-7K2QD-M41XA-90HTB``; a fingerprint stands behind a ``#`` at the address."""
    return f"{address}#{fingerprint} {code}" if fingerprint else f"{address} {code}"


def read_line(text: str) -> Invited | None:
    """Return what an invitation says that somebody pasted or scanned, None when it is no whole invitation.

    What stands before it and behind it is passed over.
    """
    found = _LINE.search(text)
    if found is None:
        return None
    address, mark, code = found.groups()
    fingerprint = read_fingerprint(mark[1:]) if mark else ""
    return None if fingerprint is None else Invited(address, code, grouped(fingerprint))
