"""Which page belongs to which destination, for whom; each page's room is loaded when the page is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from ewb_desktop.domain.roles import Duty
from ewb_desktop.ui.destinations import (
    ToConflicts,
    ToConversation,
    ToCrisis,
    ToDirectory,
    ToDirectoryImport,
    ToEditPerson,
    ToHandover,
    ToHelp,
    ToHistory,
    ToLeaflets,
    ToLeaving,
    ToMembers,
    ToNewPerson,
    ToOpening,
    ToOwnLeaflets,
    ToPerson,
    ToQuestionnaire,
    ToSafety,
    ToService,
    ToSettings,
    ToSignpost,
    ToSync,
    ToToday,
)  # fmt: skip
from ewb_desktop.ui.page import Page

if TYPE_CHECKING:
    from ewb_desktop.app.office import Office

Factory = Callable[[], Page]

NEEDS: Mapping[type, Duty] = MappingProxyType(
    {
        ToMembers: Duty.MEMBERS,
        ToPerson: Duty.CARE,
        ToNewPerson: Duty.MEMBERS,
        ToOpening: Duty.OPEN,
        ToEditPerson: Duty.MEMBERS,
        ToConflicts: Duty.CARE,
        ToConversation: Duty.CARE,
        ToQuestionnaire: Duty.CARE,
        ToHandover: Duty.CARE,
        ToHistory: Duty.CARE,
        ToSafety: Duty.CARE,
        ToSignpost: Duty.CARE,
        ToDirectoryImport: Duty.DIRECTORY,
        ToOwnLeaflets: Duty.DIRECTORY,
    }
)
"""The duty that a role must have to open a page; the others are for everybody."""


def make_pages(office: Office) -> dict[type, Factory]:
    """Return what makes each page that the worker's role may open."""
    pages = {**_member_pages(office), **_other_pages(office)}
    return {kind: make for kind, make in pages.items() if kind not in NEEDS or office.desk.may(NEEDS[kind])}


def _member_pages(office: Office) -> dict[type, Factory]:
    """Return what makes the pages about members."""
    desk, feed = office.desk, office.feed

    def today() -> Page:
        from ewb_desktop.ui.today.page import build

        page = build(desk, feed)
        page.counted.connect(lambda waiting: office.window.set_count(ToToday, waiting))
        return page

    def members() -> Page:
        from ewb_desktop.ui.members.page import build

        return build(desk, feed)

    def person() -> Page:
        from ewb_desktop.ui.person.page import build

        return build(desk, feed, office.opened_watch.let_go, office.opened_watch.let_words_go)

    def new_person() -> Page:
        from ewb_desktop.ui.newperson.page import build

        return build(desk)

    def edit_person() -> Page:
        from ewb_desktop.ui.newperson.page import build_edit

        return build_edit(desk, feed)

    def conversation() -> Page:
        from ewb_desktop.ui.conversation.page import build

        return build(desk, feed)

    def conflicts() -> Page:
        from ewb_desktop.ui.conflicts.page import build

        return build(desk, feed)

    def history() -> Page:
        from ewb_desktop.ui.history.page import build

        return build(desk, feed, office.background)

    def handover() -> Page:
        from ewb_desktop.ui.handover.page import build

        return build(desk, feed)

    def safety() -> Page:
        from ewb_desktop.ui.safety.page import build

        return build(desk, feed)

    def signpost() -> Page:
        from ewb_desktop.ui.signpost.page import build

        return build(desk, feed)

    return {
        ToToday: today,
        ToMembers: members,
        ToPerson: person,
        ToNewPerson: new_person,
        ToEditPerson: edit_person,
        ToConversation: conversation,
        ToQuestionnaire: conversation,
        ToConflicts: conflicts,
        ToHandover: handover,
        ToHistory: history,
        ToSafety: safety,
        ToSignpost: signpost,
    }


def _other_pages(office: Office) -> dict[type, Factory]:
    """Return what makes the pages about services, about this laptop and about who is not on it."""
    desk, feed, files = office.desk, office.feed, office.files

    def directory() -> Page:
        from ewb_desktop.ui.directory.page import build

        return build(desk, feed, practice=office.around.practice)

    def leaflets() -> Page:
        from ewb_desktop.app.leaflet_edge import make_edge
        from ewb_desktop.ui.leaflets.page import build

        edge = make_edge(office.around, lambda: office.window, lambda: office.program.settings)
        return build(desk, desk.library, desk.clock, office.studio, office.run, edge)

    def own_leaflets() -> Page:
        from ewb_desktop.app.leaflet_edge import make_own_edge, make_preview
        from ewb_desktop.ui.ownleaflets.page import build

        edge = make_own_edge(office.around, lambda: office.window)
        return build(desk, feed, office.studio, office.run, edge, make_preview, office.around.resources)

    def opening() -> Page:
        from ewb_desktop.ui.opening.page import build

        return build(desk, office.background)

    def importing() -> Page:
        from ewb_desktop.ui.importing.page import build

        return build(
            desk, office.background, lambda: files.directory_files(office.window), lambda name: files.report(office.window, name)
        )

    def sync() -> Page:
        from ewb_desktop.ui.sync.page import build

        return build(
            desk, feed, office.heartbeat, office.background, office.join, files.copy,
            choose_authority=files.authority, keep=office.keep_outbox,
            let_words_go=office.opened_watch.let_words_go, sealed_in=office.around.paths.data, choose_place=files.place,
        )  # fmt: skip

    def settings() -> Page:
        from ewb_desktop.ui.settings.page import build

        return build(office.choices(), office.run)

    def leaving() -> Page:
        from ewb_desktop.ui.leaving.page import build

        return build(office.leaving, office.run, office.heartbeat)

    def help_page() -> Page:
        from ewb_desktop.ui.help.page import build

        problems = [str(problem) for problem in office.library.problems]
        return build(office.around.resources, lambda: office.window.shortcuts(), problems)

    def crisis() -> Page:
        from ewb_desktop.ui.crisis.page import build

        page = build(office.around.resources)
        page.print_asked.connect(lambda: office.go(ToLeaflets(topic="crisis")))
        return page

    # in practice there is nothing to leave
    own_part: dict[type, Factory] = {} if office.around.practice else {ToLeaving: leaving}
    return {
        **own_part,
        ToDirectory: directory,
        ToService: directory,
        ToDirectoryImport: importing,
        ToOpening: opening,
        ToLeaflets: leaflets,
        ToOwnLeaflets: own_leaflets,
        ToSync: sync,
        ToSettings: settings,
        ToHelp: help_page,
        ToCrisis: crisis,
    }
