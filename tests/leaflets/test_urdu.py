"""Urdu, the hardest script: words, figures and Latin names stand apart, and lists and tables are mirrored."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import replace

import pytest

from ewb_desktop.leaflets.catalogue import Catalogue
from ewb_desktop.leaflets.order import LeafletOrder, Rendered
from ewb_desktop.leaflets.press import Press
from tests.leaflets.test_catalogue import HEAD
from tests.support.leaflet_kit.drawn import Run, read_drawing
from tests.support.leaflet_orders import an_order
from tests.support.tags import flat, read_tags

Print = Callable[[LeafletOrder], Rendered]
LEAST_SPACE = 0.2
"""The least width of a space between two words, as a part of the size."""
POINTS = ("پہلی بات", "دوسری بات", "تیسری بات")
TABLE = "| دن | وقت |\n|-|-|\n| پیر | 10:00 |\n| منگل | 11:00 |\n"


def _runs(pdf: bytes) -> list[Run]:
    return [run for side in read_drawing(pdf) for run in side.runs]


@pytest.fixture(scope="module")
def own(press: Press, tmp_path_factory: pytest.TempPathFactory) -> list[Run]:
    folder = tmp_path_factory.mktemp("urdu")
    points = "\n".join(f"{number}. {point}" for number, point in enumerate(POINTS * 4, start=1))
    text = HEAD.replace('lang = "en"', 'lang = "ur"') + f"# عنوان\n\n{points}\n\n{TABLE}"
    (folder / "own.md").write_text(text, encoding="utf-8")
    one = copy(press)
    one.catalogue = Catalogue.load((folder,))
    assert one.catalogue.faults == ()
    return _runs(one.render(an_order("own", "ur", services=(), step=None)).pdf)


@pytest.mark.parametrize("style", ["clear-14", "dyslexia-14", "large-24"])
def test_every_space_is_as_wide_as_the_reading_face_makes_it(printed: Print, style: str) -> None:
    spaces = [run for run in _runs(printed(an_order(language="ur", style=style)).pdf) if run.text == " "]
    assert len(spaces) > 100
    assert min(run.width / run.size for run in spaces) >= LEAST_SPACE


def test_words_and_figures_of_latin_runs_stand_apart(printed: Print) -> None:
    runs = [run for run in _runs(printed(an_order(language="ur")).pdf) if run.text.strip()]
    pairs = [("EWB", "Desktop"), ("NHS", "Talking"), ("Amira", "Hassan")]
    for first, last in pairs:
        gaps = [
            (right.x - left.right) / left.size
            for left in runs if left.text == first
            for right in runs if right.text == last and right.y == left.y
        ]  # fmt: skip
        assert gaps, first
        assert min(gaps) >= LEAST_SPACE


@pytest.mark.parametrize("name", ["Northside", "Park"])
def test_an_english_name_stands_on_the_right_like_all_else(printed: Print, name: str) -> None:
    order = an_order(language="ur")
    runs = [run for run in _runs(printed(order).pdf) if run.text.strip() and not run.artifact]
    edge = max(run.right for run in runs)
    begins = [run for run in runs if run.text.startswith(name)]
    line = [run for run in runs if begins and run.y == begins[0].y]
    assert begins
    assert max(run.right for run in line) > edge - begins[0].size * 2


def test_the_numbers_of_a_list_stand_one_under_the_other_on_the_right(own: list[Run]) -> None:
    labels = {number: [run for run in own if run.text == str(number) and run.right > 520] for number in range(1, 13)}
    assert all(len(found) == 1 for found in labels.values())
    edges = {round(found[0].right) for found in labels.values()}
    assert len(edges) == 1
    words = [run for run in own if run.text[::-1] == "پہلی"]
    assert words
    assert max(run.right for run in words) < min(found[0].x for found in labels.values())


def test_the_first_column_of_a_table_is_the_right_one(own: list[Run]) -> None:
    for day, hour in (("پیر", "10:00"), ("منگل", "11:00")):
        (name,), (time,) = ([run for run in own if text in (run.text, run.text[::-1])] for text in (day, hour))
        assert name.x > time.right
        assert name.y == time.y


def test_the_page_says_which_it_is_of_how_many(press: Press, printed: Print) -> None:
    rendered = printed(an_order(language="ur"))
    told = [flat(text) for text in read_tags(rendered.pdf).artifacts]
    for number in range(1, rendered.pages + 1):
        assert any(f"صفحہ {number} از {rendered.pages}" in text for text in told)
    discreet = press.render(replace(an_order(language="ur"), discreet_cover=True))
    assert any(f"صفحہ 1 از {discreet.pages}" in flat(text) for text in read_tags(discreet.pdf).artifacts)
