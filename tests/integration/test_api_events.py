"""Live events: in order, resumed without loss, told of other processes' changes, never waiting for the slow."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

import aiohttp
import pytest

from askbot.domain.replies import Mode
from askbot.services.access import Role
from askbot.store.sql_store import open_store
from askbot.web import events, live
from served import Served

Event = tuple[int, str, dict[str, object]]


class Stream:
    """A listener's side of the stream."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response

    async def next(self) -> Event:
        """The next event, comments passed over."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(10):
            async for raw in self.response.content:
                line = raw.decode().rstrip("\n")
                if line.startswith(":"):
                    continue
                if line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                elif "event" in fields:
                    return int(fields.get("id", 0)), fields["event"], json.loads(fields["data"])
                else:
                    fields.clear()
        raise AssertionError("the stream ended")


@asynccontextmanager
async def listening(
    house: Served, query: str = "", *, last: int | None = None, role: Role = Role.ASSISTANT
) -> AsyncIterator[Stream]:
    headers = {"Authorization": f"Bearer {await house.token(role)}"}
    if last is not None:
        headers["Last-Event-ID"] = str(last)
    async with house.session.get(f"{house.url}/api/v1/events{query}", headers=headers) as response:
        assert response.status == 200, await response.text()
        assert response.headers["Content-Type"].startswith("text/event-stream")
        assert response.headers["X-Accel-Buffering"] == "no"
        yield Stream(response)


async def test_a_listener_is_told_what_changed_from_now_on(house: Served) -> None:
    await house.say("早上好")
    async with listening(house) as stream:
        await stream.response.content.readuntil(b"\n\n")
        await house.say("路灯坏了找谁", prefix="t")
        told = [await stream.next() for _ in range(2)]
        assert {(kind, data["room"]) for _, kind, data in told} == {("ticket", "main"), ("messages", "main")}
        assert all("路灯" not in json.dumps(data, ensure_ascii=False) for _, _, data in told), (
            "what it says is asked of the API"
        )


async def test_resuming_loses_nothing_and_repeats_nothing(house: Served) -> None:
    for number in range(5):
        await house.say("早上好", prefix=f"a{number}")
    async with listening(house, last=0) as stream:
        first = [(await stream.next())[0] for _ in range(3)]
    for number in range(5):
        await house.say("早上好", prefix=f"b{number}")
    async with listening(house, last=first[-1]) as stream:
        second = [(await stream.next())[0] for _ in range(7)]
        await house.say("早上好", prefix="c")
        second.append((await stream.next())[0])
    assert first + second == list(range(1, 12))


async def test_resuming_behind_what_is_kept_says_so(house: Served) -> None:
    await house.say("早上好")
    async with listening(house, last=10_000) as stream:
        assert (await stream.next())[1] == "reset"
    house.clock.forward(hours=3)
    await house.say("早上好", prefix="later")
    await house.parts.store.write(
        lambda uow, all_: [uow.personal.tidy_before(house.clock()) for _ in all_], None, rooms=()
    )
    await house.say("早上好", prefix="latest")
    async with listening(house, last=0) as stream:
        assert (await stream.next())[1] == "reset"
        await house.say("早上好", prefix="after")
        assert (await stream.next())[1] == "messages"


async def test_a_room_can_be_chosen(house: Served) -> None:
    async with listening(house, "?room=jobs", last=0) as stream:
        await house.say("早上好")
        await house.parts.switches.set_mode("jobs", Mode.OFF, by="x")
        assert (await stream.next())[1:][0] == "mode"


async def test_another_process_s_changes_are_told(house: Served, sqlite_url: str) -> None:
    other = await open_store(sqlite_url, clock=house.clock)
    async with listening(house) as stream:
        await stream.response.content.readuntil(b"\n\n")
        await other.write(
            lambda uow, all_: [uow.events.append("main", "mode", "main", {"mode": one}) for one in all_],
            "off",
            rooms=("main",),
        )
        _, kind, data = await stream.next()
        assert (kind, data["data"]) == ("mode", {"mode": "off"})
    await other.stop()


async def test_who_cannot_keep_up_catches_up_by_the_table(house: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_WAITING", 3)
    listener = await house.parts.live.join()
    for number in range(10):
        await house.say("早上好", prefix=f"m{number}")
    async with asyncio.timeout(10):
        while not listener.behind:
            await listener.woken.wait()
            listener.woken.clear()
    assert not listener.waiting, "memory is bounded"
    house.parts.live.leave(listener)
    async with listening(house, last=0) as stream:
        assert [(await stream.next())[0] for _ in range(10)] == list(range(1, 11))


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [
        ("?room=none", {}, 404),
        ("", {"Last-Event-ID": "x"}, 422),
        ("", {"Last-Event-ID": "-1"}, 422),
        ("", {"Authorization": ""}, 401),
    ],
)
async def test_refusals(house: Served, query: str, headers: dict[str, str], status: int) -> None:
    sent = {"Authorization": f"Bearer {await house.token(Role.HOST)}"} | headers
    async with house.session.get(f"{house.url}/api/v1/events{query}", headers=sent) as response:
        assert response.status == status


async def test_a_clerk_does_not_follow_the_room(house: Served) -> None:
    headers = {"Authorization": f"Bearer {await house.token(Role.CLERK, '交通局')}"}
    async with house.session.get(f"{house.url}/api/v1/events", headers=headers) as response:
        assert response.status == 403


async def test_a_listener_that_leaves_is_forgotten(house: Served) -> None:
    async with listening(house) as stream:
        await stream.response.content.readuntil(b"\n\n")
        assert house.parts.live.listeners == 1
    for number in range(100):
        if not house.parts.live.listeners:
            return
        await house.say("早上好", prefix=f"x{number}")
    pytest.fail("it is still told")


async def test_a_stop_ends_the_streams(house: Served) -> None:
    async with listening(house) as stream:
        await stream.response.content.readuntil(b"\n\n")
        house.parts.live.close()
        async with asyncio.timeout(5):
            assert await stream.response.content.read() == b""


async def test_a_revoked_token_listens_no_longer(
    house: Served, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "READMIT", 0.0)
    async with listening(house) as stream:
        await house.say("早上好")
        await stream.next()
        with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
            connection.execute("UPDATE tokens SET revoked_at = created_at")
            connection.commit()
        await house.say("666", prefix="n")
        with pytest.raises(AssertionError, match="the stream ended"):
            await stream.next()


async def test_a_database_that_fails_ends_the_stream_without_a_second_answer_in_it(
    house: Served, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "READMIT", 0.0)
    monkeypatch.setattr(events, "HEARTBEAT", 0.05)
    async with listening(house) as stream:
        with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
            connection.execute("ALTER TABLE tokens RENAME TO away")
            connection.commit()
        async with asyncio.timeout(10):
            rest = await stream.response.content.read()
    assert b"HTTP/1.1" not in rest
    assert b"store_unavailable" not in rest
