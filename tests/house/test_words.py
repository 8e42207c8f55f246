"""The words of the service: what people read never refuses, ends or grades anyone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNWANTED = re.compile(
    r"\b(patients?|discharged?|rejected|refused|declined by us|declined referral|DNA|non-?complian\w+"
    r"|(high|low|medium) risk|risk (score|level))\b",
    re.IGNORECASE,
)


NEVER_SHOWN = {("messages.py", "refused")}
"""Words that travel between programs; people read a sentence of sync/protocol/errors.py instead."""


def shown_strings(path: Path) -> Iterator[tuple[int, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


def unwanted(path: Path) -> list[str]:
    return [
        f"{path.name}:{line} {text.strip()[:70]!r}"
        for line, text in shown_strings(path)
        if UNWANTED.search(text) and (path.name, text) not in NEVER_SHOWN
    ]


@pytest.mark.parametrize("room", ["ewb_desktop", "sync"])
def test_no_sentence_refuses_ends_or_grades_anyone(room: str) -> None:
    found = [line for path in sorted((ROOT / room).rglob("*.py")) for line in unwanted(path)]
    assert not found, "\n".join(found)


def test_no_word_of_the_data_refuses_ends_or_grades_anyone() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for folder in ("lists", "leaflets", "directory", "help", "questionnaires", "practice")
        for path in sorted((ROOT / "resources" / folder).rglob("*"))
        if path.suffix in {".toml", ".md", ".json"}
        for match in [UNWANTED.search(path.read_text(encoding="utf-8"))]
        if match
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "code", ['Button("Rejected")', 'self.tr("Patient")', 'Row(title=f"{name}: discharged")', 'WORDS = {"over": "Refused"}']
)
def test_one_word_on_a_button_is_found_too(tmp_path: Path, code: str) -> None:
    file = tmp_path / "page.py"
    file.write_text(f'"""Refused is told about here, not shown."""\n{code}\n', encoding="utf-8")
    assert unwanted(file)


def test_a_docstring_is_not_taken_for_words_that_people_read(tmp_path: Path) -> None:
    file = tmp_path / "page.py"
    file.write_text('"""Rejected."""\n', encoding="utf-8")
    assert not unwanted(file)
