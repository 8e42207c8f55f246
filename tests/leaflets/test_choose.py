"""Topics by need, and format and language by what the person asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ewb_desktop.leaflets.choose import Choice, choose_format, suited_topics
from ewb_desktop.leaflets.press import Press


def _choose(press: Press, *formats: str, topic: str = "worry-and-anxiety", language: str = "en") -> Choice:
    return choose_format(press, topic, formats, language)


def test_topics_that_share_most_needs_come_first(press: Press) -> None:
    cards = suited_topics(press.catalogue, ("low_mood_worry_stress", "getting_active"))
    assert [card.id for card in cards] == [
        "low-mood", "getting-active", "panic", "sleep", "staying-well-plan", "stress", "worry-and-anxiety",
    ]  # fmt: skip


def test_no_need_suits_no_topic(press: Press) -> None:
    assert suited_topics(press.catalogue, ()) == ()


def test_with_no_wish_it_is_clear_print_in_english(press: Press) -> None:
    assert _choose(press) == Choice("clear-14", "en", ())


@pytest.mark.parametrize("wish", ["large_print", "large-print", "large-print-18", "large-print-16", "large_print_18pt"])
def test_large_print_is_eighteen_points(press: Press, wish: str) -> None:
    assert _choose(press, wish) == Choice("large-18", "en", ())


def test_a_size_that_is_not_there_is_said(press: Press) -> None:
    choice = _choose(press, "large-print-28")
    assert choice.style == "large-24"
    assert choice.warnings == ("They asked for 28 point print. The largest here is 24 point.",)


@pytest.mark.parametrize(("wish", "style"), [("large_print_20", "large-20"), ("large_print_24", "large-24")])
def test_a_larger_print_that_was_asked_for_is_chosen(press: Press, wish: str, style: str) -> None:
    assert _choose(press, wish) == Choice(style, "en", ())


def test_opendyslexic_is_chosen_for_those_who_ask_for_it_by_name(press: Press) -> None:
    assert _choose(press, "opendyslexic").style == "opendyslexic-14"


def test_letters_for_people_with_dyslexia_are_chosen_when_they_were_asked_for(press: Press) -> None:
    assert _choose(press, "dyslexia_friendly").style == "dyslexia-14"


@pytest.mark.parametrize(
    ("wish", "name"),
    [
        ("dyslexia_friendly", "Dyslexia-friendly, 14 point"),
        ("opendyslexic", "OpenDyslexic letters, 14 point"),
        ("easy_read", "Easy read, with pictures"),
    ],
)
@pytest.mark.parametrize(("print_wish", "style", "size"), [("large_print", "large-18", 18), ("large-print-24", "large-24", 24)])
def test_large_print_comes_before_letters_and_words_that_are_not_there_in_its_size(
    press: Press, wish: str, name: str, print_wish: str, style: str, size: int
) -> None:
    choice = _choose(press, wish, print_wish, topic="sleep")
    assert choice.style == style
    (warning,) = choice.warnings
    assert warning.startswith(f"They asked for “{name}” as well. It is not there in {size} point print: this is “")
    assert "Look at the other one together too" in warning


def test_of_two_formats_and_large_print_each_that_is_dropped_is_said_with_what_is_printed(press: Press) -> None:
    choice = _choose(press, "easy_read", "dyslexia_friendly", "large_print", topic="sleep")
    assert choice.style == "large-18"
    assert len(choice.warnings) == 2
    assert all("this is “Large print, 18 point”" in warning for warning in choice.warnings)


def test_a_style_with_the_letters_in_large_print_is_chosen_where_there_is_one(press: Press) -> None:
    styles = {**press.styles, "both": replace(press.styles["dyslexia-14"], id="both", size=18.0)}
    both = Press(press.catalogue, styles, press.palettes, press.sheets, press.wordings, press.rules.shipped_pictures)
    assert _choose(both, "dyslexia_friendly", "large_print") == Choice("both", "en", ())
    assert _choose(both, "dyslexia_friendly").style == "dyslexia-14"


def test_of_two_formats_that_exclude_each_other_the_one_that_is_dropped_is_said(press: Press) -> None:
    choice = _choose(press, "easy_read", "dyslexia_friendly", topic="sleep")
    assert choice.style == "easy-16"
    (warning,) = choice.warnings
    assert warning.startswith("They asked for “Dyslexia-friendly, 14 point” as well. It cannot be both: this is “Easy read")


def test_who_asked_for_coloured_paper_gets_colours(press: Press) -> None:
    assert _choose(press, "coloured_paper", "large_print") == Choice("large-18", "en", (), "cream")


@pytest.mark.parametrize("wish", ["braille_grade_1", "audio", "bsl_video"])
def test_a_format_that_cannot_be_met_is_said(press: Press, wish: str) -> None:
    assert wish.replace("_", " ") in _choose(press, wish).warnings[0]


@pytest.mark.parametrize("wish", ["easy_read", "simple_pictures"])
def test_easy_read_is_chosen_where_it_is_there_and_said_where_it_is_not(press: Press, wish: str) -> None:
    assert _choose(press, wish) == Choice("easy-16", "en", ())
    polish = _choose(press, wish, language="pl")
    assert polish.style == "clear-14"
    assert f"cannot be made in {wish.replace('_', ' ')} here" in polish.warnings[0]


def test_plain_english_is_met_without_a_word(press: Press) -> None:
    assert _choose(press, "plain_english").warnings == ()


def test_an_unchecked_translation_comes_with_a_warning(press: Press) -> None:
    choice = _choose(press, language="pl")
    assert choice.language == "pl"
    assert "has not been checked" in choice.warnings[0]


def test_a_language_that_is_not_there_falls_back_to_english_and_says_so(press: Press) -> None:
    choice = _choose(press, topic="money-worries", language="pl")
    assert choice.language == "en"
    assert "not there in the person's language" in choice.warnings[0]
