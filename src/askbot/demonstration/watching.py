"""What the server's API tells of a room: messages with their decisions, replies with their fate, tickets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from askbot.errors import DeliveryError

PAGE = 500
SETTLED = frozenset({"said", "failed", "dropped", "withdrawn"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenMessage:
    """A stored message: its id, text and sender's name, and its decisions in their JSON form."""

    id: str
    text: str
    user_name: str
    decisions: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenReply:
    """A reply as the outbox has it. `answers` are the messages it speaks to, `dropped` those it came too late for."""

    id: str
    state: str
    channel: str
    kind: str
    text: str
    entry: str | None
    item: str | None
    answers: frozenset[str]
    dropped: frozenset[str]

    @property
    def settled(self) -> bool:
        """Whether nothing more will become of it."""
        return self.state in SETTLED


@dataclass(slots=True, kw_only=True)
class Watcher:
    """Follows a room. Each call of `new_messages` gives what came since the last."""

    session: aiohttp.ClientSession
    url: str
    room: str
    token: str
    _after: str | None = None
    _seen: set[tuple[str, str]] = field(default_factory=set)

    async def new_messages(self) -> list[SeenMessage]:
        """Messages that were stored since the last call, oldest first."""
        items, self._after = await self._pages(f"rooms/{self.room}/messages", self._after)
        fresh = [message(item) for item in items if (item["source"], item["id"]) not in self._seen]
        self._seen.update((item["source"], item["id"]) for item in items)
        return fresh

    async def replies(self) -> list[SeenReply]:
        """All replies of the room, oldest first."""
        items, _ = await self._pages(f"rooms/{self.room}/replies", None)
        return [reply(item) for item in items]

    async def tickets(self) -> list[Mapping[str, Any]]:
        """All tickets of the room."""
        return (await self._pages(f"rooms/{self.room}/tickets", None))[0]

    async def _pages(self, path: str, after: str | None) -> tuple[list[Mapping[str, Any]], str | None]:
        """All items after a cursor, and the cursor after the last."""
        found: list[Mapping[str, Any]] = []
        while True:
            params = {"limit": str(PAGE)} | ({"after": after} if after else {})
            body = await self._get(path, params)
            found += body["items"]
            if not body["next"]:
                return found, after
            after = body["next"]

    async def _get(self, path: str, params: Mapping[str, str]) -> Mapping[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            async with self.session.get(f"{self.url}/api/v1/{path}", params=params, headers=headers) as response:
                if response.status != 200:  # noqa: PLR2004
                    raise DeliveryError(f"{path}: {response.status}", permanent=True)
                body: Mapping[str, Any] = await response.json()
                return body
        except (aiohttp.ClientError, TimeoutError) as error:
            raise DeliveryError(f"{path}: {type(error).__name__}", permanent=False) from error


def message(item: Mapping[str, Any]) -> SeenMessage:
    """A message of the API."""
    return SeenMessage(
        id=item["id"],
        text=item["text"],
        user_name=(item.get("user") or {}).get("name", ""),
        decisions=item["decisions"],
    )


def reply(item: Mapping[str, Any]) -> SeenReply:
    """A reply of the API."""
    return SeenReply(
        id=item["id"],
        state=item["state"],
        channel=item["channel"],
        kind=item["kind"],
        text=item["text"],
        entry=item.get("entry"),
        item=item.get("item"),
        answers=frozenset(item["in_reply_to"]),
        dropped=frozenset(asker["message_id"] for asker in item["askers"] if asker["dropped"]),
    )
