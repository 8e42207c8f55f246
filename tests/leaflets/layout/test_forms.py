"""Tables that are written in by hand: room for a pen, and never a head without a row under it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from ewb_desktop.leaflets.catalogue import Catalogue
from ewb_desktop.leaflets.press import Press
from tests.leaflets.test_catalogue import HEAD
from tests.support.leaflet_orders import RESOURCES, an_order

_ROOM = 51.0
"""The least points from rule to rule: eighteen millimetres, for two lines of a large hand."""


_FROM, _TO = 14, 22
"""The lines above the table: with the most of them it begins a page."""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Press:
    """A press with leaflets in which a table to write in stands ever further down the page."""
    folder: Path = tmp_path_factory.mktemp("own")
    table = "| Question | My words |\n|---|---|\n| Signs |  |\n| Names |  |\n"
    for lines in (0, *range(_FROM, _TO)):
        head = HEAD.replace('"own"', f'"own-{lines}"')
        (folder / f"own-{lines}.md").write_text(f"{head}# Own\n\n" + "Words.\n\n" * lines + table, encoding="utf-8")
    press = Press.open(RESOURCES)
    press.catalogue = Catalogue.load((folder,))
    return press


def _pages(press: Press, topic: str) -> list[list[tuple[str, float]]]:
    """Return the lines of each page as they stand from top to bottom, with their height on the page."""
    document = pypdfium2.PdfDocument(press.render(replace(an_order(topic), services=(), next_step=None)).pdf)
    pages = []
    for page in document:
        words = page.get_textpage()
        found = [(words.get_text_bounded(*words.get_rect(i)).strip(), words.get_rect(i)[3]) for i in range(words.count_rects())]
        pages.append(found)
    document.close()
    return pages


def test_a_row_to_write_in_leaves_room_for_a_pen(own: Press) -> None:
    (height,) = (dict(page) for page in _pages(own, "own-0") if {"Signs", "Names"} <= {words for words, _ in page})
    assert height["Signs"] - height["Names"] >= _ROOM


@pytest.mark.parametrize("lines", range(_FROM, _TO))
def test_the_head_of_a_table_stands_on_the_page_of_its_first_row(own: Press, lines: int) -> None:
    (page,) = [page for page in _pages(own, f"own-{lines}") if any(words.startswith("Question") for words, _ in page)]
    assert any(words == "Signs" for words, _ in page)
