"""What a platform gives: its keys in the configuration, its codec and, where it can post, its client.

Light on purpose: the configuration is read without loading what talks to a network.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from askbot.ports import Clock
from askbot.ports.platform import PlatformClient, PlatformCodec
from askbot.yaml_marks.shapes import Key

if TYPE_CHECKING:
    from aiohttp import ClientSession

DEFAULT_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSpec:
    """A source (来源) as configured: which rooms its chat belongs to, and its platform's own options by key.

    With `room` all of its chat belongs there; otherwise `rooms` maps the platform's room ids.
    """

    name: str
    room: str | None = None
    rooms: Mapping[str, str] = field(default_factory=dict)
    max_skew: timedelta = DEFAULT_SKEW
    options: Mapping[str, Any] = field(default_factory=dict)

    def room_of(self, platform_room: str | None) -> str | None:
        """The room that chat from this room of the platform belongs to; None when there is none."""
        return self.room or self.rooms.get(platform_room or "")


MakeCodec = Callable[[SourceSpec], PlatformCodec]
MakeClient = Callable[[SourceSpec, "ClientSession", Clock], PlatformClient | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One platform. `codec` and `client` are called at the start of the service and import what they need then.

    `gated`: its signature does not cover the chat, so a source needs `path_key` or `allow`. `client` gives None where
    the source's options do not allow sending; without one the platform cannot post at all.
    """

    name: str
    keys: tuple[Key, ...]
    codec: MakeCodec
    client: MakeClient | None = None
    sends_with: Collection[str] = ()
    """Keys that sending needs; without them replies go to the screen, with a warning at the start."""
    max_skew: timedelta = DEFAULT_SKEW
    gated: bool = False
