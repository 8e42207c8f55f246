"""Reading age by Flesch and Kincaid."""

from __future__ import annotations

import pytest

from ewb_desktop.leaflets.readability import measure, syllables


def test_long_words_in_long_sentences_are_not_for_children() -> None:
    text = (
        "Psychological interventions facilitate individualised therapeutic engagement notwithstanding considerable "
        "organisational complexity and institutional fragmentation across multidisciplinary environments."
    )
    assert measure(text).reading_age > 25


def test_the_formula_is_flesch_and_kincaids() -> None:
    # 6 words, 1 sentence, 6 syllables: 0.39 * 6 + 11.8 - 15.59 = -1.45, and five years
    assert measure("The cat sat on the mat.").reading_age == pytest.approx(3.6, abs=0.06)


def test_the_longest_sentence_and_hard_words_are_shown() -> None:
    found = measure("Sit down. Talk to your coordinator about everything. Rest.")
    assert found.longest_sentence == "Talk to your coordinator about everything"
    assert found.hard_words == ("coordinator", "everything")


def test_nothing_has_no_age() -> None:
    assert measure("... 12 34").reading_age == 0.0


@pytest.mark.parametrize(
    ("word", "count"),
    [("people", 2), ("walked", 1), ("wanted", 2), ("little", 2), ("ideas", 3), ("quiet", 2), ("anxiety", 4), ("station", 2),
     ("being", 2), ("changes", 2), ("benefit", 3), ("something", 3), ("the", 1), ("service", 2)],
)  # fmt: skip
def test_syllables_are_counted(word: str, count: int) -> None:
    assert syllables(word) == count
