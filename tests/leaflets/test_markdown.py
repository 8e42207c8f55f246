"""Every fault of a leaflet's text is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from ewb_desktop.leaflets.blocks import Grid, Heading, Paragraph, Picture, Points
from ewb_desktop.leaflets.markdown import parse


def _said(text: str, folder: Path = Path("/nowhere")) -> list[str]:
    return [str(fault) for fault in parse(text, folder / "own.md")[1]]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("# A\n\n### B\n", "own.md, line 3: this heading has 3 # signs but the one before it has 1. Use 2."),
        ("## A\n", "own.md, line 1: this heading has 2 # signs but it is the first. Use 1."),
        ("# A\n\n# B\n", "own.md, line 3: there is already a title. Use two # signs here."),
        ("# A\n\n> B\n", "own.md, line 3: a quotation cannot stand in a leaflet. Take it out."),
        ("# A\n\n<b>B</b>\n", "own.md, line 3: HTML cannot stand in a leaflet. Take it out."),
        ("# A\n\n<div>B</div>\n", "own.md, line 3: HTML cannot stand in a leaflet. Take it out."),
        ("# A\n\n```\nB\n```\n", "own.md, line 3: code cannot stand in a leaflet. Take it out."),
        (
            "# A\n\n[B](javascript:c)\n",
            "own.md, line 3: the address of a link or picture here cannot be used. Write it anew, or take it out.",
        ),
        ("# A\n\n---\n", "own.md, line 3: a rule cannot stand in a leaflet. Take it out."),
        ("# A\n\n- B\n  - C\n", "own.md, line 4: a list cannot stand inside a list. Make it one list."),
        ("# A\n\n- B\n\n  C\n", "own.md, line 5: a point of a list may hold one paragraph only. Make it a point of its own."),
        (
            "# A\n\n| | B |\n|-|-|\n| C | D |\n",
            "own.md, line 3: a heading of the table is empty. Say what the row or column holds.",
        ),
        ("#\n", "own.md, line 1: this heading has no words. Write them after the # signs, or take it out."),
        ("# A\n\n- B\n-\n- C\n", "own.md, line 4: this point of a list is empty. Write its words, or take it out."),
        (
            "# A\n\n| B | C |\n|-|-|\n",
            "own.md, line 3: this table has no rows under its headings. Write them, or take the table out.",
        ),
        (
            f"# A\n\n{'| B ' * 13}|\n{'|-' * 13}|\n{'| B ' * 13}|\n",
            "own.md, line 3: this table has 13 columns, and there is room for 12 at most. Make several tables of it.",
        ),
        (
            "# A\n\n- # B\n",
            "own.md, line 3: a heading cannot stand in a list. Take the # signs out, or put an empty line round it.",
        ),
        ("# A\n\n[](https://b.org)\n", "own.md, line 3: a link here has no words. Write them between the square brackets."),
        (
            "# A\n\n[B](c.md)\n",
            "own.md, line 3: the link to “c.md” leads nowhere. Write an address such as https://www.nhs.uk/.",
        ),
    ],
)
def test_a_fault_is_named_with_its_line(text: str, fault: str) -> None:
    assert fault in _said(text)


def test_the_line_counts_from_the_files_first_line() -> None:
    faults = parse("# A\n\n> B\n", Path("own.md"), first_line=12)[1]
    assert faults[0].line == 14


def test_a_picture_needs_a_description(tmp_path: Path) -> None:
    Image.new("RGB", (4, 4), "white").save(tmp_path / "park.png")
    assert _said("# A\n\n![](park.png)\n", tmp_path) == [
        "own.md, line 3: the picture has no description. Write it between the square brackets."
    ]


def test_a_file_name_is_no_description(tmp_path: Path) -> None:
    Image.new("RGB", (4, 4), "white").save(tmp_path / "park.png")
    assert "only its file name" in _said("# A\n\n![park.png](park.png)\n", tmp_path)[0]


def test_a_picture_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert _said("# A\n\n![A park](park.png)\n", tmp_path) == ["own.md, line 3: there is no picture “park.png” beside this file."]


def test_what_may_stand_in_a_leaflet_becomes_blocks(tmp_path: Path) -> None:
    Image.new("RGB", (4, 4), "white").save(tmp_path / "park.png")
    text = "# A\n\nB **c**\nd.\n\n1. E\n2. F\n\n| G | H |\n|-|-|\n| I | J |\n\n![A park](park.png)\n"
    blocks, faults = parse(text, tmp_path / "own.md")
    assert faults == ()
    assert [type(block) for block in blocks] == [Heading, Paragraph, Points, Grid, Picture]
    paragraph = blocks[1]
    assert isinstance(paragraph, Paragraph)
    assert [(span.text, span.bold) for span in paragraph.spans] == [("B ", False), ("c", True), (" d.", False)]


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("1. B\n2. C\n", [["1.", "2."]]),
        ("1. B\n\nC\n\n2. D\n3. E\n", [["1."], ["2.", "3."]]),
        ("999. B\n", [["999."]]),
        ("0. B\n1. C\n", [["0.", "1."]]),
        ("1. B\n1. C\n", [["1.", "2."]]),
        ("- B\n- C\n", [["•", "•"]]),
    ],
)
def test_the_points_of_a_list_have_the_numbers_that_were_written(text: str, signs: list[list[str]]) -> None:
    blocks, faults = parse(f"# A\n\n{text}", Path("own.md"))
    assert not faults
    assert [list(block.labels()) for block in blocks if isinstance(block, Points)] == signs


@pytest.mark.parametrize("space", ["\t", "\u2028", "\u2029", "\x85", "\x0b"])
def test_other_kinds_of_white_space_are_read_as_a_space(space: str) -> None:
    (_, paragraph), _ = parse(f"# A\n\nB{space}C\n", Path("own.md"))
    assert isinstance(paragraph, Paragraph)
    assert [span.text for span in paragraph.spans] == ["B C"]


def test_italics_are_printed_upright() -> None:
    blocks, _ = parse("# A\n\nB *c* d\n", Path("own.md"))
    paragraph = blocks[1]
    assert isinstance(paragraph, Paragraph)
    assert [span.text for span in paragraph.spans] == ["B c d"]
