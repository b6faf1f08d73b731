"""The stand-in for the platform: takes what is rightly signed, once, and stumbles now and then."""

import json
from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer

from askbot.demonstration.receiver import STUMBLE, Receiver, Said
from askbot.platforms.standard.signing import sign

SECRET = b"k" * 32
NOW = 1_770_858_000.0


@pytest.fixture
async def client() -> AsyncIterator[TestClient]:  # type: ignore[type-arg]
    receiver = Receiver(secret=SECRET, clock=lambda: NOW, hear=HEARD.append)
    HEARD.clear()
    app = receiver.application()
    async with TestClient(TestServer(app)) as opened:
        opened.receiver = receiver  # type: ignore[attr-defined]
        yield opened


HEARD: list[Said] = []


def reply(name: str, text: str = "封了", kind: str = "chat.reply") -> bytes:
    data = {
        "reply_id": name, "room": "main", "text": text, "in_reply_to": ["m1"],
        "mentions": [{"id": "u1", "name": "甲"}], "askers": 1,
    }  # fmt: skip
    return json.dumps({"type": kind, "timestamp": "2026-02-12T01:00:00Z", "data": data}).encode()


async def say(client: TestClient, name: str, body: bytes, secret: bytes = SECRET, stamp: float = NOW) -> int:  # type: ignore[type-arg]
    headers = {
        "webhook-id": name,
        "webhook-timestamp": str(int(stamp)),
        "webhook-signature": sign(secret, name, int(stamp), body),
    }
    async with client.post("/say", data=body, headers=headers) as response:
        return response.status


async def test_a_reply_is_taken_and_told_once(client: TestClient) -> None:  # type: ignore[type-arg]
    assert [await say(client, "r1", reply("r1")) for _ in range(3)] == [200, 200, 200]
    assert [said.id for said in HEARD] == ["r1"]
    assert HEARD[0].mentions == ("甲",)
    assert client.receiver.repeats == 2  # type: ignore[attr-defined]


async def test_the_same_id_with_other_words_is_a_contradiction(client: TestClient) -> None:  # type: ignore[type-arg]
    await say(client, "r1", reply("r1"))
    await say(client, "r1", reply("r1", "没封"))
    assert client.receiver.contradictions == ["r1"]  # type: ignore[attr-defined]


REFUSED = [
    ("r1", reply("r1"), b"x" * 32, NOW),  # another's secret
    ("r1", reply("r1"), SECRET, NOW - 3600),  # an old one
    ("r2", reply("r1"), SECRET, NOW),  # under another id
    ("r1", reply("r1", kind="chat.messages"), SECRET, NOW),
    ("r1", b"{}", SECRET, NOW),
    ("r1", b"no json", SECRET, NOW),
    ("r1", b"[]", SECRET, NOW),
]


@pytest.mark.parametrize(("name", "body", "secret", "stamp"), REFUSED)
async def test_what_is_not_a_signed_reply_is_refused(
    client: TestClient,
    name: str,
    body: bytes,
    secret: bytes,
    stamp: float,  # type: ignore[type-arg]
) -> None:
    assert await say(client, name, body, secret, stamp) == 401
    assert HEARD == []


async def test_it_stumbles_and_takes_it_when_it_comes_again(client: TestClient) -> None:  # type: ignore[type-arg]
    statuses = [await say(client, f"r{n}", reply(f"r{n}")) for n in range(STUMBLE)]
    assert statuses == [200] * (STUMBLE - 1) + [503]
    assert await say(client, f"r{STUMBLE - 1}", reply(f"r{STUMBLE - 1}")) == 200
    assert len(HEARD) == STUMBLE
