"""Puts the server together: settings, database, routes. Nobody else constructs them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from anyio import CapacityLimiter
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError

from sync.server.admission.opened import open_database
from sync.server.admission.people import organisations
from sync.server.clock import Clock, instant_text, utc_now
from sync.server.damage.retold import tell_counters_again
from sync.server.database.engine import Database
from sync.server.laptops.snapshots import Snapshots
from sync.server.listening.exchange import House
from sync.server.listening.few_at_once import FewAtOnce
from sync.server.listening.limits import Turns
from sync.server.listening.metrics import Metrics
from sync.server.listening.proxies import EncryptedLines
from sync.server.listening.serving import begin_again, leave_with_parent, rarely_look_for_garbage
from sync.server.logs import logger, start_logging
from sync.server.pushing.mending import all_lost, mend
from sync.server.routes import digests, enrol, health, history, opening, rounds, snapshot
from sync.server.settings import Settings, from_environment


def create_app(settings: Settings, clock: Clock = utc_now) -> FastAPI:
    """Return the server as an ASGI application. Its database is brought up to date when it starts and closed when it ends."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        database = _opened(settings)
        _make_lost_again(database, instant_text(clock()))
        app.state.house = House(
            settings=settings,
            database=database,
            clock=clock,
            threads=CapacityLimiter(settings.threads),
            few=FewAtOnce(settings.at_once),
            turns=Turns(settings.burst, settings.per_minute),
            strangers=Turns(settings.enrol_burst, settings.enrol_per_minute),
            seekers=Turns(3 * settings.openings_per_hour, 3 * settings.openings_per_hour / 60),
            metrics=_figures(),
            snapshots=Snapshots(settings.snapshot_folder),
        )
        yield
        database.close()

    # no pages of documentation: they load scripts from elsewhere
    app = FastAPI(title="EWB server", lifespan=life, openapi_url=None)
    for routes in (rounds, snapshot, history, digests, opening, enrol, health):
        app.include_router(routes.router)
    app.add_middleware(EncryptedLines, proxies=settings.proxies)
    return app


def _opened(settings: Settings) -> Database:
    """Return the database; a worker that finds it away begins again, and the others go on."""
    try:
        return open_database(settings)
    except OperationalError:
        logger.error("the database does not answer")
        begin_again()
        raise


def _figures() -> Metrics:
    """Return the figures of this process; a worker that finds no room for them begins again, and the others go on."""
    try:
        return Metrics()
    except OSError:
        logger.error("there is no room for the figures: the disk of temporary files is full")
        begin_again()
        raise


def _make_lost_again(database: Database, now: str) -> None:
    """Make records again whose rows are lost while their histories are here; whatever else is damaged, the server starts."""
    try:
        tell_counters_again(database, datetime.fromisoformat(now))
        with database.reading() as connection:
            lost = {organisation: all_lost(connection, organisation) for organisation in organisations(connection)}
        for organisation, ids in lost.items():
            if ids:
                with database.writing() as connection:
                    mend(connection, organisation, ids, now)
    except Exception:  # noqa: BLE001 - what can be handed out is handed out all the same, and `doctor` names the rest
        logger.exception("what is lost was not looked for to its end: see `ewb-server doctor`")


def from_process_environment() -> FastAPI:
    """Return the application for a process of its own, as uvicorn's workers start it."""
    start_logging()
    leave_with_parent()
    app = create_app(from_environment())
    rarely_look_for_garbage()
    return app
