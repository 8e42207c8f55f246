"""Plays one drop-in afternoon through the real window and leaves pictures, a leaflet and an account in ``build/demo/``."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from tests.support.offscreen import use_offscreen_screen

OUT = Path(__file__).parents[2] / "build" / "demo"


def main() -> int:
    """Play the day; return 0 when every step was done, 1 when one was not."""
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        use_offscreen_screen()
    from PySide6.QtCore import qInstallMessageHandler
    from PySide6.QtWidgets import QApplication

    qInstallMessageHandler(pass_on)
    application = QApplication(["ewb-desktop-demo"])
    application.setApplicationName("EWB Desktop")
    application.setQuitOnLastWindowClosed(False)
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="ewb-demo-") as folder:
        return play(Path(folder))


def pass_on(_kind: object, _where: object, words: str) -> None:
    """Print what Qt says, but for what a screen that is not there cannot do."""
    if not words.startswith("This plugin does not support"):
        print(words, file=sys.stderr, flush=True)


def say(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)


def play(folder: Path) -> int:
    """Play the day with everything in ``folder``."""
    from tests.journeys.account import Account, StepFailed
    from tests.journeys.afternoon import play_afternoon
    from tests.journeys.day import Day
    from tests.journeys.evening import play_evening
    from tests.journeys.morning import play_morning
    from tests.journeys.stage import DayClock, own_process

    account = Account(folder=OUT, tell=say)
    clock = DayClock()
    say("One drop-in afternoon, through the real window")
    sys.excepthook = account.hear_of_fault
    with own_process(folder / "server", clock) as centre:
        day = Day(centre, folder, account, clock=clock)
        try:
            play_morning(day)
            play_afternoon(day)
            play_evening(day)
            keep_leaflet(day.leaflet)
            keep_kinds()
        except StepFailed as fault:
            say(f"\nThis step could not be done. {fault}")
            return 1
        finally:
            day.leave()
            (OUT / "account.md").write_text(account.page(), encoding="utf-8")
    say(f"\n{len(account.done)} steps in {account.seconds:.0f} seconds. See build/demo/account.md and the pictures beside it.")
    return 0


def keep_leaflet(pdf: bytes) -> None:
    """Leave the printed leaflet beside the account, and a picture of each page."""
    from ewb_desktop.leaflets.preview import page_images

    (OUT / "leaflet.pdf").write_bytes(pdf)
    for number, page in enumerate(page_images(pdf, 1000), start=1):
        (OUT / f"leaflet-page-{number}.png").write_bytes(page.png())


def keep_kinds() -> None:
    """Leave a picture of each script, format, colour and paper in a folder of their own, and how one of our own is brought in."""
    from tests.journeys.leaflets import draw_leaflets
    from tests.journeys.own_leaflets import play_own_leaflets

    kinds = draw_leaflets(OUT / "leaflets")
    play_own_leaflets(OUT / "leaflets")
    say(f"\n{kinds} kinds of leaflet are in build/demo/leaflets/, all together on all-script.png, all-format.png ...")
    say("How a leaflet of our own is brought in and printed: own-1-messages.png, own-2-on-paper.png, own-3-in-use.png ...")


if __name__ == "__main__":
    sys.exit(main())
