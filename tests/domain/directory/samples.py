"""What the tests of the directory read: the project's own word list and, where it is, real published input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ewb_desktop.domain.directory.terms import Terms, parse_terms

ROOT = Path(__file__).parents[3]
OWN = ROOT / "resources" / "directory"
TERMS: Terms = parse_terms((OWN / "terms.json").read_bytes())


def published(*parts: str) -> bytes:
    """Return a real published file; skips the test, saying so, where the shared folder is absent."""
    path = (ROOT / ".." / "shared" / "openreferral").joinpath(*parts)
    if not path.exists():
        pytest.skip(f"no published directory to read: shared/openreferral/{'/'.join(parts)} is absent")
    return path.read_bytes()


def service(**fields: Any) -> dict[str, Any]:
    """Return a small published service with ``fields`` in place of its own."""
    return {"id": "s1", "name": "Tea and talk", "status": "active", "description": "A warm room."} | fields


def as_bytes(value: Any) -> bytes:
    """Return ``value`` as a JSON file."""
    return json.dumps(value).encode()
