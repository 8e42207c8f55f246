"""Where a leaflet's pictures come from, and what makes a picture fit to be kept and sent."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Protocol

from PIL import Image, ImageChops, ImageOps, UnidentifiedImageError

from ewb_desktop.leaflets.errors import PictureError

MOST_BYTES = 88_000
"""The most that a kept picture takes: as text it still fits into one change, which the server takes up to 128 KiB."""
MOST_READ = 20_000_000
"""The largest picture file that is read at all: a photograph of a good camera."""
_MOST_DOTS = 60_000_000
_SIDE = 1_200
"""Dots along the longer side: over 150 to the inch across the whole width of an A4 page's text."""
_LEAST_SIDE = 300
_PALE = 24
"""A dot that differs less from white, of 255, belongs to the edge of a logo: photographs of paper are not quite white."""
_QUALITIES = (85, 75, 65)
_KINDS = ("PNG", "JPEG")
_ENDINGS = (".png", ".jpg", ".jpeg")
SHIPPED_CREDIT = "OpenMoji, openmoji.org, CC BY-SA 4.0"
"""Who made the pictures that come with the program, and who allows them: ``resources/LICENCES.md``."""


@dataclass(frozen=True, slots=True)
class OwnPicture:
    """A picture of the organisation's own: how leaflets name it, its bytes, what it shows, and who made and allows it."""

    name: str
    content: bytes = field(repr=False)
    description: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A picture that a leaflet names. Without ``content`` it is the file at ``path``."""

    path: Path
    content: bytes = field(default=b"", repr=False)


class Pictures(Protocol):
    """The pictures that a leaflet may name."""

    def find(self, address: str) -> Found:
        """Return the picture of this address. Raises ``PictureError``."""


class CreditedPictures(Pictures, Protocol):
    """Pictures that remember, in ``credits``, who made those that were found."""

    credits: dict[str, None]


class Beside:
    """The pictures that stand where a leaflet's file says, seen from its folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, address: str) -> Found:
        """Return the picture of this address. Raises ``PictureError``."""
        path = self._folder / address
        if not path.is_file():
            raise PictureError(f"there is no picture “{path.name}” beside this file.")
        _check_ending(path.name)
        return Found(path)


class NamedPictures:
    """The organisation's own pictures and those that come with the program, each by its bare name; its own come first.

    ``credits`` fills with who made those that were found.
    """

    def __init__(self, own: Iterable[OwnPicture], shipped: Path) -> None:
        self._own = {picture.name.casefold(): picture for picture in own}
        self._shipped = shipped
        self.credits: dict[str, None] = {}

    def find(self, address: str) -> Found:
        """Return the picture of this name. Raises ``PictureError``; an address that leads anywhere else is none."""
        name = bare_name(address)
        if name is None:
            raise PictureError(
                f"“{address}” is a place on a computer. Write only the picture's name, for example “garden.png”."
            )  # fmt: skip
        _check_ending(name)
        own = self._own.get(name.casefold())
        if own is not None:
            if not is_picture(own.content):
                raise PictureError(f"“{name}” is not a picture that can be read. Add it again under “Our pictures”.")
            self._note(own.credit)
            return Found(Path(own.name), own.content)
        shipped = self._shipped / name
        if shipped.is_file():
            self._note(SHIPPED_CREDIT)
            return Found(shipped)
        raise PictureError(
            f"there is no picture “{name}” among our pictures, and none beside the file. "
            "Add it under “Our pictures”, or put it into the file's folder."
        )

    def holds(self, name: str, content: bytes) -> bool:
        """Say whether the organisation's own picture of this name has this content."""
        own = self._own.get(name.casefold())
        return own is not None and own.content == content

    def _note(self, credit: str) -> None:
        if credit:
            self.credits[credit] = None


class BroughtPictures:
    """Pictures beside a file that is being brought in, made fit to keep, and after them the ``named`` ones.

    ``brought`` fills with those that are new.
    """

    def __init__(self, named: NamedPictures, beside: Callable[[str], bytes | None]) -> None:
        self._named = named
        self._beside = beside
        self.credits = named.credits
        self.brought: dict[str, OwnPicture] = {}

    def find(self, address: str) -> Found:
        """Return the picture of this name. Raises ``PictureError``."""
        name = bare_name(address)
        if name is not None and name.casefold() not in self.brought:
            content = self._beside(name)
            if content is not None and not self._named.holds(name, kept := fit_to_keep(name, content)):
                self.brought[name.casefold()] = OwnPicture(name, kept)
        new = self.brought.get(name.casefold()) if name is not None else None
        return Found(Path(new.name), new.content) if new is not None else self._named.find(address)


