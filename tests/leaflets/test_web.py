"""The page of a service: shown as people type it, a link in every file, by itself where one reads from the right."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pikepdf
import pytest

from ewb_desktop.leaflets.order import LeafletOrder, Rendered
from ewb_desktop.leaflets.press import Press
from tests.support.leaflet_orders import DEBT, an_order
from tests.support.tags import flat, read_tags

Print = Callable[[LeafletOrder], Rendered]
PAGE = "https://northside-money.example.org/book/"
SHOWN = "northside-money.example.org/book"


@pytest.mark.parametrize("language", ["en", "pl", "ur"])
def test_it_is_a_link_in_the_file_under_the_name_of_what_it_is(press: Press, printed: Print, language: str) -> None:
    pdf = printed(an_order(language=language)).pdf
    parts = read_tags(pdf).parts
    place = next(i for i, part in enumerate(parts) if flat(part.text) == SHOWN)
    assert flat(parts[place - 1].text) == press.wordings.wording(language).say("web")
    with pikepdf.open(io.BytesIO(pdf)) as document:
        opened = {str(mark.A.URI) for page in document.pages for mark in page.obj.get("/Annots", [])}
    assert PAGE in opened


def test_plain_text_has_it_once_as_it_is_typed(press: Press) -> None:
    assert f"Website: {SHOWN}\n" in press.text(an_order())
    assert press.text(an_order()).count("northside-money") == 1


def test_html_has_it_as_a_link_that_is_read_from_the_left(press: Press) -> None:
    assert f'<a href="{PAGE}">{SHOWN}</a>' in press.html(an_order())
    assert f'<a href="{PAGE}" lang="en" dir="ltr">{SHOWN}</a>' in press.html(an_order(language="ur"))


def test_a_page_in_the_language_that_is_read_from_the_right_stands_by_itself_too(press: Press) -> None:
    order = an_order(language="ur", services=(replace(DEBT, lang="ur"),))
    assert f'<a href="{PAGE}" lang="en" dir="ltr">{SHOWN}</a>' in press.html(order)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("www.example.org", "www.example.org"),
        ("http://example.org/a?b=1", "example.org/a?b=1"),
        ("ask at the desk", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_what_is_no_address_is_left_out(press: Press, written: str, shown: str) -> None:
    text = press.text(an_order(services=(replace(DEBT, web=written),)))
    assert (f"Website: {shown}\n" in text) is bool(shown)
    assert ("Website" in text) is bool(shown)
