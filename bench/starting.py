"""Starting and reloading: time to ready, memory, and how long a reload holds up the event loop."""

import statistics
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from bench.bases import write_base
from bench.processes import Server, askbot, get, token

SETTLE = 2.0
"""Seconds of rest before the memory at rest is read."""
RELOAD_SECONDS = 90.0


def measure(folder: Path, sizes: Sequence[int], tell: Callable[[str], None]) -> list[dict[str, Any]]:
    """One line for each size of the base."""
    results = []
    for size in sizes:
        tell(f"starting and reloading with {size} entries …")
        base = folder / f"base{size}"
        if not base.exists():
            write_base(base, size)
        place = folder / f"start{size}"
        place.mkdir()
        # Started twice: the first start also makes the database and fills caches of the file system.
        with askbot(place, base, f"sqlite:///{place / 'a.db'}", core=None) as first:
            cold = first.ready
        with askbot(place, base, f"sqlite:///{place / 'a.db'}", core=None) as server:
            results.append({"entries": size, "first_ready_s": round(cold, 2), **_observe(server, base)})
    return results


def _observe(server: Server, base: Path) -> dict[str, Any]:
    authority = {"Authorization": f"Bearer {token(server)}"}
    time.sleep(SETTLE)
    rest, start_peak = server.rss(), server.peak()
    clean = server.reset_peak()
    quiet = _probe(server, lambda: time.sleep(1.0))
    before = _metrics(server)
    probe = _probe(server, lambda: _reload(server, base, authority))
    after = _metrics(server)
    return {
        "ready_s": round(server.ready, 2),
        "rest_mb": round(rest),
        "start_peak_mb": round(start_peak),
        "reload_s": round(probe["took"], 2),
        "reload_peak_mb": round(server.peak()) if clean else None,
        "after_mb": round(server.rss()),
        "probe_quiet_max_ms": round(quiet["max"] * 1000, 1),
        "probe_max_ms": round(probe["max"] * 1000, 1),
        "probe_p99_ms": round(probe["p99"] * 1000, 1),
        "stall_ms": _milliseconds(after.get("askbot_loop_stall_seconds")),
        "stall_before_ms": _milliseconds(before.get("askbot_loop_stall_seconds")),
    }


def _milliseconds(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 1)


def _probe(server: Server, action: Callable[[], None]) -> dict[str, float]:
    """Ask for /healthz as fast as it answers while something is done; the longest answer shows the longest stall."""
    times: list[float] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            begun = time.perf_counter()
            with suppress(OSError):
                get(server.port, "/healthz")
            times.append(time.perf_counter() - begun)
            time.sleep(0.002)

    asker = threading.Thread(target=ask)
    asker.start()
    begun = time.perf_counter()
    try:
        action()
    finally:
        took = time.perf_counter() - begun
        done.set()
        asker.join()
    return {"took": took, "max": max(times), "p99": statistics.quantiles(times, n=100)[98]}


def _reload(server: Server, base: Path, authority: dict[str, str]) -> None:
    """Change one file and wait until the new version is in force."""
    old = _version(server)
    file = min(base.glob("*.yaml"))
    text = file.read_text(encoding="utf-8").replace("工作日9时到17时", "工作日9时到17时整", 1)
    file.write_text(text, encoding="utf-8")
    get(server.port, "/-/reload", authority, "POST")
    deadline = time.perf_counter() + RELOAD_SECONDS
    while _version(server) == old:
        if time.perf_counter() > deadline:
            raise RuntimeError(f"no new version of the knowledge within {RELOAD_SECONDS} s")
        time.sleep(0.05)


def _version(server: Server) -> str:
    """The knowledge's version, as the metrics name it."""
    text = get(server.port, "/metrics")[1].decode(errors="replace")
    return "".join(line for line in text.splitlines() if line.startswith("askbot_knowledge_info"))


def _metrics(server: Server) -> dict[str, float]:
    found: dict[str, float] = {}
    for line in get(server.port, "/metrics")[1].decode(errors="replace").splitlines():
        name, _, value = line.rpartition(" ")
        with suppress(ValueError):
            found[name] = float(value)
    return found
