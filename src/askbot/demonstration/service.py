"""The server that the demo plays into: a real `askbot serve` in a process of its own, in a folder of its own."""

import asyncio
import json
import os
import secrets
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import aiohttp

from askbot.errors import SettingsError

SOURCE = "demo"
ROOM = "main"
CLOCK_VARIABLE = "ASKBOT_CLOCK"
COUNTY_TIME = datetime.fromisoformat("2026-02-12T09:00:00+08:00")
"""What the sample county's facts are true at: the demo's server is told that it is this time."""
READY_SECONDS = 60.0
STOP_SECONDS = 15.0


def free_port(wanted: int) -> int:
    """The wanted port if it is free, else another."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            found: int = probe.getsockname()[1]
            return found
    raise SettingsError("没有空着的端口")


@dataclass(slots=True)
class CountyClock:
    """The demo's time: the county's from the moment at which the server was started."""

    started: float = field(default_factory=time.monotonic)

    def __call__(self) -> float:
        """Seconds since 1970, in the demo's time."""
        return COUNTY_TIME.timestamp() + time.monotonic() - self.started


@dataclass(slots=True, kw_only=True)
class Service:
    """One server process. `replies` is where it is to post what it says."""

    folder: Path
    knowledge: Path
    port: int
    replies: str
    secret: str = field(default_factory=lambda: f"demo-{secrets.token_urlsafe(32)}")
    process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def config(self) -> Path:
        """Its configuration."""
        return self.folder / "askbot.yaml"

    @property
    def log(self) -> Path:
        """What it wrote on its standard error."""
        return self.folder / "askbot.log"

    async def start(self) -> None:
        """Start it and wait until it is ready. Raises SettingsError, with the end of its log, when it does not."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.config.write_text(json.dumps(self._settings(), ensure_ascii=False, indent=1), encoding="utf-8")
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self._command("serve"),
                env=environment(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C in the terminal is for the demo, which then stops the server itself
            )
        await self._ready()

    async def _ready(self) -> None:
        assert self.process is not None  # noqa: S101 (only called by start)
        try:
            async with asyncio.timeout(READY_SECONDS), aiohttp.ClientSession() as session:
                while self.process.returncode is None:
                    if await answers(session, f"{self.url}/readyz"):
                        return
                    await asyncio.sleep(0.05)
        except TimeoutError:
            pass
        raise SettingsError(f"askbot serve 没有起来：\n{self._end_of_log()}")

    async def token(self) -> str:
        """A token for the API, made as an operator makes it. Raises SettingsError when it cannot be made."""
        process = await asyncio.create_subprocess_exec(
            *self._command("token", "create", "--role", "assistant", "--name", "demo"),
            env=environment(),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        output, complaint = await process.communicate()
        if process.returncode != 0:
            raise SettingsError(f"askbot token create：{complaint.decode(errors='replace').strip()[-500:]}")
        return output.decode().strip()

    async def stop(self) -> None:
        """Ask it to stop, and insist when it does not."""
        if self.process is None or self.process.returncode is not None:
            return
        self.process.terminate()
        try:
            await asyncio.wait_for(self.process.wait(), STOP_SECONDS)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()

    def _command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "askbot", *words, "--config", str(self.config)]

    def _settings(self) -> dict[str, object]:
        source = {"platform": "standard", "secret": self.secret, "room": ROOM, "reply_url": self.replies}
        return {
            "county": {"name": "松河县", "timezone": "Asia/Shanghai"},
            "server": {"host": "127.0.0.1", "port": str(self.port), "public_url": self.url},
            "database": f"sqlite:///{self.folder / 'askbot.db'}",
            "knowledge": str(self.knowledge),
            "data": str(self.folder),
            "rooms": {ROOM: {"title": "县长直播间"}},
            "sources": {SOURCE: source},
            # A morning within two minutes: shorter cooldowns than a real stream's, and a larger share of the chat.
            "replies": {"cooldown": "5s", "room_share": "0.6", "max_age": "30s"},
        }

    def _end_of_log(self) -> str:
        try:
            return self.log.read_text(encoding="utf-8", errors="replace")[-1500:]
        except OSError:
            return ""


def environment(env: Mapping[str, str] | None = None) -> dict[str, str]:
    """What the server may see: not the operator's own ASKBOT_* settings, and the county's time."""
    own = {
        name: value for name, value in (os.environ if env is None else env).items() if not name.startswith("ASKBOT_")
    }
    return {**own, CLOCK_VARIABLE: COUNTY_TIME.isoformat()}


async def answers(session: aiohttp.ClientSession, url: str) -> bool:
    """Whether a GET is answered with 200."""
    try:
        async with session.get(url, timeout=aiohttp.ClientTimeout(total=5)) as response:
            return response.status == 200  # noqa: PLR2004
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False
