"""Help reads its topics in order and says so when one is missing."""

from __future__ import annotations

from pathlib import Path

from ewb_desktop.ui.help.presenter import Block, Form, KeyWords, blocks_of, keys_in_order, read_topics
from ewb_desktop.ui.theme import RESOURCES


def test_every_topic_has_a_file_with_words() -> None:
    topics = read_topics(RESOURCES / "help")
    assert len(topics) == len(list((RESOURCES / "help").glob("*.md")))
    assert all(len(topic.blocks) > 3 for topic in topics)


def test_no_mark_of_the_markdown_is_left_in_the_words() -> None:
    words = [block.words for topic in read_topics(RESOURCES / "help") for block in topic.blocks]
    assert not [text for text in words if text.startswith(("#", "-", "*")) or "**" in text or "`" in text]


def test_steps_are_numbered_and_begin_again_under_a_heading() -> None:
    assert blocks_of("# T\n\n1. one\n2. two\n\n## H\n\n1. three\n- point\nwords") == (
        Block(Form.STEP, "one", 1),
        Block(Form.STEP, "two", 2),
        Block(Form.HEADING, "H"),
        Block(Form.STEP, "three", 1),
        Block(Form.POINT, "point"),
        Block(Form.PARAGRAPH, "words"),
    )


def test_missing_help_says_what_to_do(tmp_path: Path) -> None:
    assert "Install the program again" in read_topics(tmp_path)[0].blocks[0].words


def test_each_key_is_told_once() -> None:
    keys = [KeyWords("Lock now", "Ctrl+L"), KeyWords("Crisis help", "F2"), KeyWords("Lock now", "Ctrl+L")]
    assert keys_in_order(keys) == (KeyWords("Crisis help", "F2"), KeyWords("Lock now", "Ctrl+L"))
