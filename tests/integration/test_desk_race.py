"""Two people at one queue, each in a process of their own: nothing is said twice, nothing is lost, who is late is told."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from askbot.domain.decision import Reason
from askbot.domain.tickets import OPEN, Move, State
from askbot.errors import ConflictError, InputError
from askbot.store.tables import REPLIES, REPLY_ASKERS
from askbot.store.ticket_tables import TICKET_HISTORY, TICKET_NEEDS
from desks import DeskBench, gist, need, open_bench

PEOPLE = ("甲", "乙")
MOVES = 200


@pytest.fixture
def bench(database_url: str) -> Iterator[DeskBench]:
    opened = open_bench(database_url)
    yield opened
    opened.engine.dispose()


def together(*work: Callable[[], None]) -> None:
    """Run all at once; the first failure is the test's."""
    failures: list[BaseException] = []

    def guarded(one: Callable[[], None]) -> None:
        try:
            one()
        except BaseException as error:  # noqa: BLE001 (handed to the test)
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


class Person:
    """Somebody who looks at the queue and then moves, sometimes too late."""

    def __init__(self, bench: DeskBench, name: str, gate: threading.Barrier) -> None:
        self.bench = bench.open_again()
        self.name = name
        self.gate = gate
        self.random = random.Random(name)
        self.done: list[tuple[Move, str]] = []
        self.conflicts: list[ConflictError] = []
        self.refused: list[str] = []

    def work(self) -> None:
        for number in range(MOVES):
            cards = sorted(self.bench.tickets().values(), key=lambda t: t.seq)
            self.gate.wait()  # both have looked before either moves
            card = self.random.choice(cards[:4]) if number % 2 else self.random.choice(cards)
            move = self.random.choice([m for m in Move if m is not Move.UNDO] + [Move.UNDO] * 4)
            try:
                self.bench.move(card.id, move, by=self.name, version=card.version, **self.body(move, card.id))
                self.done.append((move, card.id))
            except ConflictError as conflict:
                self.conflicts.append(conflict)
            except InputError as refused:
                self.refused.append(refused.code)
            self.gate.wait()
        self.bench.engine.dispose()

    def body(self, move: Move, ticket: str) -> dict[str, object]:
        if move is Move.MERGE:
            return {"into": self.random.choice([t for t in self.bench.tickets() if t != ticket])}
        if move is Move.SPLIT:
            needs = [n for n in self.bench.rows(TICKET_NEEDS) if n["ticket"] == ticket]
            return {"messages": [needs[0]["message_id"] if needs else "m-none"]}
        known: dict[Move, dict[str, object]] = {
            Move.ANSWER: {"text": f"{self.name}的答复{self.random.random()}"},
            Move.FORWARD: {"department": "住建局"},
            Move.RETURN: {"reason": "不属本局"},
            Move.DISMISS: {"reason": "重复"},
        }
        return known.get(move, {})


def test_two_people_and_two_hundred_moves_each(bench: DeskBench) -> None:
    texts = [f"第{n}路能走不" for n in range(12)]
    needs = [
        need(text, entry="road", item=text, reason=Reason.STALE, gist=gist(text)) for text in texts for _ in range(3)
    ]
    bench.register(*needs)
    gate = threading.Barrier(2, timeout=60)
    people = [Person(bench, name, gate) for name in PEOPLE]
    together(*(person.work for person in people))

    done = Counter(move for person in people for move, _ in person.done)
    losers = [conflict for person in people for conflict in person.conflicts]
    refused = [code for person in people for code in person.refused]
    assert sum(done.values()) + len(losers) + len(refused) == 2 * MOVES, "every move succeeded or was told why not"
    assert all({"version", "state"} <= set(conflict.details) for conflict in losers)
    assert set(refused) <= {"no_target", "nothing_stays", "no_message"}
    assert all({c.code for c in person.conflicts} & {"version", "claimed"} for person in people), (
        "both were late at times"
    )
    tickets = bench.tickets()
    held = bench.rows(TICKET_NEEDS)
    assert sorted(n["message_id"] for n in held) == sorted(n.message_id for n in needs), "no need is lost or doubled"
    for ticket in tickets.values():
        mine = [n for n in held if n["ticket"] == ticket.id]
        assert (ticket.askers, ticket.messages) == (len({n["asker"] for n in mine}), len(mine))
        assert not (ticket.state is State.MERGED and mine)
    steps = [s for s in bench.rows(TICKET_HISTORY) if not s["side"]]
    recorded = Counter(Move(s["move"]) for s in steps)
    quiet = {Move.CLAIM, Move.RENEW}  # a holder's second claim and a renewal leave no line
    assert {m: n for m, n in recorded.items() if m not in quiet} == {m: n for m, n in done.items() if m not in quiet}
    versions = Counter((s["ticket"], s["version"]) for s in steps)
    assert max(versions.values()) == 1, "no two moves led to the same version"

    waiting = {r["id"]: r for r in bench.rows(REPLIES) if r["state"] == "waiting"}
    assert Counter(r["ticket"] for r in waiting.values()) == Counter(
        t.id for t in tickets.values() if t.state is State.ANSWERED and t.messages
    ), "one reply stands for each answered ticket, none for another"
    spoken_to = Counter(a["message_id"] for a in bench.rows(REPLY_ASKERS) if a["reply"] in waiting)
    assert not spoken_to or max(spoken_to.values()) == 1, "nobody is told twice"


@pytest.mark.parametrize("locking", [True, False])
def test_at_the_same_version_one_wins(bench: DeskBench, *, locking: bool) -> None:
    """Also without the rooms' locks: the version is compared by the database itself."""
    ids = bench.register(*(need(str(n), entry=f"e{n}", reason=Reason.STALE) for n in range(20)))
    gate = threading.Barrier(2, timeout=60)
    lost: list[ConflictError] = []

    def worker(name: str) -> Callable[[], None]:
        other = bench.open_again(locking=locking)

        def work() -> None:
            for ticket in ids:
                gate.wait()
                try:
                    other.move(ticket, "answer", by=name, version=1, text=f"{name}说")
                except ConflictError as conflict:
                    lost.append(conflict)
            other.engine.dispose()

        return work

    together(*(worker(name) for name in PEOPLE))
    assert [c.code for c in lost] == ["version"] * len(ids)
    for conflict in lost:
        last = conflict.details["last_move"]
        assert isinstance(last, dict)
        assert last["by"] in PEOPLE
        assert (last["move"], conflict.details["state"], conflict.details["version"]) == ("answer", "answered", 2)
    replies = bench.rows(REPLIES)
    assert Counter(r["ticket"] for r in replies) == Counter(ids), "one reply each"
    assert {t.version for t in bench.tickets().values()} == {2}


def test_the_same_question_taken_by_two_processes_is_one_ticket(bench: DeskBench) -> None:
    gate = threading.Barrier(2, timeout=60)

    def worker(start: int) -> Callable[[], None]:
        other = bench.open_again()

        def work() -> None:
            for n in range(30):
                gate.wait()
                keyed = need(f"{n}路", user_id=f"{start}-{n}", entry="road", item=f"{n}路", reason=Reason.STALE)
                near_one = need("停水到几点", user_id=f"{start}-{n}", gist=gist("停水 几点", numbers=[str(n)]))
                other.register(keyed, near_one)
            other.engine.dispose()

        return work

    together(worker(1), worker(2))
    tickets = bench.tickets().values()
    assert [t.askers for t in tickets] == [2] * 60
    assert {t.state for t in tickets} <= OPEN
