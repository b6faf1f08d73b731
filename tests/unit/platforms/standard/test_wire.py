"""`chat.messages`: what is taken, what is cut, what is refused; never anything but PayloadError."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbot.domain.secret import Secret
from askbot.errors import PayloadError
from askbot.platforms.base import SourceSpec
from askbot.platforms.standard.wire import LONGEST_NAME, LONGEST_TEXT, StandardCodec
from askbot.ports.platform import Parsed, Push

NOW = datetime(2026, 2, 12, 1, 0, tzinfo=UTC)
ONE_ROOM = SourceSpec(name="bridge", room="main", options={"secret": (Secret("x"),)})
MAPPED = SourceSpec(name="bridge", rooms={"7": "main", "8": "jobs"})


def parse(body: bytes, source: SourceSpec = ONE_ROOM, kind: str = "application/json") -> Parsed:
    return StandardCodec(source, (b"x",)).parse(Push(headers={"content-type": kind}, body=body, received=NOW))


def message(**changes: Any) -> dict[str, Any]:
    plain = {
        "id": "m1",
        "room": "7",
        "user": {"id": "u1", "name": "城东老李"},
        "text": "308现在能走不",
        "sent_at": "2026-02-12T09:00:00+08:00",
    }
    return {name: value for name, value in (plain | changes).items() if value is not ...}


def body(*messages: Any, **changes: Any) -> bytes:
    whole = {"type": "chat.messages", "timestamp": "2026-02-12T01:00:00Z", "data": {"messages": list(messages)}}
    return json.dumps(whole | changes).encode()


def test_a_message_is_read_whole() -> None:
    (taken,) = parse(body(message(extra={"a": [1]}))).messages
    assert (taken.source, taken.room, taken.id, taken.user_id, taken.user_name) == (
        "bridge",
        "main",
        "m1",
        "u1",
        "城东老李",
    )
    assert taken.text == "308现在能走不"
    assert taken.sent_at == NOW


@pytest.mark.parametrize(
    ("source", "room", "ours"),
    [
        (ONE_ROOM, ..., "main"),  # room may be left out where the source has one
        (ONE_ROOM, "anything", "main"),  # all of its chat belongs there
        (MAPPED, "8", "jobs"),
        (MAPPED, "9", None),  # not mapped
        (MAPPED, ..., None),  # and not told
        (MAPPED, "", None),
    ],
)
def test_rooms(source: SourceSpec, room: Any, ours: str | None) -> None:
    sent = body(message(room=room))
    if ours is not None:
        assert parse(sent, source).messages[0].room == ours
        return
    with pytest.raises(PayloadError) as refused:
        parse(sent, source)
    assert (refused.value.status, refused.value.code) == (422, "unknown_room")


def test_what_viewers_can_make_long_is_cut_and_counted() -> None:
    parsed = parse(body(message(text="长" * 3000, user={"id": "u1", "name": "名" * 300}), message(id="m2", text="")))
    assert [len(one.text) for one in parsed.messages] == [LONGEST_TEXT, 0]
    assert len(parsed.messages[0].user_name) == LONGEST_NAME
    assert parsed.counted == {"text_cut": 1}


BAD = {
    "empty": b"",
    "no json": b"{",
    "bom": b"\xef\xbb\xbf" + body(message()),
    "utf-16": body(message()).decode().encode("utf-16"),
    "invalid utf-8": body(message()).replace(b"m1", b"m\xff"),
    "surrogate bytes": body(message()).replace(b"m1", b"m\xed\xa0\x80"),
    "lone surrogate": body(message()).replace(b'"m1"', b'"\\ud800"'),
    "nul in a text": body(message(text="a\x00b")),
    "nul in an id": body(message(id="a\x00b")),
    "raw control character": body(message()).replace(b"m1", b"m\x01"),
    "nan outside": body(message(), x=float("nan")),
    "infinity outside": body(message(), x=float("inf")),
    "deep": body(message()).replace(b'"type"', b'"x":' + b"[" * 5000 + b"]" * 5000 + b',"type"'),
    "deep and open": b"[" * 200_000,
    "a list": b"[]",
    "a string": b'"chat.messages"',
    "another type": body(message(), type="chat.message"),
    "no messages": body(),
    "501 messages": body(*(message(id=str(n)) for n in range(501))),
    "messages an object": body(message(), data={"messages": {}}),
    "no id": body(message(id=...)),
    "empty id": body(message(id="")),
    "long id": body(message(id="x" * 257)),
    "a number as id": body(message(id=7)),
    "no user": body(message(user=...)),
    "user a string": body(message(user="u1")),
    "empty user id": body(message(user={"id": ""})),
    "text a number": body(message(text=308)),
    "text null": body(message(text=None)),
    "time without zone": body(message(sent_at="2026-02-12T09:00:00")),
    "time out of all bounds": body(message(sent_at="0001-01-01T00:00:00+14:00")),
    "time in the far future": body(message(sent_at="9999-12-31T23:59:59-12:00")),
    "time no time": body(message(sent_at="gestern")),
    "a good and a bad one": body(message(), message(id="")),
}


@pytest.mark.parametrize("sent", BAD.values(), ids=BAD.keys())
def test_what_the_platform_does_not_send_is_refused_whole(sent: bytes) -> None:
    with pytest.raises(PayloadError) as refused:
        parse(sent)
    assert refused.value.status == 422


def test_a_backslash_and_u0000_that_a_viewer_typed_is_no_nul() -> None:
    assert parse(body(message(text="\\u0000"))).messages[0].text == "\\u0000"


def test_the_word_nan_is_no_nan() -> None:
    assert parse(body(message(text="NaN Infinity"))).messages[0].text == "NaN Infinity"


@pytest.mark.parametrize(
    ("kind", "taken"),
    [("application/json", True), ("application/json; charset=utf-8", True), ("", True), ("APPLICATION/JSON", True),
     ("application/cloudevents+json", True), ("text/plain", False), ("application/x-www-form-urlencoded", False), ("multipart/form-data; boundary=x", False)],
)  # fmt: skip
def test_content_types(kind: str, taken: bool) -> None:
    if taken:
        assert parse(body(message()), kind=kind).messages
        return
    with pytest.raises(PayloadError) as refused:
        parse(body(message()), kind=kind)
    assert refused.value.status == 415


def test_no_message_repeats_what_was_sent() -> None:
    with pytest.raises(PayloadError) as refused:
        parse(body(message(sent_at="我的身份证号是110101")))
    assert "110101" not in refused.value.message


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(st.one_of(st.binary(), JSON.map(lambda value: json.dumps(value).encode())))
def test_garbage_raises_payload_error_and_nothing_else(sent: bytes) -> None:
    with pytest.raises(PayloadError):
        parse(sent)


@given(
    JSON,
    st.sampled_from(["id", "room", "user", "text", "sent_at"]),
)
def test_a_garbled_field_is_refused_or_taken_never_a_crash(value: Any, name: str) -> None:
    try:
        parsed = parse(body(message(**{name: value})))
    except PayloadError:
        return
    assert all(one.id and one.user_id and one.room == "main" for one in parsed.messages)
