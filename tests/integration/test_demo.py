"""`askbot demo --once` and `askbot bridge` as people run them: real processes, a real server, real signatures."""

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from askbot.demonstration.service import ROOM, SOURCE, Service, answers, free_port
from askbot.demonstration.watching import Watcher

pytestmark = pytest.mark.slow
PUSHES = web.AppKey("PUSHES", list[list[str]])
KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
KEYS = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}


async def run(*words: str, text: bytes = b"", **env: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "askbot", *words,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=KEYS | env,
    )  # fmt: skip
    output, errors = await asyncio.wait_for(process.communicate(text), 110)
    assert process.returncode is not None
    return process.returncode, output.decode(), errors.decode()


def chat(*names: str, text: str = "今天几点开播") -> bytes:
    return b"".join(json.dumps({"id": name, "text": text, "user": "u1"}).encode() + b"\n" for name in names)


async def test_the_demo_passes_also_when_its_port_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, output, errors = await run("demo", "--once", "--knowledge", str(KNOWLEDGE), "--port", str(port))
    assert (code, errors) == (0, "")
    assert f"端口 {port} 被占用" in output
    assert output.rstrip().endswith("演示通过")
    assert "\x1b" not in output, "no colours in a pipe, and no escapes of a stranger"
    assert "省道308线目前" in output


async def test_ctrl_c_ends_the_demo_and_its_server() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "askbot", "demo", "--knowledge", str(KNOWLEDGE), "--port", "0",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=KEYS,
    )  # fmt: skip
    assert process.stdout is not None
    seen: list[str] = []
    async with asyncio.timeout(60):
        while not any("弹幕  " in line for line in seen):
            seen.append((await process.stdout.readline()).decode())
    url = next(line.split()[1] for line in seen if line.startswith("服务"))
    process.send_signal(signal.SIGINT)
    _, errors = await asyncio.wait_for(process.communicate(), 30)
    assert (process.returncode, errors) == (0, b"")
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectionError):
            await session.get(url)


@pytest.mark.parametrize("option", [["--knowledge", "nowhere"], ["--speed", "0"], ["--port", "70000"], ["--bogus"]])
async def test_misuse_of_the_demo_is_told(option: list[str]) -> None:
    code, output, errors = await run("demo", *option)
    assert (code, output) == (2, "")
    assert "Traceback" not in errors
    assert errors


