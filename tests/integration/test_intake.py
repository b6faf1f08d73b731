"""A message is taken once, decided in the light of what went before, and has its effects in the same transaction."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from askbot.domain.chat import ChatMessage
from askbot.domain.knowledge import Entry, EscalateMode, Item, ItemList, Knowledge, Priority, Variant
from askbot.domain.replies import Channel, Mode, ReplyPolicy
from askbot.domain.tickets import NewNeed
from askbot.matching import Matcher
from askbot.ports.storage import Row, UnitOfWork
from askbot.services.effects import Effects
from askbot.services.intake import Intake, Receipt
from askbot.services.retention import Retention, RetentionPolicy, forget, pseudonym_maker
from askbot.services.switches import SwitchBoard
from askbot.store import migrate
from askbot.store.sql_store import SqlStore, open_store

START = datetime(2026, 2, 12, 1, 0, tzinfo=UTC)
ROADS = ItemList(
    name="道路",
    items=(Item(name="滨河路", columns={"状态": "封闭"}), Item(name="人民路", columns={"状态": "畅通"})),
)


def entry(entry_id: str, ask: tuple[str, ...], answer: str, **more: object) -> Entry:
    return Entry(
        id=entry_id, file="a.yaml", topic="办事", department="政务中心", ask=ask, answer=(Variant(text=answer),), **more
    )  # type: ignore[arg-type]


KNOWLEDGE = Knowledge(
    version="v1",
    tz=ZoneInfo("Asia/Shanghai"),
    entries=(
        entry("road", ("{道路}封了吗", "{道路}现在能不能走"), "{道路}目前{状态}。", list_name="道路"),
        entry("hours", ("政务大厅几点上班", "政务中心周末上班吗"), "政务大厅工作日八点半上班。"),
        entry(
            "lamp",
            ("路灯坏了找谁", "路灯不亮怎么报修"),
            "已登记。",
            escalate=EscalateMode.ONLY,
            priority=Priority.HIGH,
        ),
        entry("pothole", ("路面有坑向谁反映", "路上有大坑谁来修"), "请拨养护中心电话。", escalate=EscalateMode.ALSO),
        entry("long", ("购房补贴政策全文是什么",), "长" * 400),
    ),
    lists={"道路": ROADS},
)


def message(number: int, text: str, *, user: str = "u1", room: str = "main") -> ChatMessage:
    return ChatMessage(source="bridge", room=room, id=f"m{number}", user_id=user, user_name="城东老李", text=text)


@dataclass
class Scene:
    store: SqlStore
    now: datetime = START
    needs: list[NewNeed] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now

    def register(self, _uow: UnitOfWork, needs: Sequence[NewNeed], _at: datetime) -> None:
        self.needs.extend(needs)

    def __post_init__(self) -> None:
        matcher = Matcher.build(KNOWLEDGE)
        effects = Effects(
            policy=ReplyPolicy(), channel_of=lambda source: Channel(name=source, limit=200), register=self.register
        )
        self.intake = Intake(store=self.store, brain=lambda: matcher, clock=self.clock, effects=effects)
        self.switches = SwitchBoard(
            store=self.store, rooms=["main"], clock=self.clock, brain=lambda: matcher, register=self.register
        )

    async def messages(self) -> list[Row]:
        return list(await self.store.read(lambda uow: uow.messages.page("main", after=0, limit=500)))

    async def replies(self) -> list[Row]:
        return list(await self.store.read(lambda uow: uow.replies.page("main", after=0, limit=500)))


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[Scene]:
    migrate.upgrade(database_url)
    store = await open_store(database_url, clock=lambda: START)
    yield Scene(store)
    await store.stop()


async def test_twenty_equal_pushes_at_once_are_one_message(scene: Scene) -> None:
    receipts = await asyncio.gather(*(scene.intake.receive([message(1, "滨河路封了吗")]) for _ in range(20)))
    assert sum(r.taken for r in receipts) == 1
    assert sum(r.repeated for r in receipts) == 19
    assert len(await scene.messages()) == 1
    (reply,) = await scene.replies()
    assert reply["text"] == "滨河路目前封闭。"
    assert len(reply["askers"]) == 1


async def test_the_first_text_of_an_id_stands(scene: Scene) -> None:
    assert await scene.intake.receive([message(1, "早"), message(1, "滨河路封了吗")]) == Receipt(
        taken=1, repeated=1, changed=1
    )
    assert await scene.intake.receive([message(1, "人民路封了吗")]) == Receipt(taken=0, repeated=1, changed=1)
    assert [row["text"] for row in await scene.messages()] == ["早"]
    assert await scene.replies() == []


async def test_an_id_is_unique_within_its_source_and_room_only(scene: Scene) -> None:
    other = ChatMessage(source="other", room="main", id="m1", user_id="u", user_name="", text="早")
    receipt = await scene.intake.receive([message(1, "早"), message(1, "早", room="jobs"), other])
    assert receipt == Receipt(taken=3)


async def test_every_message_has_its_decisions_and_the_version_they_came_from(scene: Scene) -> None:
    await scene.intake.receive([message(1, "666"), message(2, "政务大厅几点上班")])
    rows = await scene.messages()
    decisions = [json.loads(row["decisions"]) for row in rows]
    assert [d[0]["action"] for d in decisions] == ["ignore", "answer"]
    assert all(d[0]["why"] for d in decisions)
    assert {row["knowledge_version"] for row in rows} == {"v1"}
    (reply,) = await scene.replies()
    assert reply["knowledge_version"] == "v1"


async def test_a_follow_up_is_read_in_the_light_of_the_same_viewers_last_need(scene: Scene) -> None:
    await scene.intake.receive([message(1, "滨河路封了吗"), message(2, "那人民路呢")])
    await scene.intake.receive([message(3, "那人民路呢", user="u2")])
    first, second, stranger = [json.loads(row["decisions"])[0] for row in await scene.messages()]
    assert (first["entry"], first["item"]) == ("road", "滨河路")
    assert (second["entry"], second["item"]) == ("road", "人民路")
    assert stranger["action"] != "answer", "another viewer's past is not his"


async def test_a_follow_up_after_two_minutes_stands_alone(scene: Scene) -> None:
    await scene.intake.receive([message(1, "滨河路封了吗")])
    scene.now += timedelta(minutes=2, seconds=1)
    await scene.intake.receive([message(2, "那人民路呢")])
    late = json.loads((await scene.messages())[1]["decisions"])[0]
    assert late["action"] != "answer"


async def test_effects_by_escalation_mode(scene: Scene) -> None:
    await scene.intake.receive([message(1, "路灯坏了找谁")])
    await scene.intake.receive([message(2, "路面有坑向谁反映", user="u2")])
    assert [(r["kind"], r["text"]) for r in await scene.replies()] == [
        ("holding", "已登记。"),
        ("answer", "请拨养护中心电话。"),
    ]
    assert [(n.reason, n.entry, n.priority, n.department) for n in scene.needs] == [
        ("always", "lamp", Priority.HIGH, "政务中心"),
        ("also", "pothole", Priority.NORMAL, "政务中心"),
    ]


async def test_in_suggest_mode_an_answer_is_a_ticket_with_the_text(scene: Scene) -> None:
    await scene.switches.set_mode("main", Mode.SUGGEST, by="host")
    await scene.intake.receive([message(1, "滨河路封了吗"), message(2, "路灯坏了找谁", user="u2")])
    assert await scene.replies() == []
    assert [(n.reason, n.suggestion) for n in scene.needs] == [("suggested", "滨河路目前封闭。"), ("always", None)]


async def test_a_muted_entry_is_a_ticket_until_it_is_unmuted(scene: Scene) -> None:
    await scene.switches.set_muted("road", muted=True, by="desk")
    await scene.intake.receive([message(1, "滨河路封了吗")])
    assert [n.reason for n in scene.needs] == ["muted"]
    await scene.switches.set_muted("road", muted=False, by="desk")
    await scene.intake.receive([message(2, "人民路封了吗")])
    assert [r["text"] for r in await scene.replies()] == ["人民路目前畅通。"]


async def test_a_blocked_viewer_makes_no_tickets_but_the_lines_are_kept(scene: Scene) -> None:
    await scene.switches.set_blocked("bridge", "u1", blocked=True, by="desk")
    await scene.intake.receive([message(1, "路灯坏了找谁")])
    assert scene.needs == []
    assert len(await scene.messages()) == 1
    await scene.switches.set_blocked("bridge", "u1", blocked=False, by="desk")
    await scene.intake.receive([message(2, "路灯坏了找谁")])
    assert len(scene.needs) == 1


async def test_what_is_too_long_for_the_channel_is_not_cut_but_put_before_a_person(scene: Scene) -> None:
    await scene.intake.receive([message(1, "购房补贴政策全文是什么")])
    assert await scene.replies() == []
    assert [(n.reason, n.suggestion) for n in scene.needs] == [("too_long", "长" * 400)]


async def test_names_and_texts_go_after_their_time(scene: Scene) -> None:
    await scene.intake.receive([message(1, "滨河路封了吗")])
    retention = Retention(
        store=scene.store,
        policy=RetentionPolicy(names=timedelta(days=7), texts=timedelta(days=30)),
        clock=scene.clock,
        pseudonym=pseudonym_maker(b"key"),
    )
    assert await retention.round() == 0
    scene.now += timedelta(days=8)
    assert await retention.round() == 2, "the message and the reply's asker"
    (row,) = await scene.messages()
    assert (row["user_name"], row["user_id"][0], row["text"]) == ("", "~", "滨河路封了吗")
    assert "u1" not in row["user_id"]
    assert await retention.round() == 0, "a pseudonym is not replaced again"
    scene.now += timedelta(days=30)
    await retention.round()
    (row,) = await scene.messages()
    assert (row["text"], row["decisions"]) == ("", "[]")
    assert await scene.intake.receive([message(1, "滨河路封了吗")]) == Receipt(repeated=1, changed=1), "still known"


async def test_a_viewer_can_be_forgotten_at_once(scene: Scene) -> None:
    await scene.intake.receive([message(1, "滨河路封了吗"), message(2, "滨河路封了吗", user="u2")])
    assert await forget(scene.store, "bridge", "u1") >= 2
    mine, other = await scene.messages()
    assert (mine["user_name"], mine["text"]) == ("", "")
    assert (other["user_name"], other["text"]) == ("城东老李", "滨河路封了吗")
    everything = json.dumps([dict(r) for r in await scene.replies()], default=str)
    assert '"u1"' not in everything
