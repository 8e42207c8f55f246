"""Words that are kept together say once and truly who wrote which, also when that is done a second time."""

from __future__ import annotations

from datetime import UTC, datetime

from ewb_desktop.actions.both_answers import both_of
from ewb_desktop.storage.cards.conflicts import ConflictCard, OtherAnswer, Said
from tests.support.desks import library

ZED = Said("zed", "Zed Bay", datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
GRACE = Said("grace", "Grace Lamb", datetime(2026, 11, 24, 10, 0, tzinfo=UTC))
MONEY, SLEEP = "Letters about money (Zed Bay, 21 November 2026)", "Sleeps on the floor (Grace Lamb, 21 November 2026)"


def kept(before: str | None, shown: str, other: str) -> list[str]:
    """Return the lines of what Zed said and what Grace said, kept together."""
    card = ConflictCard(
        id="c", person="p", person_name="Mo", born=None, nhs_number="", entity="goal", record="g", field="words",
        shown=shown, before=before, shown_said=ZED, others=(OtherAnswer(other, (GRACE,)),), ids=("c",), shown_told={},
    )  # fmt: skip
    return str(both_of(card, library())).splitlines()


def test_each_answer_is_signed() -> None:
    assert kept("Sleep", "Sleep well", "Sleep until six") == [
        "Sleep well (Zed Bay, 24 November 2026)",
        "Sleep until six (Grace Lamb, 24 November 2026)",
    ]


def test_lines_that_both_left_as_they_were_stand_once_and_keep_their_names() -> None:
    added = f"{MONEY}\n{SLEEP}\nAsks for a lock"
    assert kept(f"{MONEY}\n{SLEEP}", added, f"{MONEY}\n{SLEEP}\nAsks for a bed") == [
        MONEY,
        SLEEP,
        "Asks for a lock (Zed Bay, 24 November 2026)",
        "Asks for a bed (Grace Lamb, 24 November 2026)",
    ]


def test_a_signed_line_that_a_colleague_changed_says_that_it_is_hers() -> None:
    debt = MONEY.replace("money", "debt and rent")
    assert kept(f"{MONEY}\n{SLEEP}", f"{MONEY}\n{SLEEP}\nAsks for a lock", f"{debt}\n{SLEEP}") == [
        MONEY,
        SLEEP,
        "Asks for a lock (Zed Bay, 24 November 2026)",
        "Letters about debt and rent (Grace Lamb, 24 November 2026)",
    ]


def test_a_line_that_one_of_them_took_out_stays() -> None:
    assert kept(f"{MONEY}\n{SLEEP}", MONEY, f"{MONEY}\n{SLEEP}") == [MONEY, SLEEP]


def test_lines_that_were_kept_together_where_the_other_had_not_heard_of_it_keep_their_names() -> None:
    assert kept("Letters", f"{MONEY}\n{SLEEP}", "Letters about rent") == [
        MONEY,
        SLEEP,
        "Letters about rent (Grace Lamb, 24 November 2026)",
    ]
