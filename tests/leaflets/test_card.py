"""The card for the wallet: the numbers on its front, the next step on its back, and once only for those who hear it."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import page as page_validation
import pypdfium2
import pytest

from ewb_desktop.domain.lists import crisis_contacts, parse_list
from ewb_desktop.leaflets.blocks import Grid
from ewb_desktop.leaflets.catalogue import CARD
from ewb_desktop.leaflets.errors import OrderError
from ewb_desktop.leaflets.order import LeafletOrder, Rendered
from ewb_desktop.leaflets.press import Press
from ewb_desktop.leaflets.text.spans import plain
from tests.support.leaflet_orders import RESOURCES, SERVICE, STEP, an_order
from tests.support.tags import flat, read_tags

LISTED = crisis_contacts(parse_list("crisis", tomllib.loads((RESOURCES / "lists" / "crisis.toml").read_text(encoding="utf-8"))))
NUMBERS = ("999", "111", "116 123", "85258", "0161 496 0777")


def _order(language: str = "en") -> LeafletOrder:
    return replace(an_order("crisis", language, "wallet-12", crisis=LISTED), sheet="cards")


def _copied(rendered: Rendered) -> str:
    document = pypdfium2.PdfDocument(rendered.pdf)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return flat(text)


@pytest.mark.parametrize("language", ["en", "pl"])
def test_a_card_has_no_fault_and_is_heard_once(press: Press, language: str) -> None:
    rendered = press.render(_order(language))
    assert [failure.message for failure in page_validation.validate_pdf_bytes(rendered.pdf).failures] == []
    tagged = read_tags(rendered.pdf)
    assert (tagged.untagged, tagged.lost) == ("", [])
    assert tagged.text.replace(":", "") == flat(rendered.text).replace(":", "")
    assert all(tagged.text.count(number) == 1 for number in ("116 123", "85258", "0161 496 0777"))


def test_four_equal_cards_lie_on_a_sheet_each_with_every_number(press: Press) -> None:
    copied = _copied(press.render(_order()))
    assert all(copied.count(number) == 4 for number in NUMBERS)
    assert copied.count(SERVICE) == 4


def test_the_front_has_the_numbers_and_the_back_the_next_step(press: Press) -> None:
    text = press.text(_order())
    lines = [line for line in text.splitlines() if line]
    assert lines[:5] == [
        "If you need help now",
        "Call 999 or go to A&E",
        "Call 111 and choose option 2 (mental health)",
        "Samaritans: Call 116 123, free",
        "Shout: Text SHOUT to 85258",
    ]
    assert lines[5:] == [SERVICE, "Ask for: Amira Hassan", "When: 24 November 2026", "Telephone: 0161 496 0777",
                         "We checked these numbers on 21 November 2026."]  # fmt: skip


def test_the_services_own_number_stands_where_the_next_step_has_none(press: Press) -> None:
    text = press.text(replace(_order(), next_step=None))
    assert "Telephone: 0161 496 0700" in text
    assert "Ask for" not in text


@pytest.mark.parametrize("language", ["en", "pl"])
def test_the_back_of_a_card_is_never_left_nearly_empty(press: Press, language: str) -> None:
    rendered = press.render(replace(_order(language), next_step=None, service_name="", service_telephone=""))
    assert ("You will not be wasting anyone's time." if language == "en" else "Nikomu nie zabierasz czasu.") in rendered.text
    assert rendered.pages == 2


def test_an_unchecked_card_says_so_in_both_languages(press: Press) -> None:
    text = press.text(_order("pl"))
    assert "To tłumaczenie nie zostało jeszcze sprawdzone." in text
    assert "This translation has not been checked yet." in text


def test_the_file_of_a_discreet_card_does_not_say_what_it_is(press: Press) -> None:
    assert press.render(_order()).title == "Help in a crisis"
    assert press.render(replace(_order(), discreet_cover=True)).title == "Information for you"


def test_nothing_on_a_card_is_drawn_over_its_cut(press: Press) -> None:
    long = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
    rendered = press.render(replace(_order(), next_step=replace(STEP, contact=long), service_name=long))
    sheet = press.sheets["cards"]
    edge, _ = sheet.corner(sheet.slots()[0])
    cuts = [edge + column * sheet.page[0] for column in range(3)]
    document = pypdfium2.PdfDocument(rendered.pdf)
    words = document[0].get_textpage()
    for each in range(words.count_chars()):
        left, _, right, _ = words.get_charbox(each)
        assert not any(left < cut - 0.5 < right - 1 for cut in cuts)
    document.close()


def test_more_than_a_sheet_holds_is_refused_and_not_cut_off(press: Press) -> None:
    with pytest.raises(OrderError, match="too much on this card"):
        press.render(replace(_order(), next_step=replace(STEP, contact="a very long name " * 200)))


def _plan() -> LeafletOrder:
    return replace(_order(), topic="my-safety-plan", services=())


def test_a_safety_plan_for_the_wallet_has_a_line_to_write_on_for_every_step(press: Press) -> None:
    steps = press.catalogue.leaflet("my-safety-plan", "en", CARD).blocks[1]
    assert isinstance(steps, Grid)
    names = [flat(plain(row[0])) for row in steps.rows]
    lines = [line for line in press.text(_plan()).splitlines() if line]
    start = lines.index("My safety plan")
    assert lines[start + 1 : start + 1 + len(names)] == names
    assert lines[0] == "If you need help now"
    tagged = read_tags(press.render(_plan()).pdf)
    assert [flat(part.text) for part in tagged.parts if part.tags[-1] in ("H1", "H2")] == [
        "If you need help now",
        "My safety plan",
    ]


def test_two_of_them_lie_on_a_sheet_each_with_every_number(press: Press) -> None:
    rendered = press.render(_plan())
    assert rendered.pages == 4
    assert [failure.message for failure in page_validation.validate_pdf_bytes(rendered.pdf).failures] == []
    copied = _copied(rendered)
    assert all(copied.count(number) == 2 for number in NUMBERS)
    assert copied.count("What keeps me going") == 2


def test_a_safety_plan_is_printed_in_clear_print_too(press: Press) -> None:
    assert {"wallet-12", "clear-14", "large-24"} <= {style.id for style in press.styles_for("my-safety-plan", "en")}


def test_only_help_in_a_crisis_and_the_safety_plan_are_made_as_cards(press: Press) -> None:
    assert {card.id for card in press.catalogue.topics() if "wallet-12" in {s.id for s in press.styles_for(card.id, "en")}} == {
        "crisis", "my-safety-plan",
    }  # fmt: skip
    assert "wallet-12" in {style.id for style in press.styles_for("crisis", "en")}
    assert "wallet-12" not in {style.id for style in press.styles_for("sleep", "en")}
    with pytest.raises(OrderError, match="Wallet card"):
        press.render(replace(_order(), topic="sleep"))
