"""The load: a process of its own that sends requests built beforehand over plain sockets, one after the other.

Started as `python -m bench.load`, it reads a job as JSON on standard input, builds and signs its requests, says
"ready", waits for a line, sends, and writes what it measured as JSON. Costs little, so that what is measured is the
server.
"""

import asyncio
import json
import random
import re
import sys
import time
from dataclasses import asdict, dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import cast

import uvloop
from bench.mix import mixed, ways_of_asking

from askbot.demonstration.service import COUNTY_TIME
from askbot.platforms.standard.signing import sign

VIEWERS = 3000
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(kw_only=True)
class Job:
    """What to send: `batch` messages a request, for `seconds`. `run` keeps ids apart.

    `most` requests are built; with `again` they are sent over and over, for a server that does not look at them.
    """

    port: int
    path: str
    secret: str
    knowledge: str
    run: int
    connections: int
    batch: int
    seconds: float
    most: int
    again: bool = False


@dataclass(kw_only=True)
class Measured:
    """What came of it; times in seconds."""

    requests: int = 0
    messages: int = 0
    bad: int = 0
    elapsed: float = 0.0
    p50: float = 0.0
    p99: float = 0.0
    latencies: list[float] = field(default_factory=list)


def build(job: Job) -> list[bytes]:
    """The requests, signed with the server's time."""
    dice = random.Random(job.run)
    lines = mixed(dice, ways_of_asking(Path(job.knowledge)))
    stamp = int(COUNTY_TIME.timestamp()) + 60
    return [_request(job, number, list(islice(lines, job.batch)), dice, stamp) for number in range(job.most)]


def _request(job: Job, number: int, texts: list[str], dice: random.Random, stamp: int) -> bytes:
    messages = []
    for place, text in enumerate(texts):
        viewer = dice.randrange(VIEWERS)
        messages.append(
            {
                "id": f"b{job.run}-{number}-{place}",
                "user": {"id": f"u{viewer}", "name": f"观众{viewer}"},
                "text": text,
                "sent_at": "2026-02-12T01:00:00Z",
            }
        )
    form = {"type": "chat.messages", "timestamp": "2026-02-12T01:00:00Z", "data": {"messages": messages}}
    body = json.dumps(form, ensure_ascii=False).encode()
    name = f"w{job.run}-{number}"
    head = (
        f"POST {job.path} HTTP/1.1\r\nHost: 127.0.0.1:{job.port}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nwebhook-id: {name}\r\nwebhook-timestamp: {stamp}\r\n"
        f"webhook-signature: {sign(job.secret.encode(), name, stamp, body)}\r\n\r\n"
    )
    return head.encode() + body


class Connection(asyncio.Protocol):
    """One connection: sends the next request as soon as the last is answered."""

    def __init__(self, load: "Load") -> None:
        self.load = load
        self.transport: asyncio.Transport | None = None
        self.buffer = b""
        self.sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the others."""
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is one by what it does, not by its class
        self.load.connected(self)

    def send(self) -> None:
        """Send the next request, if there is one and time is left."""
        request = self.load.next_request()
        if request is None or self.transport is None:
            self.load.finished(self)
            return
        self.sent_at = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Note a whole answer and go on."""
        self.buffer = self.buffer + data if self.buffer else data
        head = self.buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        found = LENGTH.search(self.buffer, 0, head)
        length = int(found.group(1)) if found else 0
        if len(self.buffer) < head + 4 + length:
            return
        self.load.answered(self.buffer[9:12], time.perf_counter() - self.sent_at)
        self.buffer = b""
        self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        """The server went away."""
        del exc
        self.load.finished(self)


class Load:
    """All connections of a job together."""

    def __init__(self, job: Job, requests: list[bytes]) -> None:
        self.job = job
        self.requests = cycle(requests) if job.again else iter(requests)
        self.measured = Measured()
        self.until = 0.0
        self.waiting: list[Connection] = []
        self.done = asyncio.Event()

    def connected(self, connection: Connection) -> None:
        """Count a connection in."""
        self.waiting.append(connection)

    def begin(self) -> None:
        """Let all connections send."""
        self.until = time.perf_counter() + self.job.seconds
        for connection in list(self.waiting):
            connection.send()

    def next_request(self) -> bytes | None:
        """What is sent next; None when time or requests are used up."""
        return None if time.perf_counter() >= self.until else next(self.requests, None)

    def answered(self, status: bytes, seconds: float) -> None:
        """Note an answer."""
        if status == b"200":
            self.measured.latencies.append(seconds)
        else:
            self.measured.bad += 1

    def finished(self, connection: Connection) -> None:
        """Count a connection out."""
        if connection in self.waiting:
            self.waiting.remove(connection)
            if not self.waiting:
                self.done.set()


async def send(job: Job, requests: list[bytes]) -> Measured:
    load = Load(job, requests)
    loop = asyncio.get_running_loop()
    for _ in range(job.connections):
        await loop.create_connection(lambda: Connection(load), "127.0.0.1", job.port)
    begun = time.perf_counter()
    load.begin()
    async with asyncio.timeout(job.seconds + 60):
        await load.done.wait()
    measured = load.measured
    measured.elapsed = time.perf_counter() - begun
    times = sorted(measured.latencies)
    measured.requests = len(times)
    measured.messages = len(times) * job.batch
    if times:
        measured.p50, measured.p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
    measured.latencies = []
    return measured


def main() -> None:
    job = Job(**json.loads(sys.stdin.readline()))
    requests = build(job)
    print("ready", flush=True)
    sys.stdin.readline()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(asdict(runner.run(send(job, requests)))), flush=True)


if __name__ == "__main__":
    main()
