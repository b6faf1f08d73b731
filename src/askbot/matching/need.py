"""A need (诉求) before it is decided: its text, the names in it, its reading, and how much each unit counts."""

from dataclasses import dataclass, field
from functools import cached_property

from askbot.matching.names.index import Mention
from askbot.matching.reading import Reading


@dataclass(frozen=True)
class Need:
    """One thing that somebody wants to know or have done.

    `typed` is what the citizen typed, `text` its normal form; `focus` are the character ranges that ask (the rest is
    the reason or the circumstances and counts less); `earlier` is the need before it, when this one completes it.
    """

    typed: str
    text: str
    mentions: tuple[Mention, ...]
    reading: Reading
    focus: tuple[tuple[int, int], ...] = ()
    earlier: "Need | None" = None
    inherited: tuple[Mention, ...] = field(default=())

    def in_focus(self, place: int) -> bool:
        """Whether the character at that place belongs to what is asked."""
        return not self.focus or any(start <= place < end for start, end in self.focus)

    @cached_property
    def literal(self) -> str:
        """The text without the names in it, for what must be taken literally; with the earlier need's."""
        before = self.earlier.literal + "|" if self.earlier else ""
        return before + self.reading.text

    @property
    def names(self) -> tuple[Mention, ...]:
        """Its own names or, where it has none, those of the need that it completes."""
        return self.mentions or self.inherited
