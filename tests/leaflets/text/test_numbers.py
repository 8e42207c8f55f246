"""Telephone numbers are known whatever joins their groups, and no number is ever turned round or torn."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ewb_desktop.leaflets.press import Press
from ewb_desktop.leaflets.text.lines import fill
from ewb_desktop.leaflets.text.numbers import figures_in, numbers_in, set_plainly
from ewb_desktop.leaflets.text.pieces import cut
from ewb_desktop.leaflets.text.spans import Span, numbers_across

NUMBERS = (
    "0161-496-0123", "0161\u2011496\u20110123", "0161\u2013496\u20130123", "0161 \u2013 496 0123", "0161\u2009496\u20090123",
    "0161\u00a0496\u00a00123", "0161.496.0123", "0161/496/0123", "(0161) 496 0123", "(0161)496-0123", "+44 161 496 0123",
    "+44 (0)161 496 0123", "(+44) 161-496-0123", "+447700900123", "116 123", "116-123", "0161-496 0123 ext 12", "0161  496 0123",
    "(0161 496) 0123", "+44(0)161 496 0123", "+44 161 (496) 0123", "0161(496)0123", "0161_496_0123", "0161\u00b7496\u00b70123",
    "0161\u2022496\u20220123", "0161\u2012496\u20120123", "(0)161 496 0123",
)  # fmt: skip
JOINS = st.sampled_from([" ", "\u00a0", "\u2009", "-", "\u2011", "\u2013", " - ", ".", "/", ") ", " ("])
GROUPS = st.lists(st.text(alphabet="0123456789", min_size=2, max_size=5), min_size=2, max_size=4)


def _found(text: str) -> list[str]:
    return [text[start:end] for start, end in numbers_in(text)]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("around", ["Ring {} now.", "\u0647\u0645\u06cc\u06ba {} \u067e\u0631", "({})", "{}"])
def test_a_number_is_found_whole(number: str, around: str) -> None:
    assert _found(around.format(number)) == [number]


def test_numbers_in_a_list_with_bullets_between_them_are_not_one() -> None:
    text = "999 \u2022 111 \u2022 0161 496 0123"
    assert [text[start:end] for start, end in numbers_in(text)] == ["0161 496 0123"]


@pytest.mark.parametrize(
    "words", ["10-13", "10 \u2013 13", "10:00-13:00", "9.00-17.00", "24/7", "In 2026. 50 people", "\u00a312.50", "999"]
)
def test_spans_hours_prices_and_single_figures_are_no_numbers_of_several_groups(words: str) -> None:
    assert _found(words) == []


@pytest.mark.parametrize("number", ["116 123", "0161 496 0123", "(0161) 496 0123", "+44 (0)161 496 0123"])
@pytest.mark.parametrize(
    "note",
    [
        " (24 \u06af\u06be\u0646\u0679\u06d2)",
        " (10:00-13:00)",
        " (10.00-13.00)",
        " (24/7)",
        " (2)",
        "(2)",
        " (24)",
        " (2) 4",
        " (7 days)",
        " (",
    ],
)
def test_what_is_said_in_brackets_behind_a_number_is_none_of_it(number: str, note: str) -> None:
    assert _found(f"Ring {number}{note} now") == [number]


def test_the_number_of_a_point_in_brackets_is_none_of_the_number_behind_it() -> None:
    assert _found("(2) 0161 496 0123") == ["0161 496 0123"]


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789()+ -:./x\u06af\u2013\u00b7", max_size=40))
def test_the_brackets_of_every_number_close_inside_it(text: str) -> None:
    for number in _found(text):
        depth = 0
        for sign in number:
            depth += (sign == "(") - (sign == ")")
            assert 0 <= depth <= 1, number
        assert depth == 0, number
        assert ":" not in number


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    GROUPS, st.lists(JOINS, min_size=3, max_size=3), st.sampled_from(["ur", "ar", "en"]), st.integers(0, 20), st.floats(300, 450)
)
def test_any_number_is_drawn_from_the_left_on_one_line(
    press: Press, groups: list[str], joins: list[str], lang: str, bold: int, width: float
) -> None:
    number = "".join(f"{group}{join}" for group, join in zip(groups, (*joins[: len(groups) - 1], ""), strict=True))
    if "(" in number or ")" in number or sum(map(str.isdigit, number)) < 5:
        number = f"0161-{groups[0]}-000"
    words = {"en": "Ring", "ur": "\u06c1\u0645\u06cc\u06ba", "ar": "\u0627\u062a\u0635\u0644"}[lang]
    text = f"{words} {number} {words}."
    style, right = press.styles["clear-14"], lang != "en"
    at = len(words) + 1 + bold % len(number)
    spans = (Span(text[:at]), Span(text[at:], bold=True))
    lines = fill(cut(spans, style.regular, style.bold, lang, int(right)), width, 14.0, lang, from_right=right)
    seen = []
    for line in lines:
        pieces = [(run.x, piece) for run in line.runs for piece in run.pieces]
        order = sorted(range(len(pieces)), key=lambda i: (pieces[i][0], i))
        seen.append("".join(pieces[i][1].text[:: -1 if pieces[i][1].right_to_left else 1] for i in order))
    assert any(number.replace("\u00a0", " ") in line.replace("\u00a0", " ") for line in seen), seen


def test_a_number_that_is_partly_bold_is_one_stretch() -> None:
    spans = (Span("Ring 0161 "), Span("496 0123", bold=True), Span(" now or 116 123."))
    told = [(number, "".join(span.text for span in stretch)) for number, stretch in numbers_across(spans)]
    assert told == [(False, "Ring "), (True, "0161 496 0123"), (False, " now or 116 123.")]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("(0161) 496 0123", "0161 496 0123"),
        ("(0161)496-0123", "0161 496 0123"),
        ("(0161)-496-0123", "0161 496 0123"),
        ("0161(496)0123", "0161 496 0123"),
        ("(0)161 496 0123", "0161 496 0123"),
        ("+44 (0)161 496 0123", "+44 161 496 0123"),
        ("+44 (0) 161 496 0123", "+44 161 496 0123"),
        ("+44(0161)496.0123", "+44 161 496 0123"),
        ("(+44) 161-496-0123", "+44 161 496 0123"),
        ("(+44)(0)161 496 0123", "+44 161 496 0123"),
        ("0044 (0)161 496 0123", "0044 161 496 0123"),
        ("(0161) 496 0123 ext 12", "0161 496 0123 ext 12"),
        ("0161\u2011496\u20120123", "0161-496-0123"),
        ("0161 \u2014 496_0123", "0161 - 496-0123"),
        ("0161\u00b7496\u20220123", "0161-496-0123"),
        ("0161-496 0123", "0161-496 0123"),
        ("+44 161 496 0123", "+44 161 496 0123"),
        ("0161.496.0123", "0161.496.0123"),
    ],
)
def test_a_number_is_set_plainly(typed: str, told: str) -> None:
    assert set_plainly(typed) == told


@pytest.mark.parametrize("figures", ["£5", "£3.50", "£1,250.50", "10:00-13:00", "9.00-17.00", "0161 496 0123"])
@pytest.mark.parametrize("around", ["\u0641\u06cc\u0633 {} \u06c1\u06d2", "{}"])
def test_prices_hours_and_numbers_are_drawn_the_same_behind_a_word_and_in_a_cell(press: Press, figures: str, around: str) -> None:
    text = around.format(figures)
    assert [text[start:end] for start, end in figures_in(text)] == [figures]
    style = press.styles["clear-14"]
    pieces = cut((Span(text),), style.regular, style.bold, "ur", 1)
    (line,) = fill(pieces, 400.0, 14.0, "ur", from_right=True)
    seen = "".join(piece.text for run in line.runs for piece in run.pieces if not piece.right_to_left)
    assert figures in seen.replace("\u00a0", " ")
