"""The accessibility gate: looks at a live window and lists its faults by WCAG 2.2 criterion."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget

from ewb_desktop.ui.focus_ring import FocusRing
from tests.support.audit import colours, keyboard, layout, names
from tests.support.audit.fault import Fault
from tests.support.audit.parts import Parts, settle, unfold

__all__ = ["Fault", "faults", "seen_faults"]


def faults(window: QWidget) -> list[Fault]:
    """Return every fault a machine can be sure of; shows the window, and puts size, text size and direction back.

    Looked at: names and bound labels, pictures without names, buttons that share a name, Tab reach, traps and order,
    the focus seen, text at 4.5:1, edges of inputs at 3:1, targets of 24 px, text cut now and at twice the size,
    text that does not grow, mirroring.
    """
    before = window.size()
    found = seen_faults(window)
    found += layout.doubled(window)
    found += layout.mirrored(window)
    window.resize(before)
    QApplication.processEvents()
    return list(dict.fromkeys(found))


def seen_faults(window: QWidget) -> list[Fault]:
    """Return those of the faults that show without changing the text size or the direction; shows the window, keeps its size."""
    before = window.size()
    window.show()
    if not window.findChildren(FocusRing):
        FocusRing(window)
    window.activateWindow()
    settle(window)
    unfold(window)
    parts = Parts(window)
    found = [*names.faults(parts), *layout.targets(parts), *colours.faults(parts)]
    found += keyboard.reach(parts)
    found += keyboard.focus_seen(parts)
    window.resize(before)
    settle(window)
    found += layout.cut(Parts(window), "now")
    return list(dict.fromkeys(found))
