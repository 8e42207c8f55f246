"""Opening times in every language of the leaflets: nothing that the directory can say stays in English."""

from __future__ import annotations

import pytest

from ewb_desktop.domain.directory.listing import OpeningRule
from ewb_desktop.leaflets.hours import opening_spans
from ewb_desktop.leaflets.press import Press
from tests.leaflets.test_languages import LANGUAGES

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NTH = (1, 2, 3, 4, 5, -1, -2)


def _monthly(day: str, nth: int) -> OpeningRule:
    return OpeningRule(freq="monthly", byday=(day,), nth=nth, opens_at="18:30", closes_at="20:00")


def _told(press: Press, language: str, *rules: OpeningRule) -> str:
    spans = opening_spans(rules, press.wordings.wording(language), "" if language == "en" else "en")
    assert all(not span.lang for span in spans)
    return "".join(span.text for span in spans)


@pytest.mark.parametrize("language", sorted({*LANGUAGES, "en"}))
def test_a_day_of_the_month_is_told_in_the_leaflets_language(press: Press, language: str) -> None:
    told = {_told(press, language, _monthly(day, nth)) for day in DAYS for nth in NTH}
    assert len(told) == len(DAYS) * len(NTH)
    assert all("18:30" in line and "20:00" in line for line in told)


@pytest.mark.parametrize(
    ("language", "day", "nth", "words"),
    [
        ("cy", "TU", 2, "ail ddydd Mawrth y mis, 18:30 i 20:00"),
        ("pl", "TU", 2, "drugi wtorek miesiąca, 18:30–20:00"),
        ("pl", "WE", 2, "druga środa miesiąca, 18:30–20:00"),
        ("pt", "MO", 1, "1.ª segunda-feira do mês, das 18:30 às 20:00"),
        ("pt", "SA", -1, "último sábado do mês, das 18:30 às 20:00"),
        ("uk", "FR", 3, "третя п’ятниця місяця, 18:30–20:00"),
        ("ar", "FR", 1, "الجمعة الأولى من كل شهر، من 18:30 إلى 20:00"),
        ("ar", "TU", 1, "الثلاثاء الأول من كل شهر، من 18:30 إلى 20:00"),
        ("ur", "TH", 2, "مہینے کی دوسری جمعرات، 18:30 سے 20:00 تک"),
        ("so", "FR", -1, "Jimcaha ugu dambeeya ee bisha, 18:30 ilaa 20:00"),
    ],
)
def test_its_word_agrees_with_the_day(press: Press, language: str, day: str, nth: int, words: str) -> None:
    assert _told(press, language, _monthly(day, nth)) == words


def test_several_are_joined_as_the_language_joins_them(press: Press) -> None:
    several = OpeningRule(freq="monthly", byday=("TU", "FR"), nth=2, opens_at="09:00", closes_at="10:00")
    assert (
        _told(press, "cmn", several, _monthly("MO", 1))
        == "每月第二个周二和第二个周五，09:00至10:00；每月第一个周一，18:30至20:00"
    )


def test_what_no_language_has_words_for_stays_as_it_is_and_is_marked(press: Press) -> None:
    fortnightly = OpeningRule(byday=("MO",), interval=2, opens_at="09:00", closes_at="10:00")
    (span,) = opening_spans((fortnightly,), press.wordings.wording("pl"), "en")
    assert span.lang == "en"
