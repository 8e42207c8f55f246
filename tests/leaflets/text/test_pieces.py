"""Which face prints what: numbers, Latin letters and spaces are of the reading face in every script."""

from __future__ import annotations

import pytest

from ewb_desktop.leaflets.errors import MissingGlyphError
from ewb_desktop.leaflets.press import Press
from ewb_desktop.leaflets.text.faces import FaceStack
from ewb_desktop.leaflets.text.pieces import Piece, cut
from ewb_desktop.leaflets.text.spans import Span

URDU = "لفظ SHOUT لکھ کر 85258 پر بھیجیں۔"


def _stack(press: Press) -> FaceStack:
    return press.styles["clear-14"].regular


def _pieces(press: Press, text: str, lang: str, base: int) -> tuple[Piece, ...]:
    return cut((Span(text),), _stack(press), press.styles["clear-14"].bold, lang, base)


def test_latin_letters_numbers_and_spaces_in_urdu_are_of_the_reading_face(press: Press) -> None:
    pieces = _pieces(press, URDU, "ur", 1)
    reading = {piece.text for piece in pieces if piece.face is _stack(press).reading}
    assert reading == {" ", "SHOUT", "85258"}
    assert "".join(piece.text for piece in pieces) == URDU


@pytest.mark.parametrize(
    ("lang", "face"),
    [("ur", "NotoNastaliqUrdu-400Regular"), ("ar", "NotoSansArabic-400Regular"), ("en", "NotoSansArabic-400Regular")],
)
def test_the_same_letters_are_drawn_as_the_language_writes_them(press: Press, lang: str, face: str) -> None:
    (piece,) = _pieces(press, "لفظ", lang, 1)
    assert piece.face.name == face


def test_chinese_marks_of_speech_are_as_wide_as_its_signs(press: Press) -> None:
    assert {piece.face.name for piece in _pieces(press, "“请陪着我。”", "cmn", 0)} == {"NotoSansSC-400Regular"}


def test_a_sign_that_bold_chinese_lacks_is_taken_from_the_regular_face(press: Press) -> None:
    bold = press.styles["clear-14"].bold
    assert (bold.face_for("们", "cmn").name, bold.face_for("饕", "cmn").name) == ("NotoSansSC-700Bold", "NotoSansSC-400Regular")


def test_a_letter_without_a_face_is_named(press: Press) -> None:
    with pytest.raises(MissingGlyphError, match="U\\+13A0 CHEROKEE LETTER A"):
        _pieces(press, "Ꭰ", "en", 0)


def test_lines_of_nastaliq_are_at_least_twice_as_far_apart(press: Press) -> None:
    assert _stack(press).leading("ur") >= 2.2
    assert _stack(press).leading("en") == 0


def test_a_mark_above_a_mark_is_a_letter_of_its_own_for_who_reads_backwards(press: Press) -> None:
    face = _stack(press).face_for("ش", "ar")
    assert [glyph.text for glyph in reversed(face.shape("شيئًا", True, "ar").glyphs)] == list("شيئًا")


def test_chinese_signs_that_stand_together_are_of_one_face(press: Press) -> None:
    style = press.styles["clear-14"]
    pieces = cut((Span("如果被噩梦惊醒", bold=True),), style.regular, style.bold, "cmn", 0)
    assert len({piece.face.name for piece in pieces}) == 1
