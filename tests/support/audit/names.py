"""Names, labels, pictures and keys: WCAG 1.1.1, 1.3.1, 2.1.4, 2.4.6, 3.3.2, 4.1.2."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from tests.support.audit.fault import Fault
from tests.support.audit.parts import INPUTS, Parts


def faults(parts: Parts) -> Iterator[Fault]:
    """Yield what a screen reader could not say, or would say twice for two things."""
    yield from _controls(parts)
    yield from _pictures(parts)
    for action in parts.window.findChildren(QAction):
        for key in action.shortcuts():
            if len(key.toString()) == 1:
                yield parts.fault("2.1.4", "one-key-shortcut", f"{key.toString()!r} without a modifier", parts.window)


def _controls(parts: Parts) -> Iterator[Fault]:
    alike: dict[tuple[str, str], list[QWidget]] = defaultdict(list)
    for widget in parts.controls:
        name = parts.name(widget)
        if not name:
            yield parts.fault("4.1.2", "no-name", f"{type(widget).__name__} takes the focus without a name", widget)
        if isinstance(widget, INPUTS) and widget not in parts.labels and not widget.accessibleName():
            yield parts.fault("1.3.1", "label-not-bound", "field without a bound label", widget)
        if isinstance(widget, QAbstractButton) and name:
            alike[type(widget).__name__, f"{name} {_group(widget)}"].append(widget)
    for (_, name), widgets in alike.items():
        told = {widget.accessibleDescription() for widget in widgets}
        if len(told) < len(widgets):
            yield parts.fault("2.4.6", "same-name", f"{len(widgets)} buttons are called {name!r}", widgets[0])


def _group(widget: QWidget) -> str:
    """Return the name of the group that an answer stands in: two questions may both have a "Not at all"."""
    parent = widget.parentWidget()
    group = parent.accessibleName() if parent is not None else ""
    if isinstance(widget, QAbstractButton) and widget.isCheckable() and not group and parent is not None:
        above = parent.parentWidget()
        group = above.accessibleName() if above is not None else ""
    return group if isinstance(widget, QAbstractButton) and widget.isCheckable() else ""


def _pictures(parts: Parts) -> Iterator[Fault]:
    for widget in parts.all:
        if not isinstance(widget, QLabel):
            continue
        if not widget.pixmap().isNull() and not widget.accessibleName():
            yield parts.fault("1.1.1", "image-name", "picture without a name", widget)
        if re.search(r"&\w", widget.text().replace("&&", "")) and widget.buddy() is not None:
            yield parts.fault("3.3.2", "raw-ampersand", f"a lone '&' in the label {widget.text()!r}", widget)
