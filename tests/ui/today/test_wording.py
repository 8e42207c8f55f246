"""The words of Today, without a window."""

from __future__ import annotations

import pytest

from ewb_desktop.storage.here import Printed
from ewb_desktop.ui.today.wording import leaflet_row
from tests.support.desks import library


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
