"""The clock of the whole process: the machine's, or for demos and tests one that starts at a given time."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from time import monotonic

from askbot.domain.faults import Fault, Severity
from askbot.errors import SettingsError
from askbot.ports import Clock

VARIABLE = "ASKBOT_CLOCK"


def clock_from(env: Mapping[str, str]) -> Clock:
    """The clock that the environment asks for. Raises SettingsError when ASKBOT_CLOCK is no time with a zone."""
    typed = env.get(VARIABLE, "")
    return _from(_parsed(typed)) if typed else _machine


def _machine() -> datetime:
    return datetime.now(UTC)


def _from(start: datetime) -> Clock:
    began = monotonic()
    return lambda: start + timedelta(seconds=monotonic() - began)


def _parsed(typed: str) -> datetime:
    try:
        moment = datetime.fromisoformat(typed)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    fault = Fault(
        file=f"环境变量 {VARIABLE}",
        line=1,
        column=1,
        code="bad_clock",
        severity=Severity.ERROR,
        message="不是带时区的时刻",
        hint="写成 2026-02-12T09:00:00+08:00",
    )
    raise SettingsError("配置有 1 个错误", (fault,))
