"""Background loops: their death is seen, their end waits for what they have to finish."""

import asyncio

import pytest
import structlog

from askbot.web.background import Background


async def test_a_loop_runs_until_it_is_stopped_and_may_finish_what_it_has() -> None:
    background, finished = Background(), asyncio.Event()

    async def loop() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            finished.set()

    background.start("loop", loop)
    await asyncio.sleep(0)
    assert background.alive() == {"loop": True}
    await background.stop("loop", within=5)
    assert finished.is_set()
    assert background.alive() == {}
    await background.stop("loop", within=5)  # twice is no harm


@pytest.mark.parametrize("ends", ["dies", "returns"])
async def test_a_loop_that_ends_is_seen_and_told(ends: str) -> None:
    background = Background()

    async def loop() -> None:
        if ends == "dies":
            raise RuntimeError("a defect")

    with structlog.testing.capture_logs() as logs:
        background.start("loop", loop)
        for _ in range(5):
            await asyncio.sleep(0)
    assert background.alive() == {"loop": False}
    assert [log["event"] for log in logs] == ["background.died" if ends == "dies" else "background.ended"]
    await background.stop("loop", within=5)


async def test_a_loop_that_will_not_end_does_not_hold_up_the_stop() -> None:
    background, release = Background(), asyncio.Event()

    async def stubborn() -> None:
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue

    background.start("stubborn", stubborn)
    await asyncio.sleep(0)
    with structlog.testing.capture_logs() as logs:
        await background.stop("stubborn", within=0.01)
    assert [log["event"] for log in logs] == ["background.stuck"]
    release.set()
    await asyncio.sleep(0)
