"""What is behind the door is loaded beside the window."""

from __future__ import annotations

import sys
import threading
from importlib.util import find_spec

import pytest

from ewb_desktop.app.ahead import BEHIND_THE_DOOR, load_ahead


def test_rooms_are_loaded_in_a_thread_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    thread = load_ahead(("colorsys",))
    assert thread is not threading.current_thread()
    thread.join()
    assert "colorsys" in sys.modules


def test_every_room_behind_the_door_is_there() -> None:
    assert [room for room in BEHIND_THE_DOOR if find_spec(room) is None] == []
