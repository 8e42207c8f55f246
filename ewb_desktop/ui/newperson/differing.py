"""What stands beside the fields of a form: that workers gave different answers, with the way to where one chooses, or that a
colleague wrote something else while the worker was typing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from ewb_desktop.ui.differing_words import Beside
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.field import Field
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.notice import Notice


class DifferingNotices:
    """A notice under each such field, in the card that the field stands in. ``choose`` is called when somebody wants to."""

    def __init__(self, choose: Callable[[], object]) -> None:
        self._choose = choose
        self._told: dict[str, Beside] = {}
        self._notices: list[Notice] = []

    def show_beside(self, places: Mapping[str, QWidget], told: Mapping[str, Beside]) -> None:
        """Show what is ``told`` of fields, by their names; of the others nothing stands there any more."""
        if dict(told) == self._told:
            # made anew, a notice would take the keyboard away from its button
            return
        self._told = dict(told)
        for notice in self._notices:
            notice.hide()
            notice.deleteLater()
        self._notices = [self._put(place, told[name]) for name, place in places.items() if name in told]
        for name, place in places.items():
            if isinstance(place, Field):
                place.describe_beside(told[name].words if name in told else "")

    def _put(self, place: QWidget, told: Beside) -> Notice:
        title = _tr("Two different answers") if told.is_question else _tr("Written by a colleague meanwhile")
        notice = Notice(title, told.words, name=f"{place.objectName()}.differing")
        if told.is_question:
            label = place.label_text if isinstance(place, Field) else place.accessibleName()
            says = _tr("Choose between two answers: {0}").format(label)
            choose = Button(_tr("Choose"), Look.LINK, says=says, name=f"{place.objectName()}.choose")
            choose.clicked.connect(lambda: self._choose())
            notice.add(Flow([choose]))
        card = place.parentWidget()
        if isinstance(card, Card):
            card.body.insertWidget(card.body.indexOf(place) + 1, notice)
            notice.show()
        return notice


def _tr(words: str) -> str:
    return QCoreApplication.translate("DifferingNotices", words)
