"""A database that somebody else holds: who waits for it is told to come back, and afterwards all goes on."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import psycopg
import pytest

from askbot.domain.replies import Mode
from askbot.errors import StoreError
from askbot.ports.storage import UnitOfWork
from askbot.store import engines, migrate
from askbot.store.sql_store import open_store


def _switch_off(uow: UnitOfWork, rooms: Sequence[str]) -> list[None]:
    for room in rooms:
        uow.switches.set_mode(room, Mode.OFF, by="test", at=datetime(2026, 2, 12, tzinfo=UTC))
    return [None] * len(rooms)


async def test_a_lock_that_somebody_keeps_on_postgres_ends_in_an_error_and_not_in_waiting(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "BUSY_SECONDS", 1)
    migrate.upgrade(postgres_url)
    store = await open_store(postgres_url, clock=lambda: datetime.now(UTC))
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as other:
        other.execute("LOCK TABLE room_modes IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(StoreError) as told:
            async with asyncio.timeout(20):
                await store.write(_switch_off, "main", rooms=("main",))
    assert told.value.code == "store_unavailable"
    await store.write(_switch_off, "main", rooms=("main",))
    modes = await store.read(lambda uow: uow.switches.load(("main",)).modes)
    await store.stop()
    assert modes == {"main": Mode.OFF}
