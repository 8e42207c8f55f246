"""The directory of services, and what workers know of them."""

from __future__ import annotations

from ewb_desktop.storage.columns import Day, Flag, Instant, Json, Real, Text, Texts, Whole
from ewb_desktop.storage.tables.row import Row


class Service(Row, table=True):
    """A service of the directory."""

    __tablename__ = "service"

    source: Text = None
    source_id: Text = None
    organisation: Text = None
    name: Text = None
    description: Text = None
    status: Text = None
    url: Text = None
    email: Text = None
    telephone: Text = None
    address: Text = None
    postcode: Text = None
    latitude: Real = None
    longitude: Real = None
    step_free: Text = None
    languages: Texts = None
    cost: Text = None
    free: Flag = None
    schedule: Json = None
    minimum_age: Whole = None
    maximum_age: Whole = None
    needs: Texts = None
    eligibility: Text = None
    assured_on: Day = None
    assured_by: Text = None
    modified_at: Instant = None
    alert: Text = None
    in_latest_file: Flag = None
    extra: Json = None


class ServiceNote(Row, table=True):
    """What a worker found out about a service."""

    __tablename__ = "service_note"

    service: Text = None
    words: Text = None
    noted_at: Instant = None
    noted_by: Text = None
    settled_at: Instant = None
    settled_by: Text = None
