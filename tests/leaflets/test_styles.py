"""Every style keeps the rules of clear print."""

from __future__ import annotations

from pathlib import Path

import pytest

from ewb_desktop.leaflets.errors import LeafletError
from ewb_desktop.leaflets.press import Press
from ewb_desktop.leaflets.styles import contrast, load_styles
from tests.support.leaflet_orders import RESOURCES


def test_every_pair_of_colours_has_contrast_seven(press: Press) -> None:
    for style in press.styles.values():
        for ink in (style.ink, style.accent):
            for ground in (style.paper, style.tint):
                assert contrast(ink, ground) >= 7


def test_no_text_is_under_twelve_points_and_large_print_is_large_all_over(press: Press) -> None:
    assert press.styles["clear-14"].size == 14
    assert press.styles["clear-14"].small >= 12
    assert press.styles["large-18"].size == 18
    assert press.styles["large-18"].small >= 18


def test_lines_are_as_far_apart_as_clear_print_asks(press: Press) -> None:
    assert all(1.3 <= style.leading <= 1.5 for style in press.styles.values())


def test_black_on_white_has_the_greatest_contrast() -> None:
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)


@pytest.mark.parametrize(("before", "after"), [("small = 12", "small = 9"), ('accent = "#123A5A"', 'accent = "#8899AA"')])
def test_a_style_that_breaks_the_rules_is_refused_by_name(tmp_path: Path, before: str, after: str) -> None:
    text = (RESOURCES / "styles" / "clear-14.toml").read_text(encoding="utf-8")
    (tmp_path / "faint.toml").write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(LeafletError, match=r"faint\.toml"):
        load_styles(tmp_path, RESOURCES / "fonts")


def test_a_large_print_style_with_small_print_is_refused_by_name(tmp_path: Path) -> None:
    text = (RESOURCES / "styles" / "large-18.toml").read_text(encoding="utf-8")
    (tmp_path / "small.toml").write_text(text.replace("small = 18", "small = 16"), encoding="utf-8")
    with pytest.raises(LeafletError, match=r"small\.toml has text under 18 points"):
        load_styles(tmp_path, RESOURCES / "fonts")


def test_the_window_and_the_leaflets_read_the_same_font_files(press: Press) -> None:
    fonts = sorted(path.name for path in (RESOURCES / "fonts").rglob("*.ttf"))
    assert len(fonts) == len(set(fonts))
    assert {face.name for style in press.styles.values() for stack in (style.regular, style.bold) for face in stack.faces} == {
        name.removesuffix(".ttf").replace("_", "-") for name in fonts
    }
