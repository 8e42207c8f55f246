"""What stands beside the fields of a form: that workers gave different answers, with the way to where one chooses, or that a
colleague wrote something else while the worker was typing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.ui.destinations import ToConflicts
from ewb_desktop.ui.differing_words import Beside
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.choices import ChoiceList
from ewb_desktop.ui.widgets.field import Field
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.notice import Notice
from ewb_desktop.ui.widgets.scale import ScaleRow


class HasBeside(Protocol):
    """A page on which something can be said beside fields."""

    beside: BesideFields


class BesideFields:
    """A notice under each such field of a page's form, and a sentence in the foot of the window: the field may be out of sight.

    ``places`` gives the fields that can be shown now by their names; buttons that save may be among them: what is said of
    those stands over them. ``person`` gives the member whom the form is about. ``instead`` is said in the foot where what has
    no label of its own is neither.
    """

    def __init__(
        self, page: Page, places: Callable[[], Mapping[str, QWidget]], person: Callable[[], str], instead: str = ""
    ) -> None:
        self._page = page
        self._places = places
        self._person = person
        self._instead = instead
        self._told: dict[str, Beside] = {}
        self._notices: list[Notice] = []

    def show_differing(self, told: Mapping[str, Beside]) -> None:
        """Show what is ``told`` of fields, by their names; of the others nothing stands there any more."""
        if dict(told) == self._told:
            # made anew, a notice would take the keyboard away from its button
            return
        self._told = dict(told)
        for notice in self._notices:
            notice.hide()
            notice.deleteLater()
        places = self._places()
        self._notices = [self._put(place, told[name]) for name, place in places.items() if name in told]
        for name, place in places.items():
            if isinstance(place, Field | ChoiceList | ScaleRow):
                place.describe_beside(told[name].words if name in told else "")

    def tell_of(self, fields: Collection[str]) -> None:
        """Say in the foot of the window into which fields a colleague wrote just now."""
        places = [place for name, place in self._places().items() if name in fields]
        labels = [f"“{place.label_text}”" for place in places if isinstance(place, Field)]
        if labels:
            said = _tr("A colleague wrote into {0} too just now. It stands beside the field.").format(", ".join(labels))
            self._page.said.emit(said)
        elif places:
            over = _tr("A colleague has written about the same just now. It stands over the button that saves.")
            self._page.said.emit(self._instead or over)

    def _put(self, place: QWidget, told: Beside) -> Notice:
        title = _tr("Two different answers") if told.is_question else _tr("Written by a colleague meanwhile")
        notice = Notice(title, told.words, name=f"{place.objectName()}.differing")
        if told.is_question:
            label = place.label_text if isinstance(place, Field) else place.accessibleName()
            says = _tr("Choose between two answers: {0}").format(label)
            choose = Button(_tr("Choose"), Look.LINK, says=says, name=f"{place.objectName()}.choose")
            choose.clicked.connect(lambda: self._page.go.emit(ToConflicts(self._person())))
            notice.add(Flow([choose]))
        column, at = _column_of(place)
        if column is not None:
            column.insertWidget(at if isinstance(place, Flow) else at + 1, notice)
            notice.show()
        return notice


def _column_of(place: QWidget) -> tuple[QVBoxLayout | None, int]:
    """Return the nearest column that a widget stands in, and where it stands there, alone or with what it lies beside."""
    part, parent = place, place.parentWidget()
    while parent is not None:
        layout = parent.layout()
        if isinstance(layout, QVBoxLayout) and layout.indexOf(part) >= 0:
            return layout, layout.indexOf(part)
        part, parent = parent, parent.parentWidget()
    return None, 0


def _tr(words: str) -> str:
    return QCoreApplication.translate("BesideFields", words)
