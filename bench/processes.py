"""Processes of the bench: servers and loads, each on a core of its own where that can be said; ended by their id."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil
from bench.load import Job

from askbot.demonstration.service import environment, free_port

SECRET = "bench-0123456789abcdef0123456789abcdef"  # noqa: S105 (of a server that lives for a minute)
READY_SECONDS = 120.0
POLL = 0.005


def pinned(core: int | None) -> Callable[[], None] | None:
    """For a child: run on this core only. None where cores cannot be chosen, or there is only one."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_setaffinity") else []
    if core is None or len(cores) < 2:
        return None
    return lambda: os.sched_setaffinity(0, {cores[core % len(cores)]})


@dataclass(kw_only=True)
class Server:
    """A running server process. `ready` is how long it took until it answered as ready, in seconds."""

    process: subprocess.Popen[bytes]
    port: int
    ready: float
    config: Path | None = None

    @property
    def ps(self) -> psutil.Process:
        """The process, to look at."""
        return psutil.Process(self.process.pid)

    def cpu(self) -> float:
        """CPU seconds of the process so far."""
        times = self.ps.cpu_times()
        return float(times.user + times.system)

    def rss(self) -> float:
        """Resident memory now, in MB."""
        return float(self.ps.memory_info().rss) / 1e6

    def reset_peak(self) -> bool:
        """Begin to measure the peak anew; False where the system does not let us."""
        try:
            Path(f"/proc/{self.process.pid}/clear_refs").write_text("5", encoding="ascii")
        except OSError:
            return False
        return True

    def peak(self) -> float:
        """The largest resident memory (VmHWM) since the start or `reset_peak`, in MB; the present one elsewhere."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        except OSError:
            return self.rss()
        found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
        return int(found[0]) * 1024 / 1e6 if found else self.rss()


def get(port: int, path: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> tuple[int, bytes]:
    """One HTTP request over a socket of its own."""
    more = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
    request = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 0\r\n{more}\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request.encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head[9:12] or b"0"), body


@contextmanager
def running(command: list[str], port: int, ready: str, log: Path, core: int | None) -> Iterator[Server]:
    """A server until the block ends."""
    begun = time.perf_counter()
    with log.open("ab") as file:
        process = subprocess.Popen(
            command,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            preexec_fn=pinned(core),  # noqa: PLW1509 (one system call, no lock is taken)
        )
    try:
        yield Server(process=process, port=port, ready=_wait(process, port, ready, begun, log))
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, path: str, begun: float, log: Path) -> float:
    while time.perf_counter() - begun < READY_SECONDS and process.poll() is None:
        try:
            if get(port, path)[0] == 200:
                return time.perf_counter() - begun
        except OSError:
            pass
        time.sleep(POLL)
    raise RuntimeError(f"{process.args!r} did not get ready:\n{log.read_text(errors='replace')[-1500:]}")


@contextmanager
def askbot(folder: Path, knowledge: Path, database: str, core: int | None = 0) -> Iterator[Server]:
    """A real `askbot serve` on a database, with the bench's source."""
    port = free_port(0)
    config = folder / f"askbot-{port}.yaml"
    config.write_text(json.dumps(_settings(folder, knowledge, database, port), ensure_ascii=False), encoding="utf-8")
    command = [sys.executable, "-m", "askbot", "serve", "--config", str(config)]
    with running(command, port, "/readyz", folder / f"askbot-{port}.log", core) as server:
        server.config = config
        yield server


def _settings(folder: Path, knowledge: Path, database: str, port: int) -> dict[str, Any]:
    return {
        "county": {"name": "松河县", "timezone": "Asia/Shanghai"},
        "server": {"host": "127.0.0.1", "port": str(port)},
        "database": database,
        "knowledge": str(knowledge),
        "data": str(folder / "data"),
        "rooms": {"main": {"title": "直播间"}},
        "sources": {"bench": {"platform": "standard", "secret": SECRET, "room": "main", "rate": "1000000/s"}},
    }


@contextmanager
def echo(folder: Path, core: int | None = 0) -> Iterator[Server]:
    """A bare aiohttp server that gives back what it got."""
    port = free_port(0)
    command = [sys.executable, "-m", "bench.echo", str(port)]
    with running(command, port, "/", folder / "echo.log", core) as server:
        yield server


def token(server: Server) -> str:
    """An administrator's token."""
    command = [sys.executable, "-m", "askbot", "token", "create", "--role", "admin", "--name", "bench"]
    done = subprocess.run(
        [*command, "--config", str(server.config)], env=environment(), capture_output=True, check=True, text=True
    )
    return done.stdout.strip()


def fire(server: Server, job: Job, core: int | None = 1) -> dict[str, Any]:
    """Run a job against a server; what it measured, with the server's CPU seconds meanwhile."""
    child = subprocess.Popen(
        [sys.executable, "-m", "bench.load"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=pinned(core),  # noqa: PLW1509 (one system call, no lock is taken)
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        child.stdin.write(json.dumps(asdict(job)) + "\n")
        child.stdin.flush()
        assert child.stdout.readline().strip() == "ready"
        before = server.cpu()
        child.stdin.write("go\n")
        child.stdin.flush()
        measured: dict[str, Any] = json.loads(child.stdout.readline())
        measured["cpu"] = server.cpu() - before
        child.wait(30)
        return measured
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
        child.stdin.close()
        child.stdout.close()
