"""What the page of our own leaflets does: looks at files, shows what is in them, uses them, and stops using them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.own_leaflets import NewPicture, bring_leaflet, stop_leaflets, use_leaflet_again
from ewb_desktop.leaflets.checking import CANDIDATE, Around, Check, check_file
from ewb_desktop.leaflets.errors import LeafletError
from ewb_desktop.leaflets.order import LeafletOrder
from ewb_desktop.leaflets.own import OwnFile, OwnRead
from ewb_desktop.leaflets.pictures import MOST_READ
from ewb_desktop.leaflets.press import Press
from ewb_desktop.storage.cards.own_leaflets import LeafletFile, leaflet_files, own_in_use
from ewb_desktop.storage.cards.workers import worker_names
from ewb_desktop.storage.errors import StorageTrouble
from ewb_desktop.ui.own_shelf import own_shelf
from ewb_desktop.ui.ownleaflets.shown import Bench, Edge, Lists, OwnLeafletsView, Proof, Run
from ewb_desktop.ui.ownleaflets.telling import leaflet_row, looked, picture_row, stopped_row
from ewb_desktop.whole_file import write_whole

log = logging.getLogger(__name__)

EXAMPLE = "example leaflet.md"
"""The name that is offered for the example."""
_MOST_LEAFLET = 50_000_000
"""No more of a file is read: what is larger is no leaflet, and its size is told."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A file that was looked at, what else there is, and the leaflet on paper or why there is none."""

    check: Check
    reads: tuple[OwnRead, ...]
    proof: Proof | None = None
    trouble: str = ""


