"""A picture is kept small, upright and without what the camera wrote into it; what is no picture is told in words."""

from __future__ import annotations

import random
from io import BytesIO

import pytest
from PIL import Image

from ewb_desktop.leaflets.errors import PictureError
from ewb_desktop.leaflets.pictures import MOST_BYTES, MOST_READ, bare_name, fit_logo, fit_to_keep
from tests.support.own_leaflets import png


def photograph(size: tuple[int, int], turned: int = 1) -> bytes:
    """Return a picture of noise with a place and a direction written into it, as a camera does."""
    noise = Image.frombytes("RGB", size, random.Random(7).randbytes(size[0] * size[1] * 3))
    about = Image.Exif()
    about[0x0112] = turned
    about[0x010E] = "at the house of Ada Brook"
    made = BytesIO()
    noise.save(made, "JPEG", quality=95, exif=about)
    return made.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def test_a_large_photograph_becomes_small_enough_to_travel() -> None:
    kept = fit_to_keep("garden.jpg", photograph((1600, 1000)))
    assert len(kept) <= MOST_BYTES
    assert opened(kept).width > opened(kept).height


def test_a_small_picture_keeps_every_dot() -> None:
    kept = opened(fit_to_keep("a.png", png((60, 40), "teal")))
    assert (kept.format, kept.size, kept.getpixel((5, 5))) == ("PNG", (60, 40), (0, 128, 128))


def test_what_the_camera_wrote_stays_behind_and_the_picture_stands_upright() -> None:
    kept = fit_to_keep("garden.jpg", photograph((200, 100), turned=6))
    assert b"Ada Brook" not in kept
    assert not opened(kept).getexif()
    assert opened(kept).size == (100, 200)


def test_a_picture_that_lets_the_paper_through_goes_on_doing_so() -> None:
    made = BytesIO()
    Image.new("RGBA", (30, 30), (0, 0, 0, 0)).save(made, "PNG")
    assert opened(fit_to_keep("a.png", made.getvalue())).mode == "RGBA"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.png", b"GIF89a not a picture", "“a.png” is not a PNG or JPEG picture, whatever its name says."),
        ("a.png", b"", "“a.png” is not a PNG or JPEG picture, whatever its name says."),
        ("a.png", png((400, 400))[:120], "“a.png” is damaged and cannot be read whole."),
        ("a.svg", b"<svg/>", "“a.svg” is not a PNG or JPEG picture. Save it as PNG"),
        ("a.png", b"\0" * (MOST_READ + 1), "“a.png” is larger than 20 MB."),
    ],
    ids=["another kind", "empty", "cut off", "drawing", "too large"],
)
def test_what_cannot_be_used_is_named_with_a_remedy(name: str, content: bytes, said: str) -> None:
    with pytest.raises(PictureError) as told:
        fit_to_keep(name, content)
    assert str(told.value).startswith(said)


def test_a_logo_loses_its_empty_edges_and_stands_on_white() -> None:
    drawn = Image.new("RGBA", (400, 300), (0, 0, 0, 0))
    drawn.paste("navy", (100, 100, 200, 140))
    made = BytesIO()
    drawn.save(made, "PNG")
    kept = opened(fit_logo("logo.png", made.getvalue()))
    assert (kept.size, kept.mode, kept.getpixel((0, 0))) == ((108, 48), "RGB", (255, 255, 255))


def test_a_logo_that_is_all_white_is_told() -> None:
    with pytest.raises(PictureError, match="all white"):
        fit_logo("logo.png", png((40, 40), "white"))


def test_a_picture_of_very_many_dots_is_not_unpacked() -> None:
    made = BytesIO()
    Image.new("1", (9000, 9000)).save(made, "PNG")
    with pytest.raises(PictureError, match="too many dots"):
        fit_to_keep("a.png", made.getvalue())


@pytest.mark.parametrize("address", ["a/b.png", "..", "", "C:a.png", "a\\b.png", "a\nb.png", "https://a/b.png"])
def test_a_place_is_no_name(address: str) -> None:
    assert bare_name(address) is None
