"""A leaflet that is read from the right: everything is mirrored, and no number is turned round.

The Arabic stands for a leaflet's shape and not for its words: no Arabic leaflet is shipped until somebody fluent wrote one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import page as page_validation
import pypdfium2
import pytest

from ewb_desktop.leaflets.catalogue import Catalogue
from ewb_desktop.leaflets.order import LeafletOrder, NextStep, Rendered
from ewb_desktop.leaflets.plain_numbers import plain_numbers
from ewb_desktop.leaflets.press import Press
from ewb_desktop.leaflets.text.spans import Span, plain
from ewb_desktop.leaflets.wording import Wording, Wordings
from tests.leaflets.test_catalogue import HEAD
from tests.support.leaflet_kit.kit import expected, faults, set_from_right
from tests.support.leaflet_orders import DEBT, NUMBERS, RESOURCES, an_order
from tests.support.tags import flat, read_tags

WORRY, BREATHE, TALK = "التعامل مع القلق", "تنفّس ببطء لمدة 5 دقائق.", "تحدّث مع صديق."
CALL = "القلق جزء طبيعي من الحياة. اتصل بنا على 0161 496 0700 أو زر الموقع [www.example.org](https://www.example.org/) (مجاناً)."
BODY = f"# {WORRY}\n\n{CALL}\n\n1. {BREATHE}\n2. {TALK}\n\n| {WORRY} | 0161 496 0123 |\n|-|-|\n| {TALK} | {BREATHE} |\n"

EVERY_FORM = (
    "0161 496 0123", "0161-496-0123", "0161\u2013496\u20130123", "(0161) 496-0123", "(0161) 496 0123", "(0161)-496-0123",
    "0161/496/0123", "0161.496.0123", "+44 161-496 0123", "+44 161 496 0123", "+44 (0)161 496 0123", "+44(0161)4960123",
    "(+44) 161 496 0123", "0044 (0)161 496 0123", "01614960123", "+441614960123", "(0161) 496 0123 ext 12", "0161_496_0123",
    "0161\u2011496\u20110123", "0161\u2012496\u20120123", "0161\u2014496\u20140123", "0161\u00b7496\u00b70123",
)  # fmt: skip
"""What a field takes for a telephone number, and what tables bring."""

PICTURES = RESOURCES / "leaflets" / "pictures"


@dataclass(frozen=True)
class Box:
    """Where some words stand on a page, in points from the left and the bottom."""

    page: int
    left: float
    right: float


@pytest.fixture(scope="module")
def arabic(press: Press, tmp_path_factory: pytest.TempPathFactory) -> Press:
    folder = tmp_path_factory.mktemp("arabic")
    (folder / "own.md").write_text(HEAD.replace('lang = "en"', 'lang = "ar"') + BODY, encoding="utf-8")
    english = tomllib.loads((RESOURCES / "leaflets" / "words" / "en.toml").read_text(encoding="utf-8"))
    said = {key: " ".join((WORRY, *re.findall(r"{\w+}", text))) for key, text in english["words"].items()}
    said["page"] = "{page} / {pages}"
    words = Wording("ar", False, said, (WORRY,) * 12, "{day} {month} {year}", {}, {})
    whole = Wordings.load(RESOURCES / "leaflets" / "words")
    catalogue = Catalogue.load((folder,))
    assert catalogue.faults == ()
    wordings = Wordings({"en": whole.wording("en"), "ar": words})
    return Press(catalogue, press.styles, press.palettes, press.sheets, wordings, PICTURES)


def _order(style: str = "clear-14") -> LeafletOrder:
    return an_order("own", "ar", style)


@pytest.fixture(scope="module")
def rendered(arabic: Press) -> Rendered:
    return arabic.render(_order())


@pytest.fixture(scope="module")
def where(rendered: Rendered) -> Callable[[str], list[Box]]:
    """Tells where an exact text stands: every place, in the order of the pages."""

    def find(text: str) -> list[Box]:
        found: list[Box] = []
        document = pypdfium2.PdfDocument(rendered.pdf)
        for number, page in enumerate(document):
            words = page.get_textpage()
            search = words.search(text)
            while (place := search.get_next()) is not None:
                boxes = [words.get_charbox(place[0] + each) for each in range(place[1])]
                found.append(Box(number, min(box[0] for box in boxes), max(box[2] for box in boxes)))
        document.close()
        return found

    return find


def test_a_leaflet_from_the_right_has_no_fault_and_is_heard_in_order(rendered: Rendered) -> None:
    assert [failure.message for failure in page_validation.validate_pdf_bytes(rendered.pdf).failures] == []
    tagged = read_tags(rendered.pdf)
    assert (tagged.untagged, tagged.lost) == ("", [])
    assert tagged.text.index(BREATHE) < tagged.text.index(TALK)
    assert flat(CALL).split("[")[0].strip() in tagged.text


def test_no_number_is_turned_round(rendered: Rendered, where: Callable[[str], list[Box]]) -> None:
    heard = read_tags(rendered.pdf).text
    document = pypdfium2.PdfDocument(rendered.pdf)
    copied = flat(" ".join(page.get_textpage().get_text_range() for page in document))
    document.close()
    for number in NUMBERS:
        assert number in heard
        assert number in copied
    parts = [where(part)[0] for part in ("0161", "496", "0700")]
    assert parts[0].left < parts[1].left < parts[2].left


@pytest.mark.parametrize(
    ("number", "language"), [*((each, "ur") for each in EVERY_FORM), *((each, "ar") for each in EVERY_FORM[3::4])]
)
def test_no_number_is_turned_round_wherever_it_stands_and_whatever_joins_it(press: Press, number: str, language: str) -> None:
    """Heard, copied and seen: in a field, in a sentence of the leaflet and in the words of the next step."""
    said = f"ہمیں {number} پر فون کریں۔"
    service = replace(DEBT, telephone=number, when=f"Ring {number} first")
    step = NextStep(said, "Amira Hassan", telephone=number, lang=language)
    order = replace(an_order("sleep", language, services=(service,), step=step), service_telephone=number)
    what = expected(press, order)
    assert what.numbers.count(set_from_right(number)) >= 3
    assert faults(press.render(order), what) == []


def test_a_number_with_brackets_is_set_without_and_rings_the_same_in_every_form(press: Press) -> None:
    order = replace(an_order("sleep", "ur", services=(replace(DEBT, telephone="+44 (0)161 496 0123"),), step=None))
    html, text = press.html(order), press.text(order)
    assert '<a href="tel:+441614960123" dir="ltr"><strong><bdi dir="ltr">+44\u00a0161\u00a0496\u00a00123</bdi>' in html
    assert "\u2066+44 161 496 0123\u2069" in text
    assert text == press.render(order).text
    assert "(0)" not in html + text
    english = replace(order, language="en")
    assert 'href="tel:+441614960123"' in press.html(english)
    assert "+44 (0)161 496 0123" in press.text(english)


def test_numbers_in_addresses_of_the_web_and_years_keep_their_figures() -> None:
    spans = (
        Span("www.example.org/2026_2027 "),
        Span("example.org/a_2026_2027", link="https://example.org/a_2026_2027"),
        Span(" in 2026\u20132027"),
    )
    assert plain(plain_numbers(spans)) == "www.example.org/2026_2027 example.org/a_2026_2027 in 2026-2027"


def test_a_number_that_is_bold_in_part_is_set_as_it_begins() -> None:
    spans = (Span("(0161) ", bold=True), Span("496 0123"), Span("!"))
    assert plain_numbers(spans) == (Span("0161\u00a0496\u00a00123", bold=True), Span("!"))


@pytest.mark.parametrize("language", ["ur", "en"])
def test_in_plain_text_numbers_from_the_right_are_set_apart_and_others_left_alone(press: Press, language: str) -> None:
    order = replace(an_order("sleep", language), service_telephone="0161-496-0700")
    apart = "\u20660161-496-0700\u2069"
    assert (apart in press.words(order)) == (apart in press.render(order).text) == (language == "ur")
    assert "\u2066www" not in press.words(order)


def test_in_html_a_number_is_one_piece_read_from_the_left(press: Press) -> None:
    html = press.html(replace(an_order("sleep", "ur"), service_telephone="0161-496-0700"))
    assert '<bdi dir="ltr">0161-496-0700</bdi>' in html
    assert "bdi { white-space: nowrap }" in html


def test_the_number_of_a_point_stands_on_its_right_with_its_stop_outside_the_text(where: Callable[[str], list[Box]]) -> None:
    (point,) = [box for box in where("تنفّس ببطء") if box.page == 0][:1]
    labels = [box for box in where(".1") + where("1.") if box.page == 0 and box.right - box.left < 20]
    assert labels
    assert min(box.left for box in labels) > point.right
    digit = next(box for box in where("1") if box.page == 0 and box.left > point.right)
    stop = next(box for box in where(".") if box.page == 0 and box.left > point.right)
    assert stop.left < digit.left


def test_labels_stand_on_the_right_of_what_they_label(where: Callable[[str], list[Box]]) -> None:
    (number,) = where("0161 496 0123")[-1:]
    labels = [box for box in where(WORRY) if box.page == number.page]
    assert any(box.left > number.right for box in labels)
    (name,) = where("Samaritans")
    reach = where("116 123")[0]
    assert reach.right < name.left


def test_the_first_column_of_a_table_is_the_right_one(where: Callable[[str], list[Box]]) -> None:
    heading = where("0161 496 0123")[0]
    assert any(box.page == heading.page and box.left > heading.right for box in where(WORRY))


def test_the_page_number_stands_on_the_left_and_the_title_on_the_right(arabic: Press, rendered: Rendered) -> None:
    document = pypdfium2.PdfDocument(rendered.pdf)
    style = arabic.styles["clear-14"]
    foot = document[0].get_textpage()
    edge = style.foot - style.size
    number = foot.get_text_bounded(left=0, right=style.page[0] / 2, bottom=0, top=edge)
    title = foot.get_text_bounded(left=style.page[0] / 2, right=style.page[0], bottom=0, top=edge)
    document.close()
    assert re.sub(r"\s", "", number) in (f"1/{rendered.pages}", f"{rendered.pages}/1")
    assert flat(title)


def test_nothing_is_drawn_over_the_margins_in_any_style(arabic: Press) -> None:
    for style in arabic.styles.values():
        if "a4" not in style.sheets or style.source:
            continue
        document = pypdfium2.PdfDocument(arabic.render(_order(style.id)).pdf)
        for page in document:
            words = page.get_textpage()
            boxes = [words.get_charbox(each) for each in range(words.count_chars())]
            assert min(box[0] for box in boxes if box[2] > box[0]) >= style.side - 1
            assert max(box[2] for box in boxes if box[2] > box[0]) <= style.page[0] - style.side + 1
        document.close()


def test_in_easy_read_the_picture_stands_on_the_right(arabic: Press, tmp_path: Path) -> None:
    (tmp_path / "heart.png").write_bytes((RESOURCES / "leaflets" / "pictures" / "heart.png").read_bytes())
    head = HEAD.replace('lang = "en"', 'lang = "ar"\nformat = "easy"')
    (tmp_path / "own.md").write_text(f"{head}# {WORRY}\n\n![{WORRY}](heart.png)\n\n{TALK}\n", encoding="utf-8")
    press = Press(Catalogue.load((tmp_path,)), arabic.styles, arabic.palettes, arabic.sheets, arabic.wordings, PICTURES)
    document = pypdfium2.PdfDocument(press.render(replace(_order("easy-16"), services=(), next_step=None)).pdf)
    picture = next(thing for thing in document[0].get_objects() if thing.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE)
    assert picture.get_bounds()[0] > document[0].get_width() / 2
    document.close()


def test_arabic_letters_can_stand_in_an_english_leaflet(press: Press) -> None:
    step = an_order().next_step
    assert step is not None
    rendered = press.render(replace(an_order(), next_step=replace(step, words=f"{TALK} Amira rings on 0161 496 0777.")))
    assert TALK in read_tags(rendered.pdf).text


def test_english_words_in_an_arabic_leaflet_keep_their_order(rendered: Rendered) -> None:
    document = pypdfium2.PdfDocument(rendered.pdf)
    for text in ("999 or A&E", "Call 999 or go to A&E. Any time."):
        page = next(page for page in document if page.get_textpage().search(text).get_next() is not None)
        words = page.get_textpage()
        found = words.search(text).get_next()
        assert found is not None
        lefts = [words.get_charbox(found[0] + each)[0] for each in range(found[1]) if text[each] != " "]
        assert lefts == sorted(lefts), text
    document.close()
