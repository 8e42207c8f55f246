"""A picture as the file stores it."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from reportlab.pdfbase import pdfdoc


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture and its size in dots; ``content`` holds it where it stands in no file of its own."""

    path: Path
    width: int
    height: int
    content: bytes = field(default=b"", repr=False)

    @classmethod
    def read(cls, path: Path, content: bytes = b"") -> PictureFile:
        """Look at the picture at ``path``, or at ``content``. Raises ``OSError`` when it is not a picture that can be read."""
        with Image.open(BytesIO(content) if content else path) as picture:
            return cls(path, *picture.size, content)

    def stream(self) -> Any:
        """Return the picture for the file, on white where it lets the paper through."""
        with Image.open(BytesIO(self.content) if self.content else self.path) as picture:
            if self.content and picture.format == "JPEG" and picture.mode == "RGB":
                # a photograph as it is: unpacked it would make a leaflet of one page as large as a book
                return self._object(self.content, [], Filter=pdfdoc.PDFName("DCTDecode"))
            seen = picture.convert("RGBA")
            flat = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("RGB")
        return self._object(flat.tobytes(), [pdfdoc.PDFZCompress])

    def _object(self, content: bytes, filters: list[Any], **more: Any) -> Any:
        entries = {
            "Type": pdfdoc.PDFName("XObject"),
            "Subtype": pdfdoc.PDFName("Image"),
            "Width": self.width,
            "Height": self.height,
            "BitsPerComponent": 8,
            "ColorSpace": pdfdoc.PDFName("DeviceRGB"),
            **more,
        }
        return pdfdoc.PDFStream(dictionary=pdfdoc.PDFDictionary(entries), content=content, filters=filters)
