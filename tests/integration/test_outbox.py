"""What may leave, when, and what becomes of it: on both databases, with a clock that the test moves."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from askbot.domain.chat import ChatMessage
from askbot.domain.knowledge import Entry, Knowledge, Variant
from askbot.domain.replies import SCREEN, Channel, Mode, OutgoingReply, ReplyKind, ReplyPolicy
from askbot.domain.tickets import NewNeed
from askbot.errors import DeliveryError
from askbot.matching import Matcher
from askbot.ports.storage import DecidedMessage, ReplyRequest, Row, UnitOfWork
from askbot.services.dispatch import SENDERS, Dispatch
from askbot.services.outbox import LEASE, Outbox
from askbot.services.outcomes import Outcome, Outcomes
from askbot.services.switches import SwitchBoard
from askbot.store import migrate
from askbot.store.sql_store import SqlStore, open_store

START = datetime(2026, 2, 12, 1, 0, tzinfo=UTC)
POLICY = ReplyPolicy(cooldown=timedelta(seconds=30), room_share=0.2, max_age=timedelta(seconds=45))
ENTRY = Entry(
    id="road", file="a.yaml", topic="道路", department="交通局", ask=("封了吗",), answer=(Variant(text="封了"),)
)
MATCHER = Matcher.build(Knowledge(version="v1", tz=UTC, entries=(ENTRY,), lists={}))


@dataclass
class Scene:
    """A store, a clock, and one process's half of the outbox without its loop."""

    store: SqlStore
    now: datetime = START
    needs: list[NewNeed] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now

    def register(self, _uow: UnitOfWork, needs: Sequence[NewNeed], _at: datetime) -> None:
        self.needs.extend(needs)

    def dispatch(self, owner: str = "one") -> Dispatch:
        return Dispatch(
            policy=POLICY, clock=self.clock, brain=lambda: MATCHER, register=self.register, owner=owner, lease=LEASE
        )

    def switches(self) -> SwitchBoard:
        return SwitchBoard(
            store=self.store, rooms=["main"], clock=self.clock, brain=lambda: MATCHER, register=self.register
        )

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    async def ask(self, user: str, *, about: str = "road", channel: str = "bridge", kind: str = "answer") -> None:
        request = ReplyRequest(
            room="main", channel=channel, key=about, kind=ReplyKind(kind), text=f"答 {about}", entry=about, item=None,
            knowledge_version="v1", source="s", message_id=f"m-{user}-{about}", user_id=user, user_name=user.upper(),
            need=f"问 {about}", asked_at=self.now, expires_at=self.now + POLICY.max_age,
        )  # fmt: skip

        def queue(uow: UnitOfWork, requests: Sequence[ReplyRequest]) -> list[None]:
            uow.replies.request(requests, at=self.now)
            return [None] * len(requests)

        await self.store.write(queue, request, rooms=("main",))

    async def chat(self, count: int) -> None:
        def add(uow: UnitOfWork, numbers: Sequence[int]) -> list[None]:
            for number in numbers:
                ids = [f"chat-{self.now.timestamp()}-{n}" for n in range(number)]
                uow.messages.add(
                    [
                        DecidedMessage(
                            message=ChatMessage(source="s", room="main", id=i, user_id="u", user_name="", text="早"),
                            taken_at=self.now,
                            decisions=({"action": "ignore", "reason": None},),
                            knowledge_version="v1",
                        )
                        for i in ids
                    ]
                )
            return [None] * len(numbers)

        await self.store.write(add, count, rooms=("main",))

    async def take(self, owner: str = "one", busy: Mapping[str, int] | None = None) -> list[OutgoingReply]:
        dispatch = self.dispatch(owner)
        rooms = await self.store.read(lambda uow: uow.replies.rooms_due(self.now))
        return [r for room in rooms for r in await self.store.write(dispatch.take, (room, busy or {}), rooms=(room,))]

    async def outcome(
        self, reply: OutgoingReply, *, failure: str | None = None, permanent: bool = False, owner: str = "one"
    ) -> None:
        outcomes = Outcomes(clock=self.clock, brain=lambda: MATCHER, register=self.register, owner=owner)
        await self.store.write(
            outcomes.keep, Outcome(reply=reply, failure=failure, permanent=permanent), rooms=("main",)
        )

    async def rows(self) -> list[Row]:
        return list(await self.store.read(lambda uow: uow.replies.page("main", after=0, limit=500)))

    async def states(self) -> list[str]:
        return [row["state"] for row in await self.rows()]

    async def counted(self, name: str) -> float:
        totals = await self.store.read(lambda uow: uow.messages.totals(["main"]))
        return totals["main"].get(name, 0)


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[Scene]:
    migrate.upgrade(database_url)
    store = await open_store(database_url, clock=lambda: START)
    yield Scene(store)
    await store.stop()


