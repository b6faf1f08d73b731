"""The metrics that are looked at when asked: the database's durable counters, lengths of queues, the knowledge's age.

What counts decisions is the database's: so it is true over restarts and the same in every process.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from askbot.errors import AskbotError
from askbot.ports.storage import UnitOfWork

if TYPE_CHECKING:
    from askbot.web.parts import KnowledgeState, Parts

PATIENCE = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the database counts."""

    totals: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    replies: Mapping[str, int] = field(default_factory=dict)
    tickets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


async def exposition(parts: "Parts") -> bytes:
    """The text that Prometheus reads. A database that is away leaves its part out and says so."""
    stored = await _stored(parts)
    registry = CollectorRegistry()
    registry.register(_Look(list(_families(parts, stored))))
    return generate_latest(parts.metrics.registry) + generate_latest(registry)


class _Look:
    """A collector of families that are ready."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        """All of them."""
        return iter(self._families)


async def _stored(parts: "Parts") -> Stored | None:
    now = parts.clock()

    def look(uow: UnitOfWork) -> Stored:
        return Stored(
            totals=uow.messages.totals(parts.rooms), replies=uow.replies.lengths(), tickets=uow.tickets.counts(now)
        )

    try:
        async with asyncio.timeout(PATIENCE):
            return await parts.store.read(look)
    except (AskbotError, TimeoutError):
        return None


def _families(parts: "Parts", stored: Stored | None) -> Iterator[Metric]:
    yield _gauge("askbot_database_up", "Whether the database answers.", stored is not None)
    yield _gauge("askbot_writer_pending", "Messages and moves that wait to be written.", parts.gauges.pending)
    yield _gauge("askbot_outbox_sending", "Replies that this process is sending.", parts.sending())
    yield _gauge(
        "askbot_loop_stall_seconds", "Longest stall of the event loop in the last minute.", parts.stalls.recent()
    )
    yield _gauge("askbot_loop_stall_longest_seconds", "Longest stall since the start.", parts.stalls.longest)
    yield _gauge("askbot_live_listeners", "Who follows live events from this process.", parts.live.listeners)
    yield _gauge("askbot_stopping", "Whether the service takes no more.", parts.background.stopping)
    running = GaugeMetricFamily("askbot_background_up", "Whether a background loop runs.", labels=["loop"])
    for name, alive in parts.background.alive().items():
        running.add_metric([name], float(alive))
    yield running
    channels = GaugeMetricFamily("askbot_channel_up", "Whether the last sending was answered.", labels=["channel"])
    for name, state in parts.channels.items():
        if state.reachable is not None:
            channels.add_metric([name], float(state.reachable))
    yield channels
    yield from _knowledge(parts.library.result, parts.clock())
    if stored is not None:
        yield from _rooms(stored)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=float(value))


def _knowledge(result: "KnowledgeState", now: datetime) -> Iterator[Metric]:
    info = GaugeMetricFamily("askbot_knowledge_info", "The knowledge version in force.", labels=["version"])
    info.add_metric([result.version], 1.0)
    yield info
    age = (now - result.loaded_at).total_seconds()
    yield _gauge("askbot_knowledge_age_seconds", "How long this version has been in force.", max(0.0, age))
    yield _gauge("askbot_knowledge_last_reload_successful", "Whether all of the folder is in force.", result.good)
    read = result.at.timestamp()
    yield _gauge("askbot_knowledge_last_reload_timestamp_seconds", "When the folder was last read.", read)
    files = GaugeMetricFamily("askbot_knowledge_files", "Knowledge files by state.", labels=["state"])
    files.add_metric(["good"], float(len(set(result.files) - set(result.stale))))
    files.add_metric(["stale"], float(len(result.stale)))
    files.add_metric(["missing"], float(len(result.missing)))
    yield files


def _rooms(stored: Stored) -> Iterator[Metric]:
    outbox = GaugeMetricFamily("askbot_outbox_replies", "Replies that have not left yet, by state.", labels=["state"])
    for state in ("waiting", "sending"):
        outbox.add_metric([state], float(stored.replies.get(state, 0)))
    yield outbox
    queue = GaugeMetricFamily("askbot_tickets", "Open tickets by room and state.", labels=["room", "state"])
    for room, states in stored.tickets.items():
        for state, number in states.items():
            queue.add_metric([room, state], float(number))
    yield queue
    yield from _totals(stored.totals)


def _totals(totals: Mapping[str, Mapping[str, float]]) -> Iterator[Metric]:
    messages = CounterMetricFamily("askbot_messages", "Messages taken, by room.", labels=["room"])
    decisions = CounterMetricFamily(
        "askbot_decisions", "Decisions by room, action and reason.", labels=["room", "action", "reason"]
    )
    replies = CounterMetricFamily("askbot_replies", "What became of replies, by room.", labels=["room", "outcome"])
    askers = CounterMetricFamily("askbot_askers", "What became of those who asked.", labels=["room", "outcome"])
    tickets = CounterMetricFamily("askbot_ticket_events", "Tickets opened, joined, moved.", labels=["room", "event"])
    for room, counts in sorted(totals.items()):
        messages.add_metric([room], counts.get("messages", 0.0))
        for action, reason, number in split_decisions(counts):
            decisions.add_metric([room, action, reason], number)
        for name, number in sorted(counts.items()):
            area, _, what = name.partition(".")
            family = {"replies": replies, "askers": askers, "tickets": tickets}.get(area)
            if family is not None:
                family.add_metric([room, what], number)
    yield from (messages, decisions, replies, askers, tickets)


def split_decisions(counts: Mapping[str, float]) -> Iterator[tuple[str, str, float]]:
    """(action, reason or "", number), each decision in one of them only; the counters hold an action's sum as well."""
    sums: dict[str, float] = {}
    for name, number in sorted(counts.items()):
        area, _, rest = name.partition(".")
        if area != "decisions":
            continue
        action, _, reason = rest.partition(".")
        sums[action] = sums.get(action, 0.0) + (-number if reason else number)
        if reason:
            yield action, reason, number
    for action, number in sums.items():
        if number > 0:
            yield action, "", number
