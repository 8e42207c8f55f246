"""The morning at the office: workers are invited, laptops join with one-time codes, the directory is read in."""

from __future__ import annotations

import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ewb_desktop.app.practice import add_made_up
from ewb_desktop.library import RESOURCES
from ewb_desktop.storage.cards.services import count_services
from ewb_desktop.storage.tables import Place
from ewb_desktop.ui.firstrun.groups import NumberedGroups
from tests.journeys.day import AREA, MADE_UP_DIRECTORY, PASSPHRASES, REAL_DIRECTORY, ROLES, Day, exchange
from tests.journeys.stage import Laptop

VENUE = "St Mary's Hall"
KNOWN = ("ada", "danuta", "piotr")
"""Made-up members of practice: a signpost four weeks ago, another twelve weeks ago, and a first meeting that was yesterday."""


def play_morning(day: Day) -> None:
    """Play every step of the morning."""
    day.account.begin("In the morning, at the office")
    day.step("The administrator invites three connectors and a volunteer with `ewb-server`", invite)
    day.step("Rowan joins with her one-time code and types back her recovery key", rowan_joins)
    day.step("Rowan's venue is there", choose_venue)
    if REAL_DIRECTORY.is_dir():
        day.step("She reads in a real directory, Open Referral UK pages of Trafford", read_real_directory)
    day.step("She reads in the project's made-up directory of Stretford", read_made_up_directory)
    day.step("Three members whom she met in the weeks before stand in her file", meet_members)
    day.step("All of it is sent while there is a line", send_directory)
    day.step("Grace joins on a laptop of her own", lambda d: join(d, "Grace Lamb"))
    day.step("Dawn, a volunteer, joins on a third", lambda d: join(d, "Dawn Reed"))


def invite(day: Day) -> None:
    with ThreadPoolExecutor(2) as clerks:
        codes = clerks.map(lambda one: day.centre.invite(one[0], one[1], AREA), ROLES.items())
        day.codes = dict(zip(ROLES, codes, strict=True))


def rowan_joins(day: Day) -> None:
    join(day, "Rowan Oak", pictures=True)


def join(day: Day, name: str, *, pictures: bool = False) -> None:
    """Walk the first start with the worker's code."""
    laptop = day.sit_down(name)
    hands = laptop.hands
    hands.see("welcome-enrol")
    if pictures:
        day.picture("welcome")
    hands.click("welcome-enrol")
    passphrase = PASSPHRASES[name]
    hands.type("firstrun-name", name)
    hands.type("firstrun-server", day.centre.address)
    hands.type("firstrun-code", day.codes[name].lower())
    hands.type("firstrun-passphrase", passphrase)
    hands.type("firstrun-again", passphrase)
    if pictures:
        hands.read("This passphrase is good")
        day.picture("join-your-service")
    hands.click("firstrun-make")
    keep_recovery_key(day, laptop, pictures=pictures)
    laptop.passphrase = passphrase
    hands.wait(lambda: laptop.status() not in ("", "Not sent yet"), "words about sending at the foot")


def keep_recovery_key(day: Day, laptop: Laptop, *, pictures: bool) -> None:
    """Read the recovery key from the screen and type back the groups that are asked for."""
    hands = laptop.hands
    hands.wait(lambda: hands.visible("firstrun-key") is not None, "a recovery key", 60)
    shown = hands.see("firstrun-key")
    groups = shown.text().split() if isinstance(shown, NumberedGroups) else []
    if pictures:
        day.picture("recovery-key")
    for field in ("firstrun-key-first", "firstrun-key-second"):
        asked = hands.see(f"{field}.input").accessibleName()
        hands.type(field, groups[int(asked.split()[-1]) - 1])
    hands.click("firstrun-key-confirm")
    laptop.recovery_key = "-".join(groups)
    hands.wait(lambda: laptop.program.office is not None, "the worker's window", 60)


def choose_venue(day: Day) -> None:
    # a place with its coordinates comes from the administrator, as any open record does
    office = day.rowan.office
    with office.desk.store.write() as writing:
        writing.add(
            Place(
                area=office.desk.area, name=VENUE, address="14 Chapel Croft, Stretford", postcode="M32 0CV",
                latitude=53.446, longitude=-2.308,
            )
        )  # fmt: skip
    office.build_again()
    day.hands.read(VENUE)


def read_real_directory(day: Day) -> None:
    pages = sorted(REAL_DIRECTORY.glob("services_page_*.json"))
    read_directory(day, "Trafford Directory", pages, picture="a-real-directory")


def read_made_up_directory(day: Day) -> None:
    read_directory(day, "Stretford (made up)", [MADE_UP_DIRECTORY])


def meet_members(day: Day) -> None:
    # the actions that her window would have called, on the days on which she would have called them
    for one in _known_members():
        add_made_up(day.rowan.office.desk, one)


def on_her_list() -> list[str]:
    """Return what those are called whom Today shows at the beginning of the afternoon."""
    return [one["words"] for one in _known_members()]


def _known_members() -> list[dict[str, Any]]:
    people = tomllib.loads((RESOURCES / "practice" / "people.toml").read_text("utf-8"))
    return [one for one in people["entry"] if one["key"] in KNOWN]


def send_directory(day: Day) -> None:
    exchange(day, "Rowan Oak")


def read_directory(day: Day, name: str, files: list[Path], picture: str = "") -> None:
    """Read files in through the page of the directory."""
    hands = day.hands
    day.rowan.chosen_files = [str(file) for file in files]
    hands.click("rail.directory")
    hands.click("directory.import")
    if hands.visible("importing.known") is not None:
        hands.choose("importing.known", "Another one")
    hands.type("importing.name", name)
    hands.click("importing.choose")
    hands.wait(lambda: hands.visible("importing.rows") is not None, "the report of every row", 60)
    if picture:
        day.picture(picture)
    with day.rowan.office.desk.store.read() as connection:
        day.account.figures["services in the directory"] = str(count_services(connection).services)
