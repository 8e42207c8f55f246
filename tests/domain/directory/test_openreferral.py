"""Open Referral UK 3.0 is read whole or broken, and nothing is lost without a word."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ewb_desktop.domain.directory.listing import OpeningRule
from ewb_desktop.domain.directory.openreferral import Page, read_pages
from ewb_desktop.domain.directory.report import DirectoryUnreadableError, Import
from tests.domain.directory.samples import OWN, TERMS, as_bytes, published, service

TRAFFORD = "trafford-mental-health"


def read(*values: Any) -> Import:
    return read_pages([Page("list.json", as_bytes(list(values)))], TERMS)


def refusal(data: bytes) -> str:
    with pytest.raises(DirectoryUnreadableError) as fault:
        read_pages([Page("list.json", data)], TERMS)
    return str(fault.value)


@pytest.mark.parametrize("dash", "-\u2010\u2011\u2012")
def test_a_dash_that_no_keyboard_has_is_a_hyphen_in_a_telephone_number(dash: str) -> None:
    found = read(service(phones=[{"number": f"0161{dash}496{dash}0123"}]))
    assert [listing.telephone for listing in found.listings] == ["0161-496-0123"]


def test_sixty_real_services_are_kept_and_the_wrong_postcode_stays_as_published() -> None:
    found = read_pages([Page("full", published(TRAFFORD, "services_uk3_full.json"))], TERMS)
    assert (found.report.kept, found.report.mended, found.report.left) == (60, 0, 0)
    (doubtful,) = found.report.to_check
    assert "“WA154 1HF” has a wrong shape" in doubtful.words
    assert "WA154 1HF" in {listing.postcode for listing in found.listings}
    assert found.listings[0].telephone == "0161 832 3736"
    assert found.listings[0].latitude == 53.487919


def test_three_pages_are_one_import() -> None:
    pages = [Page(f"page {number}", published(TRAFFORD, f"services_page_{number}.json")) for number in (3, 1, 2)]
    found = read_pages(pages, TERMS)
    assert len(found.listings) == 60
    assert found.report.notes == ()


def test_a_missing_page_is_noticed() -> None:
    pages = [Page(f"page {number}", published(TRAFFORD, f"services_page_{number}.json")) for number in (1, 3)]
    notes = read_pages(pages, TERMS).report.notes
    assert notes[0] == "Page 2 of 3 was not in what you chose."
    assert notes[1] == "The file says there are 60 services; 35 were in what you chose."


@pytest.mark.parametrize("name", ["service_full.json", "service_at_location_full.json"])
def test_one_full_service_alone_is_read_with_all_that_is_nested_in_it(name: str) -> None:
    (listing,) = read_pages([Page(name, published("uk-3.0", "examples", name))], TERMS).listings
    assert listing.organisation == "Example Organization Inc." or name.startswith("service_at")
    assert listing.address.endswith("1-30 Main Street, MyCity, MyRegion, MyState")
    assert listing.step_free == "yes"


def test_a_half_page_gives_its_whole_services_and_says_where_it_breaks() -> None:
    data = as_bytes({"page_number": 1, "contents": [service(), service(id="s2", name="Choir")]})
    report = read_pages([Page("half.json", data[:-20])], TERMS).report
    assert [(row.fate, row.name) for row in report.rows] == [("kept", "Tea and talk"), ("left", "Choir")]
    assert "broken at byte" in report.notes[0]


def test_every_whole_service_before_a_cut_is_kept_wherever_a_real_page_is_cut() -> None:
    data = published(TRAFFORD, "services_page_3.json")
    for cut in range(300, len(data), 997):
        found = read_pages([Page("cut", data[:cut])], TERMS)
        assert len(found.listings) >= data[:cut].count(b"\n  },")
        assert found.report.notes


def test_the_byte_told_is_counted_in_bytes_of_the_file_not_letters() -> None:
    data = '\ufeff[{"id": "1", "name": "Café", "status": "active"}, ?'.encode()
    assert f"byte {len(data)} of {len(data)}" in read_pages([Page("f", data)], TERMS).report.notes[0]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"name,phone", "cannot be read as JSON from byte 1"),
        (b"<!DOCTYPE html><html>", "is a web page"),
        (b'{"error": "no"}', "holds no list of services"),
        (b"[" * 100_000, "cannot be read safely"),
        (b"[" + b"9" * 5_000 + b"]", "cannot be read safely"),
    ],
)
def test_each_unreadable_file_has_its_own_sentence_and_changes_nothing(data: bytes, words: str) -> None:
    sentence = refusal(data)
    assert words in sentence
    assert "Nothing was" in sentence


def test_a_file_too_big_is_refused_before_it_is_read() -> None:
    with pytest.raises(DirectoryUnreadableError, match="too big"):
        read_pages([Page("f", b"[" + b" " * 100)], TERMS, most=50)


def test_no_file_chosen_is_said() -> None:
    with pytest.raises(DirectoryUnreadableError, match="No file was chosen"):
        read_pages([], TERMS)


def test_an_unreadable_page_does_not_cost_the_others() -> None:
    found = read_pages([Page("a.json", as_bytes([service()])), Page("b.json", b"<html>")], TERMS)
    assert [row.fate for row in found.report.rows] == ["kept", "left"]


def test_html_in_a_field_becomes_its_words() -> None:
    html = "<p>Tea &amp; <b>talk</b></p><script>alert('x')</script>Every week<br>at 3"
    found = read(service(description=html))
    assert found.listings[0].description == "Tea & talk\nEvery week\nat 3"
    assert "description held web page code" in found.report.rows[0].words


def test_a_service_without_an_id_gets_the_same_one_every_time() -> None:
    first, second = (read(service(id=None)).listings[0].source_id for _ in range(2))
    assert first == second
    assert read(service(id=None)).report.rows[0].reasons[0].startswith("It had no id")


def test_the_31st_of_february_is_left_out_and_told() -> None:
    found = read(service(assured_date="2026-02-31"))
    assert found.listings[0].assured_on is None
    assert "“2026-02-31” is no day of the calendar" in found.report.rows[0].words


def test_a_day_written_day_first_is_read_and_told() -> None:
    found = read(service(assured_date="03/11/2026"))
    assert found.listings[0].assured_on == date(2026, 11, 3)
    assert found.report.mended == 1


def test_latitude_as_text_is_read_and_a_half_map_point_is_left_out() -> None:
    def at(**point: Any) -> dict[str, Any]:
        return service(service_at_locations=[{"location": point}])

    assert read(at(latitude="53.4", longitude=-2.3)).listings[0].latitude == 53.4
    half = read(at(latitude=95, longitude=-2.3))
    assert (half.listings[0].latitude, half.listings[0].longitude) == (None, None)
    assert half.report.mended == 1


def test_a_status_nobody_knows_never_sends_anyone_to_a_closed_door() -> None:
    found = read(service(status="resting"))
    assert found.listings[0].status == "inactive"
    assert not found.listings[0].can_be_signposted
    assert found.listings[0].extra["published_status"] == "resting"


def test_twins_in_one_file_are_kept_once_and_their_differences_named() -> None:
    report = read(service(), service(), service(email="a@example.org")).report
    assert [row.fate for row in report.rows] == ["kept", "left", "left"]
    assert "the same as list.json, service 1" in report.rows[1].words
    assert "differ in: email" in report.rows[2].words


def test_a_service_without_a_name_is_left_with_its_reason() -> None:
    assert "no name" in read(service(name=" ")).report.rows[0].words


def test_windows_letters_are_read_and_told() -> None:
    data = json.dumps([service(name="Café")], ensure_ascii=False).encode("cp1252")
    found = read_pages([Page("f", data)], TERMS)
    assert found.listings[0].name == "Café"
    assert "not in UTF-8" in found.report.notes[0]


def test_a_web_address_that_opens_no_page_is_left_out_and_a_crooked_email_is_doubted() -> None:
    found = read(service(url="javascript:alert(1)", email="tea at hall"), service(id="s2", url="example.org:8080/tea"))
    assert [listing.url for listing in found.listings] == ["", "example.org:8080/tea"]
    assert found.listings[0].email == "tea at hall"
    assert "does not open a web page" in found.report.rows[0].words
    assert "e-mail address “tea at hall” has a wrong shape" in found.report.rows[0].words


def test_each_place_of_a_service_is_a_listing_of_its_own() -> None:
    places = [{"id": "p1", "location": {"name": "Hall"}}, {"id": "p2", "location": {"name": "Library"}}]
    times = [{"freq": "WEEKLY", "byday": "MO", "service_at_location_id": "p2"}]
    first, second = read(service(service_at_locations=places, schedules=times)).listings
    assert (first.source_id, second.source_id) == ("s1", "s1@p2")
    assert (first.schedule, second.schedule) == ((), (OpeningRule(byday=("MO",)),))


def test_schedules_become_opening_rules() -> None:
    def rules(**schedule: Any) -> tuple[OpeningRule, ...]:
        return read(service(schedules=[schedule])).listings[0].schedule

    assert rules(freq="WEEKLY", byday="TU,TH", opens_at="13:00:00Z", closes_at="16:00") == (
        OpeningRule(byday=("TU", "TH"), opens_at="13:00", closes_at="16:00"),
    )
    assert rules(freq="MONTHLY", byday="1MO,-1FR") == (
        OpeningRule(freq="monthly", byday=("MO",), nth=1),
        OpeningRule(freq="monthly", byday=("FR",), nth=-1),
    )
    assert rules(description="Call for times") == (OpeningRule(notes="Call for times"),)


def test_needs_languages_cost_and_entrance_are_understood() -> None:
    (listing,) = read(
        service(
            attributes=[{"taxonomy_term": {"name": "Debt advice"}}, {"taxonomy_term": {"name": "Origami"}}],
            languages=[{"name": "Polish"}, {"code": "ur"}],
            cost_options=[{"option": "Adults", "amount": 2.5, "amount_description": "each week"}],
            service_at_locations=[{"location": {"accessibility": [{"description": "Not step-free."}]}}],
        )
    ).listings
    assert listing.needs == ("money_debt_and_benefits",)
    assert listing.extra["other_subjects"] == ["Origami"]
    assert listing.languages == ("pl", "ur")
    assert (listing.cost, listing.free) == ("Adults: £2.50 each week", False)
    assert listing.step_free == "no"


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.sampled_from(["2026-02-31", "<b>"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from([*json.loads((OWN / "made-up-stretford.json").read_bytes())[0], "phones", "fees", "alert"])
SERVICES = st.lists(
    st.dictionaries(FIELDS, JUNK, max_size=6).map(lambda odd: service(id=None) | odd) | JUNK, min_size=1, max_size=5
)


@settings(max_examples=150, deadline=None)
@given(SERVICES)
def test_every_row_is_told_exactly_once_whatever_its_fields_hold(services: list[Any]) -> None:
    report = (found := read(*services)).report
    places = [row.where.split(", place")[0] for row in report.rows]
    assert set(places) == {f"list.json, service {index}" for index in range(1, len(services) + 1)}
    assert len({row.where for row in report.rows}) == len(report.rows)
    assert report.kept + report.mended + report.left == len(report.rows)
    assert len(found.listings) == report.kept + report.mended
    assert len({listing.source_id for listing in found.listings}) == len(found.listings)
    json.dumps([dict(listing.extra) for listing in found.listings], allow_nan=False).encode()


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_broken_bytes_raise_nothing_but_the_named_error(data: st.DataObject) -> None:
    page = bytearray(as_bytes({"contents": [service(), service(id="s2", email="a@example.org")], "total_pages": 2}))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(page) - 1))
        page[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    try:
        report = read_pages([Page("f", bytes(page))], TERMS).report
    except DirectoryUnreadableError:
        return
    assert report.rows or report.notes


def test_a_list_without_services_says_that_nothing_was_changed() -> None:
    with pytest.raises(DirectoryUnreadableError, match=r"there are no services in it\. Nothing was changed"):
        read_pages([Page("list.json", b"[]")], TERMS)
