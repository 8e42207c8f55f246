"""Makes the help page, with the keys that the window really has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ewb_desktop.ui.help.presenter import KeyWords, read_topics
from ewb_desktop.ui.help.view import HelpView


def build(
    resources: Path, shortcuts: Callable[[], Sequence[tuple[str, str]]], problems: Sequence[str] = ()
) -> HelpView:  # fmt: skip
    """Return help with the topics under ``resources``.

    ``shortcuts`` tells the window's keys, each with what it does; ``problems`` what of the program cannot be used.
    """
    return HelpView(read_topics(resources / "help"), lambda: [KeyWords(does, key) for key, does in shortcuts()], problems)
