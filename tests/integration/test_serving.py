"""`askbot serve` as an operator meets it: a process, its lines, its signals, its exit codes."""

import asyncio
import json
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

import served
from askbot.bootstrap.keys import derived, own_secret
from askbot.services.retention import pseudonym_maker

ENV = {name: value for name, value in os.environ.items() if not name.startswith("ASKBOT_")}


class Process:
    """A running command, its standard error read line by line."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []

    async def until(self, text: str) -> str:
        """The first line with this text."""
        assert self.process.stderr is not None
        async with asyncio.timeout(30):
            while raw := await self.process.stderr.readline():
                self.lines.append(raw.decode())
                if text in self.lines[-1]:
                    return self.lines[-1]
        raise AssertionError(f"{text!r} never came: {self.lines}")

    async def ended(self) -> int:
        assert self.process.stderr is not None
        async with asyncio.timeout(30):
            self.lines += (await self.process.stderr.read()).decode().splitlines()
            return await self.process.wait()


@asynccontextmanager
async def askbot(folder: Path, *words: str, **env: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "askbot", *words,
        cwd=folder, env=ENV | env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield Process(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        process._transport.close()  # type: ignore[attr-defined]  # else its pipes warn when collected


async def output(folder: Path, *words: str, **env: str) -> tuple[int, str, str]:
    async with askbot(folder, *words, **env) as command:
        async with asyncio.timeout(60):
            out, err = await command.process.communicate()
        return command.process.returncode or 0, out.decode(), err.decode()


@pytest.fixture
def folder(tmp_path: Path, sqlite_url: str) -> Path:
    served.settings_for(tmp_path, sqlite_url)
    return tmp_path


async def test_it_serves_reloads_and_stops_well(folder: Path) -> None:
    async with (
        askbot(folder, "serve", "--config", "askbot.yaml", "--port", "0") as command,
        aiohttp.ClientSession() as session,
    ):
        url = (await command.until("已就绪")).split("：")[1].split("（")[0]
        async with session.get(f"{url}/readyz") as response:
            assert response.status == 200
        code, token, _ = await output(
            folder, "token", "create", "--role", "admin", "--name", "张", "--config", "askbot.yaml"
        )
        assert (code, token.count("\n")) == (0, 1), "standard output is the token alone"
        headers = {"Authorization": f"Bearer {token.strip()}"}
        async with session.get(f"{url}/api/v1/caller", headers=headers) as response:
            assert (await response.json())["name"] == "张"
        (folder / "knowledge" / "b.yaml").write_text("主题: [", encoding="utf-8")
        command.process.send_signal(signal.SIGHUP)
        assert json.loads(await command.until("knowledge.refused"))["file"] == "b.yaml"
        async with session.get(f"{url}/api/v1/knowledge", headers=headers) as response:
            assert (await response.json())["good"] is False
        command.process.send_signal(signal.SIGTERM)
        assert await command.ended() == 0
        assert "Traceback" not in "".join(command.lines)
        assert token.strip() not in "".join(command.lines)


async def test_a_stop_finishes_what_it_has(folder: Path) -> None:
    async with askbot(folder, "serve", "--config", "askbot.yaml") as command, aiohttp.ClientSession() as session:
        url = (await command.until("已就绪")).split("：")[1].split("（")[0]
        taken, first = 0, asyncio.Event()

        async def post(number: int) -> None:
            nonlocal taken
            body = served.batch([served.line(f"m{number}", "滨河路封了吗", f"u{number}")])
            try:
                async with session.post(
                    f"{url}/hooks/bridge", data=body, headers=served.signed(body, datetime.now(UTC))
                ) as response:
                    taken += response.status == 200
                    first.set()
                    assert response.status in {200, 503}
            except aiohttp.ClientConnectionError:
                return  # it came too late

        posts = [asyncio.create_task(post(number)) for number in range(200)]
        await first.wait()
        command.process.send_signal(signal.SIGTERM)
        await asyncio.gather(*posts)
        assert await command.ended() == 0
    with sqlite3.connect(folder / "askbot.db") as connection:
        (stored,) = connection.execute("SELECT count(*) FROM messages").fetchone()
    connection.close()
    assert stored >= taken > 0


CASES = {
    "no configuration": (("serve", "--config", "none.yaml"), {}, 2, "没有这个文件"),
    "a wrong configuration": (("serve", "--config", "askbot.yaml"), {"ASKBOT_SERVER__PORT": "x"}, 1, "ASKBOT_SERVER__PORT"),
    "no knowledge": (("serve", "--config", "askbot.yaml"), {"ASKBOT_KNOWLEDGE": "none", "ASKBOT_DATA": "fresh"}, 1, "知识文件夹读不了"),
    "a wrong clock": (("serve", "--config", "askbot.yaml"), {"ASKBOT_CLOCK": "noon"}, 1, "ASKBOT_CLOCK"),
    "a database that is away": (("serve", "--config", "askbot.yaml"), {"ASKBOT_DATABASE": "postgresql://nobody:hunter2@127.0.0.1:1/x"}, 1, "database"),
    "a port that is no port": (("serve", "--port", "70000"), {}, 2, "端口"),
    "an unknown command": (("serv",), {}, 2, "serve"),
    "no command": ((), {}, 2, "askbot 命令"),
    "a clerk without a department": (("token", "create", "--role", "clerk", "--name", "x", "--config", "askbot.yaml"), {}, 2, "--department"),
    "a token that is not there": (("token", "revoke", "none", "--config", "askbot.yaml"), {}, 1, "none"),
    "a user without a source": (("forget", "--user", "u1", "--config", "askbot.yaml"), {}, 2, "来源:账号"),
}  # fmt: skip


@pytest.mark.parametrize(("words", "env", "code", "said"), CASES.values(), ids=CASES.keys())
async def test_mistakes_are_told_with_a_hint_and_no_traceback(
    folder: Path, words: tuple[str, ...], env: dict[str, str], code: int, said: str
) -> None:
    got, out, err = await output(folder, *words, **env)
    assert got == code, err
    assert said in err
    assert out == ""
    assert "Traceback" not in err
    assert "hunter2" not in err


async def test_a_taken_port_is_told(folder: Path) -> None:
    async with askbot(folder, "serve", "--config", "askbot.yaml") as first:
        port = (await first.until("已就绪")).split("127.0.0.1:")[1].split("（")[0]
        code, _, err = await output(folder, "serve", "--config", "askbot.yaml", "--port", port)
        assert code == 1
        assert "--port" in err


async def test_postgresql_is_upgraded_by_command_only(folder: Path, postgres_url: str) -> None:
    env = {"ASKBOT_DATABASE": postgres_url}
    code, _, err = await output(folder, "serve", "--config", "askbot.yaml", **env)
    assert code == 1
    assert "askbot migrate" in err
    for _ in range(2):
        assert (await output(folder, "migrate", "--config", "askbot.yaml", **env))[0] == 0
    async with askbot(folder, "serve", "--config", "askbot.yaml", **env) as command:
        await command.until("已就绪")


async def test_a_viewer_is_forgotten_also_under_the_pseudonym(folder: Path, schema: Path, sqlite_url: str) -> None:
    async with served.open_served(served.settings_for(folder, sqlite_url), schema) as house:
        await house.say("路灯坏了找谁", user="u7")
        house.clock.forward(days=8)  # names are kept for seven days
        secret = own_secret(folder / "data", {})
        mask = pseudonym_maker(derived(secret, "pseudonym"))
        at = house.clock()
        await house.parts.store.write(
            lambda uow, all_: [uow.personal.pseudonymise_before(at, mask, limit=100) for _ in all_], None, rooms=()
        )
        assert (await house.stored())[0]["user"]["id"].startswith("~")
        code, out, err = await output(folder, "forget", "--user", "bridge:u7", "--yes", "--config", "askbot.yaml")
        assert (code, out) == (0, ""), err
        assert "抹去了" in err
        assert (await house.stored())[0]["text"] == ""


@pytest.mark.parametrize("command", ["serve", "token", "migrate", "forget"])
async def test_help_has_examples(folder: Path, command: str) -> None:
    code, out, _ = await output(folder, command, "--help")
    assert code == 0
    assert f"askbot {command}" in out
    assert "例子" in out
