"""A move's body is read strictly: what is meant is taken, everything else is named and refused."""

from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbot.domain.tickets import Move
from askbot.errors import InputError
from askbot.services.desk_orders import FIELDS, Order, read_order
from desks import NOW


def read(move: str, **body: object) -> Order:
    return read_order("t", move, {"version": 3, **body}, by="甲", at=NOW)


@pytest.mark.parametrize(
    ("move", "body", "field", "value"),
    [
        ("claim", {}, "version", 3),
        ("answer", {"text": " 已开通 "}, "text", "已开通"),
        ("answer", {"text": "x" * 500}, "text", "x" * 500),
        ("answer", {"spoken": True}, "spoken", True),
        ("answer", {"spoken": True, "offset_seconds": 12}, "offset", 12.0),
        ("answer", {"spoken": False, "text": "好"}, "text", "好"),
        ("forward", {"department": "住建局"}, "due", None),
        ("forward", {"department": "住建局", "due": "2026-02-13T18:00:00+08:00"}, "due", NOW + timedelta(hours=33)),
        ("return", {"reason": "不属本局"}, "reason", "不属本局"),
        ("defer", {}, "minutes", 10),
        ("defer", {"minutes": 25}, "minutes", 25),
        ("merge", {"into": "abc"}, "into", "abc"),
        ("split", {"messages": ["m1", {"source": "s", "id": "m2"}]}, "messages", ((None, "m1"), ("s", "m2"))),
    ],
)
def test_what_is_taken(move: str, body: dict[str, object], field: str, value: object) -> None:
    assert getattr(read(move, **body), field) == value


@pytest.mark.parametrize(
    ("move", "body", "named"),
    [
        ("jump", {}, "jump"),
        ("claim", {"version": "3"}, "version"),
        ("claim", {"version": True}, "version"),
        ("claim", {"version": 0}, "version"),
        ("claim", {"version": 2**40}, "version"),
        ("claim", {"minutes": 3}, "minutes"),
        ("answer", {}, "text"),
        ("answer", {"text": "  "}, "text"),
        ("answer", {"text": 5}, "text"),
        ("answer", {"text": "x" * 501}, "501"),
        ("answer", {"text": "a\nb"}, "U\\+000A"),
        ("answer", {"text": "\u202e好"}, "U\\+202E"),
        ("answer", {"text": "\ud800好"}, "U\\+D800"),
        ("answer", {"text": "好", "spoken": True}, "either"),
        ("answer", {"spoken": "yes"}, "spoken"),
        ("answer", {"text": "好", "offset_seconds": 3}, "offset_seconds"),
        ("answer", {"spoken": True, "offset_seconds": -1}, "offset_seconds"),
        ("answer", {"spoken": True, "offset_seconds": float("nan")}, "offset_seconds"),
        ("answer", {"spoken": True, "offset_seconds": True}, "offset_seconds"),
        ("forward", {}, "department"),
        ("forward", {"department": "长" * 41}, "department"),
        ("forward", {"department": "住\x00建"}, "department"),
        ("forward", {"department": "住建局", "due": "soon"}, "due"),
        ("forward", {"department": "住建局", "due": 5}, "due"),
        ("forward", {"department": "住建局", "due": "2026-02-13T18:00:00"}, "zone"),
        ("forward", {"department": "住建局", "due": "2026-02-11T18:00:00Z"}, "later"),
        ("forward", {"department": "住建局", "due": "9999-12-31T23:59:59-12:00"}, "year"),
        ("return", {"reason": ""}, "reason"),
        ("dismiss", {}, "reason"),
        ("defer", {"minutes": 0}, "minutes"),
        ("defer", {"minutes": 2.5}, "minutes"),
        ("defer", {"minutes": 10**9}, "minutes"),
        ("merge", {}, "into"),
        ("split", {"messages": []}, "messages"),
        ("split", {"messages": "m1"}, "messages"),
        ("split", {"messages": [3]}, "message"),
        ("split", {"messages": [{"id": "m"}]}, "message"),
        ("split", {"messages": ["m"] * 501}, "messages"),
    ],
)
def test_what_is_refused(move: str, body: dict[str, object], named: str) -> None:
    with pytest.raises(InputError, match=named):
        read(move, **body)


@pytest.mark.parametrize("body", [None, [], "x", {}, {"version": None}])
def test_no_body_is_no_order(body: object) -> None:
    with pytest.raises(InputError):
        read_order("t", "claim", body, by="甲", at=NOW)


def test_every_move_has_its_fields() -> None:
    assert set(FIELDS) == set(Move)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(sorted({"version", "x"}.union(*FIELDS.values())))


@given(st.sampled_from([m.value for m in Move]), st.dictionaries(NAMES, JSON, max_size=4), st.booleans())
def test_garbage_is_an_input_error_or_a_sound_order(move: str, body: dict[str, object], versioned: bool) -> None:
    try:
        order = read_order("t", move, {**body, **({"version": 1} if versioned else {})}, by="甲", at=NOW)
    except InputError:
        return
    assert order.version >= 1
    assert order.due is None or (order.due.tzinfo is UTC and order.due > NOW)
    assert order.move is not Move.ANSWER or order.spoken or order.text
