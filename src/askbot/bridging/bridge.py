"""The bridge itself: lines in, batches out, every line accounted for. Knows no terminal and no settings file."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from askbot.bridging.lines import ChatLine, LineError, LineMapping, read_line
from askbot.bridging.poster import BATCH, Poster, Receipt, UndeliveredError, batches

GATHER = 0.2
"""Seconds that the first message of a batch waits for others."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """What became of the input so far. `lines` are lines of input, the rest but `bad` are messages."""

    lines: int = 0
    bad: int = 0
    passed_over: int = 0
    taken: int = 0
    refused: int = 0
    retries: int = 0

    @property
    def complete(self) -> bool:
        """Whether every message that came was taken."""
        return not (self.bad or self.refused)


@dataclass(slots=True, kw_only=True)
class Bridge:
    """Carries lines to a poster. `report` hears of each line that was not taken: its number and why, in Chinese."""

    poster: Poster
    mapping: LineMapping
    report: Callable[[int, str], None]
    tally: Tally = field(default_factory=Tally)
    gather: float = GATHER
    _waiting: asyncio.Queue[list[ChatLine] | None] = field(default_factory=asyncio.Queue)
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(BATCH))

    async def run(self, lines: AsyncIterator[bytes], stop: asyncio.Event) -> Tally:
        """Carry all lines, or those that came before `stop`; what was read is posted before this returns.

        Raises DeliveryError when the server refuses the source as such or cannot be reached any more; the messages
        that were read and not taken are then counted as refused. What `lines` raises is raised after that.
        """
        reader = asyncio.create_task(self._read(lines, stop))
        try:
            while (batch := await self._next_batch()) is not None:
                for part in batches(batch):
                    await self._post(part)
        finally:
            reader.cancel()
            with suppress(asyncio.CancelledError):
                await reader
            self._count_rest()
        return self.tally

    async def _read(self, lines: AsyncIterator[bytes], stop: asyncio.Event) -> None:
        """Read until the end or until `stop`, then say so with None, whatever happened."""
        stopped = asyncio.create_task(stop.wait())
        try:
            while line := await _next_line(lines, stopped):
                await self._take(line)
        finally:
            stopped.cancel()
            self._waiting.put_nowait(None)

    async def _take(self, line: bytes) -> None:
        self.tally.lines += 1
        if not line.strip():
            return
        try:
            chat, over = read_line(self.tally.lines, line, self.mapping)
        except LineError as error:
            self.tally.bad += 1
            self.report(self.tally.lines, str(error))
            return
        self.tally.passed_over += over
        if chat:
            await self._room.acquire()
            self._waiting.put_nowait(chat)

    async def _next_batch(self) -> list[ChatLine] | None:
        """What has come by `gather` seconds after the first, up to a push full; None at the end."""
        first = await self._waiting.get()
        if first is None:
            return None
        self._room.release()
        batch = list(first)
        with suppress(TimeoutError):
            async with asyncio.timeout(self.gather):
                while len(batch) < BATCH:
                    more = await self._waiting.get()
                    if more is None:
                        self._waiting.put_nowait(None)
                        break
                    self._room.release()
                    batch += more
        return batch

    async def _post(self, part: list[ChatLine]) -> None:
        try:
            receipt = await self.poster.post(part)
        except UndeliveredError as error:
            self._count(error.receipt)
            self.tally.refused += len(part) - error.receipt.taken - len(error.receipt.refused)
            raise
        self._count(receipt)

    def _count(self, receipt: Receipt) -> None:
        self.tally.taken += receipt.taken
        self.tally.retries += receipt.retries
        for refusal in receipt.refused:
            self.tally.refused += 1
            self.report(refusal.line.number, f"服务器不收（{refusal.why}）")

    def _count_rest(self) -> None:
        while not self._waiting.empty():
            self.tally.refused += len(self._waiting.get_nowait() or ())


async def _next_line(lines: AsyncIterator[bytes], stopped: asyncio.Task[bool]) -> bytes:
    """The next line; empty at the end, or when it is to stop before one comes."""
    line = asyncio.ensure_future(anext(lines, b""))
    try:
        await asyncio.wait({line, stopped}, return_when=asyncio.FIRST_COMPLETED)
        return line.result() if line.done() and not stopped.done() else b""
    finally:
        line.cancel()
