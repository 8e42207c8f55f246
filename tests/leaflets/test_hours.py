"""Opening times in every language of the leaflets: nothing that the directory can say stays in English."""

from __future__ import annotations

import pytest

from ewb_desktop.domain.directory.listing import Frequency, OpeningRule
from ewb_desktop.domain.directory.opening import opening_words
from ewb_desktop.leaflets.hours import opening_spans
from ewb_desktop.leaflets.press import Press
from tests.leaflets.test_languages import LANGUAGES

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NTH = (1, 2, 3, 4, 5, -1, -2)
FREQUENCIES: tuple[Frequency, ...] = ("weekly", "monthly")


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


def _apart(interval: int, freq: Frequency) -> OpeningRule:
    nth = 1 if freq == "monthly" else None
    return OpeningRule(freq=freq, byday=("MO",), nth=nth, interval=interval, opens_at="09:00", closes_at="10:00")


@pytest.mark.parametrize("language", sorted({*LANGUAGES, "en"}))
def test_every_second_week_or_month_is_told_in_the_leaflets_language(press: Press, language: str) -> None:
    told = {_told(press, language, _apart(interval, freq)) for freq in FREQUENCIES for interval in (1, 2, 3, 4, 5, 6)}
    assert len(told) == 12


@pytest.mark.parametrize("language", sorted({*LANGUAGES, "en"}))
def test_days_of_the_month_are_told_in_the_leaflets_language(press: Press, language: str) -> None:
    days: tuple[tuple[int, ...], ...] = ((1,), (15,), (15, 1), (-1,), (15, -1))
    rules = [OpeningRule(freq="monthly", monthdays=each, opens_at="09:00", closes_at="10:00") for each in days]
    told = {_told(press, language, rule) for rule in rules}
    assert len(told) == len(days)
    assert all("09:00" in line for line in told)
    assert "09" not in _told(press, language, OpeningRule(freq="monthly", monthdays=(1,)))


@pytest.mark.parametrize("rule", [*(_apart(each, freq) for freq in FREQUENCIES for each in (2, 5)), *(
    OpeningRule(freq="monthly", monthdays=days, opens_at="09:00", closes_at="10:00") for days in ((1,), (1, 15), (15, -1)))
])  # fmt: skip
def test_english_ones_read_as_in_the_directory(press: Press, rule: OpeningRule) -> None:
    assert (_told(press, "en", rule),) == opening_words((rule,))


@pytest.mark.parametrize(
    ("language", "rule", "words"),
    [
        ("pl", _apart(2, "weekly"), "pon., 09:00–10:00 (co 2 tygodnie)"),
        ("pl", _apart(5, "weekly"), "pon., 09:00–10:00 (co 5 tygodni)"),
        ("cy", _apart(2, "weekly"), "Llun, 09:00 i 10:00 (bob pythefnos)"),
        ("ar", _apart(2, "weekly"), "الاثنين، من 09:00 إلى 10:00 (كل أسبوعين)"),
        ("pl", OpeningRule(freq="monthly", monthdays=(15, 1)), "w dniach miesiąca: 1 i 15"),
        ("cmn", OpeningRule(freq="monthly", monthdays=(1, 15)), "每月1和15日"),
    ],
)
def test_its_words_agree_with_the_number(press: Press, language: str, rule: OpeningRule, words: str) -> None:
    assert _told(press, language, rule) == words


def test_what_no_language_has_words_for_stays_as_it_is_and_is_marked(press: Press) -> None:
    rule = OpeningRule(freq="monthly", monthdays=(-3,), opens_at="09:00", closes_at="10:00")
    (span,) = opening_spans((rule,), press.wordings.wording("pl"), "en")
    assert (span.text, span.lang) == ("day 3 from the end of the month, 09:00 to 10:00", "en")
