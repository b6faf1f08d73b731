"""The bridge: every line is accounted for, in order, also when it is stopped or the server refuses."""

import asyncio
import io
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from askbot.bridging.bridge import Bridge
from askbot.bridging.inputs import CollectorGoneError, stream_lines, websocket_lines
from askbot.bridging.lines import MAX_LINE, ChatLine, LineMapping
from askbot.bridging.poster import Receipt, Refusal, UndeliveredError
from askbot.errors import DeliveryError


@dataclass
class Taker:
    """Takes all but what the test names; stands where the Poster stands."""

    bad: tuple[str, ...] = ()
    broken: bool = False
    batches: list[list[str]] = field(default_factory=list)

    async def post(self, lines: Sequence[ChatLine]) -> Receipt:
        if self.broken:
            raise UndeliveredError("401 bad_signature", permanent=True, receipt=Receipt(taken=1, retries=2))
        self.batches.append([line.id for line in lines])
        refused = tuple(Refusal(line=line, why="422") for line in lines if line.id in self.bad)
        return Receipt(taken=len(lines) - len(refused), refused=refused)


def bridge(taker: Taker, gather: float = 0.01) -> tuple[Bridge, list[tuple[int, str]]]:
    told: list[tuple[int, str]] = []
    made = Bridge(
        poster=taker,  # type: ignore[arg-type]
        mapping=LineMapping(),
        report=lambda number, why: told.append((number, why)),
        gather=gather,
    )
    return made, told


def chat(*names: str) -> bytes:
    return b"".join(b'{"id": "%s", "text": "x", "user": "u"}\n' % name.encode() for name in names)


async def test_all_lines_of_a_stream_in_order_and_bad_ones_by_number() -> None:
    taker = Taker(bad=("d",))
    made, told = bridge(taker)
    text = chat("a", "b") + b"\n" + b"not json\n" + chat("c") + b'{"id": "e", "user": "u"}\n' + chat("d")
    tally = await made.run(stream_lines(io.BytesIO(text)), asyncio.Event())
    assert [name for batch in taker.batches for name in batch] == ["a", "b", "c", "d"]
    assert (tally.lines, tally.taken, tally.refused, tally.bad, tally.passed_over) == (7, 3, 1, 1, 1)
    assert [number for number, _ in told] == [4, 7]
    assert not tally.complete


async def test_many_lines_go_in_full_batches() -> None:
    taker = Taker()
    made, _ = bridge(taker, gather=5)
    names = [f"m{n}" for n in range(1234)]
    tally = await made.run(stream_lines(io.BytesIO(chat(*names))), asyncio.Event())
    assert [len(batch) for batch in taker.batches] == [500, 500, 234]
    assert tally.complete


async def test_a_line_too_long_is_one_bad_line() -> None:
    taker = Taker()
    made, told = bridge(taker)
    text = chat("a") + b"x" * (3 * MAX_LINE) + b"\n" + chat("b")
    tally = await made.run(stream_lines(io.BytesIO(text)), asyncio.Event())
    assert (tally.lines, tally.taken, tally.bad) == (3, 2, 1)
    assert told[0][0] == 2


async def test_stopping_posts_what_was_read() -> None:
    taker = Taker()
    made, _ = bridge(taker, gather=60)
    stop = asyncio.Event()

    async def lines() -> AsyncIterator[bytes]:
        yield chat("a")
        yield chat("b")
        stop.set()
        await asyncio.Event().wait()

    tally = await made.run(lines(), stop)
    assert (taker.batches, tally.taken) == ([["a", "b"]], 2)


async def test_a_refused_source_ends_it_and_counts_what_was_read() -> None:
    made, _ = bridge(Taker(broken=True))
    with pytest.raises(DeliveryError):
        await made.run(stream_lines(io.BytesIO(chat("a", "b", "c"))), asyncio.Event())
    assert (made.tally.taken, made.tally.retries) == (1, 2)
    assert made.tally.refused == made.tally.lines - 1


async def test_a_failing_input_ends_it() -> None:
    made, _ = bridge(Taker())

    async def lines() -> AsyncIterator[bytes]:
        yield chat("a")
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        await made.run(lines(), asyncio.Event())
    assert made.tally.taken == 1


async def test_a_websocket_that_cannot_be_reached_is_given_up(unused_tcp_port: int) -> None:
    made, _ = bridge(Taker())
    async with aiohttp.ClientSession() as session:
        lines = websocket_lines(session, f"ws://127.0.0.1:{unused_tcp_port}/", lambda _: None, give_up=0)
        with pytest.raises(CollectorGoneError, match="对方没有在这个端口上等"):
            await made.run(lines, asyncio.Event())


async def test_a_websocket_is_read_again_after_it_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    connections = 0
    real = asyncio.sleep

    async def chats(request: web.Request) -> web.WebSocketResponse:
        nonlocal connections
        connections += 1
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str(chat(f"t{connections}").decode())
        await socket.send_bytes(chat(f"b{connections}"))
        await socket.close(code=1011 if connections == 1 else 1000)
        return socket

    monkeypatch.setattr(asyncio, "sleep", lambda _seconds: real(0))
    app = web.Application()
    app.router.add_get("/chat", chats)
    taker, told = Taker(), list[str]()
    made, _ = bridge(taker)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        url = str(server.make_url("/chat"))
        await made.run(websocket_lines(session, url, told.append), asyncio.Event())
    assert [name for batch in taker.batches for name in batch] == ["t1", "b1", "t2", "b2"]
    assert len(told) == 1