def bare_name(address: str) -> str | None:
    """Return the file name that ``address`` is, or None where it is a path, an address of the web or a device."""
    name = address.strip()
    plain = PurePosixPath(name).name == name == PureWindowsPath(name).name and ":" not in name
    return name if plain and name not in ("", ".", "..") and name.isprintable() else None


def is_picture(content: bytes) -> bool:
    """Say whether ``content`` begins like a PNG or JPEG picture of a size that can be printed."""
    try:
        with Image.open(BytesIO(content), formats=_KINDS) as picture:
            return picture.width * picture.height <= _MOST_DOTS
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False


def fit_to_keep(name: str, content: bytes) -> bytes:
    """Return the picture as it is kept: upright, without what the camera wrote into it, small enough to travel.

    What a camera writes may tell where and when it was taken. Raises ``PictureError`` naming ``name`` and the remedy.
    """
    _check_ending(name)
    if len(content) > MOST_READ:
        raise PictureError(f"“{name}” is larger than {MOST_READ // 1_000_000} MB. Save it smaller and choose it again.")
    try:
        with warnings.catch_warnings():
            # a picture of very many dots is told of here, in words
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=_KINDS) as opened:
                if opened.width * opened.height > _MOST_DOTS:
                    raise PictureError(f"“{name}” has too many dots to be printed. Save it smaller and choose it again.")
                opened.load()
                upright = ImageOps.exif_transpose(opened)
    except UnidentifiedImageError:
        raise PictureError(
            f"“{name}” is not a PNG or JPEG picture, whatever its name says. Open it in a drawing program and save it as PNG."
        ) from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise PictureError(f"“{name}” is damaged and cannot be read whole. Save it again, or choose another.") from None
    return _smaller(upright, name)


def fit_logo(name: str, content: bytes) -> bytes:
    """Return a logo as it is kept: on white, without the empty edges that would push it from its place, with a narrow one.

    It stands on white on every colour of paper, so that it looks as its owners drew it. Raises ``PictureError``.
    """
    kept = fit_to_keep(name, content)
    with Image.open(BytesIO(kept)) as opened:
        clear = opened.convert("RGBA")
    flat = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")
    drawn = ImageChops.difference(flat, Image.new("RGB", flat.size, "white")).convert("L").point(lambda dot: 255 * (dot > _PALE))
    box = drawn.getbbox()
    if box is None:
        raise PictureError(f"“{name}” is all white. Choose another.")
    return _smaller(ImageOps.expand(flat.crop(box), max(4, (box[3] - box[1]) // 16), "white"), name)


def _smaller(picture: Image.Image, name: str) -> bytes:
    clear = "A" in picture.getbands() or "transparency" in picture.info
    plain = picture.convert("RGBA" if clear else "RGB")
    side = min(_SIDE, max(plain.size))
    while True:
        shown = plain.copy()
        shown.thumbnail((side, side), Image.Resampling.LANCZOS)
        for made in _encoded(shown):
            if len(made) <= MOST_BYTES:
                return made
        if side <= _LEAST_SIDE:
            raise PictureError(f"“{name}” cannot be made small enough to be sent. Choose a simpler picture.")
        side = max(_LEAST_SIDE, side * 3 // 4)


def _encoded(picture: Image.Image) -> Iterable[bytes]:
    """Yield the picture's bytes, the truest first. A new picture holds nothing of what the camera wrote."""
    drawn = BytesIO()
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    bare.save(drawn, "PNG", optimize=True)
    yield drawn.getvalue()
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(bare, mask=bare.getchannel("A") if bare.mode == "RGBA" else None)
    for quality in _QUALITIES:
        photographed = BytesIO()
        flat.save(photographed, "JPEG", quality=quality, optimize=True)
        yield photographed.getvalue()


def _check_ending(name: str) -> None:
    if Path(name).suffix.lower() not in _ENDINGS:
        raise PictureError(f"“{name}” is not a PNG or JPEG picture. Save it as PNG and choose that.")
