"""Text from the bytes of a chosen file, with what had to be assumed about its letters."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from ewb_desktop.domain.directory.report import DirectoryUnreadableError

MOST_BYTES = 64 * 1024 * 1024
"""The largest file read in one piece: some fifty thousand full services. A laptop of 4 GB still has room beside it."""

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, slots=True)
class ReadText:
    """The text of a file, its encoding, how many bytes stand before it, and notes for the report."""

    text: str
    encoding: str
    skipped: int
    notes: tuple[str, ...] = ()

    def byte_of(self, index: int) -> int:
        """Return the byte of the file, counted from 1, at which the character ``index`` begins."""
        return self.skipped + len(self.text[:index].encode(self.encoding, "replace")) + 1


def read_text(label: str, data: bytes, most: int = MOST_BYTES) -> ReadText:
    """Read ``data`` as UTF-8, as UTF-16 when it is marked so, else as Windows-1252 with a note.

    Raises :class:`DirectoryUnreadableError` for an empty file, a file over ``most`` bytes, and a web page.
    """
    if len(data) > most:
        size = f"{len(data) / 1_000_000:.0f} million bytes"
        raise DirectoryUnreadableError(
            f"{label} is too big to read in one piece ({size}). Nothing was changed. Ask for it in smaller pages."
        )
    mark, encoding = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", "utf-8"))
    body = data[len(mark) :]
    notes: tuple[str, ...] = ()
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        if encoding == "utf-8":
            encoding = "cp1252"
            notes = (f"{label} is not in UTF-8. It was read as Windows letters; please check names with accents.",)
        else:
            notes = (f"{label} has letters that could not be read; each is shown as �.",)
        text = body.decode(encoding, "replace")
    if not text.strip("\x00 \t\r\n"):
        raise DirectoryUnreadableError(f"{label} is empty. Nothing was changed. Choose another file or ask for it again.")
    if text.lstrip()[:200].lower().startswith(("<!doctype", "<html", "<?xml", "<head", "<body")):
        raise DirectoryUnreadableError(
            f"{label} is a web page, not a directory file. Nothing was changed. "
            "The address may have asked for a sign-in; save the file again and choose that one."
        )
    return ReadText(text, encoding, len(mark), notes)


def is_writing(text: str) -> bool:
    """Say whether this is something that people wrote: control letters, which no table has, are rare in it."""
    head = text[:4000]
    odd = sum(1 for letter in head if letter == "\ufffd" or (ord(letter) < 32 and letter not in "\t\r\n"))
    return odd * 50 < len(head)
