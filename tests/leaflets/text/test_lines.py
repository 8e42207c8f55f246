"""Lines never run over, lose nothing, and keep numbers whole while they fit."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ewb_desktop.leaflets.errors import MissingGlyphError
from ewb_desktop.leaflets.press import Press
from ewb_desktop.leaflets.text.lines import Line, fill
from ewb_desktop.leaflets.text.pieces import cut
from ewb_desktop.leaflets.text.spans import Span, keep_numbers_whole

SIZE = 14.0


def _lines(press: Press, text: str, width: float) -> list[Line]:
    style = press.styles["clear-14"]
    return fill(cut((Span(text),), style.regular, style.bold, "en", 0), width, SIZE, "en", from_right=False)


def _words(line: Line) -> str:
    return "".join(piece.text for run in line.runs for piece in run.pieces)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(alphabet="abcW ijl-/0123456789żłą,.\u00a0", max_size=120), width=st.floats(30, 300))
def test_no_line_is_wider_than_its_width_and_no_letter_is_lost(press: Press, text: str, width: float) -> None:
    lines = _lines(press, text, width)
    assert all(line.width <= width + 0.01 for line in lines)
    assert "".join("".join(_words(line) for line in lines).split()) == "".join(text.split())


def test_a_word_of_forty_letters_is_broken_and_not_run_over(press: Press) -> None:
    lines = _lines(press, "W" * 40, 100)
    assert len(lines) > 1
    assert all(line.width <= 100 for line in lines)


def test_a_number_that_fits_on_a_line_is_never_broken(press: Press) -> None:
    number = keep_numbers_whole("0161 496 0123")
    for width in range(110, 300, 7):
        assert any(number in _words(line) for line in _lines(press, f"Ring us soon on {number} or come in", width))


def test_a_number_wider_than_its_cell_breaks_between_its_groups(press: Press) -> None:
    lines = _lines(press, keep_numbers_whole("0161 496 0123"), 45)
    assert [_words(line).strip("\u00a0") for line in lines] == ["0161", "496", "0123"]


@pytest.mark.parametrize(
    "number", ["0161-496-0123", "0161\u2013496\u20130123", "0161/496/0123", "(0161) 496-0123", "0161 - 496 - 0123"]
)
def test_no_line_begins_inside_a_number_whatever_joins_its_groups(press: Press, number: str) -> None:
    for width in range(120, 320, 5):
        lines = [_words(line).replace("\u00a0", " ") for line in _lines(press, f"Ring us soon on {number} or come in", width)]
        assert any(number in line for line in lines), (width, lines)


def test_a_number_with_dashes_wider_than_its_cell_breaks_before_them(press: Press) -> None:
    assert [_words(line) for line in _lines(press, "0161-496-0123", 45)] == ["0161", "-496", "-0123"]


def test_an_address_wider_than_its_cell_breaks_before_its_signs_and_not_inside_a_word(press: Press) -> None:
    style = press.styles["clear-14"]
    span = Span("www.nhs.uk/mental-health/behaviours.and-feelings", link="https://www.nhs.uk/")
    lines = [_words(line) for line in fill(cut((span,), style.regular, style.bold, "en", 0), 110, SIZE, "en", from_right=False)]
    assert lines == ["www.nhs.uk/", "mental-health/", "behaviours.and", "-feelings"]


def test_every_line_but_the_last_keeps_its_space_so_that_copied_words_stay_apart(press: Press) -> None:
    lines = _lines(press, "one two three four five six seven eight", 80)
    assert all(_words(line).endswith(" ") for line in lines[:-1])


def test_numbers_and_postcodes_get_no_break_spaces() -> None:
    assert keep_numbers_whole("Ring 116 123 or +44 161 496 0123, M33 7XX, at 10 to 1") == (
        "Ring 116\u00a0123 or +44\u00a0161\u00a0496\u00a00123, M33\u00a07XX, at 10 to 1"
    )


def test_every_glyph_has_its_own_text(press: Press) -> None:
    face = press.styles["clear-14"].regular.faces[0]
    text = "fi ffi Żółć gęś, Tŷ dŵr"
    assert "".join(glyph.text for glyph in face.shape(text, False, "pl").glyphs) == text


def test_a_missing_character_is_named(press: Press) -> None:
    with pytest.raises(MissingGlyphError, match=r"U\+05D0 HEBREW LETTER ALEF"):
        press.styles["clear-14"].regular.faces[0].shape("א", True, "he")


def test_the_letters_of_a_broken_arabic_word_still_join(press: Press) -> None:
    style, word = press.styles["clear-14"], "فأسقيناكموها" * 5
    lines = fill(cut((Span(word),), style.regular, style.bold, "ar", 1), 120, SIZE, "ar", from_right=True)
    assert len(lines) > 1
    assert [len(run.pieces) for line in lines for run in line.runs] == [1] * len(lines)
    assert "".join(map(_words, lines)) == word
    alone = style.regular.face_for("ق", "ar").shape("ق", right_to_left=True, lang="ar").glyphs
    drawn = [piece for line in lines for run in line.runs for piece in run.pieces]
    assert alone[0].parts not in [glyph.parts for piece in drawn for glyph in piece.glyphs]


def test_words_of_one_kind_are_drawn_at_once_and_the_space_at_the_end_by_itself(press: Press) -> None:
    style = press.styles["clear-14"]
    spans = (Span("Ring us "), Span("soon", bold=True), Span(" or come in when you like"))
    first = fill(cut(spans, style.regular, style.bold, "en", 0), 150, SIZE, "en", from_right=False)[0]
    drawn = ["".join(piece.text for piece in run.pieces) for run in first.runs]
    assert drawn == ["Ring us ", "soon", " or come", " "]
    assert [run.x for run in first.runs] == sorted(run.x for run in first.runs)


def test_words_from_the_right_are_drawn_one_by_one(press: Press) -> None:
    style, words = press.styles["clear-14"], (Span("كل إنسان. – يقلق"),)
    (line,) = fill(cut(words, style.regular, style.bold, "ar", 1), 300, SIZE, "ar", from_right=True)
    assert all(len(run.pieces) == 1 for run in line.runs)
    assert [run.x for run in line.runs] == sorted((run.x for run in line.runs), reverse=True)
