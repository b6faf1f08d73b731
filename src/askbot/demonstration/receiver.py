"""The demo's stand-in for the platform: takes signed replies as `reply_url` does, and says no to anything else.

Once in a while it answers 503 to a reply that it has not seen yet, as platforms do: the reply must come again under
the same id.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from aiohttp import web

from askbot.errors import SignatureError
from askbot.platforms.standard.signing import verify

SKEW = timedelta(minutes=5)
STUMBLE = 12
"""Every so manieth new reply is first answered with 503."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A reply that arrived: what was said, to whom, in reply to which messages."""

    id: str
    text: str
    in_reply_to: tuple[str, ...]
    mentions: tuple[str, ...]
    askers: int


@dataclass(slots=True, kw_only=True)
class Receiver:
    """Takes replies. `hear` is told of each when it is taken; the same id with another text is a contradiction."""

    secret: bytes
    clock: Callable[[], float]
    hear: Callable[[Said], None] = lambda _said: None
    said: dict[str, Said] = field(default_factory=dict)
    stumbled: set[str] = field(default_factory=set)
    refused: int = 0
    repeats: int = 0
    contradictions: list[str] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        """Take one reply, as the platform would."""
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            verify(headers, body, [self.secret], datetime.fromtimestamp(self.clock(), UTC), SKEW)
            said = read_reply(headers, body)
        except (SignatureError, ValueError):
            self.refused += 1
            return web.Response(status=HTTPStatus.UNAUTHORIZED)
        return web.Response(status=self._keep(said))

    def _keep(self, said: Said) -> HTTPStatus:
        known = self.said.get(said.id)
        if known is not None:
            self.repeats += 1
            if known != said:
                self.contradictions.append(said.id)
            return HTTPStatus.OK
        new = said.id not in self.stumbled
        if new and (len(self.said.keys() | self.stumbled) + 1) % STUMBLE == 0:
            self.stumbled.add(said.id)
            return HTTPStatus.SERVICE_UNAVAILABLE
        self.said[said.id] = said
        self.hear(said)
        return HTTPStatus.OK

    def application(self) -> web.Application:
        """The web application with `POST /say`."""
        app = web.Application()
        app.router.add_post("/say", self.take)
        return app


def read_reply(headers: dict[str, str], body: bytes) -> Said:
    """The reply of a verified push; raise ValueError when it is none, or its id is not that of the push."""
    try:
        form = json.loads(body)
        data = form["data"]
        said = Said(
            id=data["reply_id"],
            text=data["text"],
            in_reply_to=tuple(data["in_reply_to"]),
            mentions=tuple(mention["name"] for mention in data["mentions"]),
            askers=int(data["askers"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError("no chat.reply") from error
    if form["type"] != "chat.reply" or said.id != headers["webhook-id"]:
        raise ValueError("no chat.reply under its own id")
    return said
