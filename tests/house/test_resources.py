"""Data files: each says its version and its source, somebody allows each of them, and their codes agree."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from tests.support.rooms import ROOT, kept, kept_files, shown

RESOURCES = ROOT / "resources"
TOLD_IN_LICENCES = {"directory/made-up-stretford.json"}
"""A file whose shape belongs to somebody else's standard, with no place for a version: `LICENCES.md` tells of it."""


def named(file: Path) -> str:
    return file.relative_to(RESOURCES).as_posix()


def allowed() -> list[str]:
    said = (RESOURCES / "LICENCES.md").read_text("utf-8")
    return [each.rstrip("/") for each in re.findall(r"`([^`]+)`", said)]


@pytest.mark.parametrize("file", [file for file in kept_files() if file.is_relative_to(RESOURCES)], ids=named)
def test_somebody_allows_every_file(file: Path) -> None:
    name = named(file)
    above = [name, *(parent.as_posix() for parent in Path(name).parents if parent != Path())]
    assert name == "LICENCES.md" or any(fnmatch(each, pattern) for pattern in allowed() for each in above)


@pytest.mark.parametrize("file", kept(".toml", under="resources"), ids=shown)
def test_every_table_says_its_version_and_its_source(file: Path) -> None:
    text = file.read_text("utf-8")
    data = tomllib.loads(text)
    assert str(data["version"])
    assert data.get("source") or data.get("sources") or text.startswith("# ")


@pytest.mark.parametrize("file", kept(".json", under="resources"), ids=shown)
def test_every_document_says_its_version_and_its_source(file: Path) -> None:
    data = json.loads(file.read_text("utf-8"))
    if named(file) in TOLD_IN_LICENCES:
        return
    assert data["version"]
    told = {each["url"]: each["valueString"] for each in data.get("extension", ()) if "valueString" in each}
    assert data.get("source") or told["urn:ewb-desktop:source"]
    if "resourceType" in data:
        assert told["urn:ewb-desktop:licence"]


@pytest.mark.parametrize("file", kept(".md", under="resources/leaflets"), ids=shown)
def test_every_leaflet_says_its_version_and_its_sources(file: Path) -> None:
    head = leaflet_head(file)
    assert head["version"]
    assert head["sources"]


def leaflet_head(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text("utf-8").split("+++")[1])


def codes_used() -> Iterator[tuple[str, str]]:
    for file in kept(".md", under="resources/leaflets"):
        yield from ((shown(file), need) for need in leaflet_head(file).get("needs", ()))
    terms = json.loads((RESOURCES / "directory" / "terms.json").read_text("utf-8"))
    yield from (("directory/terms.json", need) for need in terms["needs"])
    people = tomllib.loads((RESOURCES / "practice" / "people.toml").read_text("utf-8"))
    yield from (("practice/people.toml", need) for one in people["entry"] for need in _needs_of(one))


def _needs_of(one: dict[str, Any]) -> list[str]:
    return [str(need["code"] if isinstance(need, dict) else need) for need in one.get("needs", ())]


def test_a_need_has_one_code_everywhere() -> None:
    needs = tomllib.loads((RESOURCES / "lists" / "needs.toml").read_text("utf-8"))
    known = {entry["key"] for entry in needs["entry"]}
    used = list(codes_used())
    assert [(where, need) for where, need in used if need not in known] == []
    assert {need for where, need in used if where == "directory/terms.json"} == known


def test_the_lock_pins_every_version_with_a_hash_and_names_no_host() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    pins = re.findall(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==\S+", lock, re.MULTILINE)
    assert "pyside6-essentials" in pins
    assert "://" not in lock
    assert "index-url" not in lock
    blocks = re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)
    assert [block.split()[0] for block in blocks if "==" in block and "--hash=sha256:" not in block] == []
