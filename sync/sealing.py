"""What seals: AES-GCM under a key that is derived from a secret for one purpose, so that a secret may serve several."""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12


def cipher_for(secret: bytes, purpose: bytes, salt: bytes | None = None) -> AESGCM:
    """Return what seals and opens for ``purpose``, and with ``salt`` for one file of it, by HKDF-SHA256 (RFC 5869)."""
    return AESGCM(HKDF(SHA256(), 32, salt=salt, info=purpose).derive(secret))
