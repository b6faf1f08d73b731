"""The store on both databases: what is written stands, what is refused leaves nothing, and a crowd shares commits."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from askbot.domain.chat import ChatMessage, Conversation, PastNeed
from askbot.domain.decision import Candidate
from askbot.errors import OverloadError, StoreError
from askbot.ports.storage import DecidedMessage, UnitOfWork
from askbot.store import migrate
from askbot.store.base import METADATA
from askbot.store.engines import open_engine
from askbot.store.sql_store import SqlStore, open_store
from askbot.store.tables import key_of

NOW = datetime(2026, 2, 12, 1, 0, tzinfo=UTC)
IGNORED = {"action": "ignore", "reason": None}


def decided(number: int, *, room: str = "main", text: str = "早") -> DecidedMessage:
    message = ChatMessage(source="s", room=room, id=f"m{number}", user_id="u", user_name="甲", text=text)
    return DecidedMessage(message=message, taken_at=NOW, decisions=(IGNORED,), knowledge_version="v")


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[SqlStore]:
    migrate.upgrade(database_url)
    opened = await open_store(database_url, clock=lambda: NOW)
    yield opened
    await opened.stop()


def add(uow: UnitOfWork, payloads: Sequence[DecidedMessage]) -> list[int]:
    uow.messages.add(payloads)
    return [len(payloads)] * len(payloads)


def test_migrations_make_the_tables_that_the_code_uses(database_url: str) -> None:
    assert migrate.current(database_url) is None
    assert migrate.upgrade(database_url) == migrate.head() == migrate.current(database_url)
    assert migrate.upgrade(database_url) == migrate.head(), "a second upgrade changes nothing"
    assert ScriptDirectory.from_config(migrate.alembic_config()).get_heads() == [migrate.head()]
    engine = open_engine(database_url)
    with engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


async def test_what_arrives_together_shares_one_transaction(store: SqlStore) -> None:
    commits: list[int] = []
    store.subscribe(lambda: commits.append(1))
    sizes = await asyncio.gather(*(store.write(add, decided(n), rooms=("main",)) for n in range(50)))
    assert max(sizes) > 1, "the handler gets many payloads at once"
    assert len(commits) < 50
    rows = await store.read(lambda uow: uow.messages.page("main", after=0, limit=100))
    assert [row["message_id"] for row in rows] == [f"m{n}" for n in range(50)]


async def test_times_come_back_as_utc_whatever_zone_they_had(store: SqlStore) -> None:
    shanghai = timezone(timedelta(hours=8))
    one = decided(1)
    moved = DecidedMessage(
        message=one.message, taken_at=NOW.astimezone(shanghai), decisions=one.decisions, knowledge_version="v"
    )
    await store.write(add, moved, rooms=("main",))
    row = (await store.read(lambda uow: uow.messages.page("main", after=0, limit=1)))[0]
    assert row["taken_at"] == NOW
    assert row["taken_at"].utcoffset() == timedelta(0)


async def test_a_bad_job_harms_no_other(store: SqlStore) -> None:
    def sometimes(uow: UnitOfWork, payloads: Sequence[DecidedMessage]) -> list[int]:
        if any(p.message.text == "bad" for p in payloads):
            raise RuntimeError("defect")
        return add(uow, payloads)

    jobs = [store.write(sometimes, decided(n, text="bad" if n == 3 else "早"), rooms=("main",)) for n in range(8)]
    results = await asyncio.gather(*jobs, return_exceptions=True)
    assert [type(r) for r in results if not isinstance(r, int)] == [RuntimeError]
    rows = await store.read(lambda uow: uow.messages.page("main", after=0, limit=100))
    assert {row["message_id"] for row in rows} == {f"m{n}" for n in range(8)} - {"m3"}


async def test_the_table_itself_refuses_a_repeat(store: SqlStore) -> None:
    await store.write(add, decided(1), rooms=("main",))
    with pytest.raises(StoreError) as caught:
        await store.write(add, decided(1, text="other"), rooms=("main",))
    assert caught.value.code == "store_refused"
    assert "other" not in str(caught.value), "errors never carry chat text"
    known = await store.read(lambda uow: uow.messages.known({("s", "main", "m1"), ("s", "main", "m2")}))
    assert known == {("s", "main", "m1"): "早"}


async def test_more_than_the_capacity_is_refused_at_once_and_nothing_is_lost(database_url: str) -> None:
    migrate.upgrade(database_url)
    store = await open_store(database_url, clock=lambda: NOW, capacity=10)
    jobs = [asyncio.ensure_future(store.write(add, decided(n), rooms=("main",))) for n in range(30)]
    results = await asyncio.gather(*jobs, return_exceptions=True)
    taken = [n for n, result in enumerate(results) if isinstance(result, int)]
    refused = [result for result in results if isinstance(result, OverloadError)]
    assert len(taken) + len(refused) == 30
    assert refused
    assert store.pending == 0
    rows = await store.read(lambda uow: uow.messages.page("main", after=0, limit=100))
    assert [row["message_id"] for row in rows] == [f"m{n}" for n in taken]
    await store.stop()


async def test_stop_writes_what_waits(database_url: str) -> None:
    migrate.upgrade(database_url)
    store = await open_store(database_url, clock=lambda: NOW)
    jobs = [asyncio.ensure_future(store.write(add, decided(n), rooms=("main",))) for n in range(20)]
    await asyncio.sleep(0)
    await store.stop()
    assert await asyncio.gather(*jobs)
    with pytest.raises(StoreError):
        await store.write(add, decided(99), rooms=("main",))
    again = await open_store(database_url, clock=lambda: NOW)
    assert len(await again.read(lambda uow: uow.messages.page("main", after=0, limit=100))) == 20
    await again.stop()


async def test_conversations_come_back_as_they_were(store: SqlStore) -> None:
    past = Conversation(
        needs=(PastNeed(text="308封了吗", at=NOW, action="answer", entry="road.status", item="省道308线"),),
        offered=(Candidate(entry="road.status", item="省道306线", confidence=0.5),),
    )
    asker = ("s", "main", "u")

    def remember(uow: UnitOfWork, payloads: Sequence[Conversation]) -> list[None]:
        for conversation in payloads:
            uow.messages.remember({asker: conversation}, NOW)
        return [None] * len(payloads)

    await store.write(remember, Conversation(), rooms=("main",))
    await store.write(remember, past, rooms=("main",))
    assert await store.read(lambda uow: uow.messages.conversations({asker, ("s", "main", "x")})) == {asker: past}


async def test_rooms_are_counted(store: SqlStore) -> None:
    def count(uow: UnitOfWork, numbers: Sequence[int]) -> list[None]:
        for number in numbers:
            uow.events.count("main", "messages", number)
        return [None] * len(numbers)

    for number in range(3):
        await store.write(add, decided(number), rooms=("main",))
        await store.write(count, 1, rooms=("main",))
    totals = await store.read(lambda uow: uow.messages.totals(["main", "jobs"]))
    assert totals == {"main": {"messages": 3}, "jobs": {}}
    assert await store.read(lambda uow: uow.replies.messages_since("main", NOW - timedelta(seconds=60))) == 3
    assert await store.read(lambda uow: uow.replies.messages_since("main", NOW)) == 0


async def test_events_are_numbered_in_the_order_of_commit(store: SqlStore) -> None:
    def tell(uow: UnitOfWork, payloads: Sequence[int]) -> list[None]:
        for number in payloads:
            uow.events.append("main", "test", str(number), {"n": number})
        return [None] * len(payloads)

    await asyncio.gather(*(store.write(tell, n, rooms=("main",)) for n in range(10)))
    events = await store.read(lambda uow: uow.events.after(0, limit=100))
    assert [event["ref"] for event in events] == [str(n) for n in range(10)]
    assert [event["id"] for event in events] == sorted({event["id"] for event in events})
    assert await store.read(lambda uow: uow.events.last()) == events[-1]["id"]


@pytest.mark.parametrize(
    ("one", "other"),
    [(("a", "bc"), ("ab", "c")), (("a",), ("a", "")), (("a", "b"), ("b", "a")), (("",), ())],
)
def test_keys_of_different_parts_differ(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert key_of(*one) != key_of(*other)


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "nonsense", "oracle+cx://u:secret@h/d"])
def test_other_databases_are_refused_by_name(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_engine(url)
    assert "secret" not in str(caught.value)
