"""The directory the project ships is whole, varied, plainly made up and valid."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import jsonschema
import pytest

from ewb_desktop.domain.directory.listing import Listing, listing_from_json, listing_json
from ewb_desktop.domain.directory.openreferral import Page, read_pages
from ewb_desktop.domain.directory.stale import last_checked
from tests.domain.directory.samples import OWN, TERMS, published

DATA = (OWN / "made-up-stretford.json").read_bytes()
SERVICES: list[dict[str, Any]] = json.loads(DATA)
FOUND = read_pages([Page("made-up", DATA)], TERMS)
NOVEMBER = date(2026, 11, 21)


def test_all_forty_eight_services_are_kept_as_published() -> None:
    assert (FOUND.report.kept, FOUND.report.mended, FOUND.report.left) == (48, 0, 0)
    assert FOUND.report.to_check == ()


def test_every_service_fits_the_published_schema() -> None:
    schema = json.loads(published("uk-3.0", "compiled", "service.json"))
    checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    assert [fault.message for service in SERVICES for fault in checker.iter_errors(service)] == []


def test_nobody_real_can_be_called_written_to_or_visited_by_mistake() -> None:
    text = DATA.decode()
    assert set(re.findall(r"0161 \d{3}", text)) == {"0161 496"}
    assert all(host.endswith("example.org") for host in re.findall(r"(?:https://|@)([\w.-]+)", text))
    assert all(re.search(r"[CIKMOV]", listing.postcode[-2:]) for listing in FOUND.listings if listing.postcode)


def test_every_need_on_the_list_has_a_service() -> None:
    needs = set(TERMS.needs.values()) - {"something_else_own_words"}
    assert needs <= {need for listing in FOUND.listings for need in listing.needs}


def test_the_drop_in_for_debt_is_in_the_small_room_on_saturday_afternoon() -> None:
    (debt,) = [listing for listing in FOUND.listings if listing.name == "Debt advice drop-in"]
    (rule,) = debt.schedule
    assert debt.address.startswith("St Mary's Hall, small room")
    assert (rule.byday, rule.opens_at, rule.closes_at) == (("TU", "TH", "SA"), "13:00", "16:00")
    assert (debt.step_free, debt.free) == ("yes", True)


def test_freshness_entrances_and_states_are_of_every_kind() -> None:
    assert {last_checked(listing.assured_on, NOVEMBER).state for listing in FOUND.listings} == {"fresh", "ageing", "old"}
    assert {listing.step_free for listing in FOUND.listings} == {"yes", "no", "unknown"}
    assert sorted(listing.status for listing in FOUND.listings if not listing.can_be_signposted) == [
        "defunct",
        "temporarily closed",
    ]


@pytest.mark.parametrize("listing", FOUND.listings, ids=lambda listing: listing.source_id[:8])
def test_a_listing_survives_its_record(listing: Listing) -> None:
    assert listing_from_json(json.loads(json.dumps(listing_json(listing)))) == listing


def test_descriptions_are_short_enough_to_read_easily() -> None:
    for listing in FOUND.listings:
        sentences = [part for part in re.split(r"[.?!]\s*", listing.description) if part]
        words = listing.description.split()
        assert len(words) / len(sentences) <= 15, listing.name
        assert max(len(sentence.split()) for sentence in sentences) <= 25, listing.name
