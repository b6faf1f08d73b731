"""A real service for tests, in this process: real database, real knowledge, real sockets; nothing is stood in for."""

import json
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import aiohttp
from sqlalchemy.engine import make_url

from askbot.bootstrap.serving import Running, running
from askbot.platforms.standard.signing import decode_secret, sign
from askbot.services.access import Role, digest_of, new_token
from askbot.settings import Settings, load_settings
from askbot.store import migrate
from askbot.web.parts import PARTS, Parts

__all__ = [
    "ANY",
    "KNOWLEDGE",
    "SECRET",
    "Served",
    "add_token",
    "batch",
    "configuration",
    "digest_of",
    "line",
    "open_served",
    "settings_for",
    "signed",
]
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
START = datetime(2026, 2, 12, 1, 0, tzinfo=UTC)
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
  - 编号: complaint
    问: [路灯坏了找谁, 路灯不亮怎么报修]
    答: 已登记。
    转人工: 仅转
"""


class HandClock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


def configuration(folder: Path, database: str, **changes: object) -> Path:
    """A configuration file; `changes` replace its sections."""
    sections: dict[str, object] = {
        "county": {"name": "试点县"},
        "server": {"port": 0},
        "database": database,
        "knowledge": str(folder / "knowledge"),
        "data": str(folder / "data"),
        "rooms": {"main": {"title": "直播间"}, "jobs": {"title": "带岗"}},
        "sources": {"bridge": {"platform": "standard", "secret": SECRET, "room": "main"}},
        **changes,
    }
    path = folder / "askbot.yaml"
    path.write_text(json.dumps(sections, ensure_ascii=False), encoding="utf-8")
    return path


def settings_for(folder: Path, database: str, knowledge: str = KNOWLEDGE, **changes: object) -> Settings:
    """Settings of a small county whose knowledge stands in the folder."""
    (folder / "knowledge").mkdir(exist_ok=True)
    (folder / "knowledge" / "a.yaml").write_text(knowledge, encoding="utf-8")
    return load_settings(configuration(folder, database, **changes), {})


@dataclass
class Served:
    """The running service, a client session, and how tests talk to it."""

    running: Running
    session: aiohttp.ClientSession
    clock: HandClock
    tokens: dict[Role, str] = field(default_factory=dict)

    @property
    def parts(self) -> Parts:
        return self.running.app[PARTS]

    @property
    def url(self) -> str:
        return self.running.url

    async def token(self, role: Role, department: str | None = None) -> str:
        """A token of that role, written as the command line writes it."""
        if role not in self.tokens or department:
            token, digest = new_token()
            row = {"id": digest[:8], "name": f"{role.value}-1", "role": role.value, "department": department,
                   "digest": digest, "created_at": self.clock(), "expires_at": None}  # fmt: skip
            await self.parts.store.write(add_token, row, rooms=())
            self.tokens[role] = token
        return self.tokens[role]

    async def api(
        self, method: str, path: str, body: object = None, *, role: Role | None = Role.ADMIN, **options: Any
    ) -> tuple[int, Any]:
        """A call of the API: status and decoded body."""
        headers = dict(options.pop("headers", {}))
        if role is not None:
            headers["Authorization"] = f"Bearer {await self.token(role)}"
        if body is not None:
            options["json"] = body
        async with self.session.request(method, self.url + path, headers=headers, **options) as response:
            return response.status, await response.json()

    async def hook(
        self, body: bytes, headers: Mapping[str, str] | None = None, path: str = "/hooks/bridge"
    ) -> tuple[int, Any]:
        """A webhook call: status and decoded body; signed now when no headers are given."""
        sent = signed(body, self.clock()) if headers is None else headers
        async with self.session.post(self.url + path, data=body, headers=dict(sent)) as response:
            return response.status, await response.json()

    async def say(self, *texts: str, user: str = "u1", prefix: str = "m") -> None:
        """Messages of one viewer, taken."""
        messages = [line(f"{prefix}{number}", text, user) for number, text in enumerate(texts)]
        status, body = await self.hook(batch(messages))
        assert status == 200, body

    async def stored(self, room: str = "main") -> list[dict[str, Any]]:
        """All messages of a room."""
        status, body = await self.api("GET", f"/api/v1/rooms/{room}/messages?limit=500")
        assert status == 200, body
        items: list[dict[str, Any]] = body["items"]
        return items


def line(key: str, text: str, user: str = "u1", **more: object) -> dict[str, object]:
    return {"id": key, "user": {"id": user, "name": "城东老李"}, "text": text, **more}


def batch(messages: list[dict[str, object]]) -> bytes:
    return json.dumps({"type": "chat.messages", "data": {"messages": messages}}).encode()


def signed(body: bytes, at: datetime, *, secret: str = SECRET, key: str = "msg_1") -> dict[str, str]:
    stamp = int(at.timestamp())
    return {
        "content-type": "application/json",
        "webhook-id": key,
        "webhook-timestamp": str(stamp),
        "webhook-signature": sign(decode_secret(secret), key, stamp, body),
    }


@asynccontextmanager
async def open_served(settings: Settings, template: Path | None = None) -> AsyncIterator[Served]:
    """The service of these settings, on a clock of the test's; `template`: a database file with its schema in place."""
    database = make_url(settings.database.reveal())
    if template is not None and database.database:
        Path(database.database).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(template, database.database)
    clock = HandClock()
    async with running(settings, clock=clock, env={}) as service:
        session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        try:
            yield Served(service, session, clock)
        finally:
            await session.close()


def schema_template(folder: Path) -> Path:
    """An empty database with the schema in place: copied, it saves each test the migrations."""
    path = folder / "template.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


def add_token(uow: Any, rows: list[dict[str, object]]) -> list[None]:
    for row in rows:
        uow.tokens.add(row)
    return [None] * len(rows)


OpenServed = Callable[..., Any]