async def test_one_reply_speaks_to_all_who_asked_while_the_answer_cooled_down(scene: Scene) -> None:
    await scene.ask("a")
    (first,) = await scene.take()
    await scene.outcome(first)
    for user in ("b", "c", "b"):
        scene.later(5)
        await scene.ask(user)
        assert await scene.take() == [], "the same answer is not repeated within its cooldown"
    scene.later(16)  # 31 s after the first
    (merged,) = await scene.take()
    assert merged.in_reply_to == ("m-b-road", "m-c-road", "m-b-road")
    assert merged.askers == 2, "askers are distinct viewers"
    assert [m.name for m in merged.mentions] == ["B", "C"]
    assert merged.id != first.id


async def test_answers_about_other_things_do_not_cool_each_other(scene: Scene) -> None:
    await scene.ask("a", about="road")
    await scene.ask("a", about="ferry")
    await scene.ask("a", about="road", channel="other")
    assert len(await scene.take()) == 3


async def test_who_waited_longer_than_max_age_is_dropped_and_counted_the_others_are_told(scene: Scene) -> None:
    await scene.chat(1)
    await scene.ask("a")
    scene.later(40)
    await scene.ask("b")
    scene.later(6)  # a has waited 46 s, b 6 s
    (reply,) = await scene.take()
    assert reply.in_reply_to == ("m-b-road",)
    assert await scene.counted("askers.dropped.too_late") == 1
    rows = await scene.rows()
    assert [asker["dropped"] for asker in rows[0]["askers"]] == [True, False]


async def test_a_reply_that_nobody_waits_for_any_more_is_dropped(scene: Scene) -> None:
    await scene.ask("a")
    scene.later(46)
    assert await scene.take() == []
    assert await scene.states() == ["dropped"]
    assert await scene.counted("replies.dropped.too_late") == 1


async def test_the_bots_share_is_bounded_and_what_is_beyond_waits_and_merges(scene: Scene) -> None:
    for number in range(9):
        await scene.ask("a", about=f"entry-{number}")
    taken = await scene.take()
    assert len(taken) == 6, "a quiet room gets six a minute"
    for reply in taken:
        await scene.outcome(reply)
    await scene.ask("b", about="entry-8")
    assert await scene.take() == []
    await scene.chat(40)  # .2 × 40 = 8
    more = await scene.take()
    assert [len(reply.in_reply_to) for reply in more] == [1, 1]
    scene.later(44)
    await scene.ask("c", about="entry-8")
    scene.later(20)  # a minute after the first six
    (last,) = await scene.take()
    assert last.in_reply_to == ("m-c-entry-8",), "the others waited too long"


async def test_what_a_person_says_does_not_wait_for_the_share(scene: Scene) -> None:
    for number in range(6):
        await scene.ask("a", about=f"entry-{number}")
    await scene.take()
    await scene.ask("a", about="ticket:1", kind="manual")
    await scene.ask("a", about="entry-7")
    assert [reply.text for reply in await scene.take()] == ["答 ticket:1"]


async def test_a_failure_is_retried_with_the_same_id_and_words(scene: Scene) -> None:
    await scene.ask("a")
    (first,) = await scene.take()
    await scene.outcome(first, failure="time-out")
    await scene.ask("b")  # a new asker does not change what was tried
    assert await scene.take() == []
    scene.later(0.6)
    (again,) = await scene.take()
    assert (again.id, again.text, again.in_reply_to) == (first.id, first.text, first.in_reply_to)
    assert again.attempt == 2
    await scene.outcome(again)
    assert await scene.states() == ["said", "waiting"]


async def test_retries_end_with_max_age(scene: Scene) -> None:
    await scene.ask("a")
    (reply,) = await scene.take()
    while scene.now < START + timedelta(seconds=46):
        await scene.outcome(reply, failure="503")
        scene.later(11)
        taken = await scene.take()
        assert all(t.id == reply.id for t in taken)
    assert await scene.states() == ["dropped"]
    assert await scene.counted("askers.dropped.too_late") == 1


async def test_a_permanent_failure_becomes_a_ticket(scene: Scene) -> None:
    await scene.ask("a")
    (reply,) = await scene.take()
    await scene.outcome(reply, failure="403", permanent=True)
    scene.later(60)
    assert await scene.take() == []
    assert await scene.states() == ["failed"]
    (need,) = scene.needs
    assert (need.reason, need.entry, need.suggestion, need.department) == ("undelivered", "road", "答 road", "交通局")


async def test_a_dead_process_is_taken_over_with_the_same_id(scene: Scene) -> None:
    await scene.ask("a")
    (reply,) = await scene.take("one")
    assert await scene.take("two") == [], "a living lease is respected"
    scene.later(15.1)
    (taken_over,) = await scene.take("two")
    assert (taken_over.id, taken_over.text, taken_over.in_reply_to) == (reply.id, reply.text, reply.in_reply_to)
    await scene.outcome(reply, failure="time-out", owner="one")  # the old owner wakes up
    assert await scene.states() == ["sending"], "it may not take back what is no longer its own"
    await scene.outcome(reply, owner="one")
    await scene.outcome(taken_over, failure="boom", permanent=True, owner="two")
    assert await scene.states() == ["said"], "what was said stays said"
    assert scene.needs == []


