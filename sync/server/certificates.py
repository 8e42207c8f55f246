"""A certificate of the server's own, for a place where no authority vouches for it: laptops know it by its fingerprint."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sync.fingerprint import fingerprint_of
from sync.server.own_files import new_file

LASTS: Final = timedelta(days=5 * 365)
"""Laptops know this certificate and no other: a new one means typing its fingerprint on each of them."""

_LABEL: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LONGEST_NAME: Final = 253
"""What RFC 1123 lets a machine be called."""
_NEVER_LEAVES: Final = "192.0.2.1"
"""An address of RFC 5737 that nobody has: asking which of ours would speak to it sends nothing."""


@dataclass(frozen=True, slots=True)
class Made:
    """Where a certificate and its key are, and its fingerprint."""

    certificate: Path
    key: Path
    fingerprint: str


def make(folder: Path, hosts: Sequence[str], now: datetime) -> Made:
    """Write ``certificate.pem`` and ``key.pem`` for ``hosts`` (names and addresses) into ``folder``, never over others.

    Raises ``FileExistsError`` and other ``OSError``, and ``ValueError`` for what is neither a name nor an address; nothing is
    left behind then.
    """
    for host in hosts:
        if not _may_be_called(host):
            raise ValueError(f"{host!r} is neither a name of a machine nor an address")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0][:64])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # a laptop's clock may be behind this one
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + LASTS)
        .add_extension(x509.SubjectAlternativeName([_told(host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    made = Made(folder / "certificate.pem", folder / "key.pem", fingerprint_of(certificate.public_bytes(Encoding.DER)))
    _write(made.key, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), 0o600)
    try:
        _write(made.certificate, certificate.public_bytes(Encoding.PEM), 0o644)
    except OSError:
        made.key.unlink()
        raise
    return made


def called(file: Path) -> str:
    """Return a name or an address that the certificate in ``file`` is for, as it stands in a link; empty when it tells none.

    Of one of the server's own the last, as :func:`make` was told them: names come before addresses, which any laptop can reach.
    """
    try:
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
        told = list(certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)
    except (OSError, ValueError, x509.ExtensionNotFound):
        return ""
    hosts = [_in_link(name.value) for name in told if isinstance(name, x509.DNSName | x509.IPAddress)]
    hosts = [host for host in hosts if "*" not in host]
    if not hosts:
        return ""
    return hosts[-1] if certificate.issuer == certificate.subject else hosts[0]


def _in_link(host: object) -> str:
    return f"[{host}]" if isinstance(host, ipaddress.IPv6Address) else str(host)


def fingerprint(file: Path) -> str | None:
    """Return the fingerprint of the certificate in ``file`` when the server vouches for itself.

    None when an authority does, or when the file cannot be read by whoever asks: the server itself says that at its start.
    """
    try:
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError):
        return None
    own = certificate.issuer == certificate.subject
    return fingerprint_of(certificate.public_bytes(Encoding.DER)) if own else None


def is_readable(file: Path) -> bool:
    """Tell whether there is a certificate in ``file`` for whoever asks."""
    try:
        x509.load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError):
        return False
    return True


def own_hosts() -> list[str]:
    """Return this machine's name and the address by which its local network knows it."""
    hosts = [socket.gethostname()]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((_NEVER_LEAVES, 9))
            hosts.append(str(probe.getsockname()[0]))
        except OSError:
            # no network now
            return hosts
    return hosts


def _may_be_called(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return len(host) <= _LONGEST_NAME and all(_LABEL.fullmatch(label) for label in host.split("."))
    return True


def _told(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _write(file: Path, content: bytes, mode: int) -> None:
    with new_file(file, mode) as out:
        out.write(content)
