"""Two processes on one database serve the same room: nothing lost, nothing said twice, one ticket a question."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest

from town import LINES, Town, open_town, push, stored

pytestmark = pytest.mark.slow
MESSAGES = 300


async def test_the_same_room_posted_to_both(
    tmp_path: Path, database_url: str, unused_tcp_port_factory: Callable[[], int]
) -> None:
    async with open_town(tmp_path, database_url, servers=2, free_port=unused_tcp_port_factory, deaf=0.1) as town:
        await both_get_everything(town)


async def both_get_everything(town: Town) -> None:
    dice = random.Random(7)
    messages = [
        {"id": f"m{n}", "user": {"id": f"u{n}", "name": "观众"}, "text": dice.choice(LINES)} for n in range(MESSAGES)
    ]
    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(deliver(session, server.url, messages) for server in town.servers for _ in range(2)))
    await town.settled()
    rows = stored(town.database, "SELECT message_id, decisions FROM messages")
    assert sorted(message for message, _ in rows) == sorted(str(m["id"]) for m in messages)
    told = town.replies_by_message()
    assert {m: ids for m, ids in told.items() if len(ids) > 1} == {}
    answered = {message for message, decisions in rows if json.loads(decisions)[0]["action"] == "answer"}
    dropped = {m for (m,) in stored(town.database, "SELECT message_id FROM reply_askers WHERE dropped")}
    assert answered
    assert answered <= set(told) | dropped, "every asker is told or counted as dropped"
    tickets = stored(town.database, "SELECT room, entry, item FROM tickets")
    assert tickets
    assert [ticket for ticket, n in Counter(tickets).items() if n > 1] == [], "one ticket a question"


async def deliver(session: aiohttp.ClientSession, url: str, messages: list[dict[str, object]]) -> None:
    """Post all messages in an order of its own, one to twenty at a time."""
    dice = random.Random()
    mine = dice.sample(messages, len(messages))
    while mine:
        size = dice.choice([1, 1, 5, 20])
        batch, mine = mine[:size], mine[size:]
        raw, headers = push(batch)
        async with session.post(f"{url}/hooks/bridge", data=raw, headers=headers) as response:
            assert response.status == 200, await response.text()


async def test_the_stop_switch_of_one_is_obeyed_by_the_other(
    tmp_path: Path, database_url: str, unused_tcp_port_factory: Callable[[], int]
) -> None:
    async with open_town(tmp_path, database_url, servers=2, free_port=unused_tcp_port_factory, deaf=0) as town:
        one, two = town.servers
        headers = {"authorization": f"Bearer {await town.token()}"}
        async with aiohttp.ClientSession(headers=headers) as session:
            await switch(session, one.url, "off")
            await deliver(session, two.url, [question(1, "滨河路封了吗")])
            await asyncio.sleep(1.5)
            assert town.heard == [], "nothing leaves"
            await switch(session, one.url, "suggest")
            await deliver(session, two.url, [question(2, "政务大厅几点上班")])
            await asyncio.sleep(1.5)
            assert town.heard == []
            async with session.get(f"{two.url}/api/v1/rooms/main/tickets") as response:
                tickets = (await response.json())["items"]
            assert {(t["entry"], t["item"]) for t in tickets} == {("road.status", "滨河路"), ("office.hours", None)}
            assert all(t["suggestion"] for t in tickets)
            await switch(session, two.url, "auto")
            await deliver(session, one.url, [question(3, "人民路现在能不能走")])
            async with asyncio.timeout(20):
                while not town.heard:  # noqa: ASYNC110 (the receiver is a server of its own)
                    await asyncio.sleep(0.05)
            assert [reply["in_reply_to"] for reply in town.heard] == [["m3"]]


def question(number: int, text: str) -> dict[str, object]:
    return {"id": f"m{number}", "user": {"id": f"u{number}", "name": "观众"}, "text": text}


async def switch(session: aiohttp.ClientSession, url: str, mode: str) -> None:
    async with session.post(f"{url}/api/v1/rooms/main/mode", json={"mode": mode}) as response:
        assert response.status == 200, await response.text()
