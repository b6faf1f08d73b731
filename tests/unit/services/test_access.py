"""Who may do what with which ticket; tokens."""

from datetime import UTC, datetime

import pytest

from askbot.domain.tickets import Move, State, Ticket
from askbot.errors import ForbiddenError
from askbot.services.access import Caller, Role, digest_of, new_token

AT = datetime(2026, 2, 12, tzinfo=UTC)


def ticket(department: str | None, forwarded_to: str | None) -> Ticket:
    return Ticket(
        id="aaaaaaaaaaaa", room="main", state=State.FORWARDED if forwarded_to else State.NEW, askers=1, messages=1,
        first_at=AT, last_at=AT, changed_at=AT, wording="x", reason="no_entry", due=AT, department=department,
        forwarded_to=forwarded_to,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("own", "department", "forwarded_to", "sees", "moves"),
    [
        ("交通局", "交通局", None, True, False),  # the stream's own queue is the stream's
        ("交通局", "交通局", "交通局", True, True),
        ("交通局", "医保局", "交通局", True, True),
        ("交通局", "交通局", "医保局", False, False),  # handed on to another
        ("交通局", None, None, False, False),
        (None, None, None, False, False),  # a clerk of no department sees nothing
        (None, "交通局", "交通局", False, False),
        ("", None, None, False, False),
    ],
)
def test_a_clerks_tickets(
    own: str | None, department: str | None, forwarded_to: str | None, sees: bool, moves: bool
) -> None:
    clerk, one = Caller(name="c", role=Role.CLERK, department=own), ticket(department, forwarded_to)
    assert clerk.may_see(one) is sees
    for move in Move:
        allowed = moves and move in {Move.ANSWER, Move.RETURN, Move.UNDO}
        if allowed:
            clerk.need_move(move, one)
        else:
            with pytest.raises(ForbiddenError):
                clerk.need_move(move, one)


@pytest.mark.parametrize("role", [Role.HOST, Role.ASSISTANT, Role.ADMIN])
def test_the_streams_people_move_everything(role: Role) -> None:
    for one in (ticket("交通局", None), ticket(None, "医保局")):
        assert Caller(name="x", role=role).may_see(one)
        for move in Move:
            Caller(name="x", role=role).need_move(move, one)


def test_tokens_are_long_random_and_kept_as_digests() -> None:
    made = {new_token() for _ in range(100)}
    assert len(made) == 100
    for token, digest in made:
        assert len(token) >= 40
        assert digest == digest_of(token)
        assert token not in digest
