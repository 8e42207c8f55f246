"""What the organisation brought in itself: its leaflets, pictures and logo."""

from __future__ import annotations

from ewb_desktop.storage.columns import Instant, Text
from ewb_desktop.storage.tables.row import Row


class OwnPicture(Row, table=True):
    """A picture that leaflets name, or the logo. ``content`` is the PNG or JPEG file in base64; ``used_as`` is below."""

    __tablename__ = "own_picture"

    name: Text = None
    used_as: Text = None
    content: Text = None
    description: Text = None
    credit: Text = None
    stopped_at: Instant = None
    stopped_by: Text = None


class OwnLeaflet(Row, table=True):
    """One version of a leaflet's file, as its author wrote it. A newer version is another record, and this one is stopped."""

    __tablename__ = "own_leaflet"

    file: Text = None
    source: Text = None
    stopped_at: Instant = None
    stopped_by: Text = None


PICTURE = "picture"
"""``used_as`` of a picture that leaflets name."""
LOGO = "logo"
"""``used_as`` of the logo."""
