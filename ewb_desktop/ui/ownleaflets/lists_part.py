"""What there is of our own: leaflets, pictures, the logo, and earlier versions of leaflets."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.ui.ownleaflets.shown import Lists
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.flow import Columns, Flow
from ewb_desktop.ui.widgets.rows import RowList
from ewb_desktop.ui.widgets.text import Kind, Text


class ListsPart(QWidget):
    """Shows rows and tells which was chosen, by its key."""

    shown = Signal(object)
    stopped = Signal(object)
    used_again = Signal(object)
    picture_asked = Signal(bool)
    picture_stopped = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._leaflets, in_use = self._card(
            self.tr("In use"), self.tr("Each takes the place of the one with the same id and language, or stands beside them."),
            self.tr("There are none yet. Every leaflet that came with the program is printed as it is."), "in_use",
        )  # fmt: skip
        self._leaflets.opened.connect(self.shown)
        self._leaflets.acted.connect(self.stopped)
        self._stopped, self._former = self._card(
            self.tr("Not used now"), self.tr("Earlier versions are kept, and can be used again."), "", "former"
        )
        self._stopped.opened.connect(self.shown)
        self._stopped.acted.connect(self.used_again)
        self._pictures, pictures = self._card(
            self.tr("Our pictures"), self.tr("A leaflet names them: ![what it shows](garden.png)"),
            self.tr("There are none yet. Pictures beside a leaflet's file come in with it."), "pictures",
        )  # fmt: skip
        self._pictures.acted.connect(self.picture_stopped)
        add = Button(self.tr("Add a picture"), Look.SECONDARY, icon="upload", name="ownleaflets.add_picture")
        add.clicked.connect(lambda: self.picture_asked.emit(False))
        pictures.add(Flow([add]))
        self._logo, logo = self._card(
            self.tr("Our logo"), self.tr("It stands at the head of leaflets, and never on discreet ones."),
            self.tr("There is none."), "logo",
        )  # fmt: skip
        self._logo.acted.connect(self.picture_stopped)
        self._set_logo = Button(self.tr("Choose a logo"), Look.SECONDARY, icon="upload", name="ownleaflets.set_logo")
        self._set_logo.clicked.connect(lambda: self.picture_asked.emit(True))
        logo.add(Flow([self._set_logo]))
        left, right = _column(in_use, self._former), _column(pictures, logo)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(Columns([left, right], (6, 4), stack_under=820))

    def show_lists(self, lists: Lists) -> None:
        """Show what is there."""
        for part, rows in (
            (self._leaflets, lists.leaflets), (self._stopped, lists.stopped), (self._pictures, lists.pictures),
            (self._logo, lists.logo),
        ):  # fmt: skip
            part.set_rows(rows)
            part.setVisible(bool(rows))
            self._empty[part.objectName()].setVisible(not rows)
        self._former.setVisible(bool(lists.stopped))
        self._set_logo.set_text(self.tr("Choose another logo") if lists.logo else self.tr("Choose a logo"))

    def _card(self, title: str, hint: str, empty: str, name: str) -> tuple[RowList, Card]:
        card = Card(title, hint, name=f"ownleaflets.{name}_card")
        rows = RowList(name=f"ownleaflets.{name}")
        none = Text(empty, Kind.MUTED)
        self._empty = {**getattr(self, "_empty", {}), rows.objectName(): none}
        card.add(none)
        card.add(rows)
        return rows, card


def _column(*cards: Card) -> QWidget:
    holder = QWidget()
    box = QVBoxLayout(holder)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(14)
    for card in cards:
        box.addWidget(card)
    box.addStretch(1)
    return holder
