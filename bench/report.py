"""The table: what was measured, and beside each aim whether it was reached."""

from collections.abc import Iterator
from typing import Any

Aim = tuple[str, float | None, float, str]
"""What, the figure, the aim, and "≥" or "≤"."""


def table(results: dict[str, Any]) -> Iterator[str]:
    """The whole table, line by line."""
    yield from _machine(results["machine"])
    yield from _hooks(results.get("hooks", {}))
    yield from _deciding(results.get("deciding", []))
    yield from _starting(results.get("starting", []))
    yield from _replaying(results.get("replay"))
    yield ""
    yield "Aims"
    for what, figure, aim, way in aims(results):
        if figure is None:
            yield f"  {what:<58} {'not measured':>12}"
            continue
        reached = figure >= aim if way == "≥" else figure <= aim
        yield f"  {what:<58} {figure:>12g}   {way} {aim:g}   {'reached' if reached else 'NOT REACHED'}"


def aims(results: dict[str, Any]) -> Iterator[Aim]:
    """The aims of the project, with what was measured."""
    lines = results.get("hooks", {}).get("sqlite", [])
    single = next((float(line["ratio"]) for line in lines if line["connections"] == 64 and line["batch"] == 1), None)
    yield "/hooks against the echo, SQLite, 64 connections, single", single, 0.35, "≥"
    for size, most in ((1000, 25), (10_000, 35)):
        line = _of(results.get("deciding", []), size)
        yield f"deciding a question / jieba.lcut, {size} entries", _figure(line.get("question", {}), "ratio"), most, "≤"
    ratios = [line["chatter"]["ratio"] for line in results.get("deciding", [])]
    yield "deciding chatter / jieba.lcut, the worst size", max(ratios, default=None), 6, "≤"
    small, large = _of(results.get("starting", []), 1000), _of(results.get("starting", []), 10_000)
    yield "longest stall in a reload, 10000 entries, ms (in-process)", _figure(large, "stall_ms"), 50, "≤"
    yield "longest stall in a reload, 10000 entries, ms (outside)", _figure(large, "probe_max_ms"), 50, "≤"
    yield "ready with 1000 entries, s", _figure(small, "ready_s"), 2, "≤"
    yield "ready with 10000 entries, s", _figure(large, "ready_s"), 6, "≤"
    yield "memory at rest with 10000 entries, MB", _figure(large, "rest_mb"), 250, "≤"
    yield "memory during a reload with 10000 entries, MB", _figure(large, "reload_peak_mb"), 400, "≤"
    replay = results.get("replay")
    full = replay if replay and replay["lines"] >= 50_000 else {}
    yield "replay of 50000 lines, s", _figure(full, "seconds"), 20, "≤"


def _of(lines: list[dict[str, Any]], entries: int) -> dict[str, Any]:
    return next((line for line in lines if line["entries"] == entries), {})


def _figure(line: dict[str, Any], name: str) -> float | None:
    value = line.get(name)
    return None if value is None else float(value)


def _machine(machine: dict[str, Any]) -> Iterator[str]:
    yield f"{machine['cpu']}, {machine['cores']} cores, Python {machine['python']}, {machine['system']}"


def _hooks(hooks: dict[str, Any]) -> Iterator[str]:
    for database, lines in hooks.items():
        yield ""
        yield f"Webhooks on {database} (server on one core, load on another; the echo in turn with it)"
        yield "  batch conn | echo req/s   p50 ms   p99 ms | hooks req/s    msg/s   p50 ms   p99 ms  CPU µs/msg | ratio"
        for line in lines:
            bare, ours = line["echo"], line["hooks"]
            yield (
                f"  {line['batch']:>5} {line['connections']:>4} | {bare['requests_per_s']:>10} {bare['p50_ms']:>8}"
                f" {bare['p99_ms']:>8} | {ours['requests_per_s']:>11} {ours['messages_per_s']:>8} {ours['p50_ms']:>8}"
                f" {ours['p99_ms']:>8} {ours['cpu_us_per_message']:>11} | {line['ratio']:>5}"
            )


def _deciding(lines: list[dict[str, Any]]) -> Iterator[str]:
    if lines:
        yield ""
        yield "Deciding, µs a line, against jieba.lcut of the same line"
        yield "  entries | load s  index s | chatter   jieba  ratio | question   jieba  ratio"
    for line in lines:
        easy, hard = line["chatter"], line["question"]
        yield (
            f"  {line['entries']:>7} | {line['load_s']:>6} {line['index_s']:>8} |"
            f" {easy['us']:>7} {easy['jieba_us']:>7} {easy['ratio']:>6} |"
            f" {hard['us']:>8} {hard['jieba_us']:>7} {hard['ratio']:>6}"
        )


def _starting(lines: list[dict[str, Any]]) -> Iterator[str]:
    if lines:
        yield ""
        yield "Starting and reloading (stalls: inside by its own metric, outside by the longest /healthz)"
        yield "  entries | ready s (first) | MB at rest  at start | reload s  peak MB | stall ms: inside outside (idle)"
    for line in lines:
        yield (
            f"  {line['entries']:>7} | {line['ready_s']:>7} ({line['first_ready_s']:>5}) | {line['rest_mb']:>10}"
            f" {line['start_peak_mb']:>9} |"
            f" {line['reload_s']:>8} {line['reload_peak_mb'] or '-':>8} |"
            f" {line['stall_ms'] if line['stall_ms'] is not None else '-':>16} {line['probe_max_ms']:>7}"
            f" ({line['probe_quiet_max_ms']})"
        )


def _replaying(line: dict[str, Any] | None) -> Iterator[str]:
    if line:
        yield ""
        yield f"Replay of {line['lines']} lines: {line['seconds']} s ({line['lines_per_s']} lines/s, with the start)"
