"""The forms of tickets: cards, their messages and history, and the bodies of the eleven moves."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from askbot.domain.knowledge import Priority
from askbot.domain.tickets import Move, State
from askbot.services.desk_orders import ANSWER_LIMIT, MOST_MESSAGES, MOST_MINUTES, MOST_VERSION, REASON_LIMIT
from askbot.web.models import Asked, CandidateForm, Moment, Time, Told, UserForm

Words = Annotated[str, StringConstraints(min_length=1, max_length=REASON_LIMIT)]


class Versioned(Asked):
    """`version` is what the caller saw; somebody else's move in between is a conflict."""

    version: Annotated[int, Field(ge=1, le=MOST_VERSION)]


class AnswerBody(Versioned):
    """Typed (`text`), or said on the stream (`spoken`, with the seconds since its start)."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=ANSWER_LIMIT)] | None = None
    spoken: bool = False
    offset_seconds: Annotated[float, Field(ge=0)] | None = None


class ForwardBody(Versioned):
    """To a department, due at a time or by the ticket's level."""

    department: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    due: Moment | None = None


class ReasonBody(Versioned):
    """Why it is returned or dismissed."""

    reason: Words


class DeferBody(Versioned):
    """For how long it is put aside."""

    minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES)] = 10


class MergeBody(Versioned):
    """The ticket that takes its needs."""

    into: Annotated[str, StringConstraints(min_length=1, max_length=40)]


class MessageRef(Asked):
    """A message where two sources may share an id."""

    source: str
    id: str


class SplitBody(Versioned):
    """The messages that become a ticket of their own."""

    messages: Annotated[list[str | MessageRef], Field(min_length=1, max_length=MOST_MESSAGES)]


BODIES: dict[Move, type[Versioned]] = {
    Move.ANSWER: AnswerBody,
    Move.FORWARD: ForwardBody,
    Move.RETURN: ReasonBody,
    Move.DEFER: DeferBody,
    Move.DISMISS: ReasonBody,
    Move.MERGE: MergeBody,
    Move.SPLIT: SplitBody,
}
"""By move; the others take the version alone."""


class RankFactors(Told):
    """Askers × minutes waited × urgency."""

    askers: int
    minutes: int
    urgency: int


class Forwarded(Told):
    """To whom, until when."""

    department: str
    due: Time | None


class TicketCard(Told):
    """A ticket as it is now."""

    id: str
    room: str
    state: State
    version: int
    askers: int
    messages: int
    first_at: Time
    last_at: Time
    changed_at: Time
    wording: str
    reason: str
    why: str
    entry: str | None
    item: str | None
    unlisted: str | None
    candidates: list[CandidateForm]
    suggestion: str | None
    topic: str | None
    department: str | None
    priority: Priority
    due: Time
    overdue: bool
    rank: int
    rank_factors: RankFactors
    rank_formula: str
    holder: str | None
    lease_until: Time | None
    returns: int
    forwarded: Forwarded | None
    deferred_until: Time | None
    answer: str | None
    spoken: bool
    spoken_offset: float | None
    note: str | None
    merged_into: str | None
    knowledge_version: str


class TicketsPage(Told):
    """Cards: open ones by rank, then closed ones, the latest first."""

    items: list[TicketCard]
    next: str | None


class AskedForm(Told):
    """One message of a ticket."""

    id: str
    source: str
    user: UserForm
    text: str
    at: Time


class StepForm(Told):
    """One line of the history, which is never changed."""

    by: str
    at: Time
    move: Move
    from_: Annotated[State, Field(alias="from")]
    to: State
    version: int
    payload: dict[str, Any]


class TicketForm(TicketCard):
    """A card with its newest messages and its history, both oldest first."""

    asked: list[AskedForm]
    history: list[StepForm]


class MovedForm(TicketCard):
    """A card after a move. `created` by a split; `replies` queued; `withdrawn` by an undo, `left` had left before."""

    created: str | None
    replies: int
    withdrawn: int
    left: int
