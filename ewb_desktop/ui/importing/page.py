"""Builds the page on which files are read into the directory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.directory import Imported, Progress
from ewb_desktop.ui.background import Background, Job
from ewb_desktop.ui.importing.by_hand_presenter import ByHandPresenter
from ewb_desktop.ui.importing.presenter import ImportPresenter, Work
from ewb_desktop.ui.importing.view import ImportingPage
from ewb_desktop.ui.page import Page


def build(desk: Desk, background: Background, choose_files: Callable[[], Sequence[str]], save_as: Callable[[str], str]) -> Page:
    """Return the page. ``choose_files`` asks for paths, ``save_as`` for where to save a file of the name it is given."""
    view = ImportingPage()

    def run(
        work: Work, done: Callable[[Imported], None], failed: Callable[[Exception], None], progress: Progress
    ) -> Callable[[], None]:
        # not the job's own cancel: that drops the result, and here what became of it must be told
        stopping = threading.Event()

        def begin(job: Job) -> Imported:
            return work(job.report, lambda: stopping.is_set() or job.cancelled)

        job = background.run(begin, owner=view, done=done, failed=failed)
        job.progressed.connect(progress)
        return stopping.set

    presenter = ImportPresenter(desk, view, run, choose_files, save_as)
    view.presenter = presenter
    by_hand = ByHandPresenter(desk, view)
    view.by_hand_presenter = by_hand
    view.came.connect(lambda _service: presenter.open())
    view.came.connect(by_hand.open)
    view.typed.connect(by_hand.keep)
    view.by_hand.saved.connect(by_hand.save)
    view.read_asked.connect(presenter.read)
    view.go_on_asked.connect(presenter.go_on)
    view.other_chosen.connect(presenter.forget)
    view.stop_asked.connect(presenter.stop)
    view.save_asked.connect(presenter.save)
    view.only_asked.connect(presenter.show_only)
    return view
