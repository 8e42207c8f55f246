"""What the page does about pictures and the logo: takes them in, asks for their words, keeps them, stops using them."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.actions.own_leaflets import NewPicture, add_picture, set_logo, stop_picture
from ewb_desktop.leaflets.errors import PictureError
from ewb_desktop.leaflets.pictures import MOST_READ, fit_logo, fit_to_keep
from ewb_desktop.storage.drafts import drop_draft, load_draft, save_draft
from ewb_desktop.storage.errors import StorageTrouble
from ewb_desktop.ui.ownleaflets.shown import Edge, OwnLeafletsView, PictureWords, Run

DRAFT = "own-picture"


class PicturePresenter:
    """Holds the picture whose words are being written, and keeps it as a draft until it is kept or given up."""

    def __init__(self, desk: Desk, run: Run, edge: Edge, view: OwnLeafletsView, came: Callable[[], None]) -> None:
        self._desk = desk
        self._run = run
        self._edge = edge
        self._view = view
        self._came = came
        self._picture: PictureWords | None = None

    def open(self) -> None:
        """Show the form again that was not finished."""
        self._picture = _from_draft(load_draft(self._desk.store, DRAFT))
        self._view.show_picture(self._picture)

    def choose(self, is_logo: bool) -> None:
        """Ask for a picture, and then for its words."""
        chosen = self._edge.choose_picture()
        if chosen:
            self._view.show_trouble("", "")
            path = Path(chosen)
            self._run(lambda: _read(path, is_logo=is_logo), self._read, self._failed)

    def type(self, description: str, credit: str) -> None:
        """Keep what is typed."""
        if self._picture is None:
            return
        self._picture = replace(self._picture, description=description, credit=credit)
        try:
            save_draft(self._desk.store, DRAFT, _as_draft(self._picture))
        except StorageTrouble as trouble:
            self._view.say(str(trouble))

    def keep(self, description: str, credit: str) -> None:
        """Keep the picture with its words."""
        picture = self._picture
        if picture is None:
            return
        self.type(description, credit)
        new = NewPicture(picture.name, picture.content, description, credit)
        try:
            (set_logo if picture.is_logo else add_picture)(self._desk, new)
        except FaultyFields as faults:
            self._view.show_picture_faults(faults.sentences)
            return
        except StorageTrouble as trouble:
            self._view.show_trouble("The picture was not kept", str(trouble))
            return
        self._end()
        use = "It is printed at the head of leaflets from now on, but not on discreet ones."
        self._view.say(use if picture.is_logo else f"It is kept. In a leaflet, write ![what it shows]({picture.name}).")
        self._came()

    def give_up(self) -> None:
        """Do not keep the picture that was chosen."""
        self._end()

    def stop(self, id: str) -> None:
        """Stop using a picture or the logo."""
        try:
            stop_picture(self._desk, id)
        except StorageTrouble as trouble:
            self._view.show_trouble("Nothing was changed", str(trouble))
            return
        self._view.say("It is not used any more. Leaflets that name it say so here.")
        self._came()

    def _end(self) -> None:
        self._picture = None
        if load_draft(self._desk.store, DRAFT) is not None:
            drop_draft(self._desk.store, DRAFT)
        self._view.show_picture(None)

    def _read(self, picture: object) -> None:
        if isinstance(picture, PictureWords):
            self._picture = picture
            self._view.show_picture(picture)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, PictureError):
            words = str(error)
            self._view.show_trouble("This picture cannot be used", words)
        elif isinstance(error, OSError):
            reason = error.strerror or "no reason given"
            self._view.show_trouble("The picture could not be opened", f"The computer says: {reason}. Choose it again.")
        else:
            self._view.show_trouble("Something went wrong here, and it is not your fault", "Nothing was changed. Please tell us.")
            raise error


def _read(path: Path, *, is_logo: bool) -> PictureWords:
    with path.open("rb") as file:
        content = file.read(MOST_READ + 1)
    name = f"{'-'.join(path.stem.split()) or 'picture'}{path.suffix.lower()}"
    return PictureWords(name, (fit_logo if is_logo else fit_to_keep)(name, content), is_logo=is_logo)


def _as_draft(picture: PictureWords) -> dict[str, Any]:
    return {
        "name": picture.name, "content": base64.b64encode(picture.content).decode("ascii"), "description": picture.description,
        "credit": picture.credit, "is_logo": picture.is_logo,
    }  # fmt: skip


def _from_draft(kept: Any) -> PictureWords | None:
    try:
        return PictureWords(
            kept["name"], base64.b64decode(kept["content"]), kept["description"], kept["credit"], is_logo=kept["is_logo"]
        )  # fmt: skip
    except (TypeError, KeyError, ValueError):
        return None
