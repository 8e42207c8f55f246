"""More than a page, a cell or a line can hold: nothing runs over anything, or a message says what to do instead."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from ewb_desktop.leaflets.catalogue import Catalogue
from ewb_desktop.leaflets.errors import OrderError
from ewb_desktop.leaflets.order import LeafletOrder, NextStep, ServiceLine
from ewb_desktop.leaflets.press import Press
from tests.leaflets.test_catalogue import HEAD
from tests.support.leaflet_kit.drawn import read_drawing
from tests.support.leaflet_kit.kit import _places, expected, faults, set_from_right
from tests.support.leaflet_orders import DEBT, STEP, WALK, an_order
from tests.support.tags import flat, read_tags

LONG = {
    "en": "Llanfairpwllgwyngyllgogerychwyrndrobwllll",
    "uk": "Рентгеноелектрокардіографічногопідрозділу",
    "ar": "فأسقيناكموهاوفأسقيناكموهاوفأسقيناكموهاوفأ",
    "ur": "غیرذمہداریوںکیوجہسےپیداہونےوالےمسائلوحالات",
    "pa": "ਅੰਤਰਰਾਸ਼ਟਰੀਕਰਨਅੰਤਰਰਾਸ਼ਟਰੀਕਰਨਅੰਤਰਰਾਸ਼ਟਰੀਕਰਨ",
    "bn": "আন্তর্জাতিকতাবাদেরআন্তর্জাতিকতাবাদেরআন্তর্জাতিকতা",
    "cmn": "国际化与全球化进程中的心理健康促进服务中心联合办公室国际化与全球化进程中的心理健康促进服务",
}
"""A word of some forty letters in each script, without a place to break."""
ADDRESS = "https://www.example.org/a/very/long/way/down/into/the/site/where_nobody_has_put_any_hyphen_or_stop_at_all/index"
STYLES = ("clear-14", "dyslexia-14", "opendyslexic-14", "large-18", "large-24")


def _with(press: Press, folder: Path, body: str, lang: str = "en") -> Press:
    """Return a press whose one leaflet has ``body``."""
    (folder / "own.md").write_text(HEAD.replace('lang = "en"', f'lang = "{lang}"') + body, encoding="utf-8")
    one = copy(press)
    one.catalogue = Catalogue.load((folder,))
    assert one.catalogue.faults == ()
    return one


def _seen(press: Press, order: LeafletOrder) -> list[str]:
    return faults(press.render(order), expected(press, order))


@pytest.mark.parametrize(("language", "style"), [*product(LONG, ["large-24"]), *product(["en", "ur"], STYLES[:-1])])
def test_a_word_of_forty_letters_stays_in_its_cell_and_its_line(press: Press, tmp_path: Path, language: str, style: str) -> None:
    word = LONG[language]
    table = f"| {word} | {word} | {word} |\n|-|-|-|\n| {word} | {word} | 0161 496 0123 |\n"
    one = _with(press, tmp_path, f"# {word}\n\n## {word}\n\n{word} {word}\n\n- {word}\n\n1. {word}\n\n{table}\n", language)
    step = NextStep(word, word, None, "0161 496 0777", language)
    service = ServiceLine(word, word, word, word, "0161 496 0123", word, lang=language)
    order = replace(an_order("own", language, style, services=(service,), step=step), service_name=LONG["en"])
    assert _seen(one, order) == []


@pytest.mark.parametrize("sheet", ["a5", "booklet"])
def test_nor_on_small_paper(press: Press, tmp_path: Path, sheet: str) -> None:
    word = LONG["en"]
    one = _with(press, tmp_path, f"# {word}\n\n| {word} | {word} |\n|-|-|\n| {word} | {ADDRESS} |\n")
    assert _seen(one, replace(an_order("own", style="large-18"), sheet=sheet)) == []


@pytest.mark.parametrize(("style", "language"), [*product(STYLES[:1] + STYLES[-1:], ("en", "ur"))])
def test_a_telephone_number_stays_whole_on_one_line_of_its_cell(press: Press, style: str, language: str) -> None:
    ways = (replace(DEBT, telephone="+44 161 496 0123"), WALK)
    assert _seen(press, an_order(language=language, style=style, services=ways)) == []


@pytest.mark.parametrize("told", ["0161 496 0123 then 12345", "(0161) 496 0123", "+44 (0)161 496 0123", "+44161 496 0123"])
@pytest.mark.parametrize("language", ["en", "ur", "ar"])
def test_what_stands_round_the_figures_of_a_number_keeps_its_place(press: Press, language: str, told: str) -> None:
    pdf = press.render(an_order(language=language, services=(replace(DEBT, telephone=told),))).pdf
    if press.wordings.wording(language).right_to_left:
        told = set_from_right(told)
    assert any(told in flat(line) for side in read_drawing(pdf) for line in side.lines())


@pytest.mark.parametrize(("style", "language"), [*product(("clear-14", "large-24"), ("en", "ar", "cmn"))])
def test_a_long_address_of_the_web_is_broken_and_never_runs_over(press: Press, tmp_path: Path, style: str, language: str) -> None:
    one = _with(press, tmp_path, f"# {LONG[language][:9]}\n\n[{ADDRESS}]({ADDRESS})\n\n- [{ADDRESS}]({ADDRESS})\n", language)
    order = an_order("own", language, style, services=(replace(DEBT, where=ADDRESS, what=ADDRESS),))
    rendered = one.render(order)
    assert faults(rendered, expected(one, order)) == []
    assert read_tags(rendered.pdf).text.replace(" ", "").count(ADDRESS) == 4


def test_three_hundred_services_are_all_printed(press: Press) -> None:
    many = tuple(replace(DEBT, name=f"Place {number}", where=f"{number} Mill Lane, Northside") for number in range(300))
    order = an_order(services=many)
    rendered = press.render(order)
    assert all(f"Place {number}\n" in rendered.text for number in range(300))
    assert rendered.pages > 60
    assert list(_places(read_drawing(rendered.pdf), expected(press, order))) == []


def test_a_service_that_tells_a_whole_book_goes_on_over_pages(press: Press) -> None:
    order = an_order(services=(replace(DEBT, what="They help with many things. " * 300, where="Behind the mill. " * 200),))
    assert [fault for fault in _seen(press, order) if not fault.startswith("copied")] == []


@pytest.mark.parametrize(("style", "sheet"), [("large-24", "a4"), ("clear-14", "a5")])
def test_a_table_with_too_many_columns_is_not_made_and_the_message_says_what_to_do(
    press: Press, tmp_path: Path, style: str, sheet: str
) -> None:
    columns = 12
    row = "|" + " Mon |" * columns
    one = _with(press, tmp_path, f"# Own\n\n{row}\n|{'-|' * columns}\n{row}\n")
    with pytest.raises(OrderError, match=r"table.*Mon.*12 columns.*fewer columns"):
        one.render(replace(an_order("own", style=style), sheet=sheet))


def test_a_next_step_that_is_longer_than_a_page_goes_on_over_pages(press: Press) -> None:
    order = an_order(step=replace(STEP, words="We will go there together and stay with you. " * 120))
    assert _seen(press, order) == []
