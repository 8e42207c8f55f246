"""What is said when a laptop could not join a server, and beside which field of the form it can be put right."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from ewb_desktop.syncing.authorities import is_authority
from ewb_desktop.syncing.troubles import OtherCertificate, PlainServer, RoundFailed, UntrustedServer

SERVER, CODE, FINGERPRINT, AUTHORITY = "server", "code", "fingerprint", "authority"
"""The fields of what a server is joined with."""

VOUCHED = "If your administrator gave you a fingerprint, or the file of your service's own authority, add it."

_PUT_RIGHT_AT: Mapping[str, str] = MappingProxyType(
    {
        "wrong_code": CODE, "other_organisation": CODE, "wrong_address": SERVER, "wrong_fingerprint": FINGERPRINT,
        "other_certificate": FINGERPRINT, "plain_server": SERVER, "encrypted_only": SERVER, "name_not_found": SERVER,
        "wrong_authority": AUTHORITY, "authority_holds_key": AUTHORITY,
    }
)  # fmt: skip
"""The field of what a server, or the line to it, did not take, by the trouble's name."""

_OF_WORK = re.compile(r" Your work is safe here(?:; (?P<rest>[^.]*\.)|[^.]*\.)")
_TRY = "Try again in a while."


def field_of(trouble: Exception, address: str) -> str:
    """Return the field in which ``trouble`` can be put right, empty where it is none; ``address`` is what was joined with."""
    if _is_not_proved(trouble):
        return AUTHORITY if is_authority(address.partition("#")[2]) else FINGERPRINT
    return _PUT_RIGHT_AT.get(getattr(trouble, "name", ""), "")


def joining_words(trouble: RoundFailed) -> str:
    """Return what is said of it in the form."""
    return f"{trouble} {VOUCHED}" if _is_not_proved(trouble) else str(trouble)


def first_words(trouble: RoundFailed) -> str:
    """Return the same where nobody has worked on this laptop yet: there is nothing that could be safe, or sent later."""
    said = _OF_WORK.sub(lambda of_work: _sentence(of_work["rest"] or ""), joining_words(trouble))
    return said if ". " in said else f"{said} {_TRY}"


def _sentence(words: str) -> str:
    return f" {words[0].upper()}{words[1:]}" if words else ""


def _is_not_proved(trouble: Exception) -> bool:
    """Say whether who answered could not prove who it is, and nothing tells more about it."""
    return isinstance(trouble, UntrustedServer) and not isinstance(trouble, OtherCertificate | PlainServer)
