"""What is told after the administrator signed a worker off: kept in a small file for the next start, without a name in it."""

from __future__ import annotations

from pathlib import Path

from ewb_desktop.whole_file import write_whole

_FILE = "signed-off"


def note_signed_off(data: Path, outbox: str) -> None:
    """Keep in the folder ``data`` that it happened, and the name of the file there with unsent work (empty: all was sent)."""
    write_whole(data / _FILE, outbox.encode())


def signed_off_words(data: Path) -> str:
    """Return what to tell, or nothing when nobody was signed off since somebody last worked here."""
    try:
        outbox = (data / _FILE).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    unsent = (
        f"What was not sent yet, saved or only typed, is kept in the sealed file {outbox} in the folder {data}. "
        "Your administrator can open it. "
        if outbox
        else "Nothing was waiting to be sent. "
    )
    return (
        "Your part of it is closed, and its key is gone. What was sent is safe at your service. "
        f"{unsent}Ask your administrator for a new code if you are to work here again."
    )


def signed_off_file(data: Path) -> Path | None:
    """Return the sealed file that is told of, or nothing when there is none."""
    try:
        outbox = (data / _FILE).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    return data / outbox if outbox else None


def forget_signed_off(data: Path) -> None:
    """Tell it no more: somebody works here again."""
    (data / _FILE).unlink(missing_ok=True)
