"""Tables as plain text: what is read out, and what is left for a pen."""

from __future__ import annotations

from ewb_desktop.leaflets.blocks import Grid, Spans
from ewb_desktop.leaflets.plain import plain_text
from ewb_desktop.leaflets.text.spans import Span


def _cell(words: str) -> Spans:
    return (Span(words),) if words else ()


def test_a_table_to_write_in_is_told_by_what_it_asks_for() -> None:
    form = Grid((_cell("My steps"), _cell("My words")), ((_cell("Signs"), _cell("")), (_cell("Who I ring"), _cell(" "))))
    assert form.is_form
    assert plain_text((form,)) == "My steps: My words\nSigns:\nWho I ring:\n"


def test_a_table_of_words_is_told_as_sentences() -> None:
    table = Grid((_cell("Day"), _cell("Time")), ((_cell("Monday"), _cell("10am")), (_cell("Friday"), _cell(""))))
    assert not table.is_form
    assert plain_text((table,)) == "Day: Monday; Time: 10am\nDay: Friday; Time: \n"
