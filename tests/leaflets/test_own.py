"""The organisation's own leaflets stand in for those that came with the program; a broken one never stops the rest."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import page as page_validation
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ewb_desktop.leaflets.catalogue import read_source
from ewb_desktop.leaflets.errors import Fault, SourceError
from ewb_desktop.leaflets.order import Rendered
from ewb_desktop.leaflets.own import Own, OwnFile, read_file
from ewb_desktop.leaflets.pictures import SHIPPED_CREDIT, NamedPictures, OwnPicture, fit_to_keep
from ewb_desktop.leaflets.press import Press
from ewb_desktop.leaflets.preview import page_images
from tests.support.leaflet_kit.kit import expected
from tests.support.leaflet_kit.kit import faults as kit_faults
from tests.support.leaflet_orders import an_order
from tests.support.own_leaflets import GARDEN, png

SLEEP = GARDEN.replace('"our-garden"', '"sleep"')
LOGO = OwnPicture("logo.png", png((300, 100), "navy"), "Northside, our service")


def files(*sources: str) -> tuple[OwnFile, ...]:
    return tuple(OwnFile(str(number), f"{number}.md", source) for number, source in enumerate(sources, start=1))


def faults(press: Press, source: str, *pictures: OwnPicture) -> list[str]:
    (read,) = press.with_own(Own(files(source), pictures)).own
    return [str(fault) for fault in read.faults]


def text_of(rendered: Rendered) -> str:
    return " ".join(rendered.text.split())


def test_a_leaflet_of_our_own_stands_beside_the_others(press: Press) -> None:
    ours = press.with_own(Own(files(GARDEN)))
    assert "We drink tea at three." in text_of(ours.render(an_order("our-garden")))
    assert {card.id for card in ours.catalogue.topics()} == {card.id for card in press.catalogue.topics()} | {"our-garden"}


def test_a_leaflet_of_our_own_takes_the_place_of_the_one_with_its_id(press: Press) -> None:
    ours = press.with_own(Own(files(SLEEP)))
    assert ours.catalogue.leaflet("sleep", "en").title == "Come to our garden"
    assert press.catalogue.leaflet("sleep", "en").title == "Sleeping better"


def test_a_list_that_goes_on_after_a_paragraph_goes_on_counting_in_every_form(press: Press) -> None:
    order = an_order("our-garden", services=(), step=None)
    ours = press.with_own(Own(files(GARDEN + "\n1. Dig\n\nRest.\n\n2. Sow\n3. Wait\n")))
    rendered = ours.render(order)
    assert "1. Dig Rest. 2. Sow 3. Wait" in text_of(rendered)
    assert '<ol start="2"><li>Sow' in ours.html(order)
    assert kit_faults(rendered, expected(ours, order)) == []


def test_twelve_columns_of_a_table_can_be_printed(press: Press) -> None:
    table = f"\n{'| B ' * 12}|\n{'|-' * 12}|\n{'| B ' * 12}|\n"
    assert press.with_own(Own(files(GARDEN + table))).render(an_order("our-garden")).pages


@pytest.mark.parametrize(("sign", "named"), [("\x07", "U+0007"), ("\ufff9", "U+FFF9"), ("\x9f", "U+009F")])
def test_a_sign_that_nobody_sees_and_no_face_prints_is_told_with_its_line(press: Press, sign: str, named: str) -> None:
    (fault,) = faults(press, GARDEN.replace("We dig", f"We{sign} dig"))
    assert fault.startswith(f"1.md, line 15: A sign that is not seen ({named}")


@pytest.mark.parametrize("sign", ["\t", "\u2028", "\u200d", "\u00ad", "\u200f", "\u3000"])
def test_what_passes_the_check_is_printed(press: Press, sign: str) -> None:
    ours = press.with_own(Own(files(GARDEN.replace("We dig", f"We{sign}dig"))))
    assert ours.catalogue.faults == press.catalogue.faults
    assert ours.render(an_order("our-garden")).pages


def test_the_later_of_two_is_printed(press: Press) -> None:
    ours = press.with_own(Own(files(GARDEN, GARDEN.replace("We dig", "They dig"))))
    assert [read.is_printed for read in ours.own] == [False, True]
    assert "They dig" in text_of(ours.render(an_order("our-garden")))


def test_a_broken_one_is_named_and_all_others_are_printed(press: Press) -> None:
    broken = GARDEN.replace("We dig", "> We dig")
    ours = press.with_own(Own(files(SLEEP.replace('"en"', "en"), broken, GARDEN)))
    assert [str(fault) for fault in ours.catalogue.faults] == [
        '1.md, line 4: the head is not written as TOML (name = "words").',
        "2.md, line 15: a quotation cannot stand in a leaflet. Take it out.",
    ]
    assert ours.catalogue.leaflet("sleep", "en").title == "Sleeping better"
    assert ours.render(an_order("our-garden")).pages >= 1


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('"our-garden"', '"crisis"', "line 2: the id “crisis” belongs to the crisis numbers"),
        ('lang = "en"', 'lang = "tlh"', "line 4: the program has no crisis words and dates in “tlh”, so it cannot print it."),
        ("tea", "tea \N{SNOWMAN}", "line 15: “☃” (U+2603 SNOWMAN) cannot be printed. Take it out, or write it in words."),
        ('"Come to our garden"', '"Come \N{SNOWMAN}"', "line 3: “☃” (U+2603 SNOWMAN) cannot be printed."),
        ("We dig", "![](sun.png)", "line 15: the picture has no description. Write it between the square brackets."),
        (
            "We dig",
            "![A hill](hill.png)",
            "line 15: there is no picture “hill.png” among our pictures",
        ),
        ("We dig", "![A hill](hill.svg)", "line 15: “hill.svg” is not a PNG or JPEG picture. Save it as PNG and choose that."),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_what_to_do(press: Press, before: str, after: str, said: str) -> None:
    assert any(fault.startswith(f"1.md, {said}") for fault in faults(press, GARDEN.replace(before, after, 1)))


@pytest.mark.parametrize(
    "address",
    ["../secret.png", "..%2Fsecret.png", "/etc/secret.png", "C:\\secret.png", "..\\secret.png", "https://example.org/a.png",
     "a%00b.png", "../pictures/sun.png", ".."],
)  # fmt: skip
def test_a_picture_is_named_by_its_bare_name_and_never_by_a_place(press: Press, address: str) -> None:
    (fault,) = faults(press, GARDEN.replace("We dig and water.", f"![A hill](<{address}>)\n\n"))
    assert "Write only the picture's name, for example “garden.png”." in fault


def test_a_picture_that_came_damaged_is_named(press: Press) -> None:
    source = GARDEN.replace("We dig and water.", "![A hill](hill.png)\n\n")
    (fault,) = faults(press, source, OwnPicture("hill.png", b""))
    assert "“hill.png” is not a picture that can be read. Add it again" in fault


def test_pictures_of_our_own_are_printed_with_their_words_and_credits(press: Press) -> None:
    source = GARDEN.replace("We dig and water.", "![A hill](Hill.png)\n\n![The sun](sun.png)\n\n")
    hill = OwnPicture("hill.png", png(), "A hill", "Ivy Green")
    rendered = press.with_own(Own(files(source), (hill,))).render(an_order("our-garden"))
    text = text_of(rendered)
    assert "Picture: A hill" in text
    assert "Photographs: Northside Garden Club, who allow us to print them; Ivy Green; " + SHIPPED_CREDIT in text
    assert alt_texts(rendered) >= {"A hill", "The sun"}


@pytest.mark.parametrize(("style", "palette"), [("clear-14", "white"), ("easy-16", "dark")])
def test_the_logo_stands_at_the_head_of_every_leaflet_with_its_words(press: Press, style: str, palette: str) -> None:
    ours = press.with_own(Own(logo=LOGO))
    rendered = ours.render(replace(an_order("sleep", style=style), palette=palette))
    assert rendered.text.startswith("Picture: Northside, our service")
    assert "Northside, our service" in alt_texts(rendered)


def test_a_discreet_leaflet_has_no_logo(press: Press) -> None:
    rendered = press.with_own(Own(logo=LOGO)).render(an_order("sleep", discreet=True))
    assert "Northside, our service" not in rendered.text
    assert "Northside, our service" not in alt_texts(rendered)


def test_the_logo_is_no_higher_in_an_e_mail_than_four_lines(press: Press) -> None:
    html = press.with_own(Own(logo=LOGO)).html(an_order("sleep"))
    assert '<img class="logo" src="data:image/png;base64,' in html
    assert ".logo { max-height: 4em }" in html


def test_a_logo_that_came_damaged_is_left_out(press: Press) -> None:
    assert press.with_own(Own(logo=OwnPicture("logo.png", b"no", "Northside"))).logo is None


def test_a_leaflet_with_our_own_pictures_and_logo_is_conformant(press: Press) -> None:
    source = GARDEN.replace("We dig and water.", "![A hill](hill.png)\n\n")
    ours = press.with_own(Own(files(source), (OwnPicture("hill.png", png(), "A hill"),), LOGO))
    report = page_validation.validate_pdf_bytes(ours.render(an_order("our-garden")).pdf)
    assert [failure.message for failure in report.failures] == []


def test_a_photograph_stays_as_small_in_the_file_as_it_was_kept(press: Press) -> None:
    noise = Image.effect_noise((900, 600), 90).convert("RGB")
    made = BytesIO()
    noise.save(made, "JPEG", quality=95)
    photograph = OwnPicture("hill.jpg", fit_to_keep("hill.jpg", made.getvalue()), "A hill")
    source = GARDEN.replace("We dig and water.", "![A hill](hill.jpg)\n\n")
    pdf = press.with_own(Own(files(source), (photograph,))).render(an_order("our-garden")).pdf
    plain = press.with_own(Own(files(GARDEN))).render(an_order("our-garden")).pdf
    assert len(pdf) - len(plain) < len(photograph.content) + 3_000
    assert [failure.message for failure in page_validation.validate_pdf_bytes(pdf).failures] == []
    seen = page_images(pdf, 200)[0]
    drawn = Image.frombytes("RGBA", (seen.width, seen.height), seen.rgba).convert("L")
    dots = drawn.crop((40, 80, 160, 120)).tobytes()
    assert min(dots) < 110
    assert max(dots) > 140


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["", "+++\n", GARDEN[:-60], GARDEN]))
def test_no_text_whatever_stops_the_reading(typed: str, beginning: str) -> None:
    assert all(fault.line >= 1 and fault.words for fault in read_faults(beginning + typed))


def read_faults(text: str) -> tuple[Fault, ...]:
    try:
        assert read_source(text, Path("own.md"), NamedPictures((), Path("/nowhere"))).blocks
    except SourceError as error:
        return error.faults
    return ()


def test_a_thousand_brackets_stop_nothing(press: Press) -> None:
    for deep in ("[" * 5000, "> " * 2000, "- " * 2000, "**" * 3000):
        ours = press.with_own(Own(files(GARDEN + deep, GARDEN)))
        assert ours.own[-1].leaflet is not None


def alt_texts(rendered: Rendered) -> set[str]:
    with pikepdf.open(BytesIO(rendered.pdf)) as pdf:
        return {str(each.Alt) for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/Alt" in each}


def test_reading_one_file_needs_nothing_but_its_text_and_its_pictures(press: Press) -> None:
    leaflet = read_file(OwnFile("1", "own.md", GARDEN), NamedPictures((), press.rules.shipped_pictures), press.rules)
    assert (leaflet.id, leaflet.title, leaflet.checked) == ("our-garden", "Come to our garden", True)
