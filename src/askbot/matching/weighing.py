"""The needs of a line with the entries that come near them (权衡), as far as nobody's past is concerned.

Knows no clock and no conversation, so that what one viewer asks need not be worked out again for the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from askbot.matching import needs
from askbot.matching.bars import Bars
from askbot.matching.hearing import hear
from askbot.matching.need import Need
from askbot.matching.rank import Ranked, rank
from askbot.matching.repeats import kept
from askbot.matching.snapshot import Snapshot

KEPT = 512
"""Lines whose ranking is kept: about ten kilobytes each."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """A need and the entries that come near it."""

    need: Need
    ranked: Sequence[Ranked]

    @property
    def best(self) -> float:
        """The best confidence."""
        return self.ranked[0].confidence if self.ranked else 0.0


class Weigher:
    """Weighs the needs of lines by one knowledge version; threads may share it."""

    def __init__(self, snapshot: Snapshot, bars: Bars) -> None:
        @kept(KEPT)
        def whole(text: str) -> Need:
            heard = hear(text)
            return needs.whole(heard.typed, heard.clean.text, heard.acts, snapshot)

        @kept(KEPT)
        def alone(text: str, room: str) -> Weighing:
            return weigh(whole(text), snapshot, room)

        @kept(KEPT)
        def parted(text: str, room: str) -> tuple[Weighing, ...]:
            parts = needs.parts(whole(text), hear(text).acts, snapshot)
            each = [weigh(part, snapshot, room) for part in parts]
            return _distinct([w for w in each if w.best >= bars.answer]) or (alone(text, room),)

        self.whole = whole
        """The line as one need."""
        self.alone = alone
        """The line as one need, in a room."""
        self.parted = parted
        """The line's needs, in a room: its parts where each surely asks something of its own, the whole otherwise."""


def weigh(need: Need, snapshot: Snapshot, room: str) -> Weighing:
    """The need with the entries of the room that come near."""
    return Weighing(need, rank(need, snapshot, room))


def _distinct(parts: Sequence[Weighing]) -> tuple[Weighing, ...]:
    """The parts but for those that ask what another asks; none when only one is left."""
    distinct: dict[tuple[str, tuple[str, ...]], Weighing] = {}
    for part in parts:
        entry = part.ranked[0].profile.entry
        named = tuple(m.text for m in part.need.names if m.of(entry.list_name))
        if entry.list_name and not named and any(e == entry.id for e, _ in distinct):
            continue
        if named and (entry.id, ()) in distinct:
            del distinct[entry.id, ()]
        distinct.setdefault((entry.id, named if entry.list_name else ()), part)
    return tuple(distinct.values()) if len(distinct) > 1 else ()
