"""Collects the faults of one file; the place comes from a node or is given. Knows nothing of what the file is about."""

import unicodedata
from typing import Protocol

from askbot.domain.faults import Fault, Severity

MOST_FAULTS = 500
"""Errors, and warnings, of one file that are told: whoever has more has one cause for them all."""
SHOWN = 40
"""Characters of a stranger's text that a message repeats."""


class Placed(Protocol):
    """Anything that stands at a line and a column."""

    @property
    def line(self) -> int:
        """The line, from 1."""

    @property
    def column(self) -> int:
        """The column in characters, from 1."""


class Place:
    """A place that is no node's own, such as a character inside a text."""

    __slots__ = ("column", "line")

    def __init__(self, line: int, column: int) -> None:
        self.line = line
        self.column = column


class FaultList:
    """The faults of one file, in the order in which they were found.

    `partial`: a part of the file could not be read, so that nothing is said about what is missing at its top.
    """

    __slots__ = ("counts", "faults", "file", "partial")

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.counts: dict[Severity, int] = {}
        self.partial = False

    @property
    def full(self) -> bool:
        """Whether no more errors are taken."""
        return self.counts.get(Severity.ERROR, 0) >= MOST_FAULTS

    def error(self, at: Placed, code: str, message: str, hint: str) -> None:
        """Add an error: the file cannot be taken."""
        self._add(at, code, Severity.ERROR, message, hint)

    def warning(self, at: Placed, code: str, message: str, hint: str) -> None:
        """Add a warning: the file is taken."""
        self._add(at, code, Severity.WARNING, message, hint)

    def _add(self, at: Placed, code: str, severity: Severity, message: str, hint: str) -> None:
        told = self.counts.get(severity, 0)
        if told >= MOST_FAULTS:
            return
        self.counts[severity] = told + 1
        fault = Fault(
            file=self.file, line=at.line, column=at.column, code=code, severity=severity, message=message, hint=hint
        )
        self.faults.append(fault)


def shown(text: str) -> str:
    """A stranger's text as a message may repeat it: quoted, on one line, bounded, without invisible characters."""
    cut = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    return (
        "“" + "".join(c if c == " " or unicodedata.category(c)[0] not in "CZ" else f"<{ord(c):04X}>" for c in cut) + "”"
    )
