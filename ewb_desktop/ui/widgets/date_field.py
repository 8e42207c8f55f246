"""A date as day, month and year: three short fields, one group, and a sentence when it is no date."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ewb_desktop.ui.widgets.field import Field, LineEdit
from ewb_desktop.ui.widgets.text import Kind, Text

_WHOLE = (re.compile(r"(\d\d?)[/. -](\d\d?)[/. -](\d{4})"), re.compile(r"(\d\d)(\d\d)(\d{4})"))
"""A whole date as people write it, with marks between its parts or without any."""

Bound = Callable[[], date] | date | None
"""The last or first day that is taken; asked for at each use, as a window stays open over midnight."""


class DateField(Field):
    """Day, month (number or name) and year. :meth:`read` gives the date, or None and what is wrong with it.

    ``latest`` and ``earliest`` bound what is taken, both included; they are handed in, as the widget knows no clock.
    What is wrong is said with the field's name: a list of errors stands far from the fields.
    """

    def __init__(
        self, label: str, hint: str = "", *, optional: bool = False, earliest: Bound = None,
        latest: Bound = None, name: str = "", parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(label, hint, optional=optional, name=name, parent=parent)
        self.optional = optional
        self.earliest, self.latest = earliest, latest
        group = QWidget()
        across = QHBoxLayout(group)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(16)
        self._parts: list[LineEdit] = []
        for word, chars, key in (
            (self.tr("Day"), 3, "day"), (self.tr("Month"), 4, "month"), (self.tr("Year"), 5, "year"),
        ):  # fmt: skip
            column = QVBoxLayout()
            column.setSpacing(4)
            line = LineEdit(chars)
            # room for a whole date in the first, which is then given to all three, and for September in the second
            line.setMaxLength(10 if key == "day" else 9 if key == "month" else 4)
            line.setObjectName(f"{name}.{key}" if name else "")
            above = Text(word, Kind.HINT)
            above.setWordWrap(False)
            above.setBuddy(line)
            column.addWidget(above)
            column.addWidget(line)
            across.addLayout(column)
            line.textEdited.connect(self._edited)
            self._parts.append(line)
        across.addStretch(1)
        self._take(group, self._parts[0])
        for line, word in zip(self._parts, (self.tr("Day"), self.tr("Month"), self.tr("Year")), strict=True):
            line.setAccessibleName(f"{label}: {word}")

    def _edited(self, text: str) -> None:
        self._spread(text)
        self.edited.emit()

    def _spread(self, text: str) -> None:
        """Give each part its own number when a whole date was typed or pasted into the day: 14/3/1986, or 14031986."""
        whole = next((found for form in _WHOLE if (found := form.fullmatch(text.strip()))), None)
        if whole is None or not self._parts[0].isModified() or self._parts[0].text() != text:
            return
        for part, number in zip(self._parts, whole.groups(), strict=True):
            part.setText(number)
        self._parts[-1].setFocus()

    def read(self) -> tuple[date | None, str]:
        """Return the date and no words, or None and what is wrong; an optional field left empty is None, no words."""
        day, month, year = (part.text().strip() for part in self._parts)
        if not (day or month or year):
            return None, "" if self.optional else self._named(self.tr("enter the day"))
        missing = [
            word for text, word in ((day, self.tr("a day")), (month, self.tr("a month")), (year, self.tr("a year"))) if not text
        ]
        if missing:
            return None, self._named(self.tr("add {0}").format(self.tr(" and ").join(missing)))
        number = _month(month)
        if not day.isdecimal() or number is None or not year.isdecimal():
            return None, self._named(self.tr("use numbers, for example 27 3 1986"))
        if len(year) != 4:
            return None, self._named(self.tr("write the year with four numbers, for example 1986"))
        try:
            found = date(int(year), number, int(day))
        except ValueError:
            return None, self._named(self.tr("there is no such day. Check the day and the month"))
        return self._bounded(found)

    def _bounded(self, found: date) -> tuple[date | None, str]:
        latest, earliest = _day(self.latest), _day(self.earliest)
        if latest is not None and found > latest:
            return None, self._named(self.tr("enter {0} or an earlier day").format(_words(latest)))
        if earliest is not None and found < earliest:
            return None, self._named(self.tr("enter {0} or a later day").format(_words(earliest)))
        return found, ""

    def _named(self, words: str) -> str:
        """Put the field's name before what is wrong, a question before a sentence of its own."""
        if self.label_text.endswith("?"):
            return f"{self.label_text} {words[:1].upper()}{words[1:]}"
        return f"{self.label_text}: {words}"

    @property
    def value(self) -> date | None:
        """The date, or None when there is none or it is wrong."""
        return self.read()[0]

    @value.setter
    def value(self, day: date | None) -> None:
        texts = ("", "", "") if day is None else (str(day.day), str(day.month), str(day.year))
        for part, text in zip(self._parts, texts, strict=True):
            part.setText(text)

    @property
    def typed(self) -> tuple[str, str, str]:
        """What was typed, right or wrong, for a draft."""
        day, month, year = (part.text() for part in self._parts)
        return day, month, year

    @typed.setter
    def typed(self, texts: tuple[str, str, str]) -> None:
        for part, text in zip(self._parts, texts, strict=True):
            part.setText(text)

    def show_draft(self, kept: object) -> None:
        """Show what a draft kept of :attr:`typed`; anything else empties the field."""
        texts = [str(each) for each in kept] if isinstance(kept, list | tuple) else []
        self.typed = (texts[0], texts[1], texts[2]) if len(texts) == 3 else ("", "", "")


def _day(bound: Bound) -> date | None:
    return bound() if callable(bound) else bound


def _month(text: str) -> int | None:
    if text.isdecimal():
        return int(text) if 1 <= int(text) <= 12 else None
    locale = QLocale()
    for number in range(1, 13):
        names = {locale.monthName(number), locale.monthName(number, QLocale.FormatType.ShortFormat)}
        names |= {QLocale.c().monthName(number), QLocale.c().monthName(number, QLocale.FormatType.ShortFormat)}
        if text.casefold().rstrip(".") in {name.casefold().rstrip(".") for name in names}:
            return number
    return None


def _words(day: date) -> str:
    return f"{day.day} {QLocale().monthName(day.month)} {day.year}"
