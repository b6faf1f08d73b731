"""Tickets: the whole table of moves, what time does to a ticket, its rank, and what makes two needs one."""

from datetime import timedelta

import pytest

from askbot.domain.decision import Reason
from askbot.domain.knowledge import Priority
from askbot.domain.tickets import MOVES, OPEN, REASONS, Cause, Move, State, Ticket, digest
from desks import NOW, gist, need, seconds

ALLOWED = {
    # from: what its moves lead to, as the desk's manual tells it
    State.NEW: "claim>claimed answer>answered forward>forwarded defer>deferred dismiss>dismissed merge>merged split>new",
    State.CLAIMED: "claim>claimed renew>claimed release>new answer>answered forward>forwarded defer>deferred dismiss>dismissed merge>merged split>claimed",
    State.FORWARDED: "answer>answered forward>forwarded return>returned dismiss>dismissed merge>merged split>forwarded",
    State.RETURNED: "claim>claimed answer>answered forward>forwarded defer>deferred dismiss>dismissed merge>merged split>returned",
    State.DEFERRED: "claim>claimed answer>answered forward>forwarded defer>deferred dismiss>dismissed merge>merged split>deferred",
    State.ANSWERED: "",
    State.DISMISSED: "",
    State.MERGED: "",
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", Move)
def test_the_whole_table(state: State, move: Move) -> None:
    allowed = dict(pair.split(">") for pair in ALLOWED[state].split())
    to = MOVES.get((state, move))
    assert (to.value if to else None) == allowed.get(move.value)


def test_a_closed_ticket_knows_no_move_but_undo() -> None:
    assert {state for state, _ in MOVES} == OPEN
    assert not any(move is Move.UNDO for _, move in MOVES)


def ticket(**values: object) -> Ticket:
    known: dict[str, object] = {
        "id": "t",
        "room": "main",
        "askers": 3,
        "messages": 4,
        "first_at": NOW,
        "last_at": NOW,
        "changed_at": NOW,
        "wording": "308现在能走不",
        "reason": Reason.STALE,
        "due": NOW + timedelta(hours=2),
    }
    return Ticket(**(known | values))  # type: ignore[arg-type]


CLAIMED = {"state": State.CLAIMED, "holder": "甲", "lease_until": NOW + seconds(90)}
DEFERRED = {"state": State.DEFERRED, "deferred_until": NOW + seconds(600)}


@pytest.mark.parametrize(
    ("values", "after", "state"),
    [
        (CLAIMED, 89, State.CLAIMED),
        (CLAIMED, 90, State.NEW),
        (DEFERRED, 599, State.DEFERRED),
        (DEFERRED, 600, State.NEW),
        ({"state": State.RETURNED}, 10**6, State.RETURNED),
    ],
)
def test_what_time_does(values: dict[str, object], after: int, state: State) -> None:
    settled = ticket(**values).settled(NOW + seconds(after))
    assert settled.state is state
    assert settled.settled(NOW + seconds(after)) == settled
    assert (settled.holder is None) == (state is not State.CLAIMED)


@pytest.mark.parametrize(
    ("askers", "waited", "priority", "rank"),
    [
        (3, 0, Priority.NORMAL, 3),  # at least one minute
        (3, 119, Priority.NORMAL, 3),  # whole minutes
        (3, 120, Priority.NORMAL, 6),
        (3, 120, Priority.HIGH, 18),
        (3, 120, Priority.URGENT, 60),
        (3, -50, Priority.NORMAL, 3),  # a clock that went back
    ],
)
def test_rank(askers: int, waited: int, priority: Priority, rank: int) -> None:
    assert ticket(askers=askers, priority=priority).rank(NOW + seconds(waited)) == rank


def test_overdue() -> None:
    late = NOW + timedelta(hours=3)
    assert ticket().overdue(late)
    assert not ticket().overdue(NOW)
    assert not ticket(state=State.ANSWERED).overdue(late)
    forwarded = ticket(state=State.FORWARDED, forwarded_to="住建局", forward_due=NOW + timedelta(days=3))
    assert not forwarded.overdue(late), "the department's own term counts"


@pytest.mark.parametrize(
    "values",
    [
        {"state": State.CLAIMED},
        {"holder": "甲", "lease_until": NOW},
        {"state": State.DEFERRED},
        {"version": 0},
        {"askers": 5},
    ],
)
def test_nonsense_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        ticket(**values)


@pytest.mark.parametrize(
    "values", [{"room": ""}, {"user_id": ""}, {"at": NOW.replace(tzinfo=None)}, {"reason": "nonsense"}]
)
def test_a_need_refuses_nonsense(values: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        need(**values)


def test_every_reason_is_a_word_for_a_need() -> None:
    assert {need(reason=word).reason for word in REASONS} == {*Reason, *Cause}


@pytest.mark.parametrize(
    ("a", "b", "same", "reason"),
    [
        ({"entry": "e", "item": "i"}, {"entry": "e", "item": "i", "reason": "expired"}, True, "same entry and item"),
        ({"entry": "e", "item": "i"}, {"entry": "e", "item": "j"}, False, "another item"),
        ({"entry": "e", "item": "i"}, {"entry": "e", "unlisted": "i"}, False, "a name that is no item"),
        ({"entry": "e"}, {"entry": "f"}, False, "another entry"),
        ({"entry": "e"}, {"entry": "e", "room": "jobs"}, False, "another room"),
        (
            {"entry": "e", "item": "i", "suggestion": "甲"},
            {"entry": "e", "item": "i", "suggestion": "乙"},
            True,
            "news of the same item",
        ),
        (
            {"entry": "e", "suggestion": "甲路不在名单"},
            {"entry": "e", "suggestion": "乙路不在名单"},
            False,
            "one key must fit all askers",
        ),
        (
            {"suggestion": "甲", "reason": "undelivered"},
            {"suggestion": "甲", "reason": "undelivered"},
            True,
            "one reply failed for both",
        ),
    ],
)
def test_join_key(a: dict[str, object], b: dict[str, object], same: bool, reason: str) -> None:
    stale = {"reason": Reason.STALE}
    assert (need(**(stale | a)).join_key == need(**(stale | b)).join_key) is same, reason


def test_unsure_of_its_entry_joins_by_text_only() -> None:
    assert need(entry="e", reason=Reason.UNSURE).join_key is None
    assert need(entry=None).join_key is None


def test_buckets_hold_what_must_be_equal() -> None:
    one = need(gist=gist("能走", numbers=["308"]))
    assert one.bucket == need(gist=gist("怎么走", numbers=["308"])).bucket
    for other in (
        gist("能走", numbers=["307"]),
        gist("能走", numbers=["308"], polarity="-"),
        gist("能走", places=["308"]),
    ):
        assert one.bucket != need(gist=other).bucket
    assert need("甲", gist=None).bucket != need("乙", gist=None).bucket


def test_digest_tells_parts_apart() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("", None) != digest(None, "")
    assert digest("a", None) != digest("a")
