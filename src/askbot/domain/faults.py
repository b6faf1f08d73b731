"""A fault in something that people wrote: a knowledge file or the configuration."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """错误 forbids taking the file; 警告 does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault, at the place where the clerk must mend it; line and column count from 1."""

    file: str
    line: int
    column: int
    code: str
    severity: Severity
    message: str
    hint: str

    def __post_init__(self) -> None:
        if self.line < 1 or self.column < 1:
            raise ValueError(f"a fault's place counts from 1, not {self.line}:{self.column}")


def errors_of(faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
    """Those that forbid taking the file."""
    return tuple(f for f in faults if f.severity is Severity.ERROR)
