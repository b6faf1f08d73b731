"""A town for tests of the whole: real server processes on one database, signed webhooks, a receiver of replies."""

import asyncio
import json
import random
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import psycopg
from aiohttp import web
from sqlalchemy.engine import make_url

from askbot.platforms.standard.signing import decode_secret, sign
from askbot.store import migrate

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
KNOWLEDGE = """\
主题: 办事
部门: 政务中心
名录:
  道路:
    - {名称: 滨河路, 状态: 封闭}
    - {名称: 人民路, 状态: 正常}
问答:
  - 编号: road.status
    问: ["{道路}封了吗", "{道路}现在能不能走"]
    答: "{道路}目前{状态}。"
  - 编号: office.hours
    问: [政务大厅几点上班, 政务中心周末上班吗]
    答: 政务大厅工作日八点半上班，周末不上班。
  - 编号: complaint
    问: [路灯坏了找谁, 路灯不亮怎么报修]
    答: 已登记。
    转人工: 仅转
"""
LINES = [
    "早上好",
    "666",
    "滨河路封了吗",
    "人民路现在能不能走",
    "政务大厅几点上班",
    "路灯坏了找谁",
    "主播好",
    "来了来了",
]


@dataclass
class Server:
    """One server process."""

    folder: Path
    port: int
    process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        with (self.folder / f"log-{self.port}").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "askbot", "serve", "--config", f"askbot-{self.port}.yaml",
                cwd=self.folder, stderr=log,
            )  # fmt: skip
        async with asyncio.timeout(60), aiohttp.ClientSession() as session:
            while True:
                try:
                    async with session.get(f"{self.url}/readyz") as response:
                        if response.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                assert self.process.returncode is None, (self.folder / f"log-{self.port}").read_text()[-2000:]
                await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """SIGKILL: nothing is finished, nothing is tidied up."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()


@dataclass
class Town:
    """Servers on one database, what the receiver of their replies heard, and what the clients were told."""

    folder: Path
    database: str
    servers: list[Server]
    acknowledged: dict[str, str] = field(default_factory=dict)
    heard: list[dict[str, object]] = field(default_factory=list)

    async def token(self, role: str = "admin") -> str:
        """A token made as an operator makes it, while the servers run."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "askbot", "token", "create", "--role", role, "--name", "test",
            "--config", f"askbot-{self.servers[0].port}.yaml",
            cwd=self.folder, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        output, _ = await process.communicate()
        assert process.returncode == 0
        return output.decode().strip()

    def replies_by_message(self) -> dict[str, set[str]]:
        """Ids of the replies that speak to each message."""
        told: dict[str, set[str]] = {}
        for reply in self.heard:
            for message in reply["in_reply_to"]:  # type: ignore[attr-defined]
                told.setdefault(message, set()).add(str(reply["reply_id"]))
        return told

    async def settled(self, quiet: int = 18) -> None:
        """Wait until nothing has been said for longer than a lease."""
        async with asyncio.timeout(120):
            still, count = 0, -1
            while still < quiet:
                await asyncio.sleep(1)
                still = still + 1 if len(self.heard) == count else 0
                count = len(self.heard)


def configuration(database: str, port: int, replies: int) -> str:
    return json.dumps(
        {
            "county": {"name": "试点县", "timezone": "Asia/Shanghai"},
            "server": {"host": "127.0.0.1", "port": port},
            "database": database,
            "knowledge": "knowledge/",
            "data": "data/",
            "rooms": {"main": {"title": "直播间"}},
            "sources": {
                "bridge": {
                    "platform": "standard",
                    "secret": SECRET,
                    "room": "main",
                    "reply_url": f"http://127.0.0.1:{replies}/say",
                    "rate": "100000/s",
                }
            },
            "replies": {"cooldown": "1s", "room_share": 1.0, "max_age": "60s"},
        },
        ensure_ascii=False,
        indent=1,
    )


@asynccontextmanager
async def open_town(
    folder: Path, database: str, *, servers: int, free_port: Callable[[], int], deaf: float = 0.2
) -> AsyncIterator[Town]:
    """A town with running servers; the receiver hears every reply, but answers 503 to a share `deaf` of them."""
    (folder / "knowledge").mkdir()
    (folder / "knowledge" / "a.yaml").write_text(KNOWLEDGE, encoding="utf-8")
    replies = free_port()
    town = Town(folder, database, [Server(folder, free_port()) for _ in range(servers)])
    for server in town.servers:
        text = configuration(database, server.port, replies)
        (folder / f"askbot-{server.port}.yaml").write_text(text, encoding="utf-8")
    migrate.upgrade(database)

    async def say(request: web.Request) -> web.Response:
        body = await request.json()
        town.heard.append({"webhook_id": request.headers["webhook-id"], **body["data"]})
        return web.Response(status=503 if random.random() < deaf else 200)

    app = web.Application()
    app.router.add_post("/say", say)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", replies).start()
    try:
        await asyncio.gather(*(server.start() for server in town.servers))
        yield town
    finally:
        await asyncio.gather(*(server.kill() for server in town.servers))
        await runner.cleanup()


def push(messages: list[dict[str, object]]) -> tuple[bytes, dict[str, str]]:
    body = json.dumps({"type": "chat.messages", "timestamp": "2026-02-12T01:00:00Z", "data": {"messages": messages}})
    raw, stamp, name = body.encode(), int(time.time()), f"msg_{random.getrandbits(64):x}"
    return raw, {
        "content-type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(stamp),
        "webhook-signature": sign(decode_secret(SECRET), name, stamp, raw),
    }


def stored(database: str, query: str) -> list[tuple[str, ...]]:
    """Rows as they stand in the database, read past askbot."""
    url = make_url(database)
    if url.get_backend_name() == "sqlite":
        with sqlite3.connect(url.database or "") as connection:
            return connection.execute(query).fetchall()
    with psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False)) as connection:
        return connection.execute(query).fetchall()


async def client(town: Town, number: int, stop: asyncio.Event) -> None:
    """Posts single messages, batches and repeats; posts again until it is told 200, as platforms do."""
    dice, server = random.Random(number), town.servers[number % len(town.servers)]
    sent: list[dict[str, object]] = []
    count = 0
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        while not stop.is_set():
            batch = []
            for _ in range(dice.choice([1, 1, 1, 5, 20])):
                count += 1
                batch.append(
                    {
                        "id": f"c{number}-{count}",
                        "user": {"id": f"u{number}-{dice.randrange(50)}", "name": "观众"},
                        "text": dice.choice(LINES),
                        "sent_at": "2026-02-12T01:00:00Z",
                    }
                )
            if sent and dice.random() < 0.3:
                batch.append(dice.choice(sent))
            while not stop.is_set():
                raw, headers = push(batch)
                try:
                    async with session.post(f"{server.url}/hooks/bridge", data=raw, headers=headers) as response:
                        if response.status == 200:
                            town.acknowledged |= {str(m["id"]): str(m["text"]) for m in batch}
                            break
                        assert response.status == 503, await response.text()
                except (aiohttp.ClientError, TimeoutError):
                    pass
                await asyncio.sleep(0.05)
            sent.extend(batch)
            await asyncio.sleep(dice.random() * 0.02)
