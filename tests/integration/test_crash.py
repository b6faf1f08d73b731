"""Kill the server where it stands, again and again: what it acknowledged stands once, and nothing is said twice."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from town import Town, client, open_town, stored

pytestmark = pytest.mark.slow
KILLS = 10
CLIENTS = 8


async def test_nothing_acknowledged_is_lost_and_nothing_is_said_twice_over_ten_kills(
    tmp_path: Path, database_url: str, unused_tcp_port_factory: Callable[[], int]
) -> None:
    async with open_town(tmp_path, database_url, servers=1, free_port=unused_tcp_port_factory) as town:
        await ten_kills(town)


async def ten_kills(town: Town) -> None:
    stop = asyncio.Event()
    clients = [asyncio.create_task(client(town, number, stop)) for number in range(CLIENTS)]
    for _ in range(KILLS):
        await asyncio.sleep(0.3 + random.random())
        await town.servers[0].kill()
        await town.servers[0].start()
    await asyncio.sleep(1)
    stop.set()
    await asyncio.gather(*clients)
    await town.settled()
    rows = stored(town.database, "SELECT message_id, text, decisions FROM messages ORDER BY seq")
    times = Counter(message for message, _, _ in rows)
    assert [message for message, n in times.items() if n > 1] == []
    texts = {message: text for message, text, _ in rows}
    assert {m: t for m, t in town.acknowledged.items() if texts.get(m) != t} == {}
    assert len(town.acknowledged) > KILLS * CLIENTS, "the clients got through"
    for message, _, decisions in rows:
        assert json.loads(decisions), message
    told = town.replies_by_message()
    assert {m: ids for m, ids in told.items() if len(ids) > 1} == {}, "one message, one reply"
    words: dict[str, set[str]] = {}
    for reply in town.heard:
        words.setdefault(str(reply["reply_id"]), set()).add(json.dumps(reply, sort_keys=True, ensure_ascii=False))
    assert [reply for reply, bodies in words.items() if len(bodies) > 1] == [], "a retry says the same"
    assert told
