"""The settings as values: frozen, complete, checked. Knows no file, no environment and no YAML."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta, tzinfo
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from askbot.domain.faults import Fault
from askbot.domain.replies import ReplyPolicy
from askbot.domain.secret import Secret
from askbot.domain.workdays import Calendar

Network = IPv4Network | IPv6Network
DEFAULT_ZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True, kw_only=True)
class County:
    """What every command takes from the configuration: the county, its rooms (None without one), the bars as typed."""

    name: str = ""
    tz: tzinfo = field(default_factory=lambda: ZoneInfo(DEFAULT_ZONE))
    rooms: Mapping[str, str] | None = None
    bars: Mapping[str, float] = field(default_factory=dict)
    blocked_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where it listens and how it is reached. Only `trusted_proxies` may tell a client's address."""

    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str | None = None
    trusted_proxies: tuple[Network, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """At most `count` requests in `seconds`."""

    count: int = 1000
    seconds: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One webhook address. `options` are the platform's own keys, read by its table."""

    name: str
    platform: str
    room: str | None
    rooms: Mapping[str, str]
    rate: Rate
    max_skew: timedelta
    allow: tuple[Network, ...]
    path_key: Secret | None
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How long viewers' texts and names are kept (留存)."""

    text: timedelta = timedelta(days=30)
    names: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be configured. `rooms` maps each room to its title; `warnings` are told at the start."""

    county: County
    server: Server
    database: Secret
    knowledge: Path
    data: Path
    rooms: Mapping[str, str]
    sources: Mapping[str, Source]
    replies: ReplyPolicy
    retention: Keeping
    calendar: Calendar
    warnings: tuple[Fault, ...] = ()
