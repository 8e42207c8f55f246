"""What is known of a leaflet's file, in words and rows for the page. No Qt in here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ewb_desktop.domain.words import count_words, full_day
from ewb_desktop.leaflets.catalogue import EASY, Leaflet
from ewb_desktop.leaflets.checking import Check
from ewb_desktop.leaflets.errors import Fault
from ewb_desktop.leaflets.own import OwnRead
from ewb_desktop.leaflets.reading import EASY_AGES, LONG, Reading
from ewb_desktop.library import Library
from ewb_desktop.storage.cards.own_leaflets import LeafletFile, PictureRecord
from ewb_desktop.ui.ownleaflets.shown import Looked
from ewb_desktop.ui.widgets.row import Row, Tint

HARD_SHOWN = 8
"""So many hard words are shown with their lines; the rest are counted."""
_LINE_SHOWN = 90
"""Letters of the line that are shown under a message."""


def leaflet_row(read: OwnRead, library: Library) -> Row:
    """Return a leaflet in use as a row of the list."""
    if read.leaflet is None:
        first = read.faults[0]
        title = _said("title", read.file.source) or read.file.name
        detail = f"It is not printed. {first}"
        tag = f"{count_words(len(read.faults), 'thing')} to mend"
        return Row(read.file.id, title, detail, tag=tag, tint=Tint.AMBER, action="Stop using", opens=True)
    tag, tint = ("Printed", Tint.GREEN) if read.is_printed else ("A newer one is printed", Tint.GREY)
    return Row(
        read.file.id, read.leaflet.title, about(read.leaflet, library), tag=tag, tint=tint, action="Stop using", opens=True
    )  # fmt: skip


def about(leaflet: Leaflet, library: Library) -> str:
    """Return ``English · easy read · version 2 · to be read again by 1 May 2028``."""
    entry = library.list("languages").entry(leaflet.lang)
    parts = (
        entry.words if entry is not None else leaflet.lang,
        "easy read" if leaflet.format == EASY else "",
        f"version {leaflet.version}",
        f"to be read again by {full_day(leaflet.review)}",
    )
    return " · ".join(part for part in parts if part)


def stopped_row(file: LeafletFile, names: Mapping[str, str]) -> Row:
    """Return an earlier version as a row."""
    stopped = f"not used since {full_day(file.stopped_at.date())}" if file.stopped_at is not None else ""
    who = names.get(file.author, "")
    came = f"brought in by {who}" if who else ""
    when = f"on {full_day(file.made_at.date())}" if file.made_at is not None else ""
    detail = " · ".join(part for part in (" ".join(filter(None, (came, when))), stopped) if part)
    title = f"{_title_in(file.source) or file.file}, version {_version_in(file.source)}"
    return Row(file.id, title, detail, action="Use again", opens=True, words=f"{title}. {detail}")


def picture_row(picture: PictureRecord) -> Row:
    """Return a picture, or the logo, as a row."""
    if not picture.content:
        return Row(
            picture.id, picture.name, "It came damaged. Add it again.", tag="To mend", tint=Tint.AMBER, action="Stop using"
        )
    detail = " · ".join(part for part in (picture.description, picture.credit) if part)
    return Row(picture.id, picture.name, detail, action="Stop using")


def looked(check: Check, reads: Sequence[OwnRead], library: Library, *, is_new: bool, trouble: str = "") -> Looked:
    """Return what the page shows of a file that was looked at; ``trouble`` is why it could not be made on paper."""
    lines = check.source.split("\n")
    messages = [_message(fault, lines, "To mend", Tint.AMBER) for fault in check.faults]
    if trouble:
        messages.append(Row(1, trouble, tag="To mend", tint=Tint.AMBER, opens=True))
    messages += [_message(hint, lines, "Could be better", Tint.BLUE) for hint in check.hints]
    reading = check.reading
    return Looked(
        title=check.leaflet.title if check.leaflet is not None else check.name,
        words=_what_it_does(check, reads, library) if is_new and not trouble else "",
        messages=messages,
        reading=_reading(reading) if reading is not None else (),
        reading_hint=_hint(reading) if reading is not None else "",
        hard=_hard(reading) if reading is not None else (),
        source=check.source,
        is_new=is_new,
        usable=check.leaflet is not None and not trouble,
    )


def _message(fault: Fault, lines: Sequence[str], tag: str, tint: Tint) -> Row:
    text = lines[fault.line - 1].strip() if fault.line <= len(lines) else ""
    shown = text if len(text) <= _LINE_SHOWN else f"{text[:_LINE_SHOWN]}…"
    return Row(fault.line, f"Line {fault.line}: {fault.words}", shown, tag=tag, tint=tint, opens=True)


def _what_it_does(check: Check, reads: Sequence[OwnRead], library: Library) -> str:
    if check.leaflet is None:
        return "It cannot be printed until what is below is mended. Nothing was changed."
    what = f"{about(check.leaflet, library)}."
    before = [read.leaflet for read in reads if read.file.id in check.replaces and read.leaflet is not None]
    if before:
        what += f" It takes the place of “{before[-1].title}”, version {before[-1].version}, which is kept."
    elif check.replaces_ours:
        what += " It takes the place of the leaflet that came with the program. Stop using it, and that one comes back."
    if check.pictures:
        what += f" {count_words(len(check.pictures), 'picture')} beside the file will be kept with it."
    return what


def _reading(reading: Reading) -> list[tuple[str, str]]:
    age = f"{reading.age:.0f}" if reading.age is not None else "Measured in English only"
    longest = f"{count_words(reading.longest_words, 'word')}, line {reading.longest_line}: “{reading.longest}”"
    return [("Reading age", age), ("Words", str(reading.words)), ("Longest sentence", longest if reading.longest else "")]


def _hint(reading: Reading) -> str:
    if reading.age is None:
        return "Ask somebody who reads this language well whether it is easy to read."
    if not reading.is_easy:
        return (
            f"Most people find a reading age of {EASY_AGES[0]} to {EASY_AGES[1]} easy. Make sentences shorter and words plainer."
        )
    if reading.longest_words > LONG:
        return f"It is easy to read. One sentence has more than {LONG} words: could it be two?"
    return "It is easy to read. Only readers can say whether it is clear: ask one."


def _hard(reading: Reading) -> list[Row]:
    often = sorted(reading.hard, key=lambda word: (-word.times, word.line))[:HARD_SHOWN]
    return [Row(word.line, word.word, f"line {word.line}, {_times(word.times)}", opens=True) for word in often]


def _times(times: int) -> str:
    return {1: "once", 2: "twice"}.get(times, f"{times} times")


def _title_in(source: str) -> str:
    return _said("title", source)


def _version_in(source: str) -> str:
    return _said("version", source) or "unknown"


def _said(key: str, source: str) -> str:
    """Return what a head says of ``key``, also of a file that this program cannot use."""
    for line in source.split("\n"):
        name, equals, value = line.partition("=")
        if equals and name.strip() == key:
            return value.strip().strip('"')
    return ""