async def test_two_processes_never_take_the_same_reply(scene: Scene) -> None:
    for number in range(6):
        await scene.ask("a", about=f"entry-{number}")
    ones, twos = await asyncio.gather(scene.take("one", busy={"bridge": 13}), scene.take("two", busy={"bridge": 13}))
    ids = [reply.id for reply in (*ones, *twos)]
    assert len(ids) == len(set(ids)) == 6


async def test_off_lets_nothing_leave_and_loses_nobody(scene: Scene) -> None:
    await scene.ask("a")
    await scene.ask("a", about="ticket:1", kind="manual")
    await scene.switches().set_mode("main", Mode.OFF, by="host")
    assert await scene.take() == []
    assert [need.reason for need in scene.needs] == ["suggested"], "who asked is in the queue"
    await scene.switches().set_mode("main", Mode.AUTO, by="host")
    assert [reply.text for reply in await scene.take()] == ["答 ticket:1"], "a person's words were held"
    assert await scene.states() == ["withdrawn", "sending"]


async def test_in_suggest_a_persons_words_leave_and_the_bots_become_tickets(scene: Scene) -> None:
    await scene.ask("a")
    await scene.ask("a", about="ticket:1", kind="manual")
    await scene.switches().set_mode("main", Mode.SUGGEST, by="host")
    assert [need.reason for need in scene.needs] == ["suggested"]
    assert [reply.text for reply in await scene.take()] == ["答 ticket:1"]
    await scene.switches().set_mode("main", Mode.AUTO, by="host")
    assert await scene.take() == []


async def test_a_retry_that_comes_back_to_a_room_in_suggest_becomes_a_ticket(scene: Scene) -> None:
    await scene.ask("a")
    (reply,) = await scene.take()
    await scene.switches().set_mode("main", Mode.SUGGEST, by="host")
    await scene.outcome(reply, failure="503")
    scene.later(1)
    assert await scene.take() == []
    assert [need.reason for need in scene.needs] == ["suggested"]


async def test_muting_an_entry_stops_what_waits_of_it(scene: Scene) -> None:
    await scene.ask("a", about="road")
    await scene.ask("a", about="ferry")
    await scene.switches().set_muted("road", muted=True, by="desk")
    assert [reply.text for reply in await scene.take()] == ["答 ferry"]
    assert [(need.reason, need.entry) for need in scene.needs] == [("muted", "road")]


async def test_what_goes_to_the_screen_is_said_without_a_platform(scene: Scene) -> None:
    await scene.ask("a", channel=SCREEN)
    assert await scene.take() == []
    (row,) = await scene.rows()
    assert (row["state"], row["channel"], row["text"]) == ("said", "screen", "答 road")
    assert await scene.counted("askers.replied") == 1


async def test_a_channel_whose_replies_all_hang_holds_up_no_other(scene: Scene) -> None:
    await scene.ask("a", about="road", channel="hanging")
    await scene.ask("b", about="road", channel="bridge")
    await scene.ask("c", about="road", channel=SCREEN)
    taken = await scene.take(busy={"hanging": SENDERS})
    assert [reply.channel for reply in taken] == ["bridge"]
    assert await scene.states() == ["waiting", "sending", "said"]


class Platform:
    """A platform that can be told to fail."""

    def __init__(self, *failures: DeliveryError) -> None:
        self.failures = list(failures)
        self.heard: list[OutgoingReply] = []

    @property
    def channel(self) -> Channel:
        return Channel(name="bridge")

    async def send(self, reply: OutgoingReply) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.heard.append(reply)

    async def close(self) -> None:
        pass


async def test_the_loop_says_what_waits_through_its_platform_despite_failures(database_url: str) -> None:
    migrate.upgrade(database_url)
    store = await open_store(database_url, clock=lambda: datetime.now(UTC))
    scene = Scene(store, now=datetime.now(UTC))
    platform = Platform(DeliveryError("503", permanent=False))
    outbox = Outbox(
        store=store, clients={"bridge": platform}, policy=POLICY, clock=lambda: datetime.now(UTC),
        brain=lambda: MATCHER, register=scene.register, owner="one",
    )  # fmt: skip
    task = asyncio.create_task(outbox.run())
    await scene.ask("a")
    async with asyncio.timeout(20):
        while await scene.states() != ["said"]:  # noqa: ASYNC110 (the database is asked, nobody tells)
            await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await store.stop()
    assert [(reply.text, reply.attempt) for reply in platform.heard] == [("答 road", 2)]
