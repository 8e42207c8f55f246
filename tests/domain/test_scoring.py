"""Totals of questionnaires, also from some answers only."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewb_desktop.domain.answers import BadAnswer
from ewb_desktop.domain.questionnaire import Questionnaire
from ewb_desktop.domain.scoring import Score, score
from ewb_desktop.library import Library, open_library

LIBRARY = open_library()


def items(questionnaire: Questionnaire) -> tuple[str, ...]:
    assert questionnaire.rules is not None
    return questionnaire.rules.items


def scored(questionnaire: Questionnaire, values: list[int | None]) -> Score:
    result = score(questionnaire, dict(zip(items(questionnaire), values, strict=True)))
    assert result is not None
    return result


def test_phq_9_all_nearly_every_day_is_27(phq_9: Questionnaire) -> None:
    result = scored(phq_9, [3] * 9)
    assert (result.total, result.maximum, result.prorated) == (27, 27, False)
    assert result.words == "worked out from all 9 answers"


def test_gad_7_all_nearly_every_day_is_21(library: Library) -> None:
    assert scored(library.questionnaire("gad-7"), [3] * 7).total == 21


def test_loneliness_all_often_is_9(library: Library) -> None:
    assert scored(library.questionnaire("loneliness"), [3, 3, 3]).total == 9


def test_eight_ones_and_one_missing_is_nine_worked_out_from_eight_of_nine(phq_9: Questionnaire) -> None:
    result = scored(phq_9, [None, *[1] * 8])
    assert (result.total, result.prorated, result.words) == (9, True, "worked out from 8 of 9 answers")


def test_three_missing_give_no_score(phq_9: Questionnaire) -> None:
    result = scored(phq_9, [None, None, None, *[3] * 6])
    assert result.total is None
    assert result.band is None
    assert result.words == "no score: 6 of 9 answered, and 7 are needed"


def test_a_half_rounds_up(phq_9: Questionnaire) -> None:
    # 4 from 8 answers: 4 x 9 / 8 = 4.5
    assert scored(phq_9, [None, 1, 1, 1, 1, 0, 0, 0, 0]).total == 5


def test_item_9_left_out_is_said_even_where_the_rest_gives_a_total(phq_9: Questionnaire) -> None:
    result = scored(phq_9, [*[1] * 8, None])
    assert result.total == 9
    assert result.safety_item_missing


def test_item_9_answered_nought_is_an_answer(phq_9: Questionnaire) -> None:
    assert not scored(phq_9, [0] * 9).safety_item_missing


def test_one_loneliness_answer_missing_gives_no_total(library: Library) -> None:
    assert scored(library.questionnaire("loneliness"), [3, 3, None]).total is None


def test_the_direct_loneliness_question_stands_alone(library: Library) -> None:
    result = score(library.questionnaire("loneliness"), {"lonely": 1})
    assert result is not None
    assert result.total is None
    assert [(part.value, part.words) for part in result.parts] == [(1, "Often/always")]


def test_loneliness_has_no_label(library: Library) -> None:
    assert scored(library.questionnaire("loneliness"), [3, 3, 3]).band is None


def test_the_difficulty_question_adds_nothing(phq_9: Questionnaire) -> None:
    answers: dict[str, str | int | bool | None] = dict.fromkeys(items(phq_9), 1)
    plain = score(phq_9, answers)
    assert plain is not None
    assert score(phq_9, answers | {"69722-7": 3}) == plain


@pytest.mark.parametrize(
    ("total", "band"),
    [(4, None), (5, "mild"), (9, "mild"), (10, "moderate"), (15, "moderately severe"), (20, "severe"), (27, "severe")],
)
def test_phq_9_bands_begin_where_the_manual_says(phq_9: Questionnaire, total: int, band: str | None) -> None:
    values: list[int | None] = [min(3, max(0, total - 3 * n)) for n in range(9)]
    result = scored(phq_9, values)
    assert (result.total, result.band) == (total, band)


@pytest.mark.parametrize(("name", "caseness", "change"), [("phq-9", 10, 6), ("gad-7", 8, 4)])
def test_caseness_and_reliable_change_are_those_of_talking_therapies(
    library: Library, name: str, caseness: int, change: int
) -> None:
    rules = library.questionnaire(name).rules
    assert rules is not None
    assert (rules.caseness, rules.reliable_change) == (caseness, change)


def test_ons4_is_never_added_up(library: Library) -> None:
    result = score(library.questionnaire("ons4"), {"satisfied": 8, "worthwhile": 4, "happy": 9, "anxious": 6})
    assert result is not None
    assert result.total is None
    assert [(part.value, part.band) for part in result.parts] == [(8, "high"), (4, "low"), (9, "very high"), (6, "high")]


def test_one_ons4_answer_stands_by_itself(library: Library) -> None:
    result = score(library.questionnaire("ons4"), {"happy": 5})
    assert result is not None
    assert [part.value for part in result.parts] == [None, None, 5, None]
    assert result.n_answered == 1


def test_a_conversation_has_no_score(library: Library) -> None:
    assert score(library.questionnaire("first-conversation"), {"matters": "my allotment"}) is None


def test_a_value_that_is_no_choice_is_told_and_not_counted(phq_9: Questionnaire) -> None:
    with pytest.raises(BadAnswer):
        scored(phq_9, [4, *[0] * 8])


summed = st.sampled_from(["phq-9", "gad-7"])
answers = st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=9, max_size=9)


@given(name=summed, values=answers)
def test_a_total_stays_in_range_and_follows_the_missing_rule(name: str, values: list[int | None]) -> None:
    questionnaire = LIBRARY.questionnaire(name)
    values = values[: len(items(questionnaire))]
    result = scored(questionnaire, values)
    missing = values.count(None)
    assert (result.total is None) == (missing > 2)
    assert result.n_answered == len(values) - missing
    assert result.prorated == (0 < missing <= 2)
    if result.total is not None:
        assert result.maximum is not None
        assert 0 <= result.total <= result.maximum
        exact = Fraction(sum(value for value in values if value is not None) * len(values), len(values) - missing)
        assert Fraction(-1, 2) < result.total - exact <= Fraction(1, 2)


@given(values=answers, place=st.integers(0, 8))
def test_a_worse_answer_never_lowers_the_total(values: list[int | None], place: int) -> None:
    questionnaire = LIBRARY.questionnaire("phq-9")
    before = scored(questionnaire, values).total
    old = values[place]
    if old is None or old == 3 or before is None:
        return
    worse = [*values[:place], old + 1, *values[place + 1 :]]
    after = scored(questionnaire, worse).total
    assert after is not None
    assert after > before or (after == before and None in values)
