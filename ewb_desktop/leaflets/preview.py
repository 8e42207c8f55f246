"""Pictures of a leaflet's pages, for the screen and for printers that take no PDF."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass

import pypdfium2 as pdfium
from PIL import Image

_ONE_AT_A_TIME = threading.Lock()
"""The library that draws pages may not be used by two threads at once: one looks at a leaflet while another prints one."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page as dots: ``rgba`` holds four bytes a dot, row by row from the top."""

    width: int
    height: int
    rgba: bytes

    def png(self) -> bytes:
        """Return the picture as a PNG file."""
        out = io.BytesIO()
        Image.frombytes("RGBA", (self.width, self.height), self.rgba).save(out, "PNG")
        return out.getvalue()


def page_images(pdf: bytes, width: int) -> tuple[PageImage, ...]:
    """Return every page of ``pdf`` drawn ``width`` dots wide (300 dots an inch of A4 is 2480)."""
    with _ONE_AT_A_TIME:
        document = pdfium.PdfDocument(pdf)
        try:
            return tuple(_draw(page, width) for page in document)
        finally:
            document.close()


def page_size(pdf: bytes) -> tuple[float, float]:
    """Return the width and height of the first page, in points."""
    with _ONE_AT_A_TIME:
        document = pdfium.PdfDocument(pdf)
        try:
            wide, high = document.get_page_size(0)
            return float(wide), float(high)
        finally:
            document.close()


def _draw(page: pdfium.PdfPage, width: int) -> PageImage:
    bitmap = page.render(scale=width / page.get_width(), rev_byteorder=True, force_bitmap_format=4)
    picture = bitmap.to_pil().convert("RGBA")
    return PageImage(picture.width, picture.height, picture.tobytes())
