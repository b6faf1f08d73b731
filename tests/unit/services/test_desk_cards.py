"""Cursors of the queue's pages: what is written is read, and nothing else is."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbot.errors import InputError
from askbot.services.desk_cards import read_cursor, write_cursor

TIMES = st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 (made aware)
NUMBERS = st.integers(-(2**63), 2**63 - 1)


@given(TIMES, NUMBERS, st.integers(0, 2**63 - 1))
def test_a_cursor_comes_back_as_it_was(at: datetime, key: int, seq: int) -> None:
    cursor = write_cursor(at, (key, seq))
    assert re.fullmatch(r"[A-Za-z0-9_-]+", cursor)
    assert read_cursor(cursor) == (at, (key, seq))


@given(st.text(st.characters(), max_size=40) | st.from_regex(r"[A-Za-z0-9_-]{32}", fullmatch=True))
def test_garbage_is_refused_or_a_place_in_time(text: str) -> None:
    try:
        at, (_, seq) = read_cursor(text)
    except InputError:
        return
    assert at.tzinfo is UTC
    assert seq >= 0


@pytest.mark.parametrize(
    "text", ["", "null", "A" * 31 + "+", write_cursor(datetime(2026, 1, 1, tzinfo=UTC), (1, 1)) + "A"]
)
def test_what_is_no_cursor(text: str) -> None:
    with pytest.raises(InputError) as refusal:
        read_cursor(text)
    assert refusal.value.code == "bad_cursor"
