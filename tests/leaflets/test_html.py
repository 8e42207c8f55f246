"""A leaflet as HTML: whole in one file, in the order of the paper's tags, strict, escaped, and to be rung from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import html5lib
import pytest

from ewb_desktop.leaflets.order import LeafletOrder, Rendered
from ewb_desktop.leaflets.press import Press
from tests.support.leaflet_orders import CRISIS, DEBT, STEP, an_order
from tests.support.tags import flat, read_tags

KINDS = {
    "plain": an_order(),
    "Polish": an_order(language="pl"),
    "Urdu": an_order(language="ur"),
    "Arabic": an_order("sleep", "ar"),
    "Bengali": an_order("low-mood", "bn"),
    "Chinese": an_order("sleep", "cmn"),
    "easy": an_order(style="easy-16"),
    "discreet": an_order(discreet=True),
    "form": an_order("my-safety-plan"),
    "dark": replace(an_order(style="large-24"), palette="dark"),
}
"""One of each kind of block, direction and script."""
SVG = "{http://www.w3.org/2000/svg}svg"
Print = Callable[[LeafletOrder], Rendered]


def _read(html: str) -> Any:
    """Return the tree of ``html``. Whatever a browser would have to put right is an error."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(html)


def _heard(node: Any) -> Iterator[str]:
    if node.tag in ("img", SVG):
        yield f" {node.get('alt') or node.get('aria-label')} "
    yield node.text or ""
    for child in node:
        yield from _heard(child)
        yield child.tail or ""
    if node.tag not in ("a", "span", "strong", "bdi"):
        yield " "


@pytest.fixture(scope="module", params=KINDS, name="order")
def _order(request: pytest.FixtureRequest) -> LeafletOrder:
    return KINDS[request.param]


def test_what_is_heard_of_it_is_what_the_tags_of_the_paper_say(press: Press, printed: Print, order: LeafletOrder) -> None:
    told = (part.alt or part.text for part in read_tags(printed(order).pdf).parts if part.tags[-1] != "Lbl")
    assert flat("".join(_heard(_read(press.html(order)).find("body")))) == flat(" ".join(told))


def test_it_names_its_language_its_direction_and_its_title(press: Press) -> None:
    for language, tag, way in (("en", "en-GB", "ltr"), ("ur", "ur", "rtl"), ("cmn", "zh-Hans", "ltr")):
        tree = _read(press.html(an_order("sleep", language)))
        assert (tree.get("lang"), tree.get("dir")) == (tag, way)
        assert tree.find("head/title").text == press.catalogue.leaflet("sleep", language).title


def test_nothing_is_fetched_and_nothing_runs(press: Press, order: LeafletOrder) -> None:
    tree = _read(press.html(order))
    assert [node.tag for node in tree.iter() if node.tag in ("script", "link", "iframe", "object", "base", "form")] == []
    assert all(node.get("src", "data:").startswith("data:") for node in tree.iter())
    assert "url(" not in tree.find("head/style").text
    assert not any(name.startswith("on") for node in tree.iter() for name in node.attrib)


def test_every_picture_is_described_and_every_table_has_headings(press: Press, order: LeafletOrder) -> None:
    tree = _read(press.html(order))
    assert all(node.get("alt", "").strip() for node in tree.iter("img"))
    assert all((node.get("role"), bool(node.get("aria-label"))) == ("img", True) for node in tree.iter(SVG))
    for table in tree.iter("table"):
        assert all(row.find("th") is not None for row in table.iter("tr"))
        assert all(node.get("scope") in ("row", "col") for node in table.iter("th"))


def test_no_heading_skips_a_level(press: Press, order: LeafletOrder) -> None:
    levels = [int(node.tag[1]) for node in _read(press.html(order)).iter() if re.fullmatch("h[1-6]", str(node.tag))]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_lists_are_lists(press: Press) -> None:
    tree = _read(press.html(an_order("crisis")))
    assert len(tree.findall(".//ol/li")) == 5


