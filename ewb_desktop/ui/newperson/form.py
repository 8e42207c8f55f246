"""The form of what is known about a member; the front door shows the first parts of it, correcting shows all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ewb_desktop.domain.lists import WordList
from ewb_desktop.library import Library
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.choices import CheckChoices, Choice
from ewb_desktop.ui.widgets.date_field import DateField
from ewb_desktop.ui.widgets.field import Field, SelectField, TextArea, TextField
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.search_box import FilterChip
from ewb_desktop.ui.widgets.text import Kind, Text
from ewb_desktop.ui.widgets.typed import words_first
from sync.protocol.roles import EVERY_AREA

NOT_ASKED = ""


class PersonForm(QObject):
    """Fields by the name under which they are kept. ``edited`` follows the worker's typing; ``facts`` is what stands there."""

    edited = Signal()

    def __init__(self, library: Library, today: Callable[[], date], name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._today = today
        self._name = name
        self.fields: dict[str, Field] = {}
        self._chips: dict[str, FilterChip] = {}
        self._supporters: dict[str, FilterChip] = {}
        self._discreet: CheckChoices | None = None
        self._stood: dict[str, Any] = {}
        """What was typed, as it were, when the record was shown."""
        self._ask_more: Callable[[], None] = lambda: None

    # -- the parts, each a card

    def names_card(self) -> Card:
        """Who they are: a name is enough."""
        card = Card(self.tr("Who is here"), self.tr("Any name will do. You can add the rest another day."))
        self._text(card, "preferred_name", self.tr("What do they like to be called?"))
        self._text(card, "given_name", self.tr("First name"), optional=True)
        self._text(card, "family_name", self.tr("Family name"), optional=True)
        born = DateField(
            self.tr("Date of birth"),
            self.tr("For example 14 3 1986"),
            optional=True,
            latest=self._today,
            name=self._of("birth_date"),
        )
        self._put(card, "birth_date", born)
        self._text(card, "pronouns", self.tr("Pronouns"), self.tr("For example she/her"), optional=True, chars=16)
        return card

    def arrival_card(self) -> Card:
        """How they came to us, and who turned them away."""
        card = Card(self.tr("How they came"), self.tr("Any way in is the right one. Nobody needs a referral."))
        source = self._select(card, "source", self.tr("How they came to us"), self._library.list("sources"))
        self._text(card, "source_detail", self.tr("In their words"), optional=True)
        by = self._text(card, "turned_away_by", self.tr("Who turned them away?"), optional=True)
        why = self._select(
            card, "turned_away_reason", self.tr("Why, as they were told"), self._library.list("turned_away_reasons")
        )

        def ask_more() -> None:
            asked = source.value == "turned_away_elsewhere"
            by.setVisible(asked)
            why.setVisible(asked)

        source.chosen.connect(ask_more)
        self.edited.connect(ask_more)
        self._ask_more = ask_more
        ask_more()
        return card

    def contact_card(self) -> Card:
        """How to reach them, and what is safe."""
        card = Card(
            self.tr("Reaching them safely"), self.tr("Ask what is safe. Someone at home may read post or hear a message.")
        )
        self._text(card, "telephone", self.tr("Telephone"), optional=True, chars=18)
        safe = self._library.list("safe_contact")
        self._select(card, "safe_to_call", self.tr("Is it safe to call?"), safe)
        self._select(card, "safe_to_message", self.tr("Is it safe to leave a message or text?"), safe)
        self._select(card, "safe_to_post", self.tr("Is it safe to post letters?"), safe)
        self._text(card, "where_to_find", self.tr("Where can we find them, or leave a message?"), optional=True)
        return card

    def reading_card(self) -> Card:
        """Language and format: they choose the leaflet."""
        card = Card(self.tr("Language and reading"), self.tr("This chooses the leaflet, and stands at the top of their page."))
        languages = self._library.list("languages")
        self._select(card, "spoken_language", self.tr("Language they speak best"), languages)
        self._select(card, "written_language", self.tr("Language they read best"), languages)
        formats = self._library.list("leaflet_formats")
        read = replace(formats, entries=tuple(each for each in formats.entries if each.more.get("offered", True)))
        self._select(card, "leaflet_format", self.tr("How they like to read"), read)
        self._text(
            card, "interpreter", self.tr("Interpreter"), self.tr("Language or kind, for example Urdu or BSL"), optional=True
        )
        checks = CheckChoices(
            [Choice(True, self.tr("Discreet print"), self.tr("Nothing outside says who it is from or what it is about"))],
            says=self.tr("Discreet print"), name=self._of("discreet_print"),
        )  # fmt: skip
        checks.changed.connect(lambda _values: self.edited.emit())
        self._discreet = checks
        card.add(checks)
        return card

    def communication_card(self) -> Card:
        """What they need from us to take part, by the groups of the Accessible Information Standard."""
        card = Card(
            self.tr("What helps them to take part"), self.tr("Tick all that they ask for. We look at it again every year.")
        )
        groups: dict[str, list[FilterChip]] = {}
        for entry in self._library.list("communication").entries:
            chip = FilterChip(entry.words, name=f"{self._of('communication')}.{entry.key}")
            chip.clicked.connect(lambda _on=False: self.edited.emit())
            self._chips[entry.key] = chip
            groups.setdefault(entry.group, []).append(chip)
        for group, chips in groups.items():
            card.add(Text(group, Kind.BOLD))
            card.add(Flow(chips))
        self._area(card, "communication_note", self.tr("Anything else about this"))
        return card

    def more_card(self) -> Card:
        """What is rarely needed: address, e-mail, GP, NHS number."""
        card = Card(self.tr("If it helps"), self.tr("None of this is needed to get help here."))
        self._area(card, "address", self.tr("Address"))
        self._text(card, "postcode", self.tr("Postcode"), optional=True, chars=10)
        self._text(card, "email", self.tr("Email"), optional=True)
        self._text(card, "contact_note", self.tr("About contact"), self.tr("For example: ring after four"), optional=True)
        self._text(card, "gp_practice", self.tr("GP practice"), optional=True)
        self._text(
            card, "nhs_number", self.tr("NHS number"), self.tr("Ten digits, on letters from the NHS"), optional=True, chars=14
        )
        return card

    def whose_card(self) -> Card:
        """Who looks after them: their area, and the peer support workers who support them. Filled by :meth:`offer`."""
        card = Card(
            self.tr("Who looks after them"),
            self.tr("If they move, the workers of the new area get their page with all that is on it."),
            name=self._of("whose"),
        )
        where = SelectField(self.tr("Area"), name=self._of("area"))
        self._put(card, "area", where)
        self._peers_title = Text(self.tr("Peer support workers who support them"), Kind.BOLD)
        self._peers = Flow([])
        card.add(self._peers_title)
        card.add(self._peers)
        self._whose, self._where = card, where
        return card

    def where_card(self) -> Card:
        """To which area somebody new belongs. Filled by :meth:`offer_areas`."""
        card = Card(
            self.tr("Their area"),
            self.tr("Where they live, or come to us. The workers of this area get their page."),
            name=self._of("whose"),
        )
        where = SelectField(self.tr("Area"), name=self._of("area"))
        self._put(card, "area", where)
        self._whose, self._where = card, where
        return card

    def offer_areas(self, areas: Sequence[str]) -> None:
        """Offer these areas; where there is nothing to choose, nothing is asked."""
        several = len(areas) > 1
        self._where.set_options([(NOT_ASKED, self.tr("Choose an area")), *((area, area) for area in areas)] if several else [])
        self._whose.setVisible(several)

    def offer(self, areas: Sequence[str], peers: Sequence[tuple[str, str]]) -> None:
        """Offer these areas, and these peer support workers (id, name); where there is nothing to choose, nothing is asked."""
        self._where.set_options([(area, area if area != EVERY_AREA else self.tr("No area yet")) for area in areas])
        self._where.setVisible(len(areas) > 1)
        self._peers.clear()
        self._supporters = {id: FilterChip(name, name=f"{self._of('supporters')}.{id}") for id, name in peers}
        for chip in self._supporters.values():
            chip.clicked.connect(lambda _on=False: self.edited.emit())
            self._peers.add(chip)
        self._peers_title.setVisible(bool(peers))
        self._whose.setVisible(len(areas) > 1 or bool(peers))

    # -- what stands there

    def facts(self) -> dict[str, Any]:
        """Return what stands in the fields that are shown, blank as None."""
        facts: dict[str, Any] = {name: field.value or None for name, field in self._valued()}
        if self._discreet is not None:
            facts["discreet_print"] = bool(self._discreet.values)
        if self._chips:
            facts["communication"] = [key for key, chip in self._chips.items() if chip.isChecked()] or None
        if self._supporters:
            facts["supporters"] = [key for key, chip in self._supporters.items() if chip.isChecked()]
        return facts

    def set_facts(self, facts: Mapping[str, Any]) -> None:
        """Show what is known."""
        for name in self.facts():
            self._put_value(name, facts.get(name))
        self._shown()
        self._stood = self.typed()

    def renew_facts(self, facts: Mapping[str, Any]) -> None:
        """Show what is known since; what was typed stays, and so does the place of the keyboard in it."""
        untouched = self.facts().keys() - self.changed().keys()
        now = self.facts()
        for name in untouched:
            if (facts.get(name) or None) != (now[name] or None):
                self._put_value(name, facts.get(name))
        self._shown()
        self._stood |= {name: typed for name, typed in self.typed().items() if name in untouched}

    def typed(self) -> dict[str, Any]:
        """Return all that was typed, right or wrong, to be kept as a draft."""
        kept = self.facts()
        for name, field in self._valued():
            if isinstance(field, DateField):
                kept[name] = list(field.typed)
        return kept

    def changed(self) -> dict[str, Any]:
        """Return of what was typed that which differs from what was shown: the rest is no word of the worker's."""
        return {name: typed for name, typed in self.typed().items() if typed != self._stood.get(name)}

    def begun(self) -> list[Field]:
        """Return the fields that hold what was typed and not saved."""
        changed = self.changed()
        return words_first(field for name, field in self.fields.items() if name in changed)

    def set_typed(self, kept: Mapping[str, Any]) -> None:
        """Show a draft again, over what is known."""
        for name in self.facts().keys() & kept.keys():
            field = self.fields.get(name)
            if isinstance(field, DateField):
                field.show_draft(kept[name])
            else:
                self._put_value(name, kept[name])
        self._shown()

    def _put_value(self, name: str, value: Any) -> None:
        chips = {"communication": self._chips, "supporters": self._supporters}.get(name)
        if chips is not None:
            for key, chip in chips.items():
                chip.setChecked(key in (value or ()))
        elif name == "discreet_print" and self._discreet is not None:
            self._discreet.values = [True] if value else []
        else:
            field: Any = self.fields[name]
            field.value = value if isinstance(field, DateField) else value or NOT_ASKED

    def places(self) -> dict[str, QWidget]:
        """Return the fields beside which something can be said, by their names."""
        return {**self.fields} | ({"discreet_print": self._discreet} if self._discreet is not None else {})

    def faults(self) -> dict[str, str]:
        """Return what cannot be read as what it should be, by field: a day that does not exist."""
        told = {name: field.read()[1] for name, field in self.fields.items() if isinstance(field, DateField)}
        return {name: words for name, words in told.items() if words}

    def clear_errors(self) -> None:
        """Take all errors away."""
        for field in self.fields.values():
            field.show_error()

    # -- making fields

    def _of(self, name: str) -> str:
        return f"{self._name}.{name}"

    def _valued(self) -> list[tuple[str, Any]]:
        return list(self.fields.items())

    def _shown(self) -> None:
        self._ask_more()

    def _put(self, card: Card, name: str, field: Field) -> None:
        field.edited.connect(self.edited)
        self.fields[name] = field
        card.add(field)

    def _text(
        self, card: Card, name: str, label: str, hint: str = "", *, optional: bool = False, chars: int | None = None
    ) -> TextField:
        field = TextField(label, hint, optional=optional, chars=chars, name=self._of(name))
        self._put(card, name, field)
        return field

    def _area(self, card: Card, name: str, label: str) -> None:
        self._put(card, name, TextArea(label, optional=True, lines=2, name=self._of(name)))

    def _select(self, card: Card, name: str, label: str, words: WordList) -> SelectField:
        options = [(NOT_ASKED, self.tr("Not asked")), *((e.key, e.words) for e in words.entries if e.key != "not_asked")]
        field = SelectField(label, options, name=self._of(name))
        field.value = NOT_ASKED
        self._put(card, name, field)
        return field
