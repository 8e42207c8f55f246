"""Every style keeps the rules of clear print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ewb_desktop.leaflets.errors import LeafletError
from ewb_desktop.leaflets.palettes import contrast, load_palettes
from ewb_desktop.leaflets.press import Press
from ewb_desktop.leaflets.styles import load_styles
from tests.support.leaflet_orders import RESOURCES


def test_every_pair_of_colours_has_contrast_seven(press: Press) -> None:
    assert list(press.palettes) == ["white", "cream", "yellow", "dark"]
    for palette in press.palettes.values():
        for ink in (palette.ink, palette.accent):
            for ground in (palette.paper, palette.tint):
                assert contrast(ink, ground) >= 7


def test_no_text_is_under_twelve_points_and_large_print_is_large_all_over(press: Press) -> None:
    assert press.styles["clear-14"].size == 14
    assert press.styles["clear-14"].small >= 12
    large = {style.size: style.small for id, style in press.styles.items() if id.startswith("large")}
    assert large == {18: 18, 20: 20, 24: 24}


def test_lines_are_as_far_apart_as_clear_print_asks(press: Press) -> None:
    assert all(1.3 <= style.leading <= 1.5 for style in press.styles.values())


def test_black_on_white_has_the_greatest_contrast() -> None:
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)


def test_a_palette_that_is_hard_to_read_is_refused_by_name(tmp_path: Path) -> None:
    text = (RESOURCES / "styles" / "palettes" / "white.toml").read_text(encoding="utf-8")
    (tmp_path / "faint.toml").write_text(text.replace('accent = "#123A5A"', 'accent = "#8899AA"'), encoding="utf-8")
    with pytest.raises(LeafletError, match=r"faint\.toml"):
        load_palettes(tmp_path)


@pytest.mark.parametrize(("style", "smaller", "floor"), [("clear-14", "small = 9", 12), ("large-18", "small = 16", 18)])
def test_a_style_with_small_print_is_refused_by_name(tmp_path: Path, press: Press, style: str, smaller: str, floor: int) -> None:
    text = (RESOURCES / "styles" / f"{style}.toml").read_text(encoding="utf-8")
    (tmp_path / "small.toml").write_text(re.sub(r"small = \d+", smaller, text), encoding="utf-8")
    with pytest.raises(LeafletError, match=rf"small\.toml has text under {floor} points"):
        load_styles(tmp_path, RESOURCES / "fonts", press.sheets["a4"], press.palettes["white"])


def test_opendyslexic_letters_stand_apart_in_every_latin_language(press: Press) -> None:
    style = press.styles["opendyslexic-14"]
    (face,) = style.regular.faces
    assert [glyph.text for glyph in face.shape("fine flat", right_to_left=False, lang="en").glyphs] == list("fine flat")
    assert all(face.has(letter) for letter in "ŵŷâêîôûÿąćęłńóśźżăâîșțãõçéàíúü’“”–•·£&@/")


def test_no_opendyslexic_letter_is_torn_from_the_one_before(press: Press) -> None:
    (face,) = press.styles["opendyslexic-14"].regular.faces
    alone = {letter: face.shape(letter, right_to_left=False, lang="en").width for letter in "MX7"}
    assert face.shape("XX", right_to_left=False, lang="en").width <= 2 * alone["X"]
    assert face.shape("7XX", right_to_left=False, lang="en").width <= 2 * alone["X"] + alone["7"]


def test_the_window_and_the_leaflets_read_the_same_font_files(press: Press) -> None:
    fonts = sorted(path.name for path in (RESOURCES / "fonts").glob("*.[ot]tf"))
    assert len(fonts) == len(set(fonts))
    stacks = [stack for style in press.styles.values() for stack in (style.regular, style.bold)]
    read = {face.name for stack in stacks for face in (*stack.faces, *(script.face for script in stack.scripts))}
    assert read == {name.rpartition(".")[0].replace("_", "-") for name in fonts}
