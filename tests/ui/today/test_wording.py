"""The words of Today, without a window."""

from __future__ import annotations

import pytest

from ewb_desktop.storage.cards.here import Printed
from ewb_desktop.ui.today.wording import CRISIS, leaflet_row
from tests.support.desks import library
from tests.support.leaflet_orders import RESOURCES


@pytest.mark.parametrize(
    ("printed", "detail"),
    [
        (Printed("sleep", "pl", "large-18", 2), "Large print, 18 point, Polish"),
        (Printed("sleep", "en", "clear_print", 2), "Clear print, 14 point, English"),
        (Printed("crisis", "", "", 0), ""),
    ],
)
def test_a_printed_leaflet_is_told_by_its_format_and_language_in_words(printed: Printed, detail: str) -> None:
    assert leaflet_row(printed, library()).detail == detail


@pytest.mark.parametrize("topic", [CRISIS, "sleep"])
def test_a_leaflet_is_called_what_stands_on_it(topic: str) -> None:
    printed = leaflet_row(Printed(topic, "pl", "", 0), library())
    assert f"# {printed.title}" in (RESOURCES / "leaflets" / "en" / f"{topic}.md").read_text(encoding="utf-8").splitlines()


def test_a_leaflet_that_is_not_here_is_called_by_its_topic() -> None:
    assert leaflet_row(Printed("our-own-hall", "", "", 0), library()).title == "Our own hall"
