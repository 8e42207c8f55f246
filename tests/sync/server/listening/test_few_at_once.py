"""Few requests are worked on at once, in their order, and one that takes long keeps nobody waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from sync.server.listening.few_at_once import FewAtOnce
from sync.server.settings import Settings

NEVER, AT_ONCE = 3600.0, 0.0
Begun = list[int]


async def _working(few: FewAtOnce, number: int, begun: Begun, until: asyncio.Event) -> None:
    async with few.place():
        begun.append(number)
        await until.wait()


async def _settled() -> None:
    """Let everything go on that waits for nothing."""
    for _ in range(10):
        await asyncio.sleep(0)


def _run(told: Callable[[], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with asyncio.timeout(30):
            await told()

    asyncio.run(whole())


@pytest.mark.parametrize("most", [1, 2])
def test_so_many_begin_and_the_others_wait(most: int) -> None:
    async def told() -> None:
        few, begun, end = FewAtOnce(most, NEVER), Begun(), asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for number in range(4):
                group.create_task(_working(few, number, begun, end))
            await _settled()
            assert begun == list(range(most))
            end.set()
        assert begun == [0, 1, 2, 3]

    _run(told)


def test_one_that_takes_long_lets_the_next_one_begin() -> None:
    async def told() -> None:
        few, begun, end = FewAtOnce(1, AT_ONCE), Begun(), asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(_working(few, 0, begun, end))

            async def ends_it() -> None:
                async with few.place():
                    end.set()

            group.create_task(ends_it())
        assert begun == [0]

    _run(told)


def test_one_that_took_long_gives_its_place_back_once() -> None:
    async def told() -> None:
        few, begun, long, end = FewAtOnce(1, AT_ONCE), Begun(), asyncio.Event(), asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(_working(few, 0, begun, long))
            async with few.place():
                few._long = NEVER  # the others have all the time they want
            long.set()
            await _settled()
            for number in (1, 2):
                group.create_task(_working(few, number, begun, end))
            await _settled()
            assert begun == [0, 1]
            end.set()

    _run(told)


def test_a_request_that_broke_off_while_it_waited_takes_no_place() -> None:
    async def told() -> None:
        few, begun, end = FewAtOnce(1, NEVER), Begun(), asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(_working(few, 0, begun, end))
            broken = group.create_task(_working(few, 1, begun, end))
            await _settled()
            broken.cancel()
            with suppress(asyncio.CancelledError):
                await broken
            end.set()
            group.create_task(_working(few, 2, begun, end))
        assert begun == [0, 2]

    _run(told)


def test_a_request_that_breaks_off_just_as_it_is_let_in_keeps_no_place() -> None:
    async def told() -> None:
        few, begun = FewAtOnce(1, NEVER), Begun()
        async with few.place():
            broken = asyncio.create_task(_working(few, 1, begun, asyncio.Event()))
            await _settled()
        # it was given the place that has just come free, and has not heard of it yet
        broken.cancel()
        with suppress(asyncio.CancelledError):
            await broken
        async with few.place():
            assert begun == []

    _run(told)


@pytest.mark.parametrize("long", [NEVER, AT_ONCE])
def test_a_request_that_fails_gives_its_place_back_once(long: float) -> None:
    async def told() -> None:
        few, begun, end = FewAtOnce(1, long), Begun(), asyncio.Event()
        with suppress(ZeroDivisionError):
            async with few.place():
                await _settled()
                raise ZeroDivisionError
        few._long = NEVER
        async with asyncio.TaskGroup() as group:
            for number in (1, 2):
                group.create_task(_working(few, number, begun, end))
            await _settled()
            assert begun == [1]
            end.set()

    _run(told)


@pytest.mark.parametrize(("workers", "at_once"), [(1, 2), (2, 1), (5, 1)])
def test_on_postgresql_a_process_begins_one_at_a_time_beside_others_and_two_alone(workers: int, at_once: int) -> None:
    assert Settings("postgresql+psycopg://ewb@localhost/ewb", workers=workers).at_once == at_once


def test_on_the_embedded_file_as_many_begin_as_may_share_a_commit() -> None:
    assert Settings("sqlite:////srv/ewb/server.db", threads=6).at_once == 6
