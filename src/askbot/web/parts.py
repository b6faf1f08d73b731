"""What the web room is given by its builder: use cases, values and Protocols; typed keys of the application."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from aiohttp import web

from askbot.domain.chat import ChatMessage
from askbot.domain.faults import Fault
from askbot.ports import Clock
from askbot.ports.platform import PlatformCodec
from askbot.ports.storage import Store
from askbot.services.brain import Brain
from askbot.services.desk import Desk
from askbot.services.intake import Receipt
from askbot.services.switches import SwitchBoard
from askbot.web.background import Background
from askbot.web.clients import Networks
from askbot.web.limits import TokenBucket
from askbot.web.live import Live
from askbot.web.metrics import Metrics
from askbot.web.stalls import StallMeter


@dataclass(frozen=True, slots=True, kw_only=True)
class HookSource:
    """A webhook address: who may call it, how it is verified and read, how much it may send."""

    name: str
    codec: PlatformCodec
    limit: TokenBucket
    allow: Networks = ()
    path_key: bytes | None = None


class KnowledgeState(Protocol):
    """How the last reload went; knowledge_files' ReloadResult."""

    @property
    def version(self) -> str:
        """The version in force."""

    @property
    def at(self) -> datetime:
        """When the folder was last read."""

    @property
    def loaded_at(self) -> datetime:
        """When the version came into force."""

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong in the folder."""

    @property
    def files(self) -> tuple[str, ...]:
        """The files in force."""

    @property
    def stale(self) -> tuple[str, ...]:
        """Files that stand on their last good version."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Files that are left out."""

    @property
    def good(self) -> bool:
        """Whether all of the folder is in force."""


class Library(Protocol):
    """The knowledge in force; knowledge_files' KnowledgeLibrary."""

    @property
    def result(self) -> KnowledgeState:
        """How the last load or reload went."""

    async def reload(self) -> KnowledgeState:
        """Read the folder anew; never raises for what is in it."""


class ChannelState(Protocol):
    """How a channel's last sending went; platforms' ObservedClient."""

    @property
    def reachable(self) -> bool | None:
        """Whether the platform answered; None when nothing was sent yet."""

    @property
    def problem(self) -> str | None:
        """What went wrong last, if it did."""


class Gauges(Protocol):
    """What is counted in the process at this moment."""

    @property
    def pending(self) -> int:
        """Messages and moves that wait to be written."""

    @property
    def alive(self) -> bool:
        """Whether the writer runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """All that the handlers use. `receive` is the intake's, `sending` counts replies on their way."""

    store: Store
    gauges: Gauges
    receive: Callable[[Sequence[ChatMessage]], Awaitable[Receipt]]
    desk: Desk
    switches: SwitchBoard
    brain: Brain
    library: Library
    live: Live
    clock: Clock
    rooms: Mapping[str, str]
    sources: Mapping[str, HookSource]
    trusted_proxies: Networks = ()
    channels: Mapping[str, ChannelState] = field(default_factory=dict)
    sending: Callable[[], int] = field(default=lambda: 0)
    background: Background = field(default_factory=Background)
    metrics: Metrics = field(default_factory=Metrics)
    stalls: StallMeter = field(default_factory=StallMeter)


PARTS = web.AppKey("parts", Parts)
