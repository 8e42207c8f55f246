"""Where a venue lies: as it was written down, or as the services round its postcode show."""

from __future__ import annotations

from ewb_desktop.storage.cards.places import PlaceCard, place_card
from ewb_desktop.storage.tables import Place, Service
from tests.support.laptops import Laptop


def service(lent: Laptop, postcode: str, latitude: float | None, longitude: float | None) -> str:
    with lent.store.write() as writing:
        return writing.add(Service(area="*", name="A service", postcode=postcode, latitude=latitude, longitude=longitude))


def card_of(lent: Laptop, postcode: str, latitude: float | None = None, longitude: float | None = None) -> PlaceCard:
    with lent.store.write() as writing:
        place = writing.add(Place(area="*", name="St Mary's", postcode=postcode, latitude=latitude, longitude=longitude))
    with lent.store.read() as connection:
        card = place_card(connection, place)
    assert card is not None
    return card


def test_services_in_the_same_postcode_tell_where_a_place_lies(lent: Laptop) -> None:
    service(lent, "M32 0JT", 53.44, -2.30)
    service(lent, "M32 0JT", 53.46, -2.32)
    service(lent, "M32 9AA", 10.0, 10.0)
    card = card_of(lent, "M32 0JT")
    assert (round(card.latitude or 0, 3), round(card.longitude or 0, 3), card.near) == (53.45, -2.31, "M32 0JT")


def test_without_one_the_first_half_of_the_postcode_does(lent: Laptop) -> None:
    service(lent, "M32 9AA", 53.44, -2.30)
    service(lent, "M3 2AA", 10.0, 10.0)
    card = card_of(lent, "M32 0JT")
    assert (card.located, card.near, card.latitude) == (True, "M32", 53.44)


def test_what_was_written_down_of_the_place_itself_counts_more(lent: Laptop) -> None:
    service(lent, "M32 0JT", 10.0, 10.0)
    card = card_of(lent, "M32 0JT", 53.446, -2.308)
    assert (card.latitude, card.longitude, card.near) == (53.446, -2.308, "")


def test_without_services_near_nobody_knows_and_taken_off_ones_do_not_count(lent: Laptop) -> None:
    gone = service(lent, "M32 0JT", 53.44, -2.30)
    service(lent, "M32 0JT", None, None)
    with lent.store.write() as writing:
        writing.remove(Service, gone)
    assert not card_of(lent, "M32 0JT").located
    assert not card_of(lent, "").located
