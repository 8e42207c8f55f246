"""A service's own certificate authority: its certificates from a file, as they stand behind a server's address.

Behind the ``#`` of an address stands either the fingerprint of the server's one certificate, or ``authority=`` and the
certificates of the authority, which alone is trusted then to vouch for the server's name.
"""

from __future__ import annotations

import base64
import binascii
import re
import ssl
from dataclasses import dataclass
from typing import Any, Final

from ewb_desktop.syncing.troubles import AuthorityHoldsKey, WrongAuthority

MARK: Final = "authority="
LARGEST: Final = 64 << 10
"""An authority's chain has a few kilobytes; a bundle of everybody's authorities is not what is meant."""

_BLOCK: Final = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TrustedAuthority:
    """``behind`` is what stands behind the ``#`` of an address; ``name`` is what the authority calls itself."""

    behind: str
    name: str


def read_authority(file: bytes) -> TrustedAuthority:
    """Return the authority in a file that an administrator gave out, PEM or DER.

    Raises :class:`AuthorityHoldsKey` when a private key is in it, :class:`WrongAuthority` when no authority's certificate is.
    """
    if b"PRIVATE KEY-----" in file:
        raise AuthorityHoldsKey
    if len(file) > LARGEST:
        raise WrongAuthority
    try:
        blocks = _BLOCK.findall(file.decode("ascii", "replace")) if b"-----BEGIN" in file else []
        certificates = b"".join(ssl.PEM_cert_to_DER_cert(block) for block in blocks) if blocks else file
        name = _name_of(certificates)
    except (ValueError, binascii.Error) as error:
        raise WrongAuthority from error
    return TrustedAuthority(MARK + base64.urlsafe_b64encode(certificates).decode(), name)


def is_authority(behind: str) -> bool:
    """Say whether what stands behind the ``#`` of an address is an authority."""
    return behind.startswith(MARK)


def certificates_of(behind: str) -> bytes:
    """Return an authority's certificates (DER, one after another); raises :class:`WrongAuthority`."""
    try:
        certificates = base64.b64decode(behind.removeprefix(MARK), altchars=b"-_", validate=True)
        _name_of(certificates)
    except (ValueError, binascii.Error) as error:
        raise WrongAuthority from error
    return certificates


def _name_of(certificates: bytes) -> str:
    """Return what the first authority among the certificates calls itself; raises :class:`WrongAuthority` when none is one."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cadata=certificates)
    except ssl.SSLError as error:
        raise WrongAuthority from error
    for known in context.get_ca_certs():
        told: dict[Any, Any] = dict(part[0] for part in known["subject"])  # type: ignore[misc]  # pairs, typed as any text
        return str(told.get("commonName") or told.get("organizationName") or "")
    raise WrongAuthority
