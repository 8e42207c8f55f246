"""What the settings page looks like: one card for each matter."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from ewb_desktop.settings import Settings
from ewb_desktop.ui.destinations import Destination, ToLeaving, ToOwnLeaflets, ToSettings, ToSync
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.settings.presenter import IDLE_MINUTES, Part, PlaceWords, Whereabouts
from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card, stacked
from ewb_desktop.ui.widgets.facts import FactTable
from ewb_desktop.ui.widgets.field import Field, SelectField, TextField
from ewb_desktop.ui.widgets.flow import Columns, Flow, Stack
from ewb_desktop.ui.widgets.page_head import PageHead
from ewb_desktop.ui.widgets.passphrase_field import PassphraseField
from ewb_desktop.ui.widgets.text import Kind, Text


class SettingsView(Page):
    """Look, place, lock, passphrase, recovery key, backups, server, and what the program is made of."""

    came = Signal()
    look_chosen = Signal(str, int)
    minutes_chosen = Signal(int)
    place_chosen = Signal(str)
    place_added = Signal(str, str)
    place_located = Signal(str, str)
    service_named = Signal(str, str, str)
    passphrase_asked = Signal(str, str, str)
    backup_asked = Signal()
    key_asked = Signal(str)
    profile_asked = Signal()

    def __init__(self, *, practice: bool, parent: QWidget | None = None) -> None:
        super().__init__("Settings", "settings", parent=parent)
        self.title = self.tr("Settings")
        self._done: dict[str, Text] = {}
        self.back_button = Button(self.tr("Back to where you were"), icon="arrow-left", name="settings-back")
        self.back_button.clicked.connect(self.back)
        line = self.tr("What you choose here is kept on this laptop at once.")
        self.sheet.add(PageHead(self.tr("Settings"), line, [self.back_button]))
        left = stacked(
            self._look(), self._place(), self._service(), self._lock(), self._server(), self._practice(practice)
        )  # fmt: skip
        right = stacked(self._passphrase(), self._key(), self._backup(), *([] if practice else [self._leave()]), self._about())
        self.sheet.add(Columns([left, right], (1, 1), stack_under=860))
        self.sheet.fill()
        self.default_focus = self.text_size

    def opened(self, destination: Destination) -> None:
        """Show everything as it is now, and begin at the section that was asked for, with a way back from it."""
        section = destination.section if isinstance(destination, ToSettings) else ""
        self.default_focus = {"place": self.place, "key": self.key.line}.get(section, self.text_size)
        self.back_button.setVisible(bool(section))
        self.show_done("place", "")
        self.show_done("service", "")
        self.came.emit()
        if section == "place":
            # after the window has gone to the top, and the page has its size
            QTimer.singleShot(0, self, lambda: self.sheet.ensureWidgetVisible(self.place_card, 0, 0))
        elif section == "key":
            QTimer.singleShot(0, self, lambda: self.sheet.ensureWidgetVisible(self.key_button))

    def leaving(self) -> None:
        """Forget what was typed into secret fields."""
        self.forget()

    def _said(self, part: str) -> Text:
        line = Text("", Kind.BOLD)
        line.setObjectName(f"settings-{part}-done")
        line.hide()
        self._done[part] = line
        return line

    def _look(self) -> Card:
        self.text_size = SelectField(
            self.tr("Size of the text"),
            [(size, self.tr("{0} per cent").format(size)) for size in (100, 115, 130, 150, 175, 200)],
            name="settings-text",
        )
        self.scheme = SelectField(
            self.tr("Colours"),
            [
                ("system", self.tr("As on this computer")),
                ("light", self.tr("Light")),
                ("dark", self.tr("Dark")),
                ("contrast", self.tr("High contrast")),
            ],
            name="settings-scheme",
        )
        self.text_size.chosen.connect(self._look_changed)
        self.scheme.chosen.connect(self._look_changed)
        return _card(self.tr("How it looks"), "", self.text_size, self.scheme)

    def _look_changed(self, _value: object) -> None:
        self.look_chosen.emit(str(self.scheme.value), int(self.text_size.value or 100))

    def _place(self) -> Card:
        self.place = SelectField(
            self.tr("Where are you today?"), hint=self.tr("The directory measures distances from here"), name="settings-place"
        )
        self.place_name = TextField(self.tr("Name of another place"), optional=True, name="settings-place-name")
        self.place_postcode = TextField(self.tr("Its postcode"), optional=True, chars=10, name="settings-place-postcode")
        self.place_button = Button(self.tr("Add this place"), Look.SECONDARY, name="settings-place-add")
        self.place.chosen.connect(lambda place: self.place_chosen.emit(str(place)))
        self.where = Text("", Kind.BODY)
        self.where.setObjectName("settings-where")
        self.latitude = TextField(
            self.tr("Latitude"), self.tr("For example 53.446"), optional=True, chars=10, name="settings-latitude"
        )
        self.longitude = TextField(
            self.tr("Longitude"), self.tr("For example -2.308"), optional=True, chars=10, name="settings-longitude"
        )
        self.where_button = Button(self.tr("Keep where this place is"), Look.SECONDARY, name="settings-where-keep")
        self.where_button.clicked.connect(lambda: self.place_located.emit(self.latitude.value, self.longitude.value))
        degrees = Columns([self.latitude, self.longitude], (1, 1), stack_under=380)
        self._where_form = Stack([degrees, Flow([self.where_button])], spacing=8)
        self.place_button.clicked.connect(
            lambda: self.place_added.emit(self.place_name.value, self.place_postcode.value)
        )  # fmt: skip
        self.place_card = _card(
            self.tr("Place"), "", self.place, self._said("place"), self.where, self._where_form, self.place_name,
            self.place_postcode, Flow([self.place_button]),
        )  # fmt: skip
        return self.place_card

    def _service(self) -> Card:
        self.service_name = TextField(
            self.tr("Name of the service"), self.tr("It stands on every leaflet, never outside a discreet one"), optional=True,
            name="settings-service-name",
        )  # fmt: skip
        self.service_telephone = TextField(
            self.tr("Its telephone"), optional=True, chars=20, name="settings-service-telephone"
        )  # fmt: skip
        self.service_address = TextField(
            self.tr("Its page of the web"),
            self.tr("Leaflets about your service lead there with a QR code. Such as www.example.org"),
            optional=True, name="settings-service-address",
        )  # fmt: skip
        self.service_button = Button(self.tr("Keep what leaflets say"), Look.SECONDARY, name="settings-service-keep")
        self.service_button.clicked.connect(
            lambda: self.service_named.emit(
                self.service_name.value, self.service_telephone.value, self.service_address.value
            )
        )  # fmt: skip
        self.own_button = Button(self.tr("Our own leaflets"), icon="file-text", name="settings-own-leaflets")
        self.own_button.clicked.connect(lambda: self.go.emit(ToOwnLeaflets()))
        return _card(
            self.tr("On leaflets"), "", self.service_name, self.service_telephone, self.service_address,
            Flow([self.service_button, self.own_button]), self._said("service"),
        )  # fmt: skip

    def _lock(self) -> Card:
        options = [
            (minutes, self.tr("After %n minute(s)", "", minutes).replace("(s)", "s" if minutes > 1 else ""))
            for minutes in IDLE_MINUTES
        ]
        self.minutes = SelectField(
            self.tr("Lock when nobody touches the laptop"),
            options,
            self.tr("It warns you 20 seconds before. It also locks when the laptop wakes from sleep"),
            name="settings-minutes",
        )
        self.minutes.chosen.connect(lambda minutes: self.minutes_chosen.emit(int(minutes)))
        return _card(self.tr("Lock"), self.tr("Ctrl and L lock at once. What you are writing is kept."), self.minutes)

    def _server(self) -> Card:
        self.server = Text("")
        self.server_button = Button(self.tr("Open Send and receive"), name="settings-sync")
        self.server_button.clicked.connect(lambda: self.go.emit(ToSync()))
        return _card(self.tr("Server"), "", self.server, Flow([self.server_button]))

    def _practice(self, practice: bool) -> Card:
        words = self.tr("Leave practice") if practice else self.tr("Try with made-up people")
        self.profile_button = Button(words, name="settings-practice")
        self.profile_button.clicked.connect(self.profile_asked)
        hint = (
            self.tr("Everyone here is made up, and nothing is sent.")
            if practice
            else self.tr("Practice is kept apart from your records. This laptop locks first.")
        )
        return _card(self.tr("Practice"), hint, Flow([self.profile_button]))

    def _passphrase(self) -> Card:
        self.old = PassphraseField(self.tr("Passphrase now"), name="settings-old")
        self.new = PassphraseField(
            self.tr("New passphrase"),
            self.tr("Four words that do not belong together, or 12 characters or more"),
            name="settings-new",
        )
        self.again = PassphraseField(self.tr("The new passphrase again"), name="settings-again")
        self.passphrase_button = Button(self.tr("Change the passphrase"), Look.SECONDARY, name="settings-passphrase")
        self.passphrase_button.clicked.connect(self._passphrase_asked)
        self.again.entered.connect(self._passphrase_asked)
        return _card(
            self.tr("Passphrase"), "", self.old, self.new, self.again, Flow([self.passphrase_button]), self._said("passphrase")
        )

    def _passphrase_asked(self) -> None:
        self.passphrase_asked.emit(self.old.value, self.new.value, self.again.value)

    def _key(self) -> Card:
        self.key = PassphraseField(self.tr("Passphrase"), name="settings-key")
        self.key_button = Button(self.tr("Make a new recovery key"), Look.SECONDARY, name="settings-key-make")
        self.key_button.clicked.connect(lambda: self.key_asked.emit(self.key.value))
        return _card(
            self.tr("Recovery key"),
            self.tr(
                "If others may have seen the paper. The laptop locks and shows a new key. "
                "The old key and older backups stop working."
            ),
            self.key,
            Flow([self.key_button]),
            self._said("key"),
        )

    def _backup(self) -> Card:
        self.backup_button = Button(self.tr("Back up now"), Look.SECONDARY, icon="download", name="settings-backup")
        self.backup_button.clicked.connect(self.backup_asked)
        self.backups = Text("")
        self.backups.setObjectName("settings-backups")
        return _card(
            self.tr("Backup"),
            self.tr("A locked copy, for example on a memory stick. It opens with your passphrase."),
            self.backups,
            Flow([self.backup_button]),
            self._said("backup"),
            Text(
                self.tr('To bring one back: lock, choose "I cannot get in", then "Choose a backup". What is there now is kept.'),
                Kind.HINT,
            ),
        )

    def _leave(self) -> Card:
        self.leave_button = Button(self.tr("Leave this laptop"), name="settings-leave")
        self.leave_button.clicked.connect(lambda: self.go.emit(ToLeaving()))
        return _card(
            self.tr("Leaving"),
            self.tr("If you give the laptop back or change to another. The next page says what goes, and asks before it does."),
            Flow([self.leave_button]),
        )

    def _about(self) -> Card:
        self.parts = FactTable()
        return _card(
            self.tr("About EWB Desktop"),
            self.tr("Free to use and to change under the Apache licence 2.0. It is made with:"),
            self.parts,
        )

    # -- what the presenter shows

    def show_settings(self, settings: Settings) -> None:
        """Show what is chosen."""
        self.text_size.value = settings.text_size
        self.scheme.value = settings.scheme
        self.minutes.value = settings.idle_minutes
        self.service_name.value = settings.service_name
        self.service_telephone.value = settings.service_telephone
        self.service_address.value = settings.service_address

    def show_places(self, places: Sequence[PlaceWords], chosen: str) -> None:
        """Offer the venues."""
        self.place.set_options([("", self.tr("No place chosen")), *((place.id, place.name) for place in places)])
        self.place.value = chosen if any(place.id == chosen for place in places) else ""

    def show_adding(self, may_add: bool) -> None:
        """Offer to add a place, or not: some roles only choose one."""
        for part in (self.place_name, self.place_postcode, self.place_button):
            part.setVisible(may_add)

    def show_own_leaflets(self, may_write: bool) -> None:
        """Lead to the organisation's own leaflets, or not: some roles only print them."""
        self.own_button.setVisible(may_write)

    def show_whereabouts(self, known: Whereabouts) -> None:
        """Say whether distances can be told from today's place, and ask where it lies if they cannot."""
        self.where.setText(known.words)
        self.where.setVisible(bool(known.words))
        self._where_form.setVisible(known.ask)
        self.latitude.value = self.longitude.value = ""

    def show_server(self, words: str) -> None:
        """Say which server this laptop sends to."""
        self.server.setText(words)

    def show_backups(self, words: str) -> None:
        """Say when the newest backup of every day was made."""
        self.backups.setText(words)

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show what the program is made of."""
        self.parts.set_facts(
            [(part.name, " · ".join(words for words in (part.version, part.licence) if words)) for part in parts]
        )

    def show_errors(self, errors: Sequence[tuple[str, str]]) -> None:
        """Show sentences at the fields, and go to the first."""
        fields: dict[str, Field] = {
            "old": self.old,
            "new": self.new,
            "again": self.again,
            "key": self.key,
            "service-telephone": self.service_telephone,
            "service-address": self.service_address,
            "place-name": self.place_name,
            "place-postcode": self.place_postcode,
            "place-latitude": self.latitude,
            "place-longitude": self.longitude,
        }
        for field in fields.values():
            field.show_error()
        for name, sentence in errors:
            fields[name].show_error(sentence)
        if errors:
            fields[errors[0][0]].setFocus()
            announce(self, errors[0][1])

    def show_done(self, part: str, sentence: str) -> None:
        """Say at a card what came of it."""
        self._done[part].setText(sentence)
        self._done[part].setVisible(bool(sentence))
        announce(self, sentence)

    def show_busy(self, part: str, busy: bool) -> None:
        """Show calmly that something is being done."""
        if busy:
            self.show_done(part, self.tr("One moment"))

    def forget(self) -> None:
        """Empty the fields with secrets."""
        for field in (self.old, self.new, self.again, self.key):
            field.clear()


def _card(title: str, hint: str, *parts: QWidget) -> Card:
    card = Card(title, hint)
    card.body.setSpacing(12)
    for part in parts:
        card.add(part)
    return card