@asynccontextmanager
async def serving(folder: Path, env: dict[str, str]) -> AsyncIterator[Service]:
    """A server in the demo's form, at a time of the test's choice."""
    service = Service(folder=folder, knowledge=KNOWLEDGE, port=free_port(0), replies="http://127.0.0.1:9/say")
    service.config.write_text(json.dumps(service._settings()), encoding="utf-8")
    with (folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(*service._command("serve"), env=KEYS | env, stderr=log)
    try:
        async with asyncio.timeout(60), aiohttp.ClientSession() as session:
            while not await answers(session, f"{service.url}/readyz"):
                assert process.returncode is None, (folder / "log").read_text()
                await asyncio.sleep(0.05)
        yield service
    finally:
        process.terminate()
        await process.wait()


async def test_the_bridge_carries_lines_into_a_running_server(tmp_path: Path) -> None:
    async with serving(tmp_path, {}) as service, aiohttp.ClientSession() as session:
        words = ("bridge", "--source", SOURCE, "--config", str(service.config))
        code, output, errors = await run(*words, text=chat("a", "b") + b"no json\n" + chat("c"))
        assert (code, output) == (1, "")
        assert "收下 3 条" in errors
        assert "第 3 行：不是 JSON，跳过" in errors
        code, _, errors = await run(*words, text=chat("a", "b", "c"))  # again: nothing changes
        assert code == 0
        watcher = Watcher(session=session, url=service.url, room=ROOM, token=await service.token())
        assert [(message.id, bool(message.decisions)) for message in await watcher.new_messages()] == [
            ("a", True), ("b", True), ("c", True),
        ]  # fmt: skip


async def test_the_bridge_says_why_a_source_refuses_it(tmp_path: Path) -> None:
    async with serving(tmp_path, {"ASKBOT_CLOCK": "2026-02-12T09:00:00+08:00"}) as service:
        words = ("bridge", "--source", SOURCE, "--config", str(service.config))
        code, _, errors = await run(*words, text=chat("a", "b"))
        assert code == 1
        assert "stale_timestamp" in errors
        assert "对时" in errors
        assert "没收下 2 条" in errors


async def test_the_example_of_the_readme_is_taken(tmp_path: Path) -> None:
    readme = (KNOWLEDGE.parent / "README.md").read_text(encoding="utf-8")
    (example,) = [block for block in re.findall(r"```bash\n(.*?)```", readme, re.DOTALL) if "BODY=" in block]
    missing = [tool for tool in ("bash", "curl", "openssl", "base64") if not shutil.which(tool)]
    if missing:
        pytest.skip(f"this machine has no {missing}")
    async with serving(tmp_path, {}) as service:
        script = example.replace("http://127.0.0.1:8080/hooks/bridge", f"{service.url}/hooks/{SOURCE}")
        assert script != example
        process = await asyncio.create_subprocess_exec(
            "bash", "-euc", script.replace("curl -sS", "curl -sS --fail --noproxy '*'"),
            env=KEYS | {"ASKBOT_BRIDGE_SECRET": service.secret}, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()
        async with aiohttp.ClientSession() as session:
            watcher = Watcher(session=session, url=service.url, room=ROOM, token=await service.token())
            (message,) = await watcher.new_messages()
        assert [(one["action"], one["entry"]) for one in message.decisions] == [("answer", "live.mic")]


async def take(request: web.Request) -> web.Response:
    request.app[PUSHES].append([m["id"] for m in (await request.json())["data"]["messages"]])
    return web.json_response({})


async def test_the_bridges_exit_code_and_report(unused_tcp_port: int) -> None:
    app = web.Application()
    app[PUSHES] = pushes = []
    app.router.add_post("/hooks/bridge", take)
    async with TestServer(app, port=unused_tcp_port):
        words = ("bridge", "--source", "bridge", "--url", f"http://127.0.0.1:{unused_tcp_port}", "--secret-env", "KEY")
        code, output, errors = await run(*words, text=chat("a", "b"), KEY="secret")
        assert (code, output) == (0, "")
        assert "收下 2 条" in errors
        code, _, errors = await run(*words, text=chat("c") + b"no json\n", KEY="secret")
        assert code == 1
        assert "第 2 行：不是 JSON，跳过" in errors
    assert [name for push in pushes for name in push] == ["a", "b", "c"]


MISUSED = [
    (["--secret-env", "NOTHING"], "环境变量 NOTHING 没有值"),
    (["--config", "nowhere.yaml"], "nowhere.yaml"),
    (["--secret-env", "KEY", "--url", "ftp://x"], "--url"),
    (["--secret-env", "KEY", "--websocket", "tcp://x"], "--websocket"),
    (["--secret-env", "KEY", "--websocket", "http://x"], "--websocket"),
    (["--secret-env", "KEY", "--give-up", "nan"], "--give-up 要写数字"),
    (["--secret-env", "KEY", "--map", "nowhere.yaml"], "nowhere.yaml"),
    (["--secret-env", "BROKEN"], "密钥"),
]


@pytest.mark.parametrize(("options", "told"), MISUSED)
async def test_misuse_of_the_bridge_is_told(options: list[str], told: str) -> None:
    code, output, errors = await run("bridge", "--source", "bridge", *options, KEY="secret", BROKEN="whsec_%%%")
    assert (code, output) == (2, "")
    assert told in errors
    assert "Traceback" not in errors
