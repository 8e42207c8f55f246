"""The house as its picture says: small files that say what they are for, and pages that are built alike."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.rooms import ROOT, kept, shown

MOST_LINES = 450
UI = ROOT / "ewb_desktop" / "ui"
PAGES = sorted(file.parent.name for file in UI.glob("*/page.py"))
DECIDES_NOTHING = {"crisis"}
"""Pages that show a file of words and nothing else: they need no presenter."""
EMPTY_NAMES = re.compile(r"(^|_)(manager|helper|handler|utils?|common|base|misc)($|_|\.)")


def test_no_file_is_too_long_to_read() -> None:
    long = {shown(file): lines for file in kept(".py") if (lines := len(file.read_text("utf-8").splitlines())) > MOST_LINES}
    assert not long


def test_every_module_says_first_what_it_is_for() -> None:
    silent = [
        shown(file)
        for file in kept(".py")
        if not (said := ast.get_docstring(ast.parse(file.read_text("utf-8"))))
        or not said.split("\n\n")[0].rstrip().endswith((".", ":"))
    ]
    assert not silent


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert not [shown(file) for file in kept(".py") if EMPTY_NAMES.search(file.stem)]


def test_there_are_pages() -> None:
    assert {"today", "members", "person", "conversation", "directory", "leaflets", "sync", "settings", "help"} <= set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_a_view_and_a_presenter(page: str) -> None:
    files = {file.name for file in (UI / page).glob("*.py")}
    wanted = {"__init__.py", "page.py", "view.py"} | (set() if page in DECIDES_NOTHING else {"presenter.py"})
    assert wanted <= files


@pytest.mark.parametrize("page", PAGES)
def test_every_page_passes_the_accessibility_gate_in_a_test(page: str) -> None:
    texts = [file.read_text("utf-8") for file in (ROOT / "tests" / "ui" / page).glob("test_*.py")]
    assert any("@in_every_look" in text and "expect_accessible" in text for text in texts)


@pytest.mark.parametrize("page", PAGES)
def test_pages_do_not_know_each_other(page: str) -> None:
    others = re.compile(rf"ewb_desktop\.ui\.({'|'.join(other for other in PAGES if other != page)})\b")
    assert not [shown(file) for file in (UI / page).glob("*.py") if others.search(file.read_text("utf-8"))]


def test_presenters_work_on_a_computer_without_a_window() -> None:
    modules = [f"ewb_desktop.ui.{file.parent.name}.presenter" for file in sorted(UI.glob("*/presenter.py"))]
    without = "import sys, importlib; sys.modules['PySide6'] = None; [importlib.import_module(name) for name in sys.argv[1:]]"
    done = subprocess.run([sys.executable, "-c", without, *modules], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_room_in_the_readme_s_picture_exists() -> None:
    drawn = (ROOT / "README.md").read_text("utf-8").partition("## The house")[2].partition("Imports go one way")[0]
    folders: list[str] = []
    missing = []
    for line in drawn.splitlines():
        if not (found := re.match(r"    ( *)(\S.*?)(?:  .*)?$", line)):
            continue
        depth = len(found[1]) // 2
        names = re.split(r"\s+", found[2].strip())
        folders = folders[:depth]
        for name in names:
            path = Path(*folders, name.rstrip("/"))
            if not (ROOT / path).exists() and not (ROOT / path).with_suffix(".py").exists():
                missing.append(path.as_posix())
        if names[-1].endswith("/"):
            folders.append(names[-1].rstrip("/"))
    assert "ewb_desktop/" in drawn
    assert not missing


def test_every_command_in_the_readme_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z-]+)\b", (ROOT / "README.md").read_text("utf-8").replace("make it", "")))
    assert named <= targets


def test_what_a_walk_says_is_gone_is_seen_in_some_walk() -> None:
    """A name that is pressed or seen proves itself; one that must not be there would pass for ever once it was misspelt."""
    walks = "\n".join(file.read_text("utf-8") for file in kept(".py", under="tests/journeys"))
    name = r'"([a-z0-9_.-]+)"'
    gone = set(re.findall(rf"hands\.visible\({name}\) is None", walks))
    seen = set(re.findall(rf"hands\.(?:see|click|type|choose|open_row)\(\s*{name}", walks))
    seen |= set(re.findall(rf"wait\(\s*lambda: hands\.visible\({name}\) is not None", walks))
    if "conversation-step-phq-9" in seen:
        # one step for each questionnaire, named by the file
        seen |= {f"conversation-step-{file.stem}" for file in (ROOT / "resources" / "questionnaires").glob("*.json")}
    assert gone
    assert gone <= seen
