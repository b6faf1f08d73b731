"""What the queue of tickets asks of the store. Rules (who may move, what joins what) are services/desk*.py's."""

from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from askbot.domain.decision import Gist
from askbot.domain.tickets import NewNeed, State, Step, Ticket

Position = tuple[int, int]
"""Where a page ended: (sort key, seq)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A new ticket, and what makes others join it: the key of its entry, or its bucket with its text."""

    ticket: Ticket
    join_key: str | None = None
    bucket: str | None = None
    gist_text: str = ""
    opener: str | None = None
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """What joining needs change of an open ticket: `askers` and `messages` are added, the rest is set."""

    ticket: str
    askers: int
    messages: int
    last_at: datetime
    wording: str
    suggestion: str | None
    knowledge_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketNeed:
    """One need of a ticket as stored. `anonymous`: its asker was pseudonymised or forgotten, and cannot be answered."""

    seq: int
    ticket: str
    source: str
    message_id: str
    user_id: str
    user_name: str
    asker: str
    text: str
    gist: Gist | None
    at: datetime
    anonymous: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """A ticket's needs, counted: distinct askers, messages, the first and last time (None without needs)."""

    askers: int
    messages: int
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageQuery:
    """Which tickets: of a room, in these states as they are at `at`, of a department and topic if given."""

    room: str
    states: frozenset[State]
    at: datetime
    after: Position | None = None
    limit: int = 50
    department: str | None = None
    topic: str | None = None


class TicketJoining(Protocol):
    """What registering needs asks: a few queries for a whole batch."""

    def joinable(self, keys: Collection[str]) -> Mapping[str, str]:
        """Key → the open ticket that its needs join (also when the key's own ticket was merged into it)."""

    def alike(self, bucket: str, *, limit: int) -> Sequence[tuple[str, str]]:
        """(text, open ticket that it joins) of the bucket's latest tickets, newest first."""

    def asked(self, pairs: Collection[tuple[str, str]]) -> AbstractSet[tuple[str, str]]:
        """Those of the (ticket, asker) that have a need already."""

    def opened_since(self, openers: Collection[str], since: datetime) -> Mapping[str, int]:
        """How many tickets these askers have opened since then, collecting ones not counted."""

    def open(self, openings: Sequence[Opening]) -> None:
        """Store new tickets."""

    def add_needs(self, needs: Sequence[tuple[str, NewNeed]]) -> None:
        """Store (ticket, need)s."""

    def grow(self, growths: Sequence[Growth]) -> None:
        """Count joined needs; the version stays."""


class TicketMoving(Protocol):
    """What moves ask."""

    def change(self, before: Ticket, after: Ticket) -> bool:
        """Set what differs if the stored version is still `before`'s; False when somebody was first."""

    def record(self, steps: Sequence[Step]) -> None:
        """Append to the history."""

    def last_step(self, ticket: str) -> Step | None:
        """The newest line of the ticket's history."""

    def steps_of(self, op: str) -> Sequence[Step]:
        """All lines of one move, oldest first."""

    def move_needs(self, source: str, target: str, *, op: str, only: Collection[int] | None = None) -> int:
        """Hand needs (all, or those of these seq) to another ticket, marked with the move; how many."""

    def return_needs(self, source: str, target: str, *, op: str | None) -> int:
        """Hand back from `source` what that move brought (None: all of its needs); how many."""

    def census(self, ticket: str) -> Census:
        """Count its needs."""

    def attract(self, ticket: str, to: str | None) -> None:
        """Let who asks the same as this ticket, or as one merged into it, join `to`; None: nobody joins any more."""


class TicketStore(TicketJoining, TicketMoving, Protocol):
    """Tickets (工单), their needs and their history."""

    def get(self, ticket: str) -> Ticket | None:
        """One ticket."""

    def get_many(self, tickets: Collection[str]) -> Mapping[str, Ticket]:
        """Those that there are."""

    def needs(self, ticket: str, *, limit: int | None = None) -> Sequence[TicketNeed]:
        """Its needs, oldest first; with a limit the newest so many."""

    def history(self, ticket: str, *, limit: int) -> Sequence[Step]:
        """The newest lines of its history, oldest first."""

    def page(self, query: PageQuery) -> Sequence[tuple[Ticket, Position]]:
        """Open ones by rank at `query.at`, then closed ones, the latest first."""

    def counts(self, at: datetime) -> Mapping[str, Mapping[str, int]]:
        """By room: how many open tickets in each state (as it is at that time), and `overdue`."""

    def pseudonymise_before(self, at: datetime, pseudonym: Callable[[str, str], str], *, limit: int = 5000) -> int:
        """Names away and user ids replaced in at most `limit` needs older than `at`; how many."""

    def erase_text_before(self, at: datetime, *, limit: int = 5000) -> int:
        """What viewers wrote and officials answered away where older than `at`, `limit` rows a table; how many."""

    def forget_user(self, source: str, user_id: str) -> int:
        """Erase what is kept of this viewer; the count of askers stays. How many needs."""
