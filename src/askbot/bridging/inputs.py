"""Where lines come from: a stream of bytes such as standard input, or a WebSocket's frames. Bounded, whatever comes."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import BinaryIO

import aiohttp

from askbot.bridging.lines import MAX_LINE
from askbot.bridging.reasons import network_reason
from askbot.domain.replies import backoff
from askbot.errors import DeliveryError

WAITING = 2000
"""Lines that are read ahead; beyond, the collector waits."""

HEARTBEAT = 20.0
"""Seconds between the pings that find a dead connection."""

GIVE_UP = 600.0

Told = Callable[[str], None]


class CollectorGoneError(DeliveryError):
    """The WebSocket that chat is read from could not be reached for too long."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=False)


async def stream_lines(stream: BinaryIO) -> AsyncIterator[bytes]:
    """The lines of a blocking stream (a pipe, a file, a terminal), read by a thread of their own.

    A line longer than MAX_LINE comes cut, one byte too long, and its rest is dropped.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[bytes] = asyncio.Queue()
    room = threading.Semaphore(WAITING)

    def read() -> None:
        for line in _lines(stream):
            room.acquire()
            try:
                loop.call_soon_threadsafe(queue.put_nowait, line)
            except RuntimeError:  # the loop is closed: nobody wants more
                return

    # A daemon: nothing can wake a thread that waits for a terminal, and the program must end all the same.
    threading.Thread(target=read, name="askbot-stdin", daemon=True).start()
    while line := await queue.get():
        room.release()
        yield line


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines, each at most one byte longer than MAX_LINE, then an empty one for the end."""
    while line := stream.readline(MAX_LINE + 1):
        rest = line
        while not rest.endswith(b"\n") and len(rest) > MAX_LINE:
            rest = stream.readline(MAX_LINE + 1)
        yield line
    yield b""


async def websocket_lines(
    session: aiohttp.ClientSession, url: str, tell: Told, give_up: float = GIVE_UP
) -> AsyncIterator[bytes]:
    """The frames of a WebSocket, text or binary, until the other side says good-bye.

    A connection that breaks or cannot be made is made again with back-off; `tell` hears why. Raises
    CollectorGoneError when there was none for `give_up` seconds.
    """
    attempt, loop = 1, asyncio.get_running_loop()
    gone = loop.time()
    while True:
        try:
            async with session.ws_connect(url, heartbeat=HEARTBEAT, max_msg_size=MAX_LINE) as socket:
                attempt = 1
                async for frame in socket:
                    if frame.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                        yield frame.data.encode() if isinstance(frame.data, str) else frame.data
                if socket.close_code == aiohttp.WSCloseCode.OK:
                    return
                why, gone = f"断开了（{socket.close_code}）", loop.time()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            why = f"连接不上（{network_reason(error)}）"
            if loop.time() - gone >= give_up:
                raise CollectorGoneError(f"WebSocket {why}") from error
        wait = backoff(attempt, most=30.0).total_seconds()
        tell(f"WebSocket {why}，{wait:.1f} 秒后再连")
        await asyncio.sleep(wait)
        attempt += 1
