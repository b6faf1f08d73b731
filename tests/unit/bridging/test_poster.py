"""Posting: signed so that the server's own check passes, tried again when that helps, halved when it does not."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from askbot.bridging.lines import ChatLine
from askbot.bridging.poster import BATCH, BATCH_BYTES, Poster, batches, weight
from askbot.errors import DeliveryError
from askbot.platforms.standard.signing import verify

SECRET = b"k" * 32
NOW = 1_770_858_000.0
Answer = Callable[[list[str]], tuple[int, dict[str, str]]]


def line(name: str, text: str = "x") -> ChatLine:
    return ChatLine(number=1, id=name, text=text, user_id="u", user_name="甲")


@dataclass
class Hook:
    """A stand-in for the webhook: checks every signature; what it answers is the test's."""

    answer: Answer
    pushes: list[list[str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        verify(headers, body, [SECRET], datetime.fromtimestamp(NOW, UTC), timedelta(minutes=5))
        names = [message["id"] for message in json.loads(body)["data"]["messages"]]
        self.pushes.append(names)
        self.ids.append(headers["webhook-id"])
        status, extra = self.answer(names)
        return web.json_response({"error": "some_code"}, status=status, headers=extra)

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


@asynccontextmanager
async def posting(answer: Answer, give_up: float = 60) -> AsyncIterator[tuple[Poster, Hook]]:
    hook = Hook(answer)
    app = web.Application()
    app.router.add_post("/hooks/bridge", hook.take)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        yield (
            Poster(
                session=session, url=str(server.make_url("/")), source="bridge", secret=SECRET,
                clock=lambda: NOW, sleep=hook.sleep, give_up=give_up,
            ),
            hook,
        )  # fmt: skip


async def test_a_push_is_signed_and_taken() -> None:
    async with posting(lambda _: (200, {})) as (poster, hook):
        receipt = await poster.post([line("a"), line("b")])
    assert (receipt.taken, receipt.refused, hook.pushes) == (2, (), [["a", "b"]])


@pytest.mark.parametrize("status", [429, 503, 500, 502, 408])
async def test_what_may_pass_is_tried_again_under_the_same_id(status: int) -> None:
    statuses = iter([status, status, 200])
    async with posting(lambda _: (next(statuses), {})) as (poster, hook):
        receipt = await poster.post([line("a")])
    assert (receipt.taken, receipt.retries) == (1, 2)
    assert len(set(hook.ids)) == 1
    assert 0 < hook.waits[0] <= 0.5 < hook.waits[1] * 2


async def test_retry_after_is_honoured() -> None:
    answers = iter([(429, {"Retry-After": "7"}), (503, {"Retry-After": "99999"}), (200, {})])
    async with posting(lambda _: next(answers)) as (poster, hook):
        await poster.post([line("a")])
    assert hook.waits == [7.0, 60.0], "a wait without end is cut"


async def test_one_bad_message_keeps_no_other_out() -> None:
    names = [f"m{n}" for n in range(9)]
    async with posting(lambda pushed: (422 if "m4" in pushed else 200, {})) as (poster, hook):
        receipt = await poster.post([line(name) for name in names])
    assert receipt.taken == 8
    assert [(refusal.line.id, refusal.why) for refusal in receipt.refused] == [("m4", "422 some_code")]
    taken = [name for push in hook.pushes if "m4" not in push for name in push]
    assert taken == [name for name in names if name != "m4"], "their order stays"


@pytest.mark.parametrize("status", [401, 403, 404, 301])
async def test_a_refused_source_ends_it(status: int) -> None:
    async with posting(lambda _: (status, {})) as (poster, hook):
        with pytest.raises(DeliveryError) as caught:
            await poster.post([line("a"), line("b")])
    assert caught.value.permanent
    assert len(hook.pushes) == 1


async def test_it_gives_up_in_the_end() -> None:
    async with posting(lambda _: (503, {}), give_up=20) as (poster, hook):
        with pytest.raises(DeliveryError) as caught:
            await poster.post([line("a")])
    assert not caught.value.permanent
    assert 20 <= sum(hook.waits) < 31


async def test_no_server_is_a_reason_to_wait(unused_tcp_port: int) -> None:
    waits: list[float] = []
    told: list[str] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async with aiohttp.ClientSession() as session:
        poster = Poster(
            session=session, url=f"http://127.0.0.1:{unused_tcp_port}", source="bridge", secret=SECRET,
            sleep=sleep, give_up=2, tell=lambda why, _: told.append(why),
        )  # fmt: skip
        with pytest.raises(DeliveryError):
            await poster.post([line("a")])
    assert waits
    assert "连接不上" in told[0]


def test_batches_keep_the_order_and_the_limits() -> None:
    lines = [line(str(n), "字" * 300) for n in range(1203)]
    parts = batches(lines)
    assert [one for part in parts for one in part] == lines
    assert all(len(part) <= BATCH and sum(map(weight, part)) <= BATCH_BYTES for part in parts)


def test_the_weight_is_never_less_than_the_bytes() -> None:
    for text in ("x", "字" * 500, "\x00" * 200, '"\\' * 100, "😀" * 50):
        one = line("m", text)
        assert len(json.dumps(one.wire(), ensure_ascii=False).encode()) + 2 <= weight(one)
