"""Takes the organisation's own leaflets out of the worker's file, as the press wants them."""

from __future__ import annotations

from ewb_desktop.leaflets.own import Own, OwnFile
from ewb_desktop.leaflets.pictures import OwnPicture
from ewb_desktop.storage.cards.own_leaflets import PictureRecord, own_in_use
from ewb_desktop.storage.store import Store


def own_shelf(store: Store) -> Own:
    """Return what is in use now. May be called from any thread."""
    with store.read() as connection:
        there = own_in_use(connection)
    return Own(
        tuple(OwnFile(file.id, file.file, file.source) for file in there.files),
        tuple(_picture(picture) for picture in there.pictures),
        _picture(there.logo) if there.logo is not None else None,
    )


def _picture(record: PictureRecord) -> OwnPicture:
    return OwnPicture(record.name, record.content, record.description, record.credit)
