"""The queue on both databases: joining, moves, conflicts, pages, and what is forgotten."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from askbot.domain.decision import Candidate, Reason
from askbot.domain.knowledge import Priority
from askbot.domain.replies import Mode, ReplyState
from askbot.domain.tickets import OPEN, Cause, State
from askbot.errors import ConflictError, InputError, NotFoundError
from askbot.services.desk_cards import write_cursor
from askbot.store.tables import REPLIES, REPLY_ASKERS
from askbot.store.ticket_tables import TICKET_HISTORY, TICKET_NEEDS, TICKETS
from desks import NOW, DeskBench, gist, need, open_bench, seconds


@pytest.fixture
def bench(database_url: str) -> Iterator[DeskBench]:
    opened = open_bench(database_url)
    yield opened
    opened.engine.dispose()


# joining


@pytest.mark.parametrize("together", [True, False])
def test_the_same_entry_and_item_make_one_ticket(bench: DeskBench, *, together: bool) -> None:
    about = {"entry": "road.status", "item": "省道308线", "reason": Reason.STALE}
    needs = [need("308现在能走不", **about), need("那308呢", **about), need("省道308线能走吗", user_id="u9", **about)]
    needs += [need("308?", user_id="u9", **about), need("307能走不", **(about | {"item": "省道307线"}))]
    ids = bench.register(*needs) if together else [bench.register(one)[0] for one in needs]
    assert len(set(ids[:4])) == 1
    assert ids[4] != ids[0]
    ticket = bench.ticket(ids[0])
    assert (ticket.askers, ticket.messages, ticket.version) == (3, 4, 1), "a repeat is a message, not an asker"
    assert ticket.wording == "308现在能走不"
    assert len(bench.rows(TICKETS)) == 2
    assert re.fullmatch(r"[a-z2-7]{12}", ticket.id)


@pytest.mark.parametrize(
    ("first", "second", "joined", "reason"),
    [
        (gist("停水 什么 时候 恢复"), gist("停水 什么 时候 恢复 啊"), True, "near text"),
        (gist("停水 恢复"), gist("停水 恢复"), True, "equal text"),
        (gist("能 走", numbers=["308"]), gist("能 走", numbers=["307"]), False, "another number"),
        (gist("封 了 吗", places=["城东街"]), gist("封 了 吗", places=["城西街"]), False, "another place"),
        (gist("能 办"), gist("能 办", polarity="-"), False, "its negation"),
        (gist("停水 恢复"), gist("生育 津贴 怎么 领"), False, "something else"),
        (gist("能 办"), None, False, "nothing is known of the other"),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_near_texts_join_when_all_that_is_fixed_is_equal(
    bench: DeskBench,
    first: object,
    second: object,
    joined: bool,
    reason: str,
    *,
    together: bool,
) -> None:
    needs = [need("甲问", gist=first), need("乙问", gist=second)]
    ids = bench.register(*needs) if together else [bench.register(one)[0] for one in needs]
    assert (ids[0] == ids[1]) is joined, reason


@pytest.mark.parametrize("move", ["claim", "forward", "defer", "answer", "dismiss"])
def test_open_tickets_take_in_likes_and_closed_ones_do_not(bench: DeskBench, move: str) -> None:
    about = {"entry": "road.status", "item": "省道308线", "reason": Reason.STALE}
    first = bench.register(need(**about))[0]
    body = {"forward": {"department": "交通局"}, "answer": {"text": "已开通"}, "dismiss": {"reason": "重复"}}.get(
        move, {}
    )
    after = bench.move(first, move, **body)
    again = bench.register(need(**about))[0]
    assert (again == first) is (after.ticket.state in OPEN)
    assert bench.ticket(first).version == after.ticket.version, "who joins changes no version"


def test_beyond_ten_an_hour_one_viewers_needs_collapse_into_one(bench: DeskBench) -> None:
    def asks(number: int, **values: object) -> str:
        return bench.register(
            need(f"问题{number}", user_id="spam", gist=gist(f"问题{number}", numbers=[str(number)]), **values)
        )[0]

    ids = [asks(number) for number in range(25)]
    assert len(set(ids[:10])) == 10
    assert len(set(ids[10:])) == 1
    collecting = bench.ticket(ids[10])
    assert (collecting.reason, collecting.askers, collecting.messages) == (Cause.FLOOD, 1, 15)
    assert asks(3) == ids[3], "what is open already is joined as by anybody"
    assert asks(12, room="jobs") != ids[10], "one for each room"
    other = bench.register(need("问题11", gist=gist("问题11", numbers=["11"])))[0]
    assert other != ids[11], "another viewer is not buried in it"
    bench.now += timedelta(hours=1, seconds=1)
    assert bench.register(need("新问题", user_id="spam", gist=gist("新问题"), at=bench.now))[0] not in ids


def test_in_one_batch_a_flood_collapses_too(bench: DeskBench) -> None:
    needs = [need(f"问{n}", user_id="spam", gist=gist(f"问{n}", numbers=[str(n)])) for n in range(30)]
    assert len(set(bench.register(*needs))) == 11


def test_a_batch_of_many_rooms_and_hundreds(bench: DeskBench) -> None:
    needs = [
        need(f"第{n % 70}路能走不", room=f"r{n % 3}", entry="road", item=f"第{n % 70}路", reason=Reason.STALE)
        for n in range(900)
    ]
    ids = bench.register(*needs)
    tickets = bench.tickets()
    assert len(tickets) == len(set(ids)) == 210
    assert sum(t.askers for t in tickets.values()) == sum(t.messages for t in tickets.values()) == 900
    assert bench.register(*needs) == ids
    assert sum(t.askers for t in bench.tickets().values()) == 900, "the same viewers are counted once"


def test_a_newer_version_of_the_suggestion_stands(bench: DeskBench) -> None:
    about = {"entry": "road.status", "item": "省道308线", "reason": Cause.SUGGESTED}
    first = bench.register(need(suggestion="封闭", knowledge_version="v1", **about))[0]
    bench.register(need(suggestion="开通", knowledge_version="v2", **about))
    assert (bench.ticket(first).suggestion, bench.ticket(first).knowledge_version) == ("开通", "v2")


def test_hostile_text_is_bounded(bench: DeskBench) -> None:
    text = "\u202e308\x00" + "e" + "\u0301" * 10_000 + "x" * 10_000
    one = need(text, user_name="\x1b[31m甲" * 100, why="因" * 9000, unlisted="路" * 900, entry="e", gist=gist(text))
    ticket = bench.register(one)[0]
    with bench.unit() as uow:
        shown = bench.desk.ticket(uow, ticket, at=NOW)
    assert len(str(shown)) < 3000
    assert not re.search(r"[\x00\x1b\u202e\n]", str(shown))


# moves


def ticket_of(bench: DeskBench, state: str) -> str:
    """A ticket in that state, moved there by 甲."""
    ids = bench.register(need(gist=gist(f"{state} 一", numbers=["1"])), need(gist=gist(f"{state} 一", numbers=["1"])))
    ticket = ids[0]
    steps: dict[str, list[tuple[str, dict[str, object]]]] = {
        "new": [],
        "claimed": [("claim", {})],
        "answered": [("answer", {"text": "已开通"})],
        "forwarded": [("forward", {"department": "住建局"})],
        "returned": [("forward", {"department": "住建局"}), ("return", {"reason": "不属本局"})],
        "deferred": [("defer", {})],
        "dismissed": [("dismiss", {"reason": "重复"})],
        "merged": [("merge", {"into": bench.register(need("别的", gist=gist("别的")))[0]})],
    }
    for move, body in steps[state]:
        bench.move(ticket, move, **body)
    return ticket


MOVES = {
    "claim": "new claimed returned deferred",
    "renew": "claimed",
    "release": "claimed",
    "answer": "new claimed forwarded returned deferred",
    "forward": "new claimed forwarded returned deferred",
    "return": "forwarded",
    "defer": "new claimed returned deferred",
    "dismiss": "new claimed forwarded returned deferred",
    "merge": "new claimed forwarded returned deferred",
    "split": "new claimed forwarded returned deferred",
}


@pytest.mark.parametrize("state", [state.value for state in State])
def test_every_move_from_every_state(bench: DeskBench, state: str) -> None:
    """Allowed ones go through and are undone without a trace but history; the others change nothing."""
    other = bench.register(need("另一个", gist=gist("另一个")))[0]
    ticket = ticket_of(bench, state)
    bodies = {
        "answer": {"text": "已开通"},
        "forward": {"department": "教育局"},
        "return": {"reason": "不属本局"},
        "dismiss": {"reason": "重复"},
        "merge": {"into": other},
    }
    for move, froms in MOVES.items():
        before = bench.ticket(ticket)
        rows = bench.rows(TICKET_HISTORY)
        body = bodies.get(move, {})
        if move == "split":
            needs = [row for row in bench.rows(TICKET_NEEDS) if row["ticket"] == ticket]
            body = {"messages": [needs[0]["message_id"] if needs else "m0"]}
        if state not in froms.split():
            with pytest.raises(ConflictError) as refused:
                bench.move(ticket, move, **body)
            assert refused.value.code == "move"
            assert refused.value.details["state"] == state
            assert bench.ticket(ticket) == before
            assert bench.rows(TICKET_HISTORY) == rows
            continue
        bench.move(ticket, move, **body)
        if move == "renew" or (move, state) == ("claim", "claimed"):
            assert bench.ticket(ticket).version == before.version
            continue
        bench.move(ticket, "undo")
        after = bench.ticket(ticket)
        assert after.version == before.version + 2
        changed = {n for n in TICKETS.c.keys() if hasattr(after, n) and getattr(after, n) != getattr(before, n)}  # noqa: SIM118 (a column collection)
        assert changed <= {"version", "changed_at", "lease_until"}, move
        assert bench.rows(TICKET_HISTORY)[: len(rows)] == rows, "history only grows"


def test_a_lease_ends_by_itself_and_is_renewed_by_activity(bench: DeskBench) -> None:
    ticket = bench.register(need())[0]
    bench.move(ticket, "claim", by="甲")
    bench.now += seconds(80)
    bench.move(ticket, "renew", by="甲")
    bench.now += seconds(80)
    with pytest.raises(ConflictError) as refused:
        bench.move(ticket, "claim", by="乙")
    assert refused.value.code == "claimed"
    assert refused.value.details == {
        "version": 2,
        "state": "claimed",
        "holder": "甲",
        "lease_until": (bench.now + seconds(10)).isoformat(),
    }
    bench.now += seconds(10)
    assert bench.move(ticket, "claim", by="乙").ticket.holder == "乙"
    with pytest.raises(ConflictError, match="乙 is at it"):
        bench.move(ticket, "answer", by="甲", text="开通")


def test_who_is_late_is_told_who_was_first(bench: DeskBench) -> None:
    ticket = bench.register(need())[0]
    bench.move(ticket, "dismiss", by="甲", version=1, reason="重复")
    with pytest.raises(ConflictError) as refused:
        bench.move(ticket, "answer", by="乙", version=1, text="开通")
    assert refused.value.code == "version"
    assert refused.value.details["version"] == 2
    assert refused.value.details["state"] == "dismissed"
    assert refused.value.details["last_move"] == {
        "by": "甲",
        "at": NOW.isoformat(),
        "move": "dismiss",
        "from": "new",
        "to": "dismissed",
    }
    with pytest.raises(NotFoundError):
        bench.move("nosuchticket", "claim")


def test_a_deferred_ticket_comes_back_by_itself(bench: DeskBench) -> None:
    ticket = bench.register(need())[0]
    bench.move(ticket, "defer", minutes=5)
    assert shown(bench, states={State.NEW}) == []
    assert [c["id"] for c in shown(bench, states={State.DEFERRED})] == [ticket]
    bench.now += seconds(300)
    assert [(c["id"], c["state"]) for c in shown(bench, states={State.NEW})] == [(ticket, "new")]
    assert shown(bench, states={State.DEFERRED}) == []


def test_forwarding_has_a_department_and_a_term(bench: DeskBench) -> None:
    ticket = bench.register(need(priority=Priority.URGENT))[0]
    moved = bench.move(ticket, "forward", department="住建局").ticket
    assert (moved.forwarded_to, moved.forward_due) == ("住建局", NOW + timedelta(hours=2))
    returned = bench.move(ticket, "return", reason="不属本局", by="乙").ticket
    assert (returned.returns, returned.note, returned.forwarded_to) == (1, "不属本局", None)
    due = NOW + timedelta(days=1)
    assert bench.move(ticket, "forward", department="教育局", due=due.isoformat()).ticket.forward_due == due
    bench.now = due + seconds(1)
    assert shown(bench)[0]["overdue"]
    with bench.unit() as uow:
        assert bench.desk.counts(uow, at=bench.now) == {"main": {"forwarded": 1, "overdue": 1}}


def test_undo_is_for_ones_own_last_move_of_ten_seconds(bench: DeskBench) -> None:
    ticket = bench.register(need())[0]
    refused(bench, ticket, "nothing")
    bench.move(ticket, "claim", by="甲")
    refused(bench, ticket, "甲's", by="乙")
    bench.now += seconds(10)
    bench.move(ticket, "undo", by="甲")
    refused(bench, ticket, "nothing", by="甲")
    bench.move(ticket, "dismiss", by="甲", reason="重复")
    bench.now += seconds(10.001)
    refused(bench, ticket, "longer ago", by="甲")


def refused(bench: DeskBench, ticket: str, why: str, by: str = "甲") -> None:
    with pytest.raises(ConflictError, match=why) as error:
        bench.move(ticket, "undo", by=by)
    assert error.value.code == "undo"


# answering


def test_an_answer_goes_once_to_every_asker(bench: DeskBench) -> None:
    about = {"entry": "road.status", "item": "省道308线", "reason": Reason.STALE}
    needs = [
        need(user_id="a", **about),
        need(user_id="b", **about),
        need(user_id="a", **about),
        need(source="twitch", **about),
    ]
    ticket = bench.register(*needs)[0]
    bench.now += seconds(600)
    assert bench.move(ticket, "answer", text=" 308已开通 ").replies == 2, "one for each channel"
    replies = bench.rows(REPLIES)
    assert {(r["channel"], r["kind"], r["text"], r["ticket"]) for r in replies} == {
        ("bridge", "manual", "308已开通", ticket),
        ("twitch", "manual", "308已开通", ticket),
    }
    assert {r["expires_at"] for r in replies} == {bench.now + seconds(45)}, "its age counts from the move"
    asked = sorted((r["user_id"], r["message_id"]) for r in bench.rows(REPLY_ASKERS))
    assert asked == sorted(
        [("a", needs[2].message_id), ("b", needs[1].message_id), (needs[3].user_id, needs[3].message_id)]
    )
    assert bench.ticket(ticket).answer == "308已开通"


def test_undo_withdraws_what_has_not_left_and_says_what_has(bench: DeskBench) -> None:
    about = {"entry": "road.status", "item": "省道308线", "reason": Reason.STALE}
    ticket = bench.register(need(**about), need(source="twitch", **about))[0]
    bench.move(ticket, "answer", text="已开通")
    first = bench.rows(REPLIES)[0]
    with bench.unit() as uow:
        uow.replies.change(first["id"], {"state": ReplyState.SENDING.value, "attempts": 1})
    undone = bench.move(ticket, "undo")
    assert (undone.withdrawn, undone.left, undone.ticket.state, undone.ticket.answer) == (1, 1, State.NEW, None)
    assert sorted(r["state"] for r in bench.rows(REPLIES)) == ["sending", "withdrawn"]
    assert bench.register(need(**about))[0] == ticket, "open again, it takes in its likes"


def test_what_is_spoken_queues_nothing(bench: DeskBench) -> None:
    ticket = bench.register(need())[0]
    moved = bench.move(ticket, "answer", spoken=True, offset_seconds=754.5)
    assert (moved.replies, moved.ticket.spoken, moved.ticket.spoken_offset) == (0, True, 754.5)
    assert bench.rows(REPLIES) == []


def test_in_a_room_that_is_off_only_voices_answer(bench: DeskBench) -> None:
    ticket = bench.register(need())[0]
    with bench.unit("main") as uow:
        uow.switches.set_mode("main", Mode.OFF, by="甲", at=NOW)
    with pytest.raises(ConflictError) as refusal:
        bench.move(ticket, "answer", text="已开通")
    assert refusal.value.code == "room_off"
    assert (bench.rows(REPLIES), bench.ticket(ticket).state) == ([], State.NEW)
    assert bench.move(ticket, "answer", spoken=True).ticket.state is State.ANSWERED


def test_an_answer_that_the_channel_cannot_take_is_refused_before_it_leaves(bench: DeskBench) -> None:
    ticket = bench.register(need(source="twitch"))[0]
    with pytest.raises(InputError) as refusal:
        bench.move(ticket, "answer", text="字" * 21)
    assert refusal.value.code == "too_long"
    assert bench.ticket(ticket).version == 1


# merging and splitting


def test_merging_and_its_undo_lose_nobody(bench: DeskBench) -> None:
    road = bench.register(
        need("308能走不", user_id="a", gist=gist("能走")), need("308能走不", user_id="b", gist=gist("能走"))
    )[0]
    other = bench.register(need("308通了没有", user_id="b", gist=gist("通了", polarity="-"), priority=Priority.URGENT))[
        0
    ]
    before = bench.tickets()
    moved = bench.move(other, "merge", into=road)
    assert (moved.ticket.state, moved.ticket.askers, moved.ticket.merged_into) == (State.MERGED, 0, road)
    merged = bench.ticket(road)
    assert (merged.askers, merged.messages, merged.version) == (2, 3, 1), "b asked both; the target's version stays"
    assert (merged.priority, merged.due) == (Priority.URGENT, before[other].due), "the more urgent stands"
    joined = bench.register(need("308通了没", user_id="c", gist=gist("通了", polarity="-")))[0]
    assert joined == road, "who asks like the merged one joins where it went"
    bench.move(road, "undo")  # from the other side as well
    after = bench.tickets()
    assert after[other].state is State.NEW
    assert (after[other].askers, after[other].messages, after[other].wording) == (1, 1, before[other].wording)
    assert (after[road].askers, after[road].messages) == (3, 3), "who came later stays"
    assert (after[road].priority, after[road].due) == (before[road].priority, before[road].due)


@pytest.mark.parametrize(
    ("into", "error"),
    [("self", InputError), ("nowhere00000", InputError), ("elsewhere", InputError), ("closed", ConflictError)],
)
def test_what_cannot_be_merged_into(bench: DeskBench, into: str, error: type[Exception]) -> None:
    ticket, closed = bench.register(need("甲", gist=gist("甲")), need("乙", gist=gist("乙")))
    elsewhere = bench.register(need(room="jobs"))[0]
    bench.move(closed, "dismiss", reason="重复")
    before = bench.tickets()
    target = {"self": ticket, "elsewhere": elsewhere, "closed": closed}.get(into, into)
    with pytest.raises(error):
        bench.move(ticket, "merge", into=target)
    assert bench.tickets() == before


def test_a_chain_of_merges_leads_to_the_open_end(bench: DeskBench) -> None:
    a, b, c = bench.register(*(need(word, gist=gist(word)) for word in ("停水", "放假通知", "生育津贴")))
    bench.move(a, "merge", into=b)
    bench.move(b, "merge", into=c)
    assert bench.ticket(c).askers == 3
    assert bench.register(need("停水", gist=gist("停水")))[0] == c
    bench.move(c, "answer", text="好")
    assert bench.register(need("停水", gist=gist("停水")))[0] not in {a, b, c}
    bench.move(c, "undo")
    assert bench.register(need("放假通知", gist=gist("放假通知")))[0] == c
    with pytest.raises(ConflictError):
        bench.move(a, "undo")


def test_splitting_and_its_undo_lose_nobody(bench: DeskBench) -> None:
    about = {"entry": "road.status", "item": "省道308线", "reason": Reason.STALE}
    needs = [
        need("308能走不", user_id="a", **about),
        need("308装了护栏没", user_id="b", gist=gist("装 护栏"), **about),
        need("308能走吗", user_id="b", **about),
    ]
    ticket = bench.register(*needs)[0]
    created = bench.move(ticket, "split", messages=[needs[1].message_id]).created
    assert created is not None
    part = bench.ticket(created)
    assert (part.askers, part.messages, part.wording, part.state, part.version) == (1, 1, "308装了护栏没", State.NEW, 1)
    assert (bench.ticket(ticket).askers, bench.ticket(ticket).messages) == (2, 2)
    assert bench.register(need("308能走不", **about))[0] == ticket, "the entry's likes stay with the old one"
    assert bench.register(need("护栏装了吗", gist=gist("装 护栏")))[0] == created, "near texts find the new one"
    undone = bench.move(ticket, "undo")
    assert (undone.ticket.askers, undone.ticket.messages) == (4, 5)
    gone = bench.ticket(created)
    assert (gone.state, gone.merged_into, gone.askers) == (State.MERGED, ticket, 0)


@pytest.mark.parametrize("messages", [["m-unknown"], "all", [{"source": "twitch", "id": "first"}]])
def test_what_cannot_be_split(bench: DeskBench, messages: object) -> None:
    needs = [need(entry="e", reason=Reason.STALE) for _ in range(2)]
    ticket = bench.register(*needs)[0]
    before = bench.tickets()
    wanted = [n.message_id for n in needs] if messages == "all" else messages
    with pytest.raises(InputError):
        bench.move(ticket, "split", messages=wanted)
    assert bench.tickets() == before


# pages


def shown(bench: DeskBench, **query: object) -> list[dict[str, object]]:
    with bench.unit() as uow:
        return list(bench.desk.page(uow, **({"room": "main", "at": bench.now} | query)).items)  # type: ignore[arg-type]


def test_pages_are_ranked_and_walk_without_repeats(bench: DeskBench) -> None:
    levels = [Priority.NORMAL, Priority.HIGH, Priority.URGENT]
    for n in range(60):
        at = NOW - timedelta(minutes=n * 7 % 13)
        bench.register(
            *(
                need(f"问{n}", entry=f"e{n}", reason=Reason.STALE, priority=levels[n % 3], at=at)
                for _ in range(n % 4 + 1)
            )
        )
    bench.register(need(room="jobs"))
    walked: list[dict[str, object]] = []
    cursor = None
    while True:
        with bench.unit() as uow:
            page = bench.desk.page(uow, room="main", at=bench.now, cursor=cursor, limit=7)
        walked += page.items
        cursor = page.next
        bench.now += seconds(59)  # the walk is ranked as it began
        if cursor is None:
            break
        assert re.fullmatch(r"[A-Za-z0-9_-]+", cursor)
    ranks = [card["rank"] for card in walked]
    assert len({card["id"] for card in walked}) == 60
    assert ranks == sorted(ranks, reverse=True)  # type: ignore[type-var]
    for card in walked:
        factors = card["rank_factors"]
        assert isinstance(factors, dict)
        assert card["rank"] == factors["askers"] * factors["minutes"] * factors["urgency"]


def test_closed_ones_come_last_the_latest_first(bench: DeskBench) -> None:
    ids = bench.register(*(need(str(n), entry=f"e{n}", reason=Reason.STALE) for n in range(4)))
    for n in (2, 0):
        bench.now += seconds(60)
        bench.move(ids[n], "dismiss", reason="重复")
    assert [c["id"] for c in shown(bench, states=set(State))] == [ids[1], ids[3], ids[0], ids[2]]
    assert [c["id"] for c in shown(bench)] == [ids[1], ids[3]]
    assert [c["id"] for c in shown(bench, states={State.DISMISSED})] == [ids[0], ids[2]]


def test_pages_by_department_and_topic(bench: DeskBench) -> None:
    road = bench.register(need(entry="a", reason=Reason.STALE, department="交通局", topic="道路"))[0]
    water = bench.register(need(entry="b", reason=Reason.STALE, department="水务局", topic="停水"))[0]
    bench.move(water, "forward", department="交通局")
    assert {c["id"] for c in shown(bench, department="交通局")} == {road, water}, "where it was forwarded to counts"
    assert [c["id"] for c in shown(bench, topic="停水")] == [water]


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "!" * 32,
        "A" * 31,
        "A" * 33,
        "_" * 32,
        "A" * 31 + "=",
        "A" * 31 + "\n",
        "甲" * 32,
        write_cursor(NOW, (5, -1)),
    ],
)
def test_a_garbage_cursor_is_refused(bench: DeskBench, cursor: str) -> None:
    with pytest.raises(InputError):
        shown(bench, cursor=cursor)


@pytest.mark.parametrize("position", [(2**63 - 1, 2**63 - 1), (-(2**63), 0), (0, 0)])
def test_any_position_is_a_place(bench: DeskBench, position: tuple[int, int]) -> None:
    bench.register(need())
    for at in (NOW, NOW.replace(year=9999), NOW.replace(year=1970)):
        assert len(shown(bench, cursor=write_cursor(at, position))) <= 1


def test_a_ticket_with_its_messages_and_history(bench: DeskBench) -> None:
    one = need(entry="e", reason=Reason.UNSURE, candidates=(Candidate(entry="e", item="i", confidence=0.5),))
    ticket = bench.register(one)[0]
    bench.move(ticket, "claim")
    with bench.unit() as uow:
        form = bench.desk.ticket(uow, ticket, at=NOW)
        assert bench.desk.room_of(uow, ticket) == "main"
        with pytest.raises(NotFoundError):
            bench.desk.ticket(uow, "nosuchticket", at=NOW)
    assert form["holder"] == "甲"
    assert form["lease_until"] == "2026-02-12T01:01:30Z"
    assert form["candidates"] == [{"entry": "e", "item": "i", "unlisted": None, "confidence": 0.5}]
    assert form["asked"] == [
        {
            "id": one.message_id,
            "source": "bridge",
            "user": {"id": one.user_id, "name": "城东老李"},
            "text": one.text,
            "at": "2026-02-12T01:00:00Z",
        }
    ]
    assert form["history"] == [
        {
            "by": "甲",
            "at": "2026-02-12T01:00:00Z",
            "move": "claim",
            "from": "new",
            "to": "claimed",
            "version": 2,
            "payload": {},
        }
    ]


def test_every_change_is_told(bench: DeskBench) -> None:
    ticket = bench.register(need())[0]
    bench.move(ticket, "claim")
    with bench.unit() as uow:
        told = [(e["kind"], e["ref"], e["data"]) for e in uow.events.after(0, limit=10)]
    assert told == [
        ("ticket", ticket, '{"state": "new", "version": 1, "askers": 1}'),
        ("ticket", ticket, '{"state": "claimed", "version": 2, "askers": 1}'),
    ]


# forgetting


def test_who_asks_to_be_forgotten_is(bench: DeskBench) -> None:
    about = {"entry": "e", "item": "省道308线", "reason": Reason.STALE}
    ticket = bench.register(
        need("308能走不，我是王五", user_id="wang", user_name="王五", **about), need("省道308线还能走吗请问", **about)
    )[0]
    alone = bench.register(need("王五的低保", user_id="wang", gist=gist("王五 低保"), unlisted="王五", why="王五"))[0]
    with bench.unit() as uow:
        assert uow.tickets.forget_user("bridge", "wang") == 2
        assert uow.tickets.forget_user("bridge", "wang") == 0
    assert bench.ticket(ticket).wording == "省道308线还能走吗请问"
    assert bench.ticket(ticket).askers == 2
    whole = str([bench.rows(t) for t in (TICKETS, TICKET_NEEDS, TICKET_HISTORY)])
    assert "王五" not in whole
    assert "'wang'" not in whole
    assert bench.move(ticket, "answer", text="能").replies == 1
    assert [r["user_id"] for r in bench.rows(REPLY_ASKERS)] != ["~forgotten"]
    assert bench.move(alone, "answer", text="请来窗口").replies == 0, "who is forgotten cannot be reached"


def test_retention(bench: DeskBench) -> None:
    ticket = bench.register(need("我的低保", user_id="wang", user_name="王五", gist=gist("低保")))[0]
    bench.move(ticket, "answer", text="王五您好")
    fresh = bench.register(need("新的", user_id="li", at=NOW + timedelta(days=2)), at=NOW + timedelta(days=2))[0]
    with bench.unit() as uow:
        masks = uow.tickets.pseudonymise_before(NOW + timedelta(days=1), lambda source, user: f"~{source}-{len(user)}")
        assert masks == 1
        assert uow.tickets.pseudonymise_before(NOW + timedelta(days=1), lambda *_: "~") == 0
        assert uow.tickets.erase_text_before(NOW + timedelta(days=1)) == 3, "a need, a ticket, a line of history"
        assert uow.tickets.erase_text_before(NOW + timedelta(days=1)) == 0
    whole = str([bench.rows(t) for t in (TICKETS, TICKET_NEEDS, TICKET_HISTORY)])
    assert not re.search("王五|低保|'wang'", whole)
    assert "'~bridge-4'" in whole
    assert bench.ticket(fresh).wording == "新的"
    with bench.unit() as uow:
        assert bench.desk.ticket(uow, ticket, at=NOW)["answer"] is None
