"""Cursors: what we wrote is read, nothing else is; both as the API describes them."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbot.domain.tickets import State
from askbot.errors import InputError
from askbot.services.desk_cards import read_cursor, write_cursor
from askbot.web.api_tickets import GROUPS, STATE
from askbot.web.operations import Query
from askbot.web.paging import AFTER, AFTER_RANKED, LIMIT, ranked_cursor, seq_cursor

OPAQUE = re.compile(r"[A-Za-z0-9_-]+")


@given(st.integers(1, 10**15 - 1))
def test_a_number_comes_back(seq: int) -> None:
    assert OPAQUE.fullmatch(seq_cursor(seq))
    assert AFTER.read(seq_cursor(seq)) == seq


@given(
    at=st.integers(86_400, 64 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    key=st.integers(-(2**63), 2**63 - 1),
    seq=st.integers(0, 2**63 - 1),
)
def test_a_place_in_the_queue_comes_back(at: datetime, key: int, seq: int) -> None:
    cursor = ranked_cursor(write_cursor(at, (key, seq)))
    assert cursor is not None
    assert OPAQUE.fullmatch(cursor)
    moment, position = read_cursor(AFTER_RANKED.read(cursor))
    assert (moment, position) == (at, (key, seq))


@given(st.from_regex(AFTER_RANKED.schema["pattern"], fullmatch=True))
def test_what_the_description_allows_is_a_cursor_of_the_queue(typed: str) -> None:
    cursor = AFTER_RANKED.read(typed.strip())
    assert cursor is None or read_cursor(cursor)


@pytest.mark.parametrize("query", [AFTER, AFTER_RANKED, LIMIT, STATE], ids=lambda query: query.name)
@given(typed=st.text(max_size=60))
def test_garbage_is_refused_as_described(query: Query, typed: str) -> None:
    pattern = query.schema.get("pattern", "^0*[1-9][0-9]*$")
    try:
        query.read(typed)
        taken = True
    except InputError:
        taken = False
    assert taken == bool(re.fullmatch(pattern.strip("^$"), typed))


@pytest.mark.parametrize(
    ("typed", "states"),
    [
        ("", GROUPS["open"]),
        ("open", GROUPS["open"]),
        ("new", {State.NEW}),
        ("new,merged", {State.NEW, State.MERGED}),
        ("all", set(State)),
    ],
)
def test_states(typed: str, states: set[State]) -> None:
    assert STATE.read(typed) == states
