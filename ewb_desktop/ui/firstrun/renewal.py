"""A new recovery key for a worker who has one already: waits, shows it, and goes on once two groups were typed back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ewb_desktop.ui.firstrun.key_view import KeySheet
from ewb_desktop.ui.firstrun.presenter import GROUPS_TO_TYPE, groups_of, keep_in_file, wrong_groups
from ewb_desktop.ui.narrow import NarrowColumn
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.notice import Notice, ProgressPanel
from ewb_desktop.ui.widgets.scroll_page import ScrollPage
from ewb_desktop.ui.widgets.text import Heading, Level


class RenewalPage(Page):
    """``kept`` and ``finished`` follow when the key is known to be kept; ``finished`` alone when there is no new key.

    ``keep_key`` writes the key into the file at a path, or raises ``OSError``; ``print_key`` returns what came of printing it.
    """

    kept = Signal()
    finished = Signal()

    def __init__(
        self, pick_file: Callable[[], str], keep_key: Callable[[str, str], None], print_key: Callable[[str], str],
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__("New recovery key", "renewal", scrolled=False, parent=parent)
        self.title = self.tr("New recovery key")
        self._recovery_key = ""
        self._keep_key = keep_key
        self.progress = ProgressPanel(self.tr("Encrypting your records under a new key"), can_cancel=False)
        self.progress.set_progress(0, 0)
        self.trouble = Notice("", name="renewal-trouble")
        self.lock_button = Button(self.tr("Back to the lock screen"), Look.PRIMARY, name="renewal-lock")
        self.lock_button.clicked.connect(self.finished)
        self.key = KeySheet(pick_file)
        self.key.keep_asked.connect(self._keep)
        self.key.print_asked.connect(lambda: self.key.show_kept(print_key(self._recovery_key)))
        self.key.confirmed.connect(self._confirm)
        sheet = ScrollPage()
        middle = NarrowColumn(460)
        middle.add(Heading(self.title, Level.PAGE))
        for part in (self.progress, self.trouble):
            middle.add(part)
        self._way_out = Flow([self.lock_button])
        middle.add(self._way_out)
        self.trouble.hide()
        self._way_out.hide()
        sheet.body.addStretch(1)
        sheet.add(middle)
        sheet.body.addStretch(1)
        self._steps = QStackedWidget()
        self._steps.addWidget(sheet)
        self._steps.addWidget(self.key)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._steps)

    def show_key(self, recovery_key: object) -> None:
        """Show the new key."""
        self._recovery_key = str(recovery_key)
        self.key.show_key(groups_of(self._recovery_key), GROUPS_TO_TYPE)
        self._steps.setCurrentWidget(self.key)
        self.key.take_focus()

    def show_failure(self, error: Exception) -> None:
        """Say that there is no new key; the passphrase opens the file all the same."""
        self.progress.hide()
        self.trouble.set_words(
            self.tr("There is no new recovery key"),
            self.tr("{0} Your passphrase opens your part of this laptop as before.").format(error),
        )
        self.trouble.show()
        self._way_out.show()

    def _keep(self, path: str) -> None:
        told = keep_in_file(self._keep_key, self._recovery_key, path)
        self.key.show_trouble(told.trouble)
        self.key.show_kept(told.kept)

    def _confirm(self, typed: list[str]) -> None:
        errors = wrong_groups(self._recovery_key, typed)
        self.key.show_errors(errors)
        if not errors:
            self.kept.emit()
            self.finished.emit()
