"""A collector's line: what is taken from it, what is passed over, what is a fault; no garbage raises anything else."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbot.bridging.lines import MAX_LINE, ChatLine, FieldRule, LineError, LineMapping, TimeUnit, read_line
from askbot.bridging.paths import parse_path

MOMENT = datetime(2026, 2, 12, 1, 0, tzinfo=UTC)
STANDARD = LineMapping()
FORMS = [
    ({"id": "1", "text": "好", "user": {"id": "u", "name": "甲"}}, ("1", "好", "u", "甲", None)),
    ({"id": 7, "text": "好", "user": "u"}, ("7", "好", "u", "u", None)),  # a number as id; the form of the test files
    ({"id": 7.0, "text": "好", "user_id": 12}, ("7", "好", "12", "12", None)),
    ({"id": "1", "text": "好", "user": "u", "name": "乙", "room": "jobs"}, ("1", "好", "u", "乙", "jobs")),
    ({"id": "1", "text": "a\ud800b", "user": "u"}, ("1", "a\ufffdb", "u", "u", None)),  # half a character
    ({"id": "1", "text": "a\x00b", "user": "u"}, ("1", "a\ufffdb", "u", "u", None)),  # a NUL
]
FAULTY = [
    (b"", "JSON"),
    (b"{", "JSON"),
    (b"[" * 100_000, "JSON"),  # nested beyond the parser's depth
    (b"\xff\xfe", "UTF-8"),
    (b'"text"', "对象"),
    (b"1" * 5000, "JSON"),  # a number too long to read
    (b'{"text": "x", "user": "u"}', "id"),
    (b'{"text": "x", "id": "1"}', "user.id"),
    (b'{"text": "x", "id": true, "user": "u"}', "id"),  # true is no id
    (b'{"text": "' + b"x" * MAX_LINE + b'"}', "字节"),
]
EMPTY = [{"id": "1", "user": "u"}, {"id": "1", "user": "u", "text": ""}, {"id": "1", "user": "u", "text": " \u3000"}]
MOMENTS = [
    ("2026-02-12T01:00:00Z", TimeUnit.AUTO, MOMENT),
    ("2026-02-12T09:00:00+08:00", TimeUnit.AUTO, MOMENT),
    ("2026-02-12T01:00:00", TimeUnit.ISO, MOMENT),  # without a zone: UTC
    (1770858000, TimeUnit.AUTO, MOMENT),
    (1770858000000, TimeUnit.AUTO, MOMENT),  # so large a number is milliseconds
    ("1770858000", TimeUnit.AUTO, MOMENT),
    (1770858000, TimeUnit.SECONDS, MOMENT),
    (1770858000000, TimeUnit.MILLISECONDS, MOMENT),
    ("yesterday", TimeUnit.AUTO, None),  # a wrong time loses no message
    (1e300, TimeUnit.SECONDS, None),
]


def one(value: object, mapping: LineMapping = STANDARD) -> ChatLine:
    found, over = read_line(3, json.dumps(value).encode(), mapping)
    assert over == 0
    return found[0]


@pytest.mark.parametrize(("value", "fields"), FORMS)
def test_the_standard_form_needs_no_mapping(value: object, fields: tuple[str | None, ...]) -> None:
    line = one(value)
    assert (line.id, line.text, line.user_id, line.user_name, line.room) == fields
    assert line.number == 3


@pytest.mark.parametrize(("raw", "why"), FAULTY)
def test_a_faulty_line_says_why(raw: bytes, why: str) -> None:
    with pytest.raises(LineError, match=why):
        read_line(1, raw, STANDARD)


@pytest.mark.parametrize("value", EMPTY)
def test_what_has_no_text_is_passed_over(value: object) -> None:
    assert read_line(1, json.dumps(value).encode(), STANDARD) == ([], 1)


@pytest.mark.parametrize(("typed", "unit", "moment"), MOMENTS)
def test_times(typed: object, unit: TimeUnit, moment: datetime | None) -> None:
    mapping = LineMapping(sent_at=FieldRule(paths=(parse_path("t"),), unit=unit))
    assert one({"id": "1", "text": "x", "user": "u", "t": typed}, mapping).sent_at == moment


def test_only_the_wanted_kind_of_several_messages_in_a_line() -> None:
    mapping = LineMapping(messages=parse_path("items[]"), only=((parse_path("type"), frozenset({"chat"})),))
    items = [{"id": str(n), "text": "x", "user": "u", "type": kind} for n, kind in enumerate(["chat", "gift", "chat"])]
    found, over = read_line(1, json.dumps({"items": items}).encode(), mapping)
    assert ([line.id for line in found], over) == (["0", "2"], 1)


def test_a_digest_is_an_id_that_stays() -> None:
    mapping = LineMapping(id=FieldRule(digest=(parse_path("user"), parse_path("text"))))
    first, again = (one({"text": "x", "user": "u", "seen": n}, mapping).id for n in (1, 2))
    other = one({"text": "y", "user": "u"}, mapping).id
    assert first == again != other


def test_the_wire_form_is_the_webhooks() -> None:
    line = ChatLine(number=1, id="m", text="x", user_id="u", user_name="甲", room="main", sent_at=MOMENT)
    assert line.wire() == {
        "id": "m", "user": {"id": "u", "name": "甲"}, "text": "x", "room": "main", "sent_at": "2026-02-12T01:00:00Z",
    }  # fmt: skip


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
)


@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_no_garbage_raises_anything_else(raw: bytes) -> None:
    try:
        found, over = read_line(1, raw, STANDARD)
    except LineError:
        return
    assert len(found) + over == 1
