"""The play itself: starts the receiver and the server, plays the chat, follows what happens, judges the end."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from aiohttp import web

from askbot.bridging.poster import Poster
from askbot.demonstration.order import Order
from askbot.demonstration.receiver import Receiver, Said
from askbot.demonstration.recording import Recorded, pushes
from askbot.demonstration.service import ROOM, SOURCE, CountyClock, Service, free_port
from askbot.demonstration.verdict import Outcome, Verdict, judge
from askbot.demonstration.watching import SeenMessage, SeenReply, Watcher
from askbot.errors import SettingsError
from askbot.platforms.standard.signing import decode_secret

SPAN = 0.5
"""Seconds of chat that go in one push, at the stream's own pace."""
LOOK = 0.4
"""Seconds between two looks at what is new."""
SETTLE_SECONDS = 60.0
GIVE_UP = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who is told of what happens, each with the demo's time: a message with its decisions; a reply that arrived."""

    message: Callable[[float, SeenMessage], None]
    reply: Callable[[float, Said], None]


@dataclass(slots=True, kw_only=True)
class Play:
    """A running demo. Made by `open_play`."""

    service: Service
    receiver: Receiver
    watcher: Watcher
    poster: Poster
    clock: CountyClock
    audience: Audience
    order: Order
    messages: list[SeenMessage]

    async def perform(self, recording: Sequence[Recorded], speed: float) -> None:
        """Play the chat, `speed` times as fast as it was, and tell of what happens meanwhile."""
        watching = asyncio.create_task(self.follow())
        try:
            await self._post(recording, speed)
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def _post(self, recording: Sequence[Recorded], speed: float) -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        for part in pushes(recording, SPAN):
            await asyncio.sleep(max(0.0, begun + part[-1].at / speed - loop.time()))
            await self.poster.post([one.line for one in part])

    async def follow(self) -> None:
        """Tell of new messages until cancelled; replies are told of by the receiver."""
        while True:
            await self._look()
            await asyncio.sleep(LOOK)

    async def _look(self) -> None:
        process = self.service.process
        if process is not None and process.returncode is not None:
            raise SettingsError(f"askbot serve 停了（{process.returncode}），日志：{self.service.log}")
        fresh = await self.watcher.new_messages()
        for message in fresh:
            self.messages.append(message)
            self.audience.message(self.clock(), message)
        self.order.shown(*(message.id for message in fresh))

    async def settle(self, recording: Sequence[Recorded]) -> Verdict:
        """Wait until nothing more will be said, or too long, and judge."""
        replies: list[SeenReply] = []
        deadline = asyncio.get_running_loop().time() + SETTLE_SECONDS
        while asyncio.get_running_loop().time() < deadline:
            await self._look()
            replies = await self.watcher.replies()
            if all(reply.settled for reply in replies):
                break
            await asyncio.sleep(LOOK)
        self.order.end()
        receiver = self.receiver
        return judge(
            Outcome(
                recording=recording,
                messages=self.messages,
                replies=replies,
                tickets=len(await self.watcher.tickets()),
                said=receiver.said,
                repeats=receiver.repeats + len(receiver.stumbled),
                refused=receiver.refused,
                contradictions=receiver.contradictions,
            )
        )


@asynccontextmanager
async def open_play(folder: Path, knowledge: Path, port: int, audience: Audience) -> AsyncIterator[Play]:
    """A server on `port` (or another, if that is taken) and a receiver of its replies; both end with the block.

    Raises SettingsError when the server does not start.
    """
    clock = CountyClock()
    own = free_port(0)
    service = Service(folder=folder, knowledge=knowledge, port=free_port(port), replies=f"http://127.0.0.1:{own}/say")
    secret = decode_secret(service.secret)
    order = Order(tell=lambda said: audience.reply(clock(), said))
    receiver = Receiver(secret=secret, clock=clock, hear=order.reply)
    async with _listening(receiver, own), aiohttp.ClientSession() as session:
        try:
            await service.start()
            yield Play(
                service=service,
                receiver=receiver,
                watcher=Watcher(session=session, url=service.url, room=ROOM, token=await service.token()),
                poster=Poster(
                    session=session, url=service.url, source=SOURCE, secret=secret, clock=clock, give_up=GIVE_UP
                ),
                clock=clock,
                audience=audience,
                order=order,
                messages=[],
            )
        finally:
            await service.stop()


@asynccontextmanager
async def _listening(receiver: Receiver, port: int) -> AsyncIterator[None]:
    runner = web.AppRunner(receiver.application(), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield
    finally:
        await runner.cleanup()
