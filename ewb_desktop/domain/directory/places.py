"""Where a service is: the address, the map point and the entrance of a published place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ewb_desktop.domain.directory.cleaning import Mends, clean_degrees, clean_line, clean_postcode, clean_text
from ewb_desktop.domain.directory.listing import StepFree
from ewb_desktop.domain.directory.terms import Terms

_LINES = ("attention", "address_1", "address_2", "city", "region", "state_province")


@dataclass(frozen=True, slots=True)
class Place:
    """A place as published. Everything is empty for a service that has none, such as a telephone line."""

    id: str = ""
    address: str = ""
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    step_free: StepFree = "unknown"
    entrance: str = ""
    """The published words about getting in."""


def read_place(link: Mapping[str, Any], terms: Terms, mends: Mends) -> Place:
    """Read one of ``service_at_locations``, or one of ``locations``."""
    location = link.get("location")
    location = location if isinstance(location, Mapping) else link
    kind = clean_line(location.get("location_type"), "kind of place", mends)
    addresses = mappings(location.get("addresses")) or mappings(location.get("physical_addresses"))
    address = next((each for each in addresses if each.get("address_type") == "physical"), None)
    address = address or (addresses[0] if addresses else {})
    latitude = clean_degrees(location.get("latitude"), "latitude", 90, mends)
    longitude = clean_degrees(location.get("longitude"), "longitude", 180, mends)
    if (latitude is None) != (longitude is None):
        mends.mend("Only half of the map point could be read, so it was left out.")
        latitude = longitude = None
    lines = [clean_line(location.get("name"), "name of the place", mends) if kind != "virtual" else ""]
    lines += [clean_line(address.get(name), "address", mends) for name in _LINES]
    entrance = "\n".join(
        clean_text(each.get(name), "words about the entrance", mends)
        for each in mappings(location.get("accessibility"))
        for name in ("accessibility", "description", "details")
        if each.get(name)
    )
    return Place(
        clean_line(link.get("id"), "id of the place", mends),
        joined_lines(lines),
        clean_postcode(address.get("postal_code"), mends),
        latitude,
        longitude,
        terms.step_free(entrance),
        "\n".join(dict.fromkeys(entrance.split("\n"))),
    )


def joined_lines(lines: Iterable[str]) -> str:
    """Join the lines of an address with commas, leaving out empty lines and what another line says already."""
    kept: list[str] = []
    for line in lines:
        told = {part.strip().lower() for other in kept for part in (other, *other.split(","))}
        if line and line.lower() not in told:
            kept.append(line)
    return ", ".join(kept)


def mappings(value: object) -> list[Mapping[str, Any]]:
    """Return the objects of a published list; what is not a list of objects holds none."""
    if isinstance(value, Mapping):
        return [value]
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
