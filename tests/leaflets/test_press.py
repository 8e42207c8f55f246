"""What every leaflet promises, on the real topics in every style and language."""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pikepdf
import pypdfium2
import pytest

from ewb_desktop.domain.directory.listing import OpeningRule
from ewb_desktop.domain.directory.opening import opening_words
from ewb_desktop.domain.lists import crisis_contacts, parse_list
from ewb_desktop.leaflets.errors import MissingGlyphError, OrderError
from ewb_desktop.leaflets.order import LeafletOrder, Rendered
from ewb_desktop.leaflets.press import Press
from tests.support.leaflet_orders import CHECKED, CRISIS, DEBT, RESOURCES, SERVICE, STEP, an_order
from tests.support.tags import flat, read_tags

Print = Callable[[LeafletOrder], Rendered]

_STYLES = sorted(path.stem for path in (RESOURCES / "styles").glob("*.toml") if path.stem not in ("easy-16", "wallet-12"))
"""Those in which every topic is there in every language."""
SPOKEN = [an_order(), an_order(language="pl", discreet=True), an_order(style="easy-16"), an_order("staying-well-plan")]


def _sizes(pdf: bytes) -> set[float]:
    """Return the sizes of text that are used in a file."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        steps: list[Any] = [step for page in document.pages for step in pikepdf.parse_content_stream(page)]
        return {float(operands[1]) for operands, operator in steps if str(operator) == "Tf"}


@pytest.mark.parametrize("order", SPOKEN, ids=lambda order: f"{order.language}-{order.topic}-{order.style}")
def test_text_through_the_tags_is_the_plain_text_in_order(press: Press, printed: Print, order: LeafletOrder) -> None:
    rendered = printed(order)
    tagged = read_tags(rendered.pdf)
    assert tagged.untagged == ""
    assert tagged.lost == []
    told = re.sub(r"^- |^\d+\. ", "", rendered.text, flags=re.MULTILINE)
    code = press.wordings.wording(order.language).words["code"].partition("{")[0]
    parts = [part for part in tagged.parts if part.tags[-1] != "Lbl" and not part.alt.startswith(code)]
    heard = (f"Picture: {part.alt}" if part.alt else part.text for part in parts)
    spoken = flat(" ".join(heard))
    labelled = re.sub(r"(?<=[^.:?!])(?=\n)", "", told)
    assert spoken.replace(":", "") == flat(labelled).replace(":", "")


def test_equal_orders_make_equal_bytes(press: Press) -> None:
    cold = Press.open(RESOURCES)
    assert press.render(an_order()).pdf == cold.render(an_order()).pdf


def test_two_leaflets_have_different_file_numbers(press: Press) -> None:
    one, other = (pikepdf.open(io.BytesIO(press.render(order).pdf)).trailer.ID[0] for order in (an_order(), an_order("sleep")))
    assert bytes(one) != bytes(other)


@pytest.mark.parametrize("style", _STYLES)
def test_a_discreet_cover_says_neither_who_gives_it_nor_the_topic(press: Press, style: str) -> None:
    rendered = press.render(an_order(style=style, discreet=True))
    document = pypdfium2.PdfDocument(rendered.pdf)
    cover = flat(document[0].get_textpage().get_text_range())
    document.close()
    ask = "Ask us for large print, easy read or your language."
    assert cover == f"Information for you {ask} Page 1 of {rendered.pages}"
    assert rendered.title == "Information for you"


def test_within_its_cover_a_discreet_leaflet_says_who_gives_it(press: Press) -> None:
    _cover, inside = press.text(an_order(discreet=True)).split("your language.", 1)
    assert inside.strip().startswith(SERVICE)


@pytest.mark.parametrize("language", ["en", "pl"])
def test_the_foot_of_a_discreet_leaflet_never_names_the_topic(press: Press, printed: Print, language: str) -> None:
    order = an_order(language=language, discreet=True)
    artifacts = read_tags(printed(order).pdf).artifacts
    assert artifacts
    assert not any(press.catalogue.leaflet(order.topic, language).title in words for words in artifacts)


def test_a_leaflet_of_a_service_nobody_named_says_what_kind_it_is(press: Press) -> None:
    assert press.text(replace(an_order(), service_name="")).startswith("Emotional wellbeing service\n")


@pytest.mark.parametrize("style", [style for style in _STYLES if style.startswith("large")])
def test_nothing_in_large_print_is_smaller_than_its_text(press: Press, printed: Print, style: str) -> None:
    assert min(_sizes(printed(an_order(style=style)).pdf)) == press.styles[style].size


def test_a_recovery_key_is_printed_in_clear_print(press: Press) -> None:
    assert _sizes(press.render_key(["AAAA"] * 8, CHECKED).pdf) == {12, 14, 30}


_DISCREET = (
    an_order(discreet=True), an_order(language="ur", discreet=True), an_order(style="easy-16", discreet=True),
    replace(an_order("crisis", style="wallet-12", discreet=True), sheet="cards"),
)  # fmt: skip


@pytest.mark.parametrize("order", _DISCREET, ids=lambda order: f"{order.language}-{order.style}")
def test_a_discreet_file_says_nothing_about_itself(press: Press, order: LeafletOrder) -> None:
    topic = press.catalogue.leaflet(order.topic, order.language).title
    rendered = press.render(order)
    with pikepdf.open(io.BytesIO(rendered.pdf)) as document:
        about = document.Root.Metadata.read_bytes().decode() + " ".join(str(value) for value in document.docinfo.values())
        assert "/Outlines" not in document.Root
    hidden = (*(word for word in topic.split() if len(word) > 3), SERVICE)
    assert [words for words in hidden for told in (about, rendered.title) if words in told] == []
    head = press.html(order).partition("<body>")[0]
    assert [words for words in hidden if words in head] == []


def test_every_leaflet_carries_what_it_must(press: Press) -> None:
    text = press.text(an_order())
    for words in (
        "Worry and anxiety",
        "Version 1, written on 21 November 2026. We will look at it again by 21 November 2028.",
        "Printed on 21 November 2026.",
        "Ask us for large print, easy read or your language.",
        "We checked these numbers on 20 November 2026.",
        "Ask for: Amira Hassan",
        "When: 24 November 2026",
        "We checked this on 30 October 2026.",
        "We do not know when this was last checked.",
    ):
        assert words in text


def test_the_oldest_check_of_a_crisis_number_is_the_one_that_is_said(press: Press) -> None:
    crisis = (replace(CRISIS[0], checked_on=CHECKED.replace(month=3)), *CRISIS[1:])
    assert "We checked these numbers on 20 March 2026." in press.text(an_order(crisis=crisis))


def test_a_crisis_number_nobody_checked_is_said_to_be_so(press: Press) -> None:
    crisis = (*CRISIS[:3], replace(CRISIS[3], checked_on=None))
    assert "We have not checked them ourselves yet." in press.text(an_order(crisis=crisis))


def test_a_changed_crisis_number_is_printed_in_the_translation_too(press: Press) -> None:
    crisis = (*CRISIS[:2], replace(CRISIS[2], number="0161 496 0999", how="Call 0161 496 0999"), CRISIS[3])
    assert "Zadzwoń pod numer 0161 496 0999" in press.text(an_order(language="pl", crisis=crisis))


def test_only_the_first_crisis_contacts_are_printed(press: Press) -> None:
    other = replace(CRISIS[2], key="calm", name="CALM", number="0800 58 58 58", how="Call 0800 58 58 58", first=False)
    assert "CALM" not in press.text(an_order(crisis=(*CRISIS, other)))
    assert "CALM" in press.text(an_order(crisis=(other,)))


def test_a_contact_whose_words_lack_its_number_still_prints_it(press: Press) -> None:
    assert "Call them 116 123" in press.text(an_order(crisis=(replace(CRISIS[2], how="Call them"),)))


def test_the_shipped_crisis_list_prints_in_every_language(press: Press) -> None:
    listed = crisis_contacts(
        parse_list("crisis", tomllib.loads((RESOURCES / "lists" / "crisis.toml").read_text(encoding="utf-8")))
    )
    for language in press.wordings.languages():
        text = press.text(an_order("crisis", language, crisis=listed))
        assert all(contact.number in text for contact in listed if contact.first)


def test_nobody_is_told_to_ring_where_there_is_no_number(press: Press) -> None:
    assert "Ring before you go." in press.text(an_order(services=(DEBT,)))
    assert "Ring before you go." not in press.text(an_order(services=(replace(DEBT, telephone=""),)))


def test_every_language_has_the_same_fixed_words(press: Press) -> None:
    folder = RESOURCES / "leaflets" / "words"
    told = {path.stem: tomllib.loads(path.read_text(encoding="utf-8"))["words"] for path in folder.glob("*.toml")}
    assert len(told) == 12
    for words in told.values():
        assert words.keys() == told["en"].keys()
        for key, text in words.items():
            assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", told["en"][key])), key


def test_no_translation_of_a_crisis_contact_holds_a_number_to_ring() -> None:
    for path in (RESOURCES / "leaflets" / "words").glob("*.toml"):
        for key, contact in tomllib.loads(path.read_text(encoding="utf-8")).get("crisis", {}).items():
            assert "{number}" in contact["reach"], key
            assert not re.search(r"\d{4,}|\d{3} \d", contact["reach"] + contact["when"]), key


def test_a_leaflet_without_crisis_contacts_is_not_made(press: Press) -> None:
    with pytest.raises(OrderError, match="no crisis numbers"):
        press.render(an_order(crisis=()))


def test_an_unchecked_translation_says_so_in_both_languages(press: Press) -> None:
    text = press.text(an_order(language="pl"))
    assert "To tłumaczenie nie zostało jeszcze sprawdzone." in text
    assert "This translation has not been checked yet." in text


def test_english_leaflets_are_not_called_unchecked(press: Press) -> None:
    assert "not been checked yet" not in press.text(an_order())


def test_english_words_in_a_polish_leaflet_are_marked_english(press: Press) -> None:
    tagged = read_tags(press.render(an_order(language="pl")).pdf)
    languages = {flat(part.text): part.lang for part in tagged.parts}
    assert languages["Zamartwianie się i lęk"] == "pl"
    assert languages["Northside money advice"] == "en"
    assert languages["Free, private help with debt, benefits and bills."] == "en"
    assert languages["This translation has not been checked yet."] == "en"


HOURS = OpeningRule(byday=("TU", "WE", "TH"), opens_at="10:00", closes_at="13:00", notes="Not in August")
MONTHLY = OpeningRule(freq="monthly", byday=("TU",), nth=2, opens_at="18:30", closes_at="20:00")
DIRECTORY = replace(DEBT, when="", cost="", free=True, opening=(HOURS, MONTHLY))


def test_opening_times_and_free_are_told_in_the_leaflets_own_language(press: Press) -> None:
    english = press.text(an_order(services=(DIRECTORY,)))
    assert "When: Tue to Thu, 10:00 to 13:00. Not in August; 2nd Tue of the month, 18:30 to 20:00\n" in english
    assert "Cost: Free\n" in english
    polish = press.text(an_order(language="pl", services=(DIRECTORY,)))
    assert "Kiedy: wt.–czw., 10:00–13:00. Not in August" in polish
    assert "Koszt: Bezpłatnie\n" in polish


def test_english_opening_times_read_as_in_the_directory(press: Press) -> None:
    ways = ("MO",), ("MO", "WE"), ("MO", "TU", "WE", "FR"), ("MO", "TU", "WE", "TH", "FR", "SA", "SU"), ("SA", "SU")
    rules = [OpeningRule(byday=days, opens_at="09:00", closes_at="17:30") for days in ways]
    rules += [OpeningRule(byday=("MO",)), OpeningRule(byday=("MO",), opens_at="00:00", closes_at="00:00")]
    rules += [OpeningRule(freq="monthly", byday=("FR",), nth=nth, opens_at="09:00", closes_at="10:00") for nth in (1, 3, -1, -2)]
    rules += [OpeningRule(byday=("MO",), interval=2, opens_at="09:00", closes_at="10:00"), OpeningRule(notes="Ring the bell")]
    for rule in rules:
        (line,) = opening_words([rule])
        assert f"When: {line}\n" in press.text(an_order(services=(replace(DIRECTORY, opening=(rule,)),)))


def test_what_a_service_says_only_in_english_is_marked_and_said_to_be_english(printed: Print) -> None:
    rendered = printed(an_order(language="pl", services=(DIRECTORY,)))
    assert "Opisy tych miejsc są po angielsku." in rendered.text
    spoken = {flat(part.text): part for part in read_tags(rendered.pdf).parts}
    hours = next(part for text, part in spoken.items() if text.startswith("wt."))
    assert hours.spans == [("en", "Not in August")]
    assert flat(hours.text).endswith("Not in August; drugi wtorek miesiąca, 18:30–20:00")
    assert spoken["Bezpłatnie"].lang == "pl"
    assert spoken["Bezpłatnie"].spans == []


def test_a_leaflet_in_the_language_of_its_services_says_nothing_about_language(press: Press) -> None:
    assert "is in English" not in press.text(an_order(services=(DIRECTORY,)))


def test_headings_are_tagged_as_headings(press: Press) -> None:
    tagged = read_tags(press.render(an_order()).pdf)
    headings = [(part.tags[-1], flat(part.text)) for part in tagged.parts if part.tags[-1].startswith("H")]
    assert headings[0] == ("H1", "Worry and anxiety")
    assert ("H2", "If you need help now") in headings
    assert ("H3", "Northside money advice") in headings


def test_bookmarks_lead_to_every_heading(press: Press) -> None:
    rendered = press.render(an_order())
    document = pypdfium2.PdfDocument(rendered.pdf)
    titles = [(bookmark.level, bookmark.get_title()) for bookmark in document.get_toc()]
    document.close()
    tagged = read_tags(rendered.pdf)
    headings = [(int(p.tags[-1][1]) - 1, flat(p.text)) for p in tagged.parts if p.tags[-1] in ("H1", "H2", "H3")]
    assert titles == headings


def test_a_character_no_face_has_is_an_error_that_names_it(press: Press) -> None:
    step = replace(STEP, words="Meet at the 門 by the hall.")
    with pytest.raises(MissingGlyphError, match=r"門.*U\+9580 CJK UNIFIED IDEOGRAPH-9580"):
        press.render(an_order(step=step))


def test_an_unknown_style_language_or_topic_is_named(press: Press) -> None:
    for order, name in ((an_order(style="braille"), "braille"), (an_order(language="gu"), "gu"), (an_order("moon"), "moon")):
        with pytest.raises(OrderError, match=name):
            press.render(order)


@pytest.mark.parametrize(("style", "sheet"), [*((style, "a4") for style in _STYLES), ("large-18", "a5"), ("clear-14", "booklet")])
def test_nothing_is_drawn_over_the_margins(press: Press, style: str, sheet: str) -> None:
    long = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
    step = replace(STEP, contact=long, words=f"Meet at {long}.", telephone="0161 496 0777 or 0161 496 0778 extension 12345")
    service = replace(DEBT, name=long, where=long, telephone="+44 (0) 161 496 0123 4567 8901 2345 6789")
    rendered = press.render(replace(an_order(style=style, services=(service,), step=step), sheet=sheet))
    look = press.styles[style].on(press.sheets[sheet], press.palettes["white"])
    document = pypdfium2.PdfDocument(rendered.pdf)
    for page in document:
        words = page.get_textpage()
        boxes = [words.get_charbox(i) for i in range(words.count_chars())]
        for left, _, right, _ in (box for box in boxes if box[2] > box[0]):
            fold = left // look.page[0] * look.page[0]
            assert left >= fold + look.side - 0.5
            assert right <= fold + look.page[0] - look.side + 0.5
    document.close()
    assert read_tags(rendered.pdf).text.count(long) == 4