@pytest.mark.parametrize("language", ["en", "cy", "ar"])
def test_crisis_contacts_are_rung_or_texted_with_one_press(press: Press, language: str) -> None:
    tree = _read(press.html(an_order(language=language)))
    links = {node.get("href"): flat("".join(node.itertext())) for node in tree.iter("a")}
    assert {"tel:999": "999", "tel:111": "111", "tel:116123": "116 123", "sms:85258?body=SHOUT": "85258"}.items() <= links.items()
    assert links["tel:01614960123"] == "0161 496 0123"
    assert all(node.get("dir") == "ltr" for node in tree.iter("a") if str(node.get("href")).startswith(("tel:", "sms:")))


@pytest.mark.parametrize(
    ("written", "dialled"),
    [("+44 (0)161 496 0123", "+441614960123"), ("(0161) 496-0123", "01614960123"), ("0161.496.0123", "01614960123")],
)
def test_what_is_dialled_is_the_number_as_a_telephone_takes_it(press: Press, written: str, dialled: str) -> None:
    links = {node.get("href") for node in _read(press.html(an_order(services=(replace(DEBT, telephone=written),)))).iter("a")}
    assert f"tel:{dialled}" in links


def test_two_numbers_in_one_field_are_not_dialled_as_one(press: Press) -> None:
    html = press.html(an_order(services=(replace(DEBT, telephone="0161 496 0123 - 0161 496 0124"),)))
    assert "tel:016149601230" not in html


def test_numbers_are_not_broken_over_lines(press: Press) -> None:
    assert "116\u00a0123" in press.html(an_order())


def test_what_is_typed_is_shown_and_never_obeyed(press: Press) -> None:
    bad = '<script>alert("x")</script> & <b>'
    order = an_order(services=(replace(DEBT, name=bad, telephone='"><i>'),), step=replace(STEP, words=bad, contact=bad))
    tree = _read(press.html(replace(order, service_name=bad)))
    assert list(tree.iter("script")) == list(tree.iter("b")) == list(tree.iter("i")) == []
    assert "".join(tree.itertext()).count(bad) == 4


def test_what_is_in_another_language_is_marked(press: Press) -> None:
    tree = _read(press.html(an_order(language="ur")))
    marked = {flat("".join(node.itertext())): node.get("dir") for node in tree.iter() if node.get("lang") == "en"}
    assert marked["Northside money advice"] == "ltr"
    assert marked["This translation has not been checked yet."] == "ltr"


def test_it_has_the_size_the_lines_and_the_colours_of_its_style(press: Press) -> None:
    style = _read(press.html(replace(an_order(style="large-24"), palette="dark"))).find("head/style").text
    assert "background: #000000; color: #ffeb66" in style
    assert '"Atkinson Hyperlegible Next", sans-serif; font-size: 24pt; line-height: 1.4' in style
    assert '"Noto Nastaliq Urdu", sans-serif; font-size: 14pt; line-height: 2.2' in press.html(an_order(language="ur"))


def test_a_contact_that_is_not_texted_is_rung(press: Press) -> None:
    crisis = (replace(CRISIS[3], number="0161 496 0999", how="Call 0161 496 0999"),)
    assert 'href="tel:01614960999"' in press.html(an_order(crisis=crisis))


def test_a_discreet_one_hides_its_topic_in_its_title(press: Press) -> None:
    tree = _read(press.html(an_order(discreet=True)))
    assert tree.find("head/title").text == "Information for you"
    assert tree.find("head/meta[@name='author']") is None


@pytest.mark.parametrize(("language", "side"), [("ur", "right"), ("ar", "right"), ("pl", "start")])
def test_all_of_a_leaflet_that_is_read_from_the_right_stands_there(press: Press, language: str, side: str) -> None:
    assert f"text-align: {side}; hyphens: none" in press.html(an_order(language=language))
