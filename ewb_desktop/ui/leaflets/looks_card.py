"""How the leaflet should look: format, language, colours, paper and cover, each with the recorded one chosen already."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from ewb_desktop.ui.leaflets.shown import Looks
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.choices import CheckChoices, Choice
from ewb_desktop.ui.widgets.field import SelectField


class LooksCard(Card):
    """Five choices."""

    style_chosen = Signal(object)
    language_chosen = Signal(object)
    palette_chosen = Signal(object)
    sheet_chosen = Signal(object)
    discreet_chosen = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("LooksCard", "How it should look"), name="leaflets.looks", parent=parent)
        # the names of formats are long: the box has the card's whole width
        self._style = SelectField(self.tr("Format"), name="leaflets.style")
        self._style.chosen.connect(self.style_chosen)
        self._language = beside(SelectField(self.tr("Language"), name="leaflets.language"))
        self._language.chosen.connect(self.language_chosen)
        self._palette = beside(SelectField(self.tr("Colours"), name="leaflets.palette"))
        self._palette.chosen.connect(self.palette_chosen)
        self._sheet = beside(SelectField(self.tr("Paper"), name="leaflets.sheet"))
        self._sheet.chosen.connect(self.sheet_chosen)
        self._cover = CheckChoices(
            [Choice(True, self.tr("Discreet cover"))],
            says=self.tr("Cover: discreet means that nothing outside says who it is from or what it is about"),
            name="leaflets.cover",
        )  # fmt: skip
        self._cover.changed.connect(lambda values: self.discreet_chosen.emit(bool(values)))
        for part in (self._style, self._language, self._palette, self._sheet, self._cover):
            self.add(part)

    def show_looks(self, looks: Looks) -> None:
        """Show what can be chosen and what is."""
        self._style.set_options(looks.styles)
        self._style.value = looks.style
        self._language.set_options(looks.languages)
        self._language.value = looks.language
        self._palette.set_options(looks.palettes)
        self._palette.value = looks.palette
        self._sheet.set_options(looks.sheets)
        self._sheet.value = looks.sheet
        self._cover.setVisible(looks.has_cover)
        self._cover.values = [True] if looks.discreet else []


def beside(field: SelectField) -> SelectField:
    """Put a field's label at the start of the line of its input: short choices that belong together."""
    field.box.setDirection(QBoxLayout.Direction.LeftToRight)
    field.box.setSpacing(12)
    field.label.set_bold(False)
    field.box.setStretchFactor(field.label, 2)
    field.box.setStretchFactor(field.combo, 5)
    return field
