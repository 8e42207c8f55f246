"""Reading a directory kept as a table: one service a row, columns by their usual names."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from ewb_desktop.domain.directory.bytestext import MOST_BYTES, is_writing, read_text
from ewb_desktop.domain.directory.cleaning import Mends, clean_line, clean_postcode
from ewb_desktop.domain.directory.gathering import Gathering
from ewb_desktop.domain.directory.report import DirectoryUnreadableError, Import
from ewb_desktop.domain.directory.service import made_id
from ewb_desktop.domain.directory.terms import Terms, plain_words

_COLUMNS: Mapping[str, str] = {
    heading: column
    for column, headings in {
        "id": "id|service id|uid|reference|uuid",
        "name": "name|service|service name|title|group|group name",
        "organisation": "organisation|organization|provider|charity|organisation name|organization name|run by",
        "description": "description|about|details|summary|what it is|what they do|service description",
        "status": "status",
        "url": "url|website|web site|web|web address|link|homepage|site",
        "email": "email|e mail|email address|e mail address|contact email",
        "telephone": "telephone|phone|tel|telephone number|phone number|contact number|mobile|contact telephone",
        "address": "address|full address|location|venue|where|address 1|address line 1|street",
        "address_2": "address 2|address line 2",
        "city": "city|town",
        "postcode": "postcode|post code|postal code|zip",
        "latitude": "latitude|lat|y",
        "longitude": "longitude|lon|lng|long|x",
        "step_free": "step free|accessibility|access|wheelchair access|wheelchair|accessible",
        "languages": "languages|language|languages spoken",
        "cost": "cost|costs|fee|fees|price|charge",
        "opening": "opening times|opening hours|opens|times|when|hours|days and times",
        "min_age": "minimum age|min age|age from",
        "max_age": "maximum age|max age|age to",
        "needs": "needs|need|category|categories|subject|subjects|tags|keywords|type|taxonomy",
        "eligibility": "eligibility|who can come|who for|who is it for|criteria",
        "assured_on": "last checked|checked|assured date|date checked|last verified|verified",
        "assured_by": "checked by|assurer email|assured by|verified by",
        "last_modified": "last modified|updated|last updated|modified",
        "alert": "alert|notice",
    }.items()
    for heading in headings.split("|")
}
_SPLIT = re.compile(r"\s*[;,|/\n]\s*")
_YES, _NO = ("yes", "y", "true", "1"), ("no", "n", "false", "0")


def looks_like_csv(label: str, data: bytes) -> bool:
    """Say which reader a chosen file wants: by its first letter first, then by its name."""
    head = data[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1]
    return head not in (b"{", b"[", b"<") and PurePath(label).suffix.lower() != ".json"


def read_csv(label: str, data: bytes, terms: Terms, most: int = MOST_BYTES) -> Import:
    """Read a table with a row of headings. Rows are named by the line of the file they begin on.

    Raises :class:`DirectoryUnreadableError`, with a sentence for the person, when there is no column of names.
    """
    read = read_text(label, data, most)
    gathering = Gathering(terms)
    for note in read.notes:
        gathering.note(note)
    text = read.text.replace("\x00", "")
    last_line = len(io.StringIO(text, newline="").readlines())
    lines = _rows(text, _delimiter(text), label, gathering)
    headings = next((cells for _, cells, _ in lines if any(cell.strip() for cell in cells)), [])
    columns = _columns(headings)
    if "name" not in columns.values():
        if not is_writing(text):
            raise DirectoryUnreadableError(
                f"{label} is not a table: it holds no words that can be read, whatever its name says. Nothing was changed. "
                "It may be a picture, a program or a damaged copy. Choose another file or ask for it again."
            )
        raise DirectoryUnreadableError(
            f"{label} has no column called name, so its rows cannot be read. Nothing was changed. "
            f"The first row must hold headings such as name, description, address, postcode, telephone, website."
        )
    _note_columns(label, headings, columns, gathering)
    if "id" not in columns.values():
        gathering.note(f"{label} has no column of ids; each row is known by its name and postcode.")
    for line, cells, broken in lines:
        where = f"{label}, line {line}"
        if broken:
            gathering.leave(where, cells[0].split("\n")[0][:80] if cells else "", broken)
        elif any(cell.strip() for cell in cells):
            mended: tuple[str, ...] = ()
            if len(cells) < len(headings) and line == last_line and not text.endswith(("\n", "\r")):
                mended = ("The file ends in this row before all its cells: the end may be missing. What is here was taken.",)
                gathering.note(f"{label} ends in the middle of a row: the end of the file may be missing.")
                gathering.partial = True
            if len(cells) > len(headings) and any(cell.strip() for cell in cells[len(headings) :]):
                mended = ("It has more cells than there are headings; the last ones were kept apart.",)
            service = _service(headings, columns, cells)
            if "id" not in columns.values():
                service["id"] = _made_id(service)
            gathering.add(service, where, mended)
    return gathering.finished()


def _delimiter(text: str) -> str:
    head = re.sub(r'"[^"]*"', "", next((line for line in text.splitlines() if line.strip()), ""))
    return max(",;\t|", key=head.count)


def _rows(text: str, delimiter: str, label: str, gathering: Gathering) -> Iterator[tuple[int, list[str], str]]:
    """Give each row with the line it begins on, and a reason when the row itself is broken.

    A quotation mark that is never closed swallows all that follows: that one line is left and reading goes on below it.
    """
    lines = io.StringIO(text, newline="").readlines()
    open_quote = text.count('"') % 2 == 1
    reader = csv.reader(lines, delimiter=delimiter)
    base, begin = 0, 1
    while True:
        broken = ""
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            cells, broken = [], "The row is not a row of a table (a cell is far too long). Nothing was taken from it."
        end = base + reader.line_num
        if open_quote and end >= len(lines) and end > begin:
            gathering.note(f"{label}: a quotation mark is opened on line {begin} and never closed.")
            broken = "A quotation mark is opened here and never closed. Close it and bring the file in again."
            yield begin, cells, broken
            base, open_quote = begin, False
            reader = csv.reader(lines[begin:], delimiter=delimiter)
            begin += 1
            continue
        if not broken and begin == end == len(lines) and _is_open(lines[-1], delimiter):
            gathering.note(f"{label} ends inside a quotation mark on line {begin}: the end of the file may be missing.")
            gathering.partial = True
            broken = "The file ends in the middle of this row. Nothing was taken from it. Ask for the whole file."
        yield begin, cells, broken
        begin = end + 1


def _is_open(line: str, delimiter: str) -> bool:
    """Say whether a line ends inside a cell that a quotation mark opened."""
    try:
        list(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error as fault:
        return "unexpected end" in str(fault)
    return False


def _columns(headings: list[str]) -> dict[int, str]:
    """Return which heading is which column; the first heading of a meaning has it, the others are carried as extra."""
    found: dict[int, str] = {}
    for index, heading in enumerate(headings):
        column = _COLUMNS.get(plain_words(heading))
        if column and column not in found.values():
            found[index] = column
    return found


def _note_columns(label: str, headings: list[str], columns: Mapping[int, str], gathering: Gathering) -> None:
    unknown = [heading.strip() for index, heading in enumerate(headings) if index not in columns and heading.strip()]
    if unknown:
        named = ", ".join(f"“{heading[:40]}”" for heading in unknown[:20])
        gathering.note(f"{label} has columns this program has no room for: {named}. Their words were kept beside each row.")


def _service(headings: list[str], columns: Mapping[int, str], cells: list[str]) -> dict[str, Any]:
    """Return a row in the shape of Open Referral, so that one set of rules cleans both."""
    row: dict[str, str] = {}
    spare: dict[str, Any] = {}
    for index, cell in enumerate(cells):
        if index in columns:
            row[columns[index]] = cell
        elif cell.strip():
            heading = headings[index].strip() if index < len(headings) else ""
            spare[f"column {heading or index + 1}"] = cell
    access = row.get("step_free", "").strip()
    access = {**dict.fromkeys(_YES, "step-free"), **dict.fromkeys(_NO, "not step-free")}.get(access.lower(), access)
    location = {
        "latitude": _number(row.get("latitude")),
        "longitude": _number(row.get("longitude")),
        "accessibility": [{"description": access}] if access else [],
        "addresses": [
            {
                "address_1": row.get("address"),
                "address_2": row.get("address_2"),
                "city": row.get("city"),
                "postal_code": row.get("postcode"),
            }
        ],
    }
    service: dict[str, Any] = {
        "id": row.get("id"),
        "name": row.get("name"),
        "description": row.get("description"),
        "status": row.get("status", "").strip() or "active",
        "url": row.get("url"),
        "email": row.get("email"),
        "fees": row.get("cost"),
        "minimum_age": _number(row.get("min_age")),
        "maximum_age": _number(row.get("max_age")),
        "assured_date": row.get("assured_on"),
        "assurer_email": row.get("assured_by"),
        "last_modified": row.get("last_modified"),
        "alert": row.get("alert"),
        "eligibility_description": row.get("eligibility"),
        "organization": {"name": row.get("organisation")},
        "phones": [{"number": row.get("telephone")}],
        "languages": [{"name": word} for word in _SPLIT.split(row.get("languages", "")) if word],
        "attributes": [{"taxonomy_term": {"name": word}} for word in _SPLIT.split(row.get("needs", "")) if word],
        "schedules": [{"description": row["opening"]}] if row.get("opening", "").strip() else [],
        "service_at_locations": [{"location": location}],
    }
    return service | spare


def _made_id(service: Mapping[str, Any]) -> str:
    name = clean_line(service["name"], "name", Mends())
    address = service["service_at_locations"][0]["location"]["addresses"][0]
    return made_id(name, clean_postcode(address["postal_code"], Mends())) if name else ""


def _number(text: str | None) -> float | str | None:
    """Return a cell's number. In a table every number is text, which needs no mending."""
    try:
        return float((text or "").strip()) if (text or "").strip() else None
    except ValueError:
        return text
