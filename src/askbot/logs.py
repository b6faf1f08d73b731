"""Structured logs on standard error: JSON lines, or readable ones on a terminal; never chat text, never a secret.

Events are facts (`area.past_participle`), ids and numbers are fields. What a field may be called and hold is checked
here, so that a mistake elsewhere loses a field, not a citizen's words. Tracebacks name places, without values.
"""

import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any, TextIO

import structlog

FORBIDDEN = (
    "answer", "asked", "authorization", "body", "cookie", "content", "header", "message", "name", "need", "nick",
    "param", "passw", "payload", "phone", "query", "question", "secret", "signature", "text", "token", "url", "user",
    "wording",
)  # fmt: skip
"""A field whose name holds one of these may hold chat text, a person or a secret."""
ALLOWED = frozenset({"message_id", "messages"})
"""…but for these, which are ids and numbers."""
LONGEST = 200
MOST_FRAMES = 12
REPEATED = 10.0
Event = MutableMapping[str, Any]
_OWN = frozenset({"event", "level", "timestamp", "exc_info", "logger"})


def set_up_logs(stream: TextIO | None = None, *, level: int = logging.INFO) -> None:
    """Send structlog's events and the libraries' own log records to the stream (standard error)."""
    target = stream or sys.stderr
    terminal = target.isatty()
    renderer: Any = (
        structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_strangers_words,
            with_places_of_error,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(target),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [_ToStructlog()]
    root.setLevel(logging.WARNING)


def without_strangers_words(logger: object, method: str, event: Event) -> Event:
    """Drop fields that may hold chat text, names or secrets, and everything that is no plain bounded value."""
    del logger, method
    dropped = [key for key, value in event.items() if key not in _OWN and not _harmless(key, value)]
    for key in dropped:
        del event[key]
    if dropped:
        event["dropped_fields"] = sorted(dropped)
    return event


def _harmless(key: str, value: object) -> bool:
    if key not in ALLOWED and any(part in key.lower() for part in FORBIDDEN):
        return False
    if isinstance(value, list | tuple | set | frozenset):
        return len(value) <= LONGEST and all(_plain(one) for one in value)
    return _plain(value)


def _plain(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST
    return value is None or isinstance(value, bool | int | float)


def with_places_of_error(logger: object, method: str, event: Event) -> Event:
    """Replace an exception by the names of its chain and the places it went through; its words may be a stranger's."""
    del logger, method
    info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = " < ".join(_chain(error))
        event["places"] = _places(error.__traceback__)
    return event


def _chain(error: BaseException | None) -> list[str]:
    names: list[str] = []
    while error is not None and len(names) < MOST_FRAMES:
        names.append(type(error).__name__)
        error = error.__cause__ or error.__context__
    return names


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-MOST_FRAMES:]
    return [f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in frames]


class _ToStructlog(logging.Handler):
    """The libraries' records: which library, at which level, from which line; their words may hold anything.

    Of each line at most one in REPEATED seconds: who sends us garbage must not fill the disk.
    """

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[tuple[str, int], float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Log that a library logged."""
        line = (record.pathname, record.lineno)
        if record.created - self._told.get(line, 0.0) < REPEATED:
            return
        self._told[line] = record.created
        fields: Mapping[str, Any] = {"logger": record.name, "place": f"{record.module}:{record.lineno}"}
        log = structlog.get_logger()
        method = log.error if record.levelno >= logging.ERROR else log.warning
        method("library.logged", exc_info=record.exc_info or None, **fields)
