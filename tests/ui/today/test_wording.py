"""The words of Today, without a window."""

from __future__ import annotations

import pytest

from ewb_desktop.storage.here import Printed
from ewb_desktop.ui.today.wording import CRISIS, CRISIS_TITLE, leaflet_row
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
    assert leaflet_row(printed, library().list("languages"), library().list("leaflet_formats")).detail == detail


def test_the_leaflet_for_a_crisis_is_called_what_stands_on_it() -> None:
    printed = leaflet_row(Printed(CRISIS, "", "", 0), library().list("languages"), library().list("leaflet_formats"))
    assert printed.title == CRISIS_TITLE
    assert f"# {CRISIS_TITLE}" in (RESOURCES / "leaflets" / "en" / "crisis.md").read_text(encoding="utf-8").splitlines()
