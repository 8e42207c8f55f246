"""An invitation to read out, to photograph or to print: one line with the address and the code, and its QR code."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final, TextIO

import segno

from sync.invitation import line_of
from sync.server import certificates
from sync.server.own_files import new_file
from sync.server.settings import Settings, is_loopback

KINDS: Final = ("svg", "png")
_QUIET: Final = 4
"""Modules of white round the code, as ISO/IEC 18004 asks."""
_WHITE_ON_BLACK, _AS_BEFORE = "\x1b[97;40m", "\x1b[0m"
_USUAL_PORT: Final = 443


def address_of(settings: Settings) -> str:
    """Return the address that laptops call this server by; empty when nothing here tells it.

    It is the setting, else a name in the server's certificate, else this machine alone when nobody else can reach the server.
    """
    if settings.address:
        return settings.address
    if settings.certificate is not None:
        host = certificates.called(settings.certificate)
        port = "" if settings.port == _USUAL_PORT else f":{settings.port}"
        return f"https://{host}{port}" if host else ""
    return f"http://127.0.0.1:{settings.port}" if is_of_here_alone(settings) else ""


def is_of_here_alone(settings: Settings) -> bool:
    """Tell whether nobody but a laptop on this very computer can call the server, as far as the settings say."""
    is_named = bool(settings.address) or settings.certificate is not None
    return not is_named and is_loopback(settings.host) and not settings.proxies


def invitation_line(settings: Settings, code: str) -> str:
    """Return the line that holds everything a laptop needs to join; empty when the address is not known."""
    address = address_of(settings)
    own = certificates.fingerprint(settings.certificate) if settings.certificate is not None else None
    return line_of(address, code, own or "") if address else ""


def show(line: str, out: TextIO) -> bool:
    """Print the line's QR code, two modules in a letter; say whether ``out`` can show it."""
    drawn = io.StringIO()
    _code(line).terminal(drawn, border=_QUIET, compact=True)
    rows = drawn.getvalue().rstrip("\n").split("\n")
    try:
        drawn.getvalue().encode(out.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    # a terminal may be black on white: then the code would be its own negative
    before, after = (_WHITE_ON_BLACK, _AS_BEFORE) if out.isatty() else ("", "")
    out.writelines(f"{before}{row}{after}\n" for row in rows)
    return True


def write_picture(line: str, file: Path) -> None:
    """Write the line's QR code as SVG or PNG, by the file's ending, into a new file that only its owner can read.

    Raises ``OSError``.
    """
    drawn = io.BytesIO()
    _code(line).save(drawn, kind=_ending(file), scale=8, border=_QUIET)
    with new_file(file) as picture:
        picture.write(drawn.getvalue())


def is_picture(file: Path) -> bool:
    """Say whether the name of ``file`` tells of a picture that can be written."""
    return _ending(file) in KINDS


def _ending(file: Path) -> str:
    return file.suffix.lower().removeprefix(".")


def _code(line: str) -> segno.QRCode:
    # a fold or a stain over an eighth of it does no harm
    return segno.make(line, error="m", micro=False)
