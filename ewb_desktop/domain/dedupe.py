"""People who may be the same person, with the reasons in words; a person decides, never the program."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import permutations

from ewb_desktop.domain.person import phone_digits

ALIKE = 0.82
"""How much of two names must run together to sound alike when their sounds differ. Our own choice, tried on samples."""

_SOUNDS = (
    *(("ph", "f"), ("ck", "k"), ("kh", "k"), ("gh", "g"), ("sch", "s"), ("sh", "s"), ("ch", "k"), ("th", "t")),
    *(
        ("ce", "se"),
        ("ci", "si"),
        ("cy", "si"),
        ("c", "k"),
        ("q", "k"),
        ("x", "ks"),
        ("z", "s"),
        ("v", "f"),
        ("w", "v"),
        ("j", "g"),
    ),
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """What people are compared by. ``names`` are whole names: as registered, and as they like to be called."""

    id: str
    names: tuple[str, ...]
    born: date | None = None
    postcode: str = ""
    phones: tuple[str, ...] = ()
    nhs_number: str = ""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Someone already here who may be the same person. ``strength`` only puts the likeliest first; it is never shown."""

    id: str
    reasons: tuple[str, ...]
    strength: int

    @property
    def words(self) -> str:
        """The reasons on one line: ``same date of birth, name sounds alike``."""
        return ", ".join(self.reasons)


def likely_duplicates(new: Likeness, others: Iterable[Likeness]) -> tuple[Duplicate, ...]:
    """Return those of ``others`` who may be ``new``, likeliest first.

    Two reasons are needed, or the same whole name where the dates of birth do not differ. An NHS number alone is never
    enough. Someone with the id of ``new`` is left out.
    """
    found = [duplicate for other in others if other.id != new.id and (duplicate := compare(new, other)) is not None]
    return tuple(sorted(found, key=lambda each: (-each.strength, each.id)))


def compare(new: Likeness, other: Likeness) -> Duplicate | None:
    """Return why ``other`` may be ``new``, or ``None``. The order of the two makes no difference to the reasons."""
    born, born_differs = _compare_born(new.born, other.born)
    others: list[tuple[int, str]] = []
    if new.nhs_number and new.nhs_number == other.nhs_number:
        others.append((3, "same NHS number"))
    if _numbers(new) & _numbers(other):
        others.append((2, "same telephone number"))
    if _tight(new.postcode) and _tight(new.postcode) == _tight(other.postcode):
        others.append((1, "same postcode"))
    # A name that only sounds alike is never enough alone, and listening costs the most: so only with another reason.
    same_name, name = _compare_names(new.names, other.names, listen=bool(born or others))
    reasons = [reason for reason in (born, name, *others) if reason is not None]
    enough = len(reasons) >= 2 or (same_name and not born_differs)
    if not enough:
        return None
    strength = sum(points for points, _ in reasons) - (2 if born_differs else 0)
    return Duplicate(other.id, tuple(words for _, words in reasons), strength)


@lru_cache(maxsize=65536)
def plain_name(name: str) -> str:
    """Return a name in small letters without accents, marks or punctuation: ``O'Neill-Núñez`` gives ``oneill nunez``."""
    folded = unicodedata.normalize("NFKD", name.casefold().replace("ł", "l").replace("ø", "o").replace("đ", "d"))
    kept = "".join(mark for mark in folded if not unicodedata.combining(mark))
    return " ".join(re.sub(r"[\W_]+", " ", re.sub(r"['’`]", "", kept)).split())


def sounds_alike(a: str, b: str) -> bool:
    """Return whether two single names sound alike to an English ear, or are nearly spelt the same."""
    first, second = sorted((plain_name(a), plain_name(b)))
    if not first or not second:
        return False
    if first == second:
        return True
    key_a, key_b = _sound(first), _sound(second)
    if len(key_a) > 1 and key_a == key_b:
        return True
    if key_a[:1] != key_b[:1] or min(len(first), len(second)) < 4:
        return False
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= ALIKE


def _compare_names(mine: tuple[str, ...], theirs: tuple[str, ...], *, listen: bool) -> tuple[bool, tuple[int, str] | None]:
    """Return whether a whole name of two words or more is the same, and the reason if there is one."""
    first = [words for name in mine if (words := sorted(plain_name(name).split()))]
    second = [words for name in theirs if (words := sorted(plain_name(name).split()))]
    shared = [words for words in first if words in second]
    if shared:
        return any(len(words) > 1 for words in shared), (3, "same name")
    if listen and any(_alike(a, b) for a in first for b in second):
        return False, (2, "name sounds alike")
    return False, None


def _alike(a: list[str], b: list[str]) -> bool:
    """Every word of the shorter name sounds like a word of its own in the longer; the first five words count."""
    short, long = sorted((a[:5], b[:5]), key=len)
    return any(all(map(sounds_alike, short, order)) for order in permutations(long, len(short)))


def _compare_born(mine: date | None, theirs: date | None) -> tuple[tuple[int, str] | None, bool]:
    """Return the reason, if any, and whether both dates are known and clearly differ."""
    if mine is None or theirs is None:
        return None, False
    if mine == theirs:
        return (3, "same date of birth"), False
    swapped = (mine.year, mine.month, mine.day) == (theirs.year, theirs.day, theirs.month)
    wrong = sum(a != b for a, b in zip(mine.isoformat(), theirs.isoformat(), strict=True))
    if swapped or wrong == 1:
        return (2, "date of birth nearly the same"), False
    return None, True


@lru_cache(maxsize=65536)
def _sound(plain: str) -> str:
    text = plain
    for written, said in _SOUNDS:
        text = text.replace(written, said)
    text = re.sub(r"(.)\1+", r"\1", text)
    first, rest = ("a" if text[0] in "aeiouy" else text[0]), re.sub(r"[aeiouyh]", "", text[1:])
    return first + rest


def _numbers(person: Likeness) -> set[str]:
    return {digits for phone in person.phones if (digits := phone_digits(phone))}


def _tight(postcode: str) -> str:
    return "".join(postcode.split()).upper()
