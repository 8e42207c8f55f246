"""The command: reads its arguments, makes sure that one window is open per profile, and hands the surroundings to the program."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ewb_desktop.settings import SCHEMES, Settings

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

PRACTICE = "practice"
_PAINTED_AFTER_MS = 300
"""When the first window is painted, and what it did without is loaded."""


def read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="ewb-desktop", description="The outreach tool of an emotional wellbeing service.")
    parser.add_argument("--practice", action="store_true", help="open with made-up people, apart from all records")
    parser.add_argument("--profile", default="", metavar="NAME", help="use the records of another profile")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="keep everything under this folder")
    parser.add_argument("--text-size", type=int, metavar="PER-CENT", help="size of the text for this time, 100 to 200")
    parser.add_argument("--scheme", choices=SCHEMES, help="colours for this time")
    return parser.parse_args(arguments)


def arguments_again(arguments: argparse.Namespace, worn: Settings, *, practice: bool) -> list[str]:
    """Return the arguments for the next start. A size or colours for this time go on unless others were chosen meanwhile."""
    from ewb_desktop.app.program import size_for_now

    again = ["--practice"] if practice else []
    if arguments.profile:
        again += ["--profile", arguments.profile]
    if arguments.data is not None:
        again += ["--data", str(arguments.data)]
    if arguments.text_size and size_for_now(arguments.text_size) == worn.text_size:
        again += ["--text-size", str(arguments.text_size)]
    if arguments.scheme and arguments.scheme == worn.scheme:
        again += ["--scheme", arguments.scheme]
    return again


def start_again(arguments: Sequence[str]) -> None:
    """Put a new process in the place of this one: nothing that was in memory or on the screen is left. Every file is closed."""
    command = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "ewb_desktop"]
    command += arguments
    if os.name == "posix":
        os.execv(sys.executable, command)  # noqa: S606 - the same program, with the arguments it was started with
    else:
        from PySide6.QtCore import QProcess

        QProcess.startDetached(command[0], command[1:])
        # not quit(): it waits for the loop of a print or file dialog that the system itself shows, which would stay open
        os._exit(0)


def _say_that_it_runs() -> None:
    """Tell whoever started the program twice why no window came."""
    from PySide6.QtCore import QCoreApplication
    from PySide6.QtWidgets import QMessageBox

    QMessageBox.information(
        None,
        "EWB Desktop",
        QCoreApplication.translate(
            "Main",
            "EWB Desktop is running already, but its window does not answer. What was saved is safe. "
            "Wait a minute and start it again. If no window comes, restart the computer.",
        ),
    )


def main(arguments: Sequence[str] | None = None, began: Callable[[QApplication], None] | None = None) -> int:
    """Run the program and return its exit status.

    ``began`` gets the application when the first window is shown and its loop has not begun: what measures the first paint
    watches from there.
    """
    asked = read_arguments(sys.argv[1:] if arguments is None else arguments)
    # thousands of objects come now that stay: the program's own collector looks after what goes (ui/collector.py)
    gc.disable()
    return run(asked, began)


def run(asked: argparse.Namespace, began: Callable[[QApplication], None] | None = None) -> int:
    """Open the window and return when the program has ended. Qt is loaded here."""
    from PySide6.QtCore import QSysInfo, QTimer
    from PySide6.QtWidgets import QApplication

    from ewb_desktop.app.ahead import load_ahead
    from ewb_desktop.app.dialogs import system_dialogs
    from ewb_desktop.app.program import Program, Surroundings
    from ewb_desktop.domain.time import SystemClock
    from ewb_desktop.logs import start_logs
    from ewb_desktop.paths import make_private, paths
    from ewb_desktop.ui.one_instance import OneInstance

    application = QApplication(sys.argv[:1])
    application.setApplicationName("EWB Desktop")
    application.setQuitOnLastWindowClosed(False)
    places = paths(PRACTICE if asked.practice else asked.profile, asked.data)
    instance = OneInstance(make_private(places.data))
    if not instance.take():
        if not instance.has_answered:
            _say_that_it_runs()
        return 0

    def relaunch(practice: bool) -> None:
        end_logs()
        instance.release()
        start_again(arguments_again(asked, program.settings, practice=practice))

    program = Program(
        application,
        Surroundings(
            paths=places,
            clock=SystemClock(),
            relaunch=relaunch,
            dialogs=system_dialogs(),
            practice=asked.practice,
            device_name=QSysInfo.machineHostName() or "A laptop",
        ),
    )
    end_logs = start_logs(places.log, also_tell=program.tell_fault)
    if asked.text_size or asked.scheme:
        program.wear_for_now(asked.scheme, asked.text_size)
    program.show()
    instance.asked_forward.connect(program.come_forward)
    QTimer.singleShot(_PAINTED_AFTER_MS, instance.listen)
    QTimer.singleShot(_PAINTED_AFTER_MS, load_ahead)
    if began is not None:
        began(application)
    status = application.exec()
    end_logs()
    instance.release()
    return status


if __name__ == "__main__":
    sys.exit(main())
