"""When something is due: by level, over weekends, holidays and make-up workdays."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbot.domain.knowledge import Priority
from askbot.domain.workdays import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
SPRING = Calendar(  # the Spring Festival of 2026: off from the 15th to the 23rd, worked on two weekend days
    tz=SHANGHAI,
    holidays=frozenset(date(2026, 2, day) for day in range(15, 24)),
    makeup=frozenset({date(2026, 2, 14), date(2026, 2, 28)}),
)


def county(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("priority", "start", "due", "reason"),
    [
        (Priority.URGENT, county(2, 12, 9), county(2, 12, 11), "two hours by the clock"),
        (Priority.URGENT, county(2, 15, 23), county(2, 16, 1), "urgent knows no holiday"),
        (Priority.HIGH, county(2, 11, 9), county(2, 12, 18), "the first day is not counted"),
        (Priority.HIGH, county(2, 11, 23, 59), county(2, 12, 18), "the same late in the evening"),
        (Priority.HIGH, county(2, 13, 9), county(2, 14, 18), "a Saturday that is worked"),
        (Priority.HIGH, county(2, 14, 9), county(2, 24, 18), "over the whole holiday"),
        (Priority.HIGH, county(3, 6, 9), county(3, 9, 18), "over a plain weekend"),
        (Priority.NORMAL, county(2, 9, 9), county(2, 12, 18), "three plain days"),
        (Priority.NORMAL, county(2, 12, 9), county(2, 24, 18), "Friday, the worked Saturday, then after the holiday"),
        (Priority.NORMAL, county(2, 26, 9), county(3, 2, 18), "Friday, the worked Saturday, Monday"),
    ],
)
def test_due(priority: Priority, start: datetime, due: datetime, reason: str) -> None:
    assert SPRING.due(priority, start) == due, reason


def test_the_countys_day_counts_not_utcs() -> None:
    start = datetime(2026, 2, 11, 17, tzinfo=UTC)  # the 12th, one in the morning, in the county
    assert SPRING.due(Priority.HIGH, start) == county(2, 13, 18)


def test_closing_time_is_the_countys() -> None:
    calendar = Calendar(tz=SHANGHAI, closes=time(17, 30))
    assert calendar.due(Priority.HIGH, county(3, 4, 9)) == county(3, 5, 17, 30)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Calendar(holidays=frozenset({date(2026, 2, 14)}), makeup=frozenset({date(2026, 2, 14)})),
        lambda: Calendar(closes=time(18, tzinfo=UTC)),
        lambda: SPRING.due(Priority.HIGH, datetime(2026, 2, 12)),  # noqa: DTZ001 (naive on purpose)
        lambda: SPRING.workday_after(date(2026, 2, 12), 0),
    ],
)
def test_nonsense_is_refused(make: object) -> None:
    with pytest.raises(ValueError):
        make()  # type: ignore[operator]


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)), st.sampled_from(Priority))  # noqa: DTZ001
def test_due_is_later_on_a_workday_and_grows_with_the_start(start: datetime, priority: Priority) -> None:
    due = SPRING.due(priority, start)
    assert due > start
    assert due.tzinfo is UTC
    assert priority is Priority.URGENT or SPRING.is_workday(due.astimezone(SHANGHAI).date())
    assert SPRING.due(priority, start + timedelta(hours=1)) >= due