class OwnLeafletsPresenter:
    """Holds the file that is being looked at. ``example`` is the file that authors can start from."""

    def __init__(self, desk: Desk, bench: Bench, run: Run, edge: Edge, example: Path, view: OwnLeafletsView) -> None:
        self._desk = desk
        self._bench = bench
        self._run = run
        self._edge = edge
        self._example = example
        self._view = view
        self._path: Path | None = None
        self._tried: Tried | None = None
        self._asked = 0

    # -- what is there

    def open(self) -> None:
        """Show what is there; a file that is being looked at stays in sight."""
        self._run(self._bench.press, self._ready, self._failed)

    def hear(self, changes: object) -> None:
        """Something came from another laptop, or was written here: show it."""
        if getattr(changes, "concerns", lambda *_: False)("own_leaflet", "own_picture"):
            self.open()

    def _ready(self, press: object) -> None:
        if not isinstance(press, Press):
            return
        with self._desk.store.read() as connection:
            there = own_in_use(connection)
            stopped = [file for file in leaflet_files(connection) if file.stopped_at is not None]
            names = worker_names(connection)
        library = self._desk.library
        self._view.show_lists(
            Lists(
                [leaflet_row(read, library) for read in reversed(press.own)],
                [stopped_row(file, names) for file in reversed(stopped)],
                [picture_row(picture) for picture in there.pictures],
                [picture_row(there.logo)] if there.logo is not None else [],
            )
        )

    # -- one file

    def add(self) -> None:
        """Ask for a file and look at it."""
        chosen = self._edge.choose_leaflet()
        if chosen:
            self.look_at(Path(chosen))

    def look_at(self, path: Path) -> None:
        """Look at a file."""
        self._path = path
        self._look(lambda: self._read(path), is_new=True)

    def look_again(self) -> None:
        """Look at the same file again: its author has mended it meanwhile."""
        if self._path is not None:
            self.look_at(self._path)

    def show(self, id: str) -> None:
        """Show a leaflet that is kept, used or not."""
        with self._desk.store.read() as connection:
            kept = {file.id: file for file in leaflet_files(connection)}
        if id in kept:
            self._path = None
            self._look(lambda: self._kept(kept[id]), is_new=False)

    def close(self) -> None:
        """Go back to the lists; nothing was changed."""
        self._asked += 1
        self._path = self._tried = None
        self._view.show_trouble("", "")
        self._view.show_looked(None)

    def use(self) -> None:
        """Use the file that was looked at from now on."""
        tried = self._tried
        if tried is None or tried.check.leaflet is None or tried.trouble:
            return
        check, title = tried.check, tried.check.leaflet.title
        pictures = [NewPicture(each.name, each.content, each.description, each.credit) for each in check.pictures]

        def bring() -> None:
            bring_leaflet(self._desk, check.name, check.source, replaces=check.replaces, pictures=pictures)

        if self._do(bring):
            self.close()
            self._view.say(f"“{title}” is printed from now on, and on the other laptops after they send and receive.")
            self.open()

    def stop(self, id: str) -> None:
        """Stop using a leaflet; it is kept."""
        if self._do(lambda: stop_leaflets(self._desk, [id])):
            self._view.say("It is not printed any more. It is kept under “Not used now”, and can be used again.")
            self.open()

    def use_again(self, id: str) -> None:
        """Use an earlier version again, in place of what is printed now for the same topic, language and format."""
        with self._desk.store.read() as connection:
            kept = {file.id: file for file in leaflet_files(connection)}
        if id not in kept:
            return

        def again(tried: object) -> None:
            if isinstance(tried, Tried) and self._do(
                lambda: use_leaflet_again(self._desk, id, instead_of=[each for each in tried.check.replaces if each != id])
            ):
                self._view.say("It is used again.")
                self.open()

        self._run(lambda: Tried(self._check(kept[id].file, kept[id].source.encode(), _none), ()), again, self._failed)

    def save_example(self) -> None:
        """Save a file to start from."""
        chosen = self._edge.save_as(EXAMPLE)
        if not chosen:
            return
        try:
            write_whole(Path(chosen), self._example.read_bytes())
        except OSError as error:
            self._tell(error, "The example could not be saved there", "Choose another place.")
        else:
            self._view.show_trouble("", "")
            self._view.say("The example is saved. Change its words, then add it here.")

    # -- beside the window

    def _look(self, work: Callable[[], Tried], *, is_new: bool) -> None:
        self._asked += 1
        number = self._asked
        self._view.show_trouble("", "")
        self._view.show_busy("Looking at the file")
        self._run(work, lambda tried: self._looked(tried, number, is_new=is_new), lambda error: self._failed(error, number))

    def _read(self, path: Path) -> Tried:
        with path.open("rb") as file:
            content = file.read(_MOST_LEAFLET)
        return self._try(self._check(path.name, content, _beside(path.parent)))

    def _kept(self, file: LeafletFile) -> Tried:
        check = self._check(file.file, file.source.encode(), _none)
        return self._try(replace(check, hints=(), replaces=(), pictures=()))

    def _check(self, name: str, content: bytes, beside: Callable[[str], bytes | None]) -> Check:
        press = self._bench.press()
        needs = {entry.key: entry.words for entry in self._desk.library.list("needs").entries}
        around = Around(own_shelf(self._desk.store), press.rules, press.shipped, needs, self._desk.clock.today())
        return check_file(name, content, beside, around)

    def _try(self, check: Check) -> Tried:
        press = self._bench.press()
        leaflet = check.leaflet
        if leaflet is None:
            return Tried(check, press.own)
        able = [style for style in press.styles.values() if style.source == leaflet.format and not style.topics]
        style = min(able, key=lambda style: (bool(style.asked), style.size, style.id))
        order = LeafletOrder(
            topic=leaflet.id, printed_on=self._desk.clock.today(), crisis=self._desk.library.crisis, language=leaflet.lang,
            style=style.id,
        )  # fmt: skip
        own = own_shelf(self._desk.store)
        with_it = replace(
            own,
            files=(*own.files, OwnFile(CANDIDATE, check.name, check.source)),
            pictures=(*own.pictures, *check.pictures),
        )
        try:
            return Tried(check, press.own, self._bench.try_out(order, with_it))
        except LeafletError as error:
            return Tried(check, press.own, trouble=str(error))

    def _looked(self, tried: object, number: int, *, is_new: bool) -> None:
        if not isinstance(tried, Tried) or number != self._asked:
            return
        self._tried = tried if is_new else None
        self._view.show_busy("")
        self._view.show_proof(tried.proof, tried.trouble or "Mend what is named here first, then look at the file again.")
        self._view.show_looked(looked(tried.check, tried.reads, self._desk.library, is_new=is_new, trouble=tried.trouble))

    def _failed(self, error: Exception, number: int | None = None) -> None:
        if number is not None and number != self._asked:
            return
        self._view.show_busy("")
        if isinstance(error, OSError):
            self._tell(error, "The file could not be opened", "Nothing was changed. Check the file and choose it again.")
        elif isinstance(error, LeafletError | StorageTrouble):
            self._view.show_trouble("This did not work", str(error))
        else:
            log.error("our own leaflets: %s", type(error).__name__)
            self._view.show_trouble(
                "Something went wrong here, and it is not your fault", "Nothing was changed. Please tell us."
            )  # fmt: skip

    def _tell(self, error: OSError, title: str, remedy: str) -> None:
        self._view.show_trouble(title, f"The computer says: {error.strerror or 'no reason given'}. {remedy}")

    def _do(self, act: Callable[[], object]) -> bool:
        try:
            act()
        except StorageTrouble as trouble:
            self._view.show_trouble("Nothing was changed", str(trouble))
            return False
        self._view.show_trouble("", "")
        return True


def _beside(folder: Path) -> Callable[[str], bytes | None]:
    def read(name: str) -> bytes | None:
        path = folder / name
        try:
            with path.open("rb") as file:
                return file.read(MOST_READ + 1)
        except OSError:
            return None

    return read


def _none(_name: str) -> None:
    return None
