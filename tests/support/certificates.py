"""Certificates for tests, made in memory: an authority that nobody trusts until a test does, and servers' certificates by it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


@dataclass(frozen=True, slots=True)
class Pair:
    """Where a server's certificate and its key were written."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Authority:
    """Signs certificates that hold for a year from ``now``."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    now: datetime

    def write(self, file: Path) -> Path:
        """Write the authority's own certificate, for a laptop to trust."""
        file.write_bytes(self.certificate.public_bytes(Encoding.PEM))
        return file

    def certificate_for(self, host: str, folder: Path, *, days: int = 365, name: str = "server") -> Pair:
        """Write a certificate for ``host`` and its key into ``folder``."""
        key = ec.generate_private_key(ec.SECP256R1())
        try:
            told: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
        except ValueError:
            told = x509.DNSName(host)
        made = (
            _begun(host, key.public_key(), self.certificate.subject, self.now, days)
            .add_extension(x509.SubjectAlternativeName([told]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        pair = Pair(folder / f"{name}.pem", folder / f"{name}.key")
        pair.certificate.write_bytes(made.public_bytes(Encoding.PEM))
        pair.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return pair


def make_authority() -> Authority:
    """Return a new authority."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of a test")])
    usage = x509.KeyUsage(
        digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        _begun("Authority of a test", key.public_key(), subject, now, 365)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Authority(key, made, now)


def _begun(name: str, public: ec.EllipticCurvePublicKey, issuer: x509.Name, now: datetime, days: int) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now + timedelta(days=days))
    )
