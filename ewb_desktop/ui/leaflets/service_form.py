"""What of one service stands on the leaflet: opening hours, how to get there in one's own words, cost, and its place."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.ui.draft_timer import DraftTimer
from ewb_desktop.ui.leaflets.wish import ServiceLook
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.choices import CheckChoices, Choice
from ewb_desktop.ui.widgets.field import TextArea
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.text import Heading, Kind, Level, Text

_MOST = 300
"""Letters that how to get there may have: it is a line on a leaflet."""


class ServiceForm(QWidget):
    """Opens under the services; ``changed(ServiceLook)`` follows each change, ``moved(id)`` asks for a place further up."""

    changed = Signal(object)
    moved = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._service = ""
        self._title = Heading("", Level.SECTION)
        self._parts = CheckChoices(
            [
                Choice("hours", self.tr("Opening hours")),
                Choice("what", self.tr("What it is")),
                Choice("cost", self.tr("What it costs")),
            ],
            says=self.tr("What of it is printed"),
            name="leaflets.service_parts",
        )  # fmt: skip
        self._parts.box.setSpacing(6)
        self._where = TextArea(
            self.tr("How to get there"), self.tr("For example: side door, bus 255. Empty: not printed."), lines=2, most=5,
            name="leaflets.service_where", most_letters=_MOST,
        )  # fmt: skip
        checked = Text(self.tr("When it was last checked is always printed."), Kind.HINT)
        self._up = Button(self.tr("Print it earlier"), name="leaflets.service_up")
        self._up.clicked.connect(lambda: self.moved.emit(self._service))
        done = Button(self.tr("Done"), says=self.tr("Close what of this service is printed"), name="leaflets.service_done")
        done.clicked.connect(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 8)
        column.setSpacing(8)
        for part in (self._title, self._parts, self._where, checked, Flow([self._up, done], spacing=8)):
            column.addWidget(part)
        self._timer = DraftTimer(self)
        self._timer.due.connect(self._tell)
        self._parts.changed.connect(lambda _values: self._tell())
        self._where.edited.connect(self._timer.touch)
        self.hide()

    @property
    def service(self) -> str:
        """The service whose parts are shown, or nothing."""
        return self._service

    def open(self, name: str, look: ServiceLook, where: str, *, first: bool) -> None:
        """Show what of a service is printed, and go there."""
        self._timer.flush()
        self._service = look.service
        self._title.setText(name)
        self._parts.values = [part for part in ("hours", "what", "cost") if getattr(look, part)]
        self._where.value = where if look.where is None else look.where
        self._up.setVisible(not first)
        self.show()
        self._parts.rows[0].setFocus()

    def show_first(self, *, first: bool) -> None:
        """Say whether the service stands before the others: then it cannot go further up."""
        self._up.setVisible(not first)

    def shut(self) -> None:
        """Go away; the service is no longer on the leaflet."""
        self._timer.forget()
        self._service = ""
        self.hide()

    def flush(self) -> None:
        """Tell at once what was typed last."""
        self._timer.flush()

    def _close(self) -> None:
        self._timer.flush()
        self.shut()
        self.closed.emit()

    def _tell(self) -> None:
        parts = self._parts.values
        look = ServiceLook(self._service, self._where.value, hours="hours" in parts, what="what" in parts, cost="cost" in parts)
        self.changed.emit(look)
