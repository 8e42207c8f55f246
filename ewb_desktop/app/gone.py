"""What the window before unlocking tells of a part of this laptop that went, and the way of its sealed file to another place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ewb_desktop.app.left import forget_left, left_file, left_words
from ewb_desktop.app.signed_off import forget_signed_off, signed_off_file, signed_off_words
from ewb_desktop.ui.documents import UNSENT_WORK, dated

if TYPE_CHECKING:
    from ewb_desktop.app.program import Surroundings
    from ewb_desktop.ui.gate import GateWindow
    from ewb_desktop.ui.lock.presenter import Run

SAVED = "A copy of the sealed file is at that place, and was read again from there. Give it to your administrator."
NOT_THERE = "The sealed file cannot be read where it was. If that is a stick, put it in and try again."
NOT_SAVED = "The sealed file could not be saved there. Nothing is lost: it is still where it was. Choose another place."


def tell_gone(gate: GateWindow, around: Surroundings, vaults: Path, run: Run) -> None:
    """Say whether somebody was signed off or left since somebody last worked here, and offer to save what could not be sent."""
    data = around.paths.data
    words, sealed = left_words(data, vaults), left_file(data)
    title = gate.tr("Your part has been taken off this laptop")
    if not words:
        words, sealed = signed_off_words(data), signed_off_file(data)
        title = gate.tr("Your administrator signed this laptop off")
    if not words:
        return
    gate.tell(title, words, can_save=sealed is not None)
    if sealed is not None:
        gate.save_asked.connect(_saving(gate, around, sealed, run))


def forget_gone(data: Path) -> None:
    """Tell it no more: somebody works here again."""
    forget_signed_off(data)
    forget_left(data)


def _saving(gate: GateWindow, around: Surroundings, sealed: Path, run: Run) -> Callable[[], None]:
    def save() -> None:
        name = sealed.name if sealed.suffix else dated(UNSENT_WORK)
        chosen = around.dialogs.save_file(gate, gate.tr("Where to put the sealed file"), name)
        if not chosen:
            gate.answer_saving("")
            return
        # a stick may be slow: the window goes on meanwhile
        run(
            lambda: _copy(sealed, Path(chosen)),
            lambda told: gate.answer_saving(str(told)),
            lambda _: gate.answer_saving(NOT_SAVED),
        )

    return save


def _copy(sealed: Path, to: Path) -> str:
    """Copy the file and return what to say; raises ``OSError`` when it could not be written."""
    from ewb_desktop.storage.holding.sealed_files import THERE_ALREADY, SealedFileThere, copy_sealed, is_sealed_file

    if not is_sealed_file(sealed):
        return NOT_THERE
    try:
        copy_sealed(sealed, to)
    except SealedFileThere:
        return THERE_ALREADY
    return SAVED
