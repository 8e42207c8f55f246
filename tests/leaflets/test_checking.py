"""A file is looked at before it is used: every fault with its line and remedy, what could be better, and how it reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from ewb_desktop.leaflets.checking import Around, Check, check_file
from ewb_desktop.leaflets.own import Own, OwnFile
from ewb_desktop.leaflets.pictures import OwnPicture, fit_to_keep
from ewb_desktop.leaflets.press import Press
from tests.support.leaflet_orders import RESOURCES
from tests.support.own_leaflets import GARDEN, png

TODAY = date(2026, 11, 21)


def look(
    press: Press, content: bytes | str, own: Own | None = None, beside: Mapping[str, bytes] | None = None, today: date = TODAY
) -> Check:  # fmt: skip
    around = Around(own or Own(), press.rules, press.shipped, {"getting_active": "Getting active"}, today)
    raw = content.encode() if isinstance(content, str) else content
    return check_file("garden.md", raw, lambda name: (beside or {}).get(name), around)


def test_a_sound_file_has_no_faults_and_takes_no_place(press: Press) -> None:
    check = look(press, GARDEN)
    assert (check.faults, check.hints, check.replaces, check.replaces_ours) == ((), (), (), False)
    assert check.leaflet is not None
    assert check.leaflet.title == "Come to our garden"


def test_the_example_for_authors_is_sound(press: Press) -> None:
    content = (RESOURCES / "examples" / "leaflet.md").read_bytes()
    around = Around(Own(), press.rules, press.shipped, {"getting_active": "", "loneliness_and_connection": ""}, TODAY)
    check = check_file("example.md", content, lambda _name: None, around)
    assert (check.faults, check.hints) == ((), ())
    assert check.reading is not None
    assert check.reading.is_easy


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            GARDEN.encode().replace(b"tea", b"t\xe9a"),
            "garden.md, line 15: the file cannot be read as UTF-8 text. Save it",
        ),
        (GARDEN.encode("utf-16"), "garden.md, line 1: the file cannot be read as UTF-8 text. Save it as UTF-8."),
        (b"PK\x03\x04rest", "garden.md, line 1: this is a Word or other office file. Save the words as plain text"),
        (b"%PDF-1.7", "garden.md, line 1: this is a PDF file. Save the words as plain text"),
        (b"a" * 2_000_000, "garden.md, line 1: the file has 2,000 kB and a leaflet has 60 kB at most. Make several"),
        (b"+++\nid = \0", "garden.md, line 2: the file is not plain text. Save it as plain text (UTF-8)."),
        (b"", "garden.md, line 1: the file does not begin with a head between two lines of +++."),
    ],
    ids=["latin", "utf-16", "word", "pdf", "2 MB", "nought", "empty"],
)
def test_what_is_no_leaflet_is_told_in_one_sentence(press: Press, content: bytes, said: str) -> None:
    (fault,) = look(press, content).faults
    assert str(fault).startswith(said)


def test_every_fault_is_told_at_once_in_the_order_of_lines(press: Press) -> None:
    broken = GARDEN.replace('version = "1"\n', "").replace("We dig", "> We dig").replace("- Tuesday", "![](x.gif)\n\n- Tuesday")
    assert [fault.line for fault in look(press, broken).faults] == [1, 14, 16, 16]


def test_windows_line_ends_and_a_mark_at_the_beginning_change_nothing(press: Press) -> None:
    check = look(press, b"\xef\xbb\xbf" + GARDEN.replace("\n", "\r\n").encode())
    assert check.source == GARDEN
    assert check.leaflet is not None


def test_a_file_that_takes_the_place_of_others_says_so(press: Press) -> None:
    own = Own((OwnFile("7", "garden.md", GARDEN), OwnFile("8", "other.md", GARDEN.replace("our-garden", "our-choir"))))
    assert look(press, GARDEN, own).replaces == ("7",)
    assert look(press, GARDEN.replace("our-garden", "sleep")).replaces_ours


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('["getting_active"]', '["digging"]', "garden.md, line 9: “digging” is not in the list of needs"),
        ("review = 2027-11-21", "review = 2026-11-21\n", "garden.md, line 7: the review day has passed."),
        ("sources", 'format = "easy"\nsources', "garden.md, line 8: there is no leaflet in running text with this id"),
    ],
)
def test_what_could_be_better_stops_nothing(press: Press, before: str, after: str, said: str) -> None:
    check = look(press, GARDEN.replace("date = 2026-11-21", "date = 2026-11-01").replace(before, after))
    assert [str(hint)[: len(said)] for hint in check.hints] == [said]
    assert check.leaflet is not None


def test_a_space_after_the_first_line_of_the_head_changes_nothing(press: Press) -> None:
    check = look(press, GARDEN.replace("+++\n", "+++ \n", 1))
    assert (check.faults, check.leaflet is not None) == ((), True)


def test_two_titles_that_differ_are_told_and_stop_nothing(press: Press) -> None:
    check = look(press, GARDEN.replace("# Come to our garden", "# Come and dig"))
    assert check.faults == ()
    assert [str(hint).split(":")[0] for hint in check.hints] == ["garden.md, line 3"]
    assert "the title in the head is not the one over the words" in str(check.hints[0])


def test_a_new_version_should_have_a_new_number(press: Press) -> None:
    own = Own((OwnFile("7", "garden.md", GARDEN),))
    assert "the version is “1”, as that of the one before it" in str(look(press, GARDEN, own).hints[0])
    assert look(press, GARDEN.replace('version = "1"', 'version = "2"'), own).hints == ()


def test_pictures_beside_the_file_come_with_their_words_and_the_heads_credit(press: Press) -> None:
    source = GARDEN.replace("We dig and water.", "![A hill](hill.png)\n\n")
    (picture,) = look(press, source, beside={"hill.png": png()}).pictures
    assert (picture.name, picture.description) == ("hill.png", "A hill")
    assert picture.credit.startswith("Photographs: Northside Garden Club")


def test_a_picture_that_is_here_already_does_not_come_again(press: Press) -> None:
    source = GARDEN.replace("We dig and water.", "![A hill](hill.png)\n\n")
    own = Own(pictures=(OwnPicture("hill.png", fit_to_keep("hill.png", png()), "A hill"),))
    assert look(press, source, own, {"hill.png": png()}).pictures == ()


def test_new_pictures_need_a_credit(press: Press) -> None:
    source = "\n".join(line for line in GARDEN.split("\n") if not line.startswith("credit"))
    source = source.replace("We dig and water.", "![A hill](hill.png)\n\n")
    (fault,) = look(press, source, beside={"hill.png": png()}).faults
    assert "the head needs “credit”: who made the pictures beside the file, and who allows them." in str(fault)


def test_a_file_beside_that_is_no_picture_is_named_with_the_line_that_asks_for_it(press: Press) -> None:
    source = GARDEN.replace("We dig and water.", "![A hill](hill.png)\n\n")
    (fault,) = look(press, source, beside={"hill.png": b"no picture"}).faults
    assert str(fault).startswith("garden.md, line 15: “hill.png” is not a PNG or JPEG picture, whatever its name says.")


def test_how_it_reads_is_told_with_the_line_of_each_thing(press: Press) -> None:
    body = "We provide comprehensive information.\n\nThis one is **rather\nlonger** than the one that comes before it here.\n"
    reading = look(press, GARDEN + "\n" + body).reading
    assert reading is not None
    start = GARDEN.count("\n") + 2
    assert (reading.longest_words, reading.longest_line) == (13, start + 2)
    assert {word.word: word.line for word in reading.hard}["information"] == start


def test_another_language_has_no_reading_age_but_a_longest_sentence(press: Press) -> None:
    source = GARDEN.replace('lang = "en"', 'lang = "pl"\ntranslator = "Ola Nowak"\nchecked = true')
    source = source.replace("We dig and water.", "Kopiemy i podlewamy rośliny w każdy wtorek po południu.")
    reading = look(press, source).reading
    assert reading is not None
    assert (reading.age, reading.longest_words, reading.hard) == (None, 9, ())
