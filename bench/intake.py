"""Webhooks, from signature to durable decision: requests a second, latencies, CPU, beside a bare echo server."""

import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from bench.load import Job
from bench.processes import SECRET, Server, askbot, echo, fire

RUNS = count(1)
SERVED = "/hooks/bench"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much is measured: connections, messages a request, and for how long, how often."""

    connections: tuple[int, ...]
    batches: tuple[int, ...]
    seconds: float
    rounds: int


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One line of the table: how many connections, and how many messages a request."""

    connections: int
    batch: int


FULL = Plan(connections=(1, 8, 64), batches=(1, 20), seconds=2.0, rounds=3)
QUICK = Plan(connections=(1, 64), batches=(1, 20), seconds=1.0, rounds=1)
BUILT = {1: 7_000, 20: 700}
"""Requests a second, by messages a request, that are built for the hooks; a faster server ends its round early."""
ECHOED = 500
"""Requests that the echo gets over and over: it does not look at them."""


def measure(folder: Path, knowledge: Path, plan: Plan, tell: Callable[[str], None]) -> dict[str, Any]:
    """All of it; the echo is measured beside each database, under the same conditions, in the same run."""
    results: dict[str, Any] = {}
    with echo(folder) as bare:
        for name, url in databases(folder, tell):
            tell(f"webhooks on {name} …")
            (folder / name).mkdir()
            with askbot(folder / name, knowledge, url) as server:
                warm = Shape(connections=8, batch=1)
                fire(server, _job(server, knowledge, warm, 0.5))
                shapes = [Shape(connections=c, batch=b) for b in plan.batches for c in plan.connections]
                results[name] = [_pair(bare, server, knowledge, shape, plan) for shape in shapes]
    return results


def databases(folder: Path, tell: Callable[[str], None]) -> Iterator[tuple[str, str]]:
    """SQLite, and PostgreSQL where one can be started (with fsync on)."""
    yield "sqlite", f"sqlite:///{folder / 'bench.db'}"
    with postgres(tell) as url:
        if url:
            yield "postgresql", url


@contextmanager
def postgres(tell: Callable[[str], None]) -> Iterator[str | None]:
    """An empty, migrated database; None, with one line saying why, where there is no PostgreSQL."""
    from tests.postgres import PostgresUnavailableError, start

    try:
        server = start(durable=True)
    except PostgresUnavailableError as error:
        tell(f"PostgreSQL is left out: {error}")
        yield None
        return
    try:
        from askbot.store import migrate

        url = server.database()
        migrate.upgrade(url)
        yield url
    finally:
        server.stop()


def _job(server: Server, knowledge: Path, shape: Shape, seconds: float, *, again: bool = False) -> Job:
    return Job(
        port=server.port,
        path=SERVED,
        secret=SECRET,
        knowledge=str(knowledge),
        run=next(RUNS),
        connections=shape.connections,
        batch=shape.batch,
        seconds=seconds,
        most=ECHOED if again else int(BUILT[shape.batch] * seconds),
        again=again,
    )


def _pair(bare: Server, server: Server, knowledge: Path, shape: Shape, plan: Plan) -> dict[str, Any]:
    """One line of the table: medians over the rounds; the echo and the hooks take turns."""
    rounds = [
        (
            fire(bare, _job(bare, knowledge, shape, plan.seconds, again=True)),
            fire(server, _job(server, knowledge, shape, plan.seconds)),
        )
        for _ in range(plan.rounds)
    ]
    line: dict[str, Any] = {"connections": shape.connections, "batch": shape.batch}
    for place, name in enumerate(("echo", "hooks")):
        line[name] = _medians([pair[place] for pair in rounds])
    line["ratio"] = round(line["hooks"]["requests_per_s"] / line["echo"]["requests_per_s"], 3)
    if line["hooks"]["refused"]:
        print(f"warning: {line['hooks']['refused']} requests were not answered with 200", file=sys.stderr)
    return line


def _medians(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    def middle(values: list[float]) -> float:
        return statistics.median(values)

    return {
        "requests_per_s": round(middle([r["requests"] / r["elapsed"] for r in rounds])),
        "messages_per_s": round(middle([r["messages"] / r["elapsed"] for r in rounds])),
        "p50_ms": round(middle([r["p50"] for r in rounds]) * 1000, 3),
        "p99_ms": round(middle([r["p99"] for r in rounds]) * 1000, 3),
        "cpu_us_per_message": round(middle([r["cpu"] / max(1, r["messages"]) for r in rounds]) * 1e6, 1),
        "refused": sum(r["bad"] for r in rounds),
    }
