"""What must not stand in any kept file: package registries, places on somebody's computer, and who typed it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.rooms import ROOT, kept_files, shown

# each is put together here, so that this file does not name what it looks for
REGISTRIES = [
    "py" + "pi",
    "python" + "hosted",
    "npm" + "js",
    "registry" + ".",
    "arti" + "factory",
    "jf" + "rog",
    "proxy.go" + "lang",
    "crates" + ".io",
]
PLACES = ["/wo" + "rk/", "/tm" + "p/brief", "/ro" + "ot/", "/ho" + "me/", "/Us" + "ers/", "C:\\\\Us" + "ers"]
TYPISTS = [
    "clau" + "de",
    "anth" + "ropic",
    "chat" + "gpt",
    "open" + "ai",
    "co" + "pilot",
    r"\bl" + r"lms?\b",
    r"\bsub-?ag" + r"ents?\b",
]
UNWANTED = re.compile("|".join([*(re.escape(each) for each in [*REGISTRIES, *PLACES]), *TYPISTS]), re.IGNORECASE)
TEXTS = {".py", ".md", ".toml", ".json", ".txt", ".lock", ".cfg", ".svg", ".html", ".css", ".yml", ""}
PEOPLE_S_OWN = {"LICENSE", "resources/icons/LICENSE", "resources/fonts/OFL-Atkinson-Hyperlegible-Next.txt"}
"""Texts that are not ours to change."""


@pytest.mark.parametrize("file", [file for file in kept_files() if file.suffix in TEXTS], ids=shown)
def test_no_kept_file_names_a_registry_a_computer_or_a_typist(file: Path) -> None:
    if shown(file) in PEOPLE_S_OWN:
        return
    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError:
        return
    assert sorted({found.group() for found in UNWANTED.finditer(text)}) == []


def test_what_is_built_is_not_kept() -> None:
    built = ("build/", ".venv/", "__pycache__")
    assert [shown(file) for file in kept_files() if any(each in shown(file) for each in built)] == []
    assert (ROOT / ".gitignore").is_file()
