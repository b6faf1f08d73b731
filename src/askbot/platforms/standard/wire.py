"""The form of `chat.messages`: bytes → messages. On the path of every message: one pass of the validator, no more.

What a viewer can make long (text, name) is cut, so that no viewer can make a whole batch fail; what only a collector
can get wrong (ids, the form) is refused as a whole. 2,000 characters are four times the longest line of any chat
platform, and all that deciding ever reads of a line is far below.
"""

import json
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from askbot.domain.chat import ChatMessage
from askbot.errors import PayloadError
from askbot.platforms.base import SourceSpec
from askbot.platforms.standard.signing import verify
from askbot.ports.platform import Parsed, Push

MOST_MESSAGES = 500
LONGEST_ID = 256
LONGEST_TEXT = 2000
LONGEST_NAME = 100
FIRST_YEAR, LAST_YEAR = 1970, 2200


def _plausible(moment: datetime) -> datetime:
    """In UTC; times that no database keeps are no times of a chat."""
    try:
        moment = moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("no time of a chat") from error
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError("no time of a chat")
    return moment


class _Form(BaseModel):
    model_config = ConfigDict(strict=True)


Id = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_ID)]
Moment = Annotated[AwareDatetime, AfterValidator(_plausible)]


class UserForm(_Form):
    """Who wrote it."""

    id: Id
    name: str = ""


class MessageForm(_Form):
    """One line of chat."""

    id: Id
    room: Annotated[str, StringConstraints(max_length=LONGEST_ID)] | None = None
    user: UserForm
    text: str
    sent_at: Moment | None = None


class DataForm(_Form):
    """The batch."""

    messages: Annotated[list[MessageForm], Field(min_length=1, max_length=MOST_MESSAGES)]


class PushForm(_Form):
    """The body of a push; other keys are left alone."""

    type: Literal["chat.messages"]
    timestamp: str | None = None
    data: DataForm


class StandardCodec:
    """See ports.platform.PlatformCodec. `keys` are the decoded secrets of which any may sign."""

    def __init__(self, source: SourceSpec, keys: tuple[bytes, ...]) -> None:
        self._source = source
        self._keys = keys

    def verify(self, push: Push) -> None:
        """Raise SignatureError unless one of the secrets signed the body lately."""
        verify(push.headers, push.body, self._keys, push.received, self._source.max_skew)

    def parse(self, push: Push) -> Parsed:
        """The messages; PayloadError when the body is anything else."""
        _check_content_type(push.headers.get("content-type", ""))
        form = _read(push.body)
        source = self._source
        messages: list[ChatMessage] = []
        cut = 0
        for one in form.data.messages:
            room = source.room_of(one.room)
            if room is None:
                raise PayloadError("a message names a room that this source does not map", code="unknown_room")
            cut += len(one.text) > LONGEST_TEXT
            messages.append(
                ChatMessage(
                    source=source.name,
                    room=room,
                    id=one.id,
                    user_id=one.user.id,
                    user_name=one.user.name[:LONGEST_NAME],
                    text=one.text[:LONGEST_TEXT],
                    sent_at=one.sent_at,
                )
            )
        return Parsed(messages=tuple(messages), counted={"text_cut": cut} if cut else {})


def _check_content_type(typed: str) -> None:
    kind = typed.partition(";")[0].strip().lower()
    if kind and kind != "application/json" and not kind.endswith("+json"):
        raise PayloadError("the body must be application/json", code="unsupported_media_type", status=415)


def _read(body: bytes) -> PushForm:
    try:
        form = PushForm.__pydantic_validator__.validate_json(body)
    except ValidationError as error:
        raise PayloadError(f"not a chat.messages body: {_first(error)}") from None
    if b"NaN" in body or b"Infinity" in body:
        _refuse_constants(body)
    if b"\\u0000" in body and _holds_nul(form):
        raise PayloadError("a text holds a NUL character")
    return form  # type: ignore[no-any-return]  # the validator is untyped


def _first(error: ValidationError) -> str:
    """Where the first fault stands and what it is, without the value: it may be chat."""
    fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(step) for step in fault["loc"])[:100]
    return f"{place}: {fault['msg']}" if place else fault["msg"].partition(":")[0]


def _refuse_constants(body: bytes) -> None:
    """NaN and Infinity are no JSON; the validator lets them pass where it does not look."""

    def refuse(name: str) -> None:
        raise PayloadError(f"{name} is no JSON")

    json.loads(body, parse_constant=refuse)


def _holds_nul(form: PushForm) -> bool:
    """No database text holds it, and no keyboard makes it."""
    return any(
        "\x00" in text
        for one in form.data.messages
        for text in (one.id, one.room or "", one.user.id, one.user.name, one.text)
    )
