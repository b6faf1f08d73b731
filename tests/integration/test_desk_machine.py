"""Any sequence of asking, moving, merging, splitting, undoing: nobody who asked is lost or counted twice."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from askbot.domain.decision import Reason
from askbot.domain.tickets import OPEN, State, Ticket
from askbot.errors import ConflictError, InputError
from askbot.store.base import METADATA
from askbot.store.tables import REPLIES
from askbot.store.ticket_tables import TICKET_HISTORY, TICKET_NEEDS, TICKETS
from desks import DeskBench, gist, need

PEOPLE = st.sampled_from(["甲", "乙"])
TOPICS = st.sampled_from([("能走", "+"), ("能走", "-"), ("停水", "+"), ("停水 几点", "+"), ("津贴 怎么 领", "+")])
SIMPLE = st.sampled_from(
    [
        ("claim", {}),
        ("renew", {}),
        ("release", {}),
        ("answer", {"text": "已开通"}),
        ("answer", {"spoken": True}),
        ("forward", {"department": "住建局"}),
        ("return", {"reason": "不属本局"}),
        ("defer", {"minutes": 1}),
        ("dismiss", {"reason": "重复"}),
    ]
)


class DeskMachine(RuleBasedStateMachine):
    """A queue, and beside it the plainest account of who asked what."""

    @initialize()
    def start(self) -> None:
        engine = create_engine("sqlite://", poolclass=StaticPool)
        METADATA.create_all(engine)
        self.bench = DeskBench(engine)
        numbers = count(1)
        self.bench.desk = replace(self.bench.desk, new_id=lambda: f"t{next(numbers)}")  # the same at every replay
        self.asked: list[tuple[str, str]] = []
        self.history: list[Any] = []
        self.undoable: tuple[str, str, dict[str, Ticket]] | None = None
        self.number = 0

    @rule(topic=TOPICS, user=st.integers(0, 6), keyed=st.booleans())
    def ask(self, topic: tuple[str, str], user: int, *, keyed: bool) -> None:
        text, polarity = topic
        self.number += 1
        about = {"entry": text, "item": polarity, "reason": Reason.STALE} if keyed else {}
        one = need(
            f"{text}{polarity}",
            gist=gist(text, polarity=polarity),
            user_id=f"u{user}",
            message_id=f"k{self.number}",
            at=self.bench.now,
            **about,
        )
        ticket = self.bench.register(one)[0]
        self.asked.append((one.message_id, one.user_id))
        assert self.bench.ticket(ticket).state in OPEN
        texts = {n["text"][-1] for n in self.bench.rows(TICKET_NEEDS) if n["ticket"] == ticket}
        steps = {s["ticket"] for s in self.bench.rows(TICKET_HISTORY) if s["move"] in {"merge", "split"}}
        assert texts == {polarity} or ticket in steps, "only a person joins a question with its negation"
        self.undoable = None

    @precondition(lambda self: self.asked)
    @rule(data=st.data(), by=PEOPLE, order=SIMPLE)
    def move(self, data: st.DataObject, by: str, order: tuple[str, dict[str, object]]) -> None:
        self.try_move(data.draw(st.sampled_from(self.ids())), order[0], by, order[1])

    @precondition(lambda self: len(self.bench.tickets()) > 1)
    @rule(data=st.data(), by=PEOPLE)
    def merge(self, data: st.DataObject, by: str) -> None:
        ids = st.sampled_from(self.ids())
        self.try_move(data.draw(ids), "merge", by, {"into": data.draw(ids)})

    @precondition(lambda self: self.asked)
    @rule(data=st.data(), by=PEOPLE)
    def split(self, data: st.DataObject, by: str) -> None:
        ticket = data.draw(st.sampled_from(self.ids()))
        mine = [n["message_id"] for n in self.bench.rows(TICKET_NEEDS) if n["ticket"] == ticket] or ["none"]
        self.try_move(
            ticket, "split", by, {"messages": data.draw(st.lists(st.sampled_from(mine), min_size=1, unique=True))}
        )

    @precondition(lambda self: self.undoable)
    @rule()
    def undo_the_last(self) -> None:
        """At once after a move: all tickets stand as before it."""
        assert self.undoable is not None
        ticket, by, before = self.undoable
        self.bench.move(ticket, "undo", by=by)
        after = self.bench.tickets()
        for known, old in before.items():
            new = after[known].settled(self.bench.now)
            names = [n for n in TICKETS.c.keys() if hasattr(new, n) and getattr(new, n) != getattr(old, n)]  # noqa: SIM118
            assert set(names) <= {"version", "changed_at", "lease_until"}
        self.undoable = None

    @precondition(lambda self: self.asked)
    @rule(data=st.data(), by=PEOPLE)
    def undo_any(self, data: st.DataObject, by: str) -> None:
        self.try_move(data.draw(st.sampled_from(self.ids())), "undo", by, {})

    @rule(passed=st.sampled_from([1, 9, 11, 61, 91]))
    def wait(self, passed: int) -> None:
        self.bench.now += timedelta(seconds=passed)
        self.undoable = None

    def ids(self) -> list[str]:
        return [t.id for t in sorted(self.bench.tickets().values(), key=lambda t: t.seq)]

    def try_move(self, ticket: str, move: str, by: str, body: dict[str, object]) -> None:
        """It is done as the table says, or it changes nothing."""
        before = self.bench.tickets()
        rows = self.bench.rows(TICKET_NEEDS), self.bench.rows(TICKET_HISTORY), self.bench.rows(REPLIES)
        try:
            self.bench.move(ticket, move, by=by, **body)
        except (ConflictError, InputError):
            assert self.bench.tickets() == before
            assert (self.bench.rows(TICKET_NEEDS), self.bench.rows(TICKET_HISTORY), self.bench.rows(REPLIES)) == rows
            return
        settled = {known: t.settled(self.bench.now) for known, t in before.items()}
        recorded = len(self.bench.rows(TICKET_HISTORY)) > len(rows[1])
        self.undoable = (ticket, by, settled) if move != "undo" and recorded else None

    @invariant()
    def nobody_is_lost(self) -> None:
        needs = self.bench.rows(TICKET_NEEDS)
        assert sorted((n["message_id"], n["user_id"]) for n in needs) == sorted(self.asked)
        tickets = self.bench.tickets()
        for ticket in tickets.values():
            mine = [n for n in needs if n["ticket"] == ticket.id]
            assert (ticket.askers, ticket.messages) == (len({n["asker"] for n in mine}), len(mine))
            assert (ticket.messages == 0) == (ticket.state is State.MERGED)
            if mine:
                assert (ticket.first_at, ticket.last_at) == (min(n["at"] for n in mine), max(n["at"] for n in mine))

    @invariant()
    def likes_are_led_to_open_tickets(self) -> None:
        tickets = self.bench.tickets()
        for row in self.bench.rows(TICKETS):
            root = tickets[row["id"]]
            while root.state is State.MERGED:
                assert root.merged_into is not None
                root = tickets[root.merged_into]
            assert row["joins"] == (root.id if root.state in OPEN else None)

    @invariant()
    def history_only_grows(self) -> None:
        rows = self.bench.rows(TICKET_HISTORY)
        assert rows[: len(self.history)] == self.history
        self.history = rows

    @invariant()
    def one_reply_stands_for_each_answer(self) -> None:
        waiting = sorted(r["ticket"] for r in self.bench.rows(REPLIES) if r["state"] == "waiting")
        answered = sorted(t.id for t in self.bench.tickets().values() if t.state is State.ANSWERED and not t.spoken)
        assert waiting == answered

    def teardown(self) -> None:
        if hasattr(self, "bench"):
            self.bench.engine.dispose()


DeskMachine.TestCase.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
TestDesk = DeskMachine.TestCase
