"""Asks for the words of a picture: what it shows, and who made and allows it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ewb_desktop.ui.draft_timer import DraftTimer
from ewb_desktop.ui.ownleaflets.shown import PictureWords
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.field import TextField
from ewb_desktop.ui.widgets.flow import Columns, Flow
from ewb_desktop.ui.widgets.notice import ErrorSummary

_SIDE = 200
"""Dots along the longer side of the picture in the form."""


class PictureForm(Card):
    """Shows the picture and two fields. ``typed`` and ``kept`` carry what it shows and who made it."""

    typed = Signal(str, str)
    kept = Signal(str, str)
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("A picture"), name="ownleaflets.picture", parent=parent)
        self._summary = ErrorSummary()
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        self.description = TextField(
            self.tr("What does it show?"), self.tr("For people who cannot see it, for example “The garden behind the hall”."),
            name="ownleaflets.description",
        )  # fmt: skip
        self.credit = TextField(
            self.tr("Who made it, and who allows us to print it?"), self.tr("It is printed at the end of the leaflet."),
            name="ownleaflets.credit",
        )  # fmt: skip
        keep = Button(self.tr("Keep this picture"), Look.SECONDARY, name="ownleaflets.keep_picture")
        keep.clicked.connect(self._keep)
        leave = Button(self.tr("Do not keep it"), name="ownleaflets.leave_picture")
        leave.clicked.connect(self.given_up)
        fields = QWidget()
        column = QVBoxLayout(fields)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (self.description, self.credit, Flow([keep, leave])):
            column.addWidget(part)
        self.add(self._summary)
        self.add(Columns([self._picture, fields], (0, 1), stack_under=520, spacing=20))
        self._timer = DraftTimer(self)
        self._timer.due.connect(lambda: self.typed.emit(self.description.value, self.credit.value))
        for field in (self.description, self.credit):
            field.edited.connect(self._timer.touch)
        self.hide()

    def show_picture(self, picture: PictureWords | None) -> None:
        """Ask for the words of ``picture``; None takes the form away."""
        self._timer.forget()
        self.setVisible(picture is not None)
        if picture is None:
            return
        self._summary.show_errors([])
        self.set_title(self.tr("Our logo") if picture.is_logo else picture.name)
        image = QImage.fromData(picture.content)
        small = image.scaled(_SIDE, _SIDE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        self._picture.setPixmap(QPixmap.fromImage(small))
        self._picture.setAccessibleName(self.tr("The picture that you chose"))
        self.description.value, self.credit.value = picture.description, picture.credit
        self.credit.setVisible(not picture.is_logo)

    def show_faults(self, sentences: dict[str, str]) -> None:
        """Say what is missing."""
        fields = {"description": self.description, "credit": self.credit}
        self._summary.show_errors([(words, fields.get(name, self.description)) for name, words in sentences.items()])

    def flush(self) -> None:
        """Keep what was typed."""
        self._timer.flush()

    def _keep(self) -> None:
        self._timer.forget()
        self.kept.emit(self.description.value, self.credit.value)
