"""Working days (工作日) of a county: weekends, public holidays, make-up workdays (调休上班), and when a ticket is due.

Knows dates and levels only, no ticket and no configuration.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from askbot.domain.knowledge import Priority

SATURDAY = 5
URGENT_SPAN = timedelta(hours=2)
WORKDAYS = {Priority.HIGH: 1, Priority.NORMAL: 3}
"""办理时限: 重要 1 working day, 普通 3 working days; 紧急 is URGENT_SPAN by the clock, holiday or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The county's working days. `holidays` are free although on weekdays, `makeup` are worked although weekend.

    `closes` is the county's closing time: the last day of a term ends when the office does, as the law counts terms.
    """

    tz: tzinfo = UTC
    holidays: frozenset[date] = frozenset()
    makeup: frozenset[date] = frozenset()
    closes: time = time(18, 0)

    def __post_init__(self) -> None:
        if both := self.holidays & self.makeup:
            raise ValueError(f"{min(both)} cannot be a holiday and a make-up workday")
        if self.closes.tzinfo is not None:
            raise ValueError("the closing time is county time: without a zone")

    def is_workday(self, day: date) -> bool:
        """Whether offices work on that day."""
        if day in self.makeup:
            return True
        return day.weekday() < SATURDAY and day not in self.holidays

    def workday_after(self, day: date, count: int) -> date:
        """The count-th working day after `day`; the day itself is not counted."""
        if count < 1:
            raise ValueError("at least one working day")
        while count:
            day += timedelta(days=1)
            count -= self.is_workday(day)
        return day

    def due(self, priority: Priority, start: datetime) -> datetime:
        """When something of that level that begins at `start` (aware) must be done, in UTC."""
        if start.tzinfo is None:
            raise ValueError("a term begins at an aware time")
        if priority is Priority.URGENT:
            return start.astimezone(UTC) + URGENT_SPAN
        last = self.workday_after(start.astimezone(self.tz).date(), WORKDAYS[priority])
        return datetime.combine(last, self.closes, tzinfo=self.tz).astimezone(UTC)
