"""The token bucket, on a clock that the test moves."""

import pytest

from askbot.errors import OverloadError
from askbot.web.limits import TokenBucket


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def taken(bucket: TokenBucket, times: int) -> int:
    count = 0
    for _ in range(times):
        try:
            bucket.take()
        except OverloadError:
            break
        count += 1
    return count


@pytest.mark.parametrize(
    ("count", "seconds", "wait", "again"),
    [
        (3, 1.0, 0.0, 0),  # nothing comes back at once
        (3, 1.0, 1.0, 3),  # all of it after the unit
        (3, 1.0, 1000.0, 3),  # but never more than the count
        (3, 1.0, 0.4, 1),  # a part of the time, a part of the count
        (120, 60.0, 1.0, 2),
        (1, 3600.0, 1800.0, 0),
    ],
)
def test_what_comes_back(count: int, seconds: float, wait: float, again: int) -> None:
    clock = Clock()
    bucket = TokenBucket(count, seconds, clock)
    assert taken(bucket, count + 5) == count
    clock.now += wait
    assert taken(bucket, count + 5) == again


@pytest.mark.parametrize(("count", "seconds", "after"), [(1000, 1.0, 1), (2, 60.0, 30), (1, 3600.0, 3600)])
def test_it_says_when_to_come_back(count: int, seconds: float, after: int) -> None:
    bucket = TokenBucket(count, seconds, Clock())
    taken(bucket, count)
    with pytest.raises(OverloadError) as refused:
        bucket.take()
    assert (refused.value.status, refused.value.code, refused.value.retry_after) == (429, "rate_limited", after)


def test_refused_calls_do_not_put_off_the_next_chance() -> None:
    clock = Clock()
    bucket = TokenBucket(1, 1.0, clock)
    bucket.take()
    for _ in range(9):
        clock.now += 0.1
        assert taken(bucket, 1) == 0
    clock.now += 0.11
    assert taken(bucket, 1) == 1
