"""Which page belongs to which destination; each page's room is loaded when the page is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from ewb_desktop.domain.time import Clock
from ewb_desktop.ui.destinations import (
    ToConversation,
    ToCrisis,
    ToDirectory,
    ToDirectoryImport,
    ToEditPerson,
    ToHelp,
    ToLeaflets,
    ToMembers,
    ToNewPerson,
    ToQuestionnaire,
    ToService,
    ToSettings,
    ToSync,
)  # fmt: skip
from ewb_desktop.ui.page import Page

if TYPE_CHECKING:
    from ewb_desktop.office import Office

Factory = Callable[[], Page]


def make_pages(office: Office) -> dict[type, Factory]:
    """Return what makes each page of the office's window."""
    desk, feed = office.desk, office.feed

    def members() -> Page:
        from ewb_desktop.ui.members.page import build

        return build(desk, feed)

    def new_person() -> Page:
        from ewb_desktop.ui.newperson.page import build

        return build(desk)

    def edit_person() -> Page:
        from ewb_desktop.ui.newperson.page import build_edit

        return build_edit(desk)

    def directory() -> Page:
        from ewb_desktop.ui.directory.page import build

        return build(desk, feed)

    def importing() -> Page:
        from ewb_desktop.ui.importing.page import build

        return build(desk, office.background, office.choose_directory_files, office.choose_report)

    def conversation() -> Page:
        from ewb_desktop.ui.conversation.page import build

        return build(desk)

    def sync() -> Page:
        from ewb_desktop.ui.sync.page import build

        return build(desk, feed, office.heartbeat, office.background, office.join, office.choose_copy)

    def settings() -> Page:
        from ewb_desktop.ui.settings.page import build

        return build(office.choices(), office.run)

    def help_page() -> Page:
        from ewb_desktop.ui.help.page import build

        return build(office.around.resources, lambda: office.window.shortcuts())

    def crisis() -> Page:
        from ewb_desktop.ui.crisis.page import build

        page = build(office.around.resources)
        page.print_asked.connect(lambda: office.go(ToLeaflets(topic="crisis")))
        return page

    pages: dict[type, Factory] = {
        ToConversation: conversation,
        ToQuestionnaire: conversation,
        ToDirectory: directory,
        ToDirectoryImport: importing,
        ToService: directory,
        ToSync: sync,
        ToMembers: members,
        ToNewPerson: new_person,
        ToEditPerson: edit_person,
        ToSettings: settings,
        ToHelp: help_page,
        ToCrisis: crisis,
    }
    return pages


def leaflets_are_here() -> bool:
    """Say whether leaflets can be printed without a desk."""
    return find_spec("ewb_desktop.ui.leaflets.page") is not None


def build_leaflets_without_desk(resources: Path, clock: Clock) -> Page:
    """Return the leaflets page for the lock screen: no member, no store."""
    raise NotImplementedError
