"""What is to be done about one need: a closed union. One message has at least one decision, one per need.

The union is matched with `assert_never`; `decision_form` is its JSON form, the contract of replay, eval and the API.
"""

from dataclasses import dataclass
from enum import StrEnum

from askbot.domain.wording import Wording


class Reason(StrEnum):
    """Why a need goes to a person (or, off_theme, to another session)."""

    NO_ENTRY = "no_entry"
    UNLISTED = "unlisted"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    STALE = "stale"
    NO_VARIANT = "no_variant"
    ALWAYS = "always"
    UNSURE = "unsure"
    OFF_THEME = "off_theme"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An answer that an assistant is offered to send with one key. `confidence` is in [0, 1]."""

    entry: str
    item: str | None = None
    unlisted: str | None = None
    confidence: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence {self.confidence} is not in [0, 1]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gist:
    """What two needs must share to be one ticket: near text, and the same places, numbers and polarity."""

    text: str
    places: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    polarity: str = ""

    @property
    def fixed(self) -> str:
        """The part that must be equal, as one comparable string."""
        return "|".join((",".join(self.places), ",".join(self.numbers), self.polarity))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Said by the bot. `also_escalate` (并转): a ticket is made as well."""

    need: str
    entry: str
    item: str | None = None
    unlisted: str | None = None
    confidence: float
    wording: Wording
    why: str
    also_escalate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Clarify:
    """One short question back. `entry` is the better one where two are near; `candidates` are what is offered."""

    need: str
    entry: str
    item: str | None = None
    confidence: float
    wording: Wording
    why: str
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate:
    """A ticket for the official. `wording`, if there is one, is the holding reply (仅转)."""

    need: str
    reason: Reason
    entry: str | None = None
    item: str | None = None
    unlisted: str | None = None
    confidence: float = 0.0
    wording: Wording | None = None
    why: str
    candidates: tuple[Candidate, ...] = ()
    gist: Gist


@dataclass(frozen=True, slots=True, kw_only=True)
class Defer:
    """Registered for the session of the department that it belongs to."""

    need: str
    reason: Reason = Reason.OFF_THEME
    entry: str | None = None
    item: str | None = None
    unlisted: str | None = None
    confidence: float = 0.0
    wording: Wording | None = None
    why: str
    candidates: tuple[Candidate, ...] = ()
    gist: Gist


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """Nothing to do. `kind` is a short English word for counting (greeting, statement, ad, noise …)."""

    need: str
    kind: str
    why: str
    confidence: float = 1.0


Decision = Answer | Clarify | Escalate | Defer | Ignore
ACTIONS: dict[type, str] = {
    Answer: "answer",
    Clarify: "clarify",
    Escalate: "escalate",
    Defer: "defer",
    Ignore: "ignore",
}


def action_of(decision: Decision) -> str:
    """The decision's action: answer, clarify, escalate, defer or ignore."""
    return ACTIONS[type(decision)]


def candidate_form(candidate: Candidate) -> dict[str, object]:
    """The JSON form of a candidate."""
    return {
        "entry": candidate.entry,
        "item": candidate.item,
        "unlisted": candidate.unlisted,
        "confidence": round(candidate.confidence, 4),
    }


def decision_form(decision: Decision) -> dict[str, object]:
    """The JSON form of a decision: all ten keys, null where they do not apply."""
    wording: Wording | None = getattr(decision, "wording", None)
    reason: Reason | None = getattr(decision, "reason", None)
    candidates: tuple[Candidate, ...] = getattr(decision, "candidates", ())
    return {
        "action": action_of(decision),
        "entry": getattr(decision, "entry", None),
        "item": getattr(decision, "item", None),
        "unlisted": getattr(decision, "unlisted", None),
        "reason": reason.value if reason else None,
        "confidence": round(decision.confidence, 4),
        "reply": wording.full() if wording else None,
        "why": decision.why,
        "candidates": [candidate_form(c) for c in candidates],
    }
