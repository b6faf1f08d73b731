"""Replies leave signed and in the agreed form; what the receiver answers is judged right."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web

from askbot.domain.replies import Mention, OutgoingReply
from askbot.errors import DeliveryError
from askbot.platforms.standard.client import StandardClient
from askbot.platforms.standard.signing import verify

NOW = datetime(2026, 2, 12, 1, 0, tzinfo=UTC)
KEY = b"a key of more than 24 bytes!"
REPLY = OutgoingReply(
    id="r_1", room="main", channel="bridge", text="308封闭。😀", in_reply_to=("m1", "m2"),
    mentions=(Mention(id="u1", name="城东老李"),), askers=2, attempt=1, expires_at=NOW + timedelta(seconds=45),
)  # fmt: skip


class Receiver:
    """A receiver of replies that answers what the test wants."""

    def __init__(self) -> None:
        self.status = 200
        self.headers: dict[str, str] = {}
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.url = ""

    async def say(self, request: web.Request) -> web.Response:
        self.heard.append(({k.lower(): v for k, v in request.headers.items()}, await request.read()))
        return web.Response(status=self.status, headers=self.headers)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/say", receiver.say)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/say"
    yield receiver
    await runner.cleanup()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def client(url: str, session: aiohttp.ClientSession) -> StandardClient:
    return StandardClient(name="bridge", url=url, key=KEY, session=session, clock=lambda: NOW)


async def test_a_reply_has_the_agreed_form_and_signature(receiver: Receiver, session: aiohttp.ClientSession) -> None:
    await client(receiver.url, session).send(REPLY)
    ((headers, body),) = receiver.heard
    verify(headers, body, [KEY], NOW, timedelta(0))
    assert headers["webhook-id"] == "r_1"
    assert headers["content-type"] == "application/json"
    assert json.loads(body) == {
        "type": "chat.reply",
        "timestamp": "2026-02-12T01:00:00Z",
        "data": {
            "reply_id": "r_1",
            "room": "main",
            "text": "308封闭。😀",
            "in_reply_to": ["m1", "m2"],
            "mentions": [{"id": "u1", "name": "城东老李"}],
            "askers": 2,
        },
    }


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(200, None), (201, None), (204, None), (301, False), (307, False), (400, True), (401, True), (404, True), (408, False),
     (410, True), (422, True), (429, False), (500, False), (503, False)],
)  # fmt: skip
async def test_statuses(
    receiver: Receiver, session: aiohttp.ClientSession, status: int, permanent: bool | None
) -> None:
    receiver.status = status
    receiver.headers = {"Location": receiver.url}
    if permanent is None:
        await client(receiver.url, session).send(REPLY)
    else:
        with pytest.raises(DeliveryError) as failed:
            await client(receiver.url, session).send(REPLY)
        assert failed.value.permanent is permanent
    assert len(receiver.heard) == 1, "no redirect is followed"


async def test_nobody_there_is_a_failure_that_may_pass(session: aiohttp.ClientSession) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(DeliveryError) as failed:
        await client(f"http://127.0.0.1:{port}/secret-path", session).send(REPLY)
    assert failed.value.permanent is False
    assert "secret-path" not in failed.value.message


async def test_a_receiver_that_talks_nonsense_is_a_failure_that_may_pass(session: aiohttp.ClientSession) -> None:
    async def nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"\x00\xff nonsense\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(nonsense, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(DeliveryError) as failed:
        await client(f"http://127.0.0.1:{port}/say", session).send(REPLY)
    assert failed.value.permanent is False
    server.close()
    await server.wait_closed()
