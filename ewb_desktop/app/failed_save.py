"""What was said of a save that failed goes once the save worked: else the worker saves the same thing twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ewb_desktop.storage.changes import Changes
    from ewb_desktop.storage.store import Store
    from ewb_desktop.ui.window import MainWindow


def withdraw_once_saved(store: Store, window: MainWindow, title: str) -> Callable[[], None]:
    """Take the bar under ``title`` away once something is saved on the page that is shown now; returns what ends the wait.

    What is saved on another page is something else: the bar stays until it is read.
    """
    page = window.here

    def hear(_changes: Changes, _initiator: object) -> None:
        # what a round writes, in its own thread, is not what the worker saved
        if threading.current_thread() is threading.main_thread() and window.here == page:
            deaf()
            window.trouble.withdraw(title)

    deaf = store.listen(hear)
    return deaf
