"""How a questionnaire is scored, as its own file says it: the rule, its version and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

KNOWN = frozenset(
    ["version", "method", "item", "minimum", "maximum", "max-missing", "band", "caseness", "reliable-change", "measure", "source"]
)
"""The names that a scoring block may hold."""


class Method(StrEnum):
    """The ways of scoring that this program knows."""

    SUM = "sum"
    SEPARATE = "separate"


@dataclass(frozen=True, slots=True)
class Band:
    """A word that a published source gives to totals from ``at_least`` upward. It describes answers, never a person."""

    at_least: int
    words: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One question that stands alone as a measure, with its own bands (none where no source gives any)."""

    link_id: str
    name: str
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class ScoringRules:
    """The rule for one questionnaire. ``items`` are added up; ``measures`` are reported one by one.

    ``max_missing`` is how many of ``items`` may be unanswered before there is no total. ``caseness`` and
    ``reliable_change`` are for reports and are ``None`` where no source gives them.
    """

    version: str
    method: Method
    items: tuple[str, ...]
    minimum: int | None
    maximum: int | None
    max_missing: int
    bands: tuple[Band, ...]
    caseness: int | None
    reliable_change: int | None
    measures: tuple[Measure, ...]
    source: str


class BadRules(ValueError):
    """The scoring rules in a questionnaire file cannot be used; the text says which and why."""


def parse_rules(block: Mapping[str, object]) -> ScoringRules:
    """Read the rules out of a questionnaire file's scoring block. Raises :class:`BadRules`."""
    for name in block:
        if name not in KNOWN:
            raise BadRules(f"the scoring rules hold '{name}', which this program does not know")
    try:
        method = Method(_text(block, "method"))
    except ValueError as error:
        raise BadRules("the scoring method must be 'sum' or 'separate'") from error
    items = tuple(str(link_id) for link_id in _many(block, "item"))
    measures = tuple(_measure(each) for each in _many(block, "measure"))
    if method is Method.SUM and not items:
        raise BadRules("the scoring method is 'sum' but no items are named to add up")
    if method is Method.SEPARATE and (items or not measures):
        raise BadRules("the scoring method is 'separate', which needs measures and no items to add up")
    return ScoringRules(
        version=_text(block, "version"),
        method=method,
        items=items,
        minimum=_number(block, "minimum"),
        maximum=_number(block, "maximum"),
        max_missing=_number(block, "max-missing") or 0,
        bands=_bands(block),
        caseness=_number(block, "caseness"),
        reliable_change=_number(block, "reliable-change"),
        measures=measures,
        source=_text(block, "source"),
    )


def band_words(bands: tuple[Band, ...], value: int | None) -> str | None:
    """Return the word of the highest band that ``value`` reaches, or ``None`` below the first or without a value."""
    reached = [band for band in bands if value is not None and value >= band.at_least]
    return max(reached, key=lambda band: band.at_least).words if reached else None


def _measure(block: object) -> Measure:
    if not isinstance(block, Mapping):
        raise BadRules("a measure in the scoring rules is not a block")
    return Measure(link_id=_text(block, "link-id"), name=_text(block, "name"), bands=_bands(block))


def _bands(block: Mapping[str, object]) -> tuple[Band, ...]:
    found = []
    for each in _many(block, "band"):
        if not isinstance(each, Mapping):
            raise BadRules("a band in the scoring rules is not a block")
        at_least = _number(each, "at-least")
        if at_least is None:
            raise BadRules("a band in the scoring rules does not say where it begins")
        found.append(Band(at_least=at_least, words=_text(each, "words")))
    return tuple(sorted(found, key=lambda band: band.at_least))


def _many(block: Mapping[str, object], name: str) -> list[object]:
    value = block.get(name, [])
    return value if isinstance(value, list) else [value]


def _text(block: Mapping[str, object], name: str) -> str:
    value = block.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadRules(f"the scoring rules do not say their {name}")
    return value


def _number(block: Mapping[str, object], name: str) -> int | None:
    value = block.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadRules(f"'{name}' in the scoring rules must be a whole number")
    return value
