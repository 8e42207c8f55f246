"""A passphrase: hidden as it is typed, shown on request."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.field import Field, LineEdit


class PassphraseField(Field):
    """A secret line with a button that shows it. ``entered`` is emitted on Enter."""

    entered = Signal()

    def __init__(self, label: str, hint: str = "", *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(label, hint, name=name, parent=parent)
        self.line = LineEdit()
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self.toggle = Button(self.tr("Show"), says=self.tr("Show {0}").format(label))
        group = QWidget()
        across = QHBoxLayout(group)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        across.addWidget(self.line, 1)
        across.addWidget(self.toggle)
        self._take(group, self.line)
        self.toggle.clicked.connect(self._turn)
        self.line.textEdited.connect(self._edited)
        self.line.returnPressed.connect(self.entered)

    def _edited(self, _text: str) -> None:
        self.edited.emit()

    def _turn(self) -> None:
        shown = self.line.echoMode() == QLineEdit.EchoMode.Normal
        self.line.setEchoMode(QLineEdit.EchoMode.Password if shown else QLineEdit.EchoMode.Normal)
        if shown:
            self.toggle.set_text(self.tr("Show"), self.tr("Show {0}").format(self.label_text))
        else:
            self.toggle.set_text(self.tr("Hide"), self.tr("Hide {0}").format(self.label_text))

    @property
    def value(self) -> str:
        """The passphrase exactly as typed."""
        return self.line.text()

    def clear(self) -> None:
        """Forget what was typed and hide again."""
        self.line.clear()
        if self.line.echoMode() == QLineEdit.EchoMode.Normal:
            self._turn()
