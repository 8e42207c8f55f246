"""What help shows: topics read from Markdown files, and the keys, as blocks of plain words."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ewb_desktop.domain.lists import BadList, parse_list

KEYS = "keys"
"""The topic that lists the keys; it is made from the program itself and has no file."""


class Form(StrEnum):
    """How a block of a topic is shown."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    POINT = "point"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its form, its words, and the number of a step."""

    form: Form
    words: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of help."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class KeyWords:
    """One line of the list of keys: what it does, and the key."""

    does: str
    key: str


def read_topics(folder: Path) -> tuple[Topic, ...]:
    """Read the topics in their order. A topic whose file cannot be read says so instead; nothing is raised."""
    try:
        index = parse_list("help", tomllib.loads((folder / "help.toml").read_text("utf-8")))
    except (OSError, tomllib.TOMLDecodeError, BadList):
        missing = Block(
            Form.PARAGRAPH, "The help of this program cannot be read. Install the program again; your records are not touched."
        )
        return (Topic("missing", "Help", (missing,)),)
    return tuple(_topic(folder, entry.key, entry.words) for entry in index.entries)


def _topic(folder: Path, key: str, title: str) -> Topic:
    try:
        text = (folder / f"{key}.md").read_text("utf-8")
    except OSError:
        return Topic(key, title, (Block(Form.PARAGRAPH, "This topic cannot be read. Install the program again."),))
    return Topic(key, title, blocks_of(text))


def blocks_of(text: str) -> tuple[Block, ...]:
    """Return the blocks of a topic. The subset is small on purpose: title (left out), headings, paragraphs, points, steps."""
    blocks: list[Block] = []
    step = 0
    for line in text.splitlines():
        words = line.strip()
        if words.startswith("# ") or not words:
            continue
        if words.startswith("## "):
            blocks.append(Block(Form.HEADING, words[3:]))
            step = 0
        elif words.startswith("- "):
            blocks.append(Block(Form.POINT, words[2:]))
        elif words[:1].isdigit() and ". " in words[:4]:
            step += 1
            blocks.append(Block(Form.STEP, words.split(". ", 1)[1], step))
        else:
            blocks.append(Block(Form.PARAGRAPH, words))
    return tuple(blocks)


def keys_in_order(keys: Sequence[KeyWords]) -> tuple[KeyWords, ...]:
    """Return each key once, in the order of what it does."""
    return tuple(sorted(set(keys), key=lambda one: (one.does, one.key)))
