"""What reading files into the directory does: in the background, with progress, a way to stop, and a report of every row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.directory import Imported, ImportStopped, Plan, Progress, import_files, plan_import
from ewb_desktop.domain.directory.report import DirectoryUnreadableError
from ewb_desktop.domain.directory.report import Row as ReportRow
from ewb_desktop.domain.words import count_words
from ewb_desktop.storage.cards.listings import BY_HAND, directories
from ewb_desktop.storage.errors import WorkerCanAct
from ewb_desktop.ui.widgets.row import Row, Tint

Work = Callable[[Progress, Callable[[], bool]], Imported]
Run = Callable[[Work, Callable[[Imported], None], Callable[[Exception], None], Progress], Callable[[], None]]
"""Does work beside the window: the work, what follows its result, its error and its progress. Returns what stops it."""

NEW = ""
"""Stands for a directory that was not read before."""

_FATES = {"kept": ("kept", Tint.GREEN), "mended": ("mended", Tint.BLUE), "left": ("left out", Tint.AMBER)}


class AskFirst(Exception):
    """The files were looked at and nothing was written: where they go has to be asked."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("where do these files go?")
        self.plan = plan


class ImportView(Protocol):
    """What the presenter needs of the page."""

    def show_directories(self, known: Sequence[tuple[str, str]]) -> None:
        """Offer the directories that were read before: name and words."""

    def show_plan(self, source: str, title: str, words: str) -> None:
        """Choose the directory ``source`` and say what reading into it would do; no title takes that away."""

    def show_trouble(self, title: str, sentence: str) -> None:
        """Say why nothing could be read, or nothing changed; no words take it away."""

    def show_progress(self, done: int, total: int, words: str) -> None:
        """Show how far it is."""

    def show_busy(self, busy: bool) -> None:
        """Show or hide the progress."""

    def show_report(self, title: str, words: str, rows: Sequence[Row] | None) -> None:
        """Show the report; ``None`` hides it."""

    def say(self, sentence: str) -> None:
        """Say at the foot of the window what was done."""


class ImportPresenter:
    """Reads files in when asked. ``choose`` asks for files, ``save_as`` where to save; both return nothing when given up."""

    def __init__(
        self, desk: Desk, view: ImportView, run: Run, choose: Callable[[], Sequence[str]], save_as: Callable[[str], str]
    ) -> None:
        self._desk = desk
        self._view = view
        self._run = run
        self._choose = choose
        self._save_as = save_as
        self._stop: Callable[[], None] | None = None
        self._imported: Imported | None = None
        self._fate = ""
        self._looked_at: list[Path] = []
        self._planned = ""

    def open(self) -> None:
        """Show which directories there are."""
        with self._desk.store.read() as connection:
            known = directories(connection)
        files = [(name, count) for name, count in known if name not in ("", BY_HAND)]
        self._view.show_directories([(name, f"{name} ({count_words(count, 'service')} here)") for name, count in files])

    def read(self, known: str, name: str) -> None:
        """Ask for files and read them into the directory ``known``, or into a new one called ``name``.

        Without either, or when the files are not of the directory that was chosen, it shows what would happen first.
        """
        if self._stop is not None:
            return
        paths = [Path(path) for path in self._choose()]
        if paths:
            self._read(paths, known or name.strip(), is_sure=False)

    def go_on(self, known: str, name: str) -> None:
        """Read in the files that were looked at, where it was shown."""
        source = known or name.strip()
        if self._stop is None and self._looked_at and source:
            # another name may have been typed since, even that of a directory that is here
            self._read(self._looked_at, source, is_sure=source == self._planned)

    def forget(self) -> None:
        """Another directory was chosen: what was shown is not true of it."""
        self._looked_at = []
        self._view.show_plan("", "", "")

    def _read(self, paths: list[Path], source: str, *, is_sure: bool) -> None:
        self._looked_at = paths
        self._view.show_plan("", "", "")
        self._view.show_trouble("", "")
        self._view.show_report("", "", None)
        self._view.show_busy(True)
        desk = self._desk

        def work(progress: Progress, stopped: Callable[[], bool]) -> Imported:
            files = [(path.name, path.read_bytes()) for path in paths]
            if not is_sure:
                plan = plan_import(desk, files, source)
                if not source or not plan.fits:
                    raise AskFirst(plan)
            return import_files(desk, files, source, progress=progress, stopped=stopped)

        self._stop = self._run(work, self._done, self._failed, self._view.show_progress)

    def _show_plan(self, plan: Plan) -> None:
        self._planned = plan.source
        if plan.is_new:
            title = f"This would be a new directory: {plan.source}"
            words = f"{count_words(len(plan.differences.new), 'service')} would be added. The other directories stay as they are."
        else:
            title = f"These files would go into {plan.source}"
            words = plan.differences.summary
            if not plan.fits:
                words = f"Most of the services in the files are not in this directory. {words}"
        self._view.show_plan(plan.source, title, words)

    def stop(self) -> None:
        """Ask to stop; what was there before stays as it was, unless all has been written already."""
        if self._stop is not None:
            self._stop()

    def show_only(self, fate: str) -> None:
        """Show the rows of one fate, or all."""
        self._fate = fate
        self._show_report()

    def save(self) -> None:
        """Save the report as text."""
        if self._imported is None:
            return
        path = self._save_as("directory report.txt")
        if path:
            try:
                Path(path).write_text(self._imported.words(), encoding="utf-8")
            except OSError as error:
                reason = error.strerror or "no reason given"
                self._view.show_trouble(
                    "The report could not be saved there",
                    f"The computer says: {reason}. The services are in the directory all the same. Choose another place.",
                )
            else:
                self._view.say("The report is saved.")

    def _done(self, imported: Imported) -> None:
        self._ended()
        self._imported, self._fate = imported, ""
        self._show_report()
        self._view.say(imported.report.summary)
        self.open()

    def _failed(self, error: Exception) -> None:
        self._ended()
        # what was said of an import before is not true of this one
        self._view.say("")
        if isinstance(error, AskFirst):
            self._show_plan(error.plan)
        elif isinstance(error, ImportStopped):
            self._view.show_trouble("Stopped", str(error))
        elif isinstance(error, OSError):
            reason = error.strerror or "no reason given"
            self._view.show_trouble(
                "A file could not be opened",
                f"The computer says: {reason}. Nothing was changed. Check the file and choose it again.",
            )
        elif isinstance(error, DirectoryUnreadableError | WorkerCanAct):
            self._view.show_trouble("This could not be read in", str(error))
        else:
            self._view.show_trouble(
                "Something went wrong here, and it is not your fault",
                "Nothing was changed. Please tell whoever looks after the program.",
            )
            raise error

    def _ended(self) -> None:
        self._stop = None
        self._view.show_busy(False)

    def _show_report(self) -> None:
        if self._imported is None:
            return
        report = self._imported.report
        rows = [_row(row, number) for number, row in enumerate(report.rows) if self._fate in ("", row.fate)]
        words = "\n".join((f"The directory: {self._imported.differences.summary}", *report.notes))
        self._view.show_report(report.summary, words, rows)


def _row(row: ReportRow, number: int) -> Row:
    tag, tint = _FATES[row.fate]
    return Row(
        key=number, title=row.name or "No name", detail=" ".join(row.reasons) or row.where, tag=tag, tint=tint,
        trailing=row.where if row.reasons else "", words=row.words,
    )  # fmt: skip
