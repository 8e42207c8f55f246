"""A laptop's two pairs of keys: one to sign what it hands over, one to open what others sealed for it alone."""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sync.protocol.messages import PublicKeys


@dataclass(frozen=True, slots=True)
class LaptopKeys:
    """The secret halves. They stand in the laptop's encrypted file and nowhere else."""

    sealing: X25519PrivateKey = field(repr=False)
    signing: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> PublicKeys:
        """The halves that everybody may know."""
        return PublicKeys(
            sealing=self.sealing.public_key().public_bytes_raw().hex(), signing=self.signing.public_key().public_bytes_raw().hex()
        )

    def as_text(self) -> dict[str, str]:
        """Return the secret halves as they are kept in the encrypted file."""
        return {"sealing": self.sealing.private_bytes_raw().hex(), "signing": self.signing.private_bytes_raw().hex()}


def new_keys() -> LaptopKeys:
    """Return fresh keys."""
    return LaptopKeys(X25519PrivateKey.generate(), Ed25519PrivateKey.generate())


def keys_of(text: dict[str, str]) -> LaptopKeys:
    """Return the keys that :meth:`LaptopKeys.as_text` wrote."""
    return LaptopKeys(
        X25519PrivateKey.from_private_bytes(bytes.fromhex(text["sealing"])),
        Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text["signing"])),
    )


def is_signed(content: bytes, signature: bytes, signing_key: str) -> bool:
    """Tell whether the laptop with this public ``signing_key`` (hex) signed ``content``."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(signing_key)).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True
