"""Places, and those who work there with their laptops."""

from __future__ import annotations

from ewb_desktop.storage.columns import Flag, Json, Real, Text, Texts
from ewb_desktop.storage.tables.row import Row


class Place(Row, table=True):
    """A venue where people meet us."""

    __tablename__ = "place"

    name: Text = None
    address: Text = None
    postcode: Text = None
    latitude: Real = None
    longitude: Real = None
    opening: Json = None
    notes: Text = None


class Worker(Row, table=True):
    """Somebody who works here."""

    __tablename__ = "worker"

    name: Text = None
    role: Text = None
    telephone: Text = None
    areas: Texts = None
    active: Flag = None


class Laptop(Row, table=True):
    """A colleague's laptop, with what is needed to seal a file for it and to know what it signed. Its id is the laptop's own."""

    __tablename__ = "laptop"

    worker: Text = None
    name: Text = None
    sealing_key: Text = None
    signing_key: Text = None
    active: Flag = None
