"""Who a person is on the page: names, two identifiers, age, and lenient checks of postcode and telephone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from ewb_desktop.domain.words import full_day

OLDEST = 120
"""Years: a birth date further back than this is a slip of the finger."""

_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")


SAFE_WAYS = ("safe_to_call", "safe_to_message", "safe_to_post")
"""Fields of a member that say whether a way of contact is safe: keys of the list ``safe_contact``."""
NOT_SAFE, ASK_FIRST = "no", "ask_first"


class BadBirthDate(ValueError):
    """A day on which the person cannot have been born; the text is a sentence."""


class BadPostcode(ValueError):
    """Text that has not the shape of a UK postcode; the text of the error is a sentence."""


class BadPhone(ValueError):
    """Text that is no telephone number; the text of the error is a sentence."""


def most_careful(answers: Iterable[str | None]) -> str | None:
    """Return the answer to go by while workers differ on whether a way of contact is safe: no, else to ask first, else any.

    A call or a message that somebody else sees can put a member in danger, and a visit instead of it never does.
    """
    told = list(answers)
    return next((careful for careful in (NOT_SAFE, ASK_FIRST) if careful in told), next(iter(told), None))


def age_on(born: date, day: date) -> int:
    """Return the age in whole years on ``day``; someone born on 29 February grows older on 1 March in a common year."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def check_birth_date(born: date, today: date) -> date:
    """Return ``born``, or raise :class:`BadBirthDate` when it is in the future or more than 120 years ago."""
    if born > today:
        raise BadBirthDate(f"{full_day(born)} is in the future. Check the date of birth, or leave it empty.")
    if age_on(born, today) > OLDEST:
        raise BadBirthDate(f"{full_day(born)} is more than {OLDEST} years ago. Check the year, or leave it empty.")
    return born


def display_name(given: str = "", family: str = "", preferred: str = "") -> str:
    """Return the name on the page: the name they like to be called by, then the family name. A name is enough, any name."""
    first = " ".join((preferred or given).split())
    last = " ".join(family.split())
    if last and first.casefold().endswith(f" {last.casefold()}"):
        return first
    return " ".join(part for part in (first, last) if part) or "No name given"


def initials(name: str) -> str:
    """Return one or two letters for a name of any script: the first of the first word and the first of the last."""
    words = [word for word in unicodedata.normalize("NFC", name).split() if word[0].isalpha()]
    if not words:
        return "?"
    ends = words[:1] if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in ends).upper()


def identifiers_line(
    born: date | None, preferred: str = "", given: str = "", *,
    postcode: str = "", telephone: str = "", joined: date | None = None,
) -> str:  # fmt: skip
    """Return the identifiers under a name: ``born 14 March 1986 · known as Mina``; a name they chose is told only once.

    A name needs a second identifier. Without a date of birth it is the first of these that is known: the postcode, the end of
    the telephone number (read out in a full room, the whole number would be everybody's), the day on which they became a member.
    """
    parts = [f"born {full_day(born)}" if born else "date of birth not known"]
    if not born and postcode.strip():
        parts.append(f"postcode {postcode.strip()}")
    elif not born and telephone.strip():
        parts.append(f"telephone ending {phone_digits(telephone)[-4:]}")
    elif not born and joined:
        parts.append(f"member since {full_day(joined)}")
    if given.strip() and preferred.strip() and preferred.strip().casefold() != given.strip().casefold():
        parts.append(f"known as {preferred.strip()}")
    return " · ".join(parts)


def check_postcode(text: str) -> str:
    """Return a postcode as it is written, ``M32 0TH``, from any spacing and case. Raises :class:`BadPostcode`.

    Only the shape is checked; whether it exists is not known here. A person may have no address, and then has none.
    """
    found = _POSTCODE.fullmatch("".join(text.split()).upper())
    if not found:
        raise BadPostcode("A UK postcode looks like M32 0TH. Check it, or leave it empty: an address is not needed.")
    return f"{found[1]} {found[2]}"


def check_phone(text: str) -> str:
    """Return the number as it was typed, with single spaces. Raises :class:`BadPhone` when it cannot be a number.

    Lenient: 7 to 15 digits with spaces, dashes, dots, brackets, a leading ``+`` and an extension (``ext 12``, ``x12``).
    """
    shown = " ".join(text.split())
    main = re.split(r"(?i)\s*(?:ext\.?|x)\s*(?=[0-9]+$)", shown)[0]
    digits = phone_digits(main)
    if not re.fullmatch(r"\+?[0-9 ().\-]+", main) or not 7 <= len(digits) <= 15:
        raise BadPhone("A telephone number has 7 to 15 digits, like 0161 496 0123. Check it, or leave it empty.")
    return shown


def phone_digits(text: str) -> str:
    """Return the digits to compare two numbers by: ``+44 (0)161`` and ``0044 161`` read as ``0161``."""
    digits = re.sub(r"[^0-9+]", "", text.replace("(0)", ""))
    digits = re.sub(r"^(\+44|0044)0?", "0", digits)
    return digits.replace("+", "")
