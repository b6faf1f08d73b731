"""The API: what it shows, who may do what, what it refuses; against a real service."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import served
from askbot.services.access import MOVES_OF, RIGHTS, Right, Role
from askbot.store import migrate
from askbot.web.app import OPERATIONS
from askbot.web.operations import Operation
from served import Served, batch, line, open_served, settings_for

JSON = {"content-type": "application/json"}


async def ticket_of(house: Served) -> dict[str, Any]:
    """One ticket that was just opened."""
    await house.say("路灯坏了找谁")
    _, page = await house.api("GET", "/api/v1/rooms/main/tickets")
    card: dict[str, Any] = page["items"][0]
    return card


async def test_rooms_with_their_counters(house: Served) -> None:
    await house.say("滨河路封了吗", "早上好", "路灯坏了找谁")
    status, page = await house.api("GET", "/api/v1/rooms")
    assert status == 200
    assert [(room["room"], room["title"], room["mode"]) for room in page["items"]] == [
        ("main", "直播间", "auto"),
        ("jobs", "带岗", "auto"),
    ]
    counters = page["items"][0]["counters"]
    assert counters["messages"] == 3
    assert (counters["decisions.answer"], counters["decisions.ignore"], counters["decisions.escalate.always"]) == (
        1,
        1,
        1,
    )
    assert page["items"][0]["tickets"]["new"] == 1
    assert await house.api("GET", "/api/v1/rooms/main") == (200, page["items"][0])


async def test_messages_are_paged_without_gaps_or_repeats(house: Served) -> None:
    await house.say(*(f"第{number}条" for number in range(7)))
    seen: list[str] = []
    path = "/api/v1/rooms/main/messages?limit=3"
    while path:
        _, page = await house.api("GET", path)
        seen += [one["id"] for one in page["items"]]
        assert len(page["items"]) <= 3
        path = f"/api/v1/rooms/main/messages?limit=3&after={page['next']}" if page["next"] else ""
    assert seen == [f"m{number}" for number in range(7)]
    form = (await house.stored())[0]
    assert set(form["decisions"][0]) == {
        "action",
        "entry",
        "item",
        "unlisted",
        "reason",
        "confidence",
        "reply",
        "why",
        "candidates",
    }


LIMITS_AND_CURSORS_CASES = [
        ("limit=1", 200), ("limit=500", 200), ("limit=501", 200), ("limit=99999999999999999999999999", 200), ("limit=007", 200),
        ("limit=0", 422), ("limit=-1", 422), ("limit=", 422), ("limit=x", 422), ("limit=1.5", 422), ("limit=１", 422),
        ("limit=1&limit=2", 422), ("after=", 200), ("after=s0", 200), ("after=s999999999999999", 200), ("after=7", 422),
        ("after=s9999999999999999", 422), ("after=s-1", 422), ("after=%00", 422), ("after=s1%27%20OR%201=1", 422),
    ]  # fmt: skip


async def test_limits_and_cursors(house: Served) -> None:
    for query, status in LIMITS_AND_CURSORS_CASES:
        for path in ("messages", "replies"):
            got, body = await house.api("GET", f"/api/v1/rooms/main/{path}?{query}")
            assert got == status, (query, body)


THE_QUEUES_FILTERS_CASES = [
        ("", 200), ("state=", 200), ("state=open", 200), ("state=new,claimed", 200), ("state=all&limit=1", 200), ("state=nwe", 422),
        ("state=new,", 422), ("department=政务中心", 200), ("topic=办事", 200), ("topic=%0a", 422), ("after=x", 422), ("after=t" + "0" * 48, 200),
        ("after=t" + "f" * 48, 422),
    ]  # fmt: skip


async def test_the_queues_filters(house: Served) -> None:
    await ticket_of(house)
    for query, status in THE_QUEUES_FILTERS_CASES:
        got, body = await house.api("GET", f"/api/v1/rooms/main/tickets?{query}")
        assert got == status, (query, body)


async def test_the_queue_is_paged(house: Served) -> None:
    asked = [
        "社保卡丢了去哪里补办",
        "请问学校什么时候开学",
        "自来水为什么是黄的",
        "能不能给我们村修个篮球场",
        "养老院收费多少钱一个月",
    ]
    for number, text in enumerate(asked):
        await house.say(text, user=f"u{number}", prefix=f"t{number}-")
    _, whole = await house.api("GET", "/api/v1/rooms/main/tickets")
    assert len(whole["items"]) == 5
    seen, after = [], ""
    for _ in range(3):
        _, page = await house.api("GET", f"/api/v1/rooms/main/tickets?limit=2&after={after}")
        seen += [card["id"] for card in page["items"]]
        after = page["next"] or ""
    assert after == ""
    assert seen == [card["id"] for card in whole["items"]]


async def test_a_move_is_made_once_and_the_second_is_told_who_was_first(house: Served) -> None:
    card = await ticket_of(house)
    path = f"/api/v1/tickets/{card['id']}"
    status, claimed = await house.api("POST", f"{path}/claim", {"version": card["version"]}, role=Role.ASSISTANT)
    assert (status, claimed["state"], claimed["holder"]) == (200, "claimed", "assistant-1")
    status, refused = await house.api("POST", f"{path}/claim", {"version": card["version"]}, role=Role.HOST)
    assert (status, refused["error"] in {"claimed", "version"}) == (409, True)
    assert "assistant-1" in json.dumps(refused["details"])
    status, answered = await house.api(
        "POST", f"{path}/answer", {"version": 2, "text": "已派人去修。"}, role=Role.ASSISTANT
    )
    assert (status, answered["state"], answered["replies"]) == (200, "answered", 1)
    status, whole = await house.api("GET", path)
    assert status == 200
    assert [(step["by"], step["move"]) for step in whole["history"]] == [
        ("assistant-1", "claim"),
        ("assistant-1", "answer"),
    ]
    assert [asked["text"] for asked in whole["asked"]] == ["路灯坏了找谁"]
    status, undone = await house.api("POST", f"{path}/undo", {"version": 3}, role=Role.ASSISTANT)
    assert (status, undone["state"]) == (200, "claimed")


MOVES_ARE_CHECKED_CASES = [
        ("claim", {}, 422), ("claim", {"version": "1"}, 422), ("claim", {"version": 1, "x": 1}, 422), ("claim", [], 422),
        ("claim", {"version": 2}, 409), ("answer", {"version": 1}, 422), ("answer", {"version": 1, "text": " "}, 422),
        ("answer", {"version": 1, "text": "长" * 501}, 422), ("forward", {"version": 1, "department": "交通局", "due": "yesterday"}, 422),
        ("merge", {"version": 1, "into": "aaaaaaaaaaaa"}, 422), ("split", {"version": 1, "messages": []}, 422), ("undo", {"version": 1}, 409),
        ("return", {"version": 1, "reason": "不归我管"}, 409), ("forward", {"version": 1, "department": "交通局"}, 200),
    ]  # fmt: skip


async def test_moves_are_checked(house: Served) -> None:
    card = await ticket_of(house)
    for move, body, status in MOVES_ARE_CHECKED_CASES:
        got, answer = await house.api("POST", f"/api/v1/tickets/{card['id']}/{move}", body)
        assert got == status, (move, body, answer)


NO_SUCH_TICKET_CASES = ["aaaaaaaaaaaa", "x", "%00", "..%2f..", "A" * 300, "AAAAAAAAAAAA"]  # fmt: skip


async def test_no_such_ticket(house: Served) -> None:
    for key in NO_SUCH_TICKET_CASES:
        assert (await house.api("GET", f"/api/v1/tickets/{key}"))[0] == 404
        assert (await house.api("POST", f"/api/v1/tickets/{key}/claim", {"version": 1}))[0] == 404
        assert (await house.api("POST", f"/api/v1/tickets/{key}/fly", {"version": 1}))[0] == 404


async def test_a_clerk_sees_and_moves_the_departments_tickets_only(house: Served) -> None:
    card = await ticket_of(house)
    path = f"/api/v1/tickets/{card['id']}"
    clerk = {"Authorization": f"Bearer {await house.token(Role.CLERK, '交通局')}"}
    assert (await house.api("GET", "/api/v1/rooms/main/tickets", role=None, headers=clerk))[1]["items"] == []
    assert (await house.api("GET", "/api/v1/rooms/main/tickets?department=政务中心", role=None, headers=clerk))[1][
        "items"
    ] == []
    assert (await house.api("GET", path, role=None, headers=clerk))[0] == 404
    assert (await house.api("POST", f"{path}/answer", {"version": 1, "text": "好"}, role=None, headers=clerk))[0] == 404
    await house.api("POST", f"{path}/forward", {"version": 1, "department": "交通局"})
    _, page = await house.api("GET", "/api/v1/rooms/main/tickets", role=None, headers=clerk)
    assert [one["id"] for one in page["items"]] == [card["id"]]
    assert (await house.api("POST", f"{path}/dismiss", {"version": 2, "reason": "x"}, role=None, headers=clerk))[
        0
    ] == 403
    assert (
        await house.api("POST", f"{path}/return", {"version": 2, "reason": "不归我们管"}, role=None, headers=clerk)
    )[0] == 200


async def test_the_stop_switch_is_obeyed_at_once(house: Served) -> None:
    assert await house.api("POST", "/api/v1/rooms/main/mode", {"mode": "suggest"}) == (
        200,
        {"room": "main", "mode": "suggest"},
    )
    await house.say("滨河路封了吗")
    _, page = await house.api("GET", "/api/v1/rooms/main/tickets")
    assert [(card["reason"], card["suggestion"]) for card in page["items"]] == [("suggested", "滨河路目前封闭。")]
    assert (await house.api("GET", "/api/v1/rooms/main"))[1]["mode"] == "suggest"
    assert (await house.api("GET", "/api/v1/rooms/main/replies"))[1]["items"] == []


async def test_muting_an_entry(house: Served) -> None:
    assert await house.api("POST", "/api/v1/entries/road.status/mute") == (200, {"entry": "road.status", "muted": True})
    assert (await house.api("GET", "/api/v1/knowledge"))[1]["muted"] == ["road.status"]
    await house.say("滨河路封了吗")
    assert (await house.api("GET", "/api/v1/rooms/main/tickets"))[1]["items"][0]["reason"] == "muted"
    assert (await house.api("POST", "/api/v1/entries/road.status/unmute"))[0] == 200
    assert (await house.api("GET", "/api/v1/knowledge"))[1]["muted"] == []
    for switch in ("mute", "unmute"):
        assert (await house.api("POST", f"/api/v1/entries/no.such/{switch}"))[0] == 404


async def test_blocking_a_viewer(house: Served) -> None:
    who = {"source": "bridge", "user_id": "u1"}
    assert await house.api("POST", "/api/v1/users/block", who) == (200, {**who, "blocked": True})
    await house.say("路灯坏了找谁")
    assert (await house.api("GET", "/api/v1/rooms/main/tickets"))[1]["items"] == []
    assert len(await house.stored()) == 1, "the line is kept"
    assert await house.api("POST", "/api/v1/users/unblock", who) == (200, {**who, "blocked": False})
    await house.say("路灯坏了找谁", prefix="again")
    assert len((await house.api("GET", "/api/v1/rooms/main/tickets"))[1]["items"]) == 1
    assert (await house.api("POST", "/api/v1/users/block", {**who, "source": "nobody"}))[0] == 404


ASK_CASES = [
        ({"text": "滨河路封了吗"}, 200), ({"text": "滨河路封了吗", "room": "jobs"}, 200), ({"text": "x", "at": "2026-02-12T09:00:00+08:00"}, 200),
        ({"text": "x", "at": "0001-01-01T00:00:00+14:00"}, 200), ({"text": "x", "at": "9999-12-31T23:59:59-12:00"}, 200), ({"text": "\x00"}, 200),
        ({"text": "x", "at": "2026-02-30T09:00:00Z"}, 422), ({"text": "x", "at": "2026-02-12T09:00:00"}, 422), ({"text": "x", "at": 0}, 422),
        ({"text": ""}, 422), ({"text": "长" * 2001}, 422), ({}, 422), ({"text": "x", "rom": "main"}, 422), ({"text": 1}, 422), ([], 422),
        ({"text": "x", "room": "none"}, 404),
    ]  # fmt: skip


async def test_ask(house: Served) -> None:
    for body, status in ASK_CASES:
        got, answer = await house.api("POST", "/api/v1/ask", body)
        assert got == status, (body, answer)
        assert status != 200 or all(decision["why"] for decision in answer["decisions"])
    assert await house.stored() == []


BODIES_THAT_ARE_NONE_CASES = [
        (b'{"text": "\\ud800"}', JSON, 422), (b"\xff", JSON, 422), (b"[" * 60_000, JSON, 422), (b"", JSON, 422), (b"x" * 70_000, JSON, 413),
        (b'{"text": "x"}', {"content-type": "text/plain"}, 415), (b'{"text": "x"}', {**JSON, "content-encoding": "gzip"}, 415),
    ]  # fmt: skip


async def test_bodies_that_are_none(house: Served) -> None:
    for raw, headers, status in BODIES_THAT_ARE_NONE_CASES:
        got, answer = await house.api("POST", "/api/v1/ask", data=raw, headers=headers)
        assert got == status, (raw[:20], answer)


async def test_the_knowledge_and_its_reload(house: Served, tmp_path: Path) -> None:
    _, before = await house.api("GET", "/api/v1/knowledge")
    assert (before["good"], before["entries"], before["files"]) == (True, 2, [{"file": "a.yaml", "state": "good"}])
    (tmp_path / "knowledge" / "b.yaml").write_text("主题: x\n问答:\n  - 编号: broken\n", encoding="utf-8")
    status, after = await house.api("POST", "/-/reload")
    assert (status, after["good"], after["version"]) == (200, False, before["version"])
    assert {"file": "b.yaml", "state": "missing"} in after["files"]
    assert {fault["file"] for fault in after["faults"] if fault["severity"] == "error"} == {"b.yaml"}
    good = "主题: x\n部门: y\n问答:\n  - {编号: bus, 问: 公交几点, 答: 六点。}\n"
    (tmp_path / "knowledge" / "b.yaml").write_text(good, encoding="utf-8")
    _, mended = await house.api("POST", "/-/reload", role=Role.CLERK)
    assert (mended["good"], mended["entries"]) == (True, 3)


# who may do what


def path_of(operation: Operation) -> str:
    return (
        operation.path.replace("{room}", "main").replace("{ticket}", "aaaaaaaaaaaa").replace("{entry}", "road.status")
    )


@pytest.mark.parametrize("role", list(Role))
async def test_every_cell_of_role_and_operation(house: Served, role: Role) -> None:
    for operation in OPERATIONS:
        body = {"version": 1} if operation.body else None
        status, answer = await house.api(operation.method, path_of(operation), body, role=role)
        if operation.right in RIGHTS[role]:
            assert status in {200, 404, 422}, (operation.name, answer)
        else:
            assert (status, answer["error"]) == (403, "forbidden"), operation.name


def test_the_table_of_roles_is_what_was_agreed() -> None:
    assert {role: "".join("x" if right in RIGHTS[role] else "." for right in Right) for role in Role} == {
        #                LOOK CHAT QUEUE MOVE SWITCH MUTE BLOCK ASK KNOWLEDGE RELOAD
        Role.HOST: "xxxxx..x..",
        Role.ASSISTANT: "xxxxxxxxx.",
        Role.CLERK: "x.xx...xxx",
        Role.ADMIN: "xxxxxxxxxx",
    }
    assert {move.value for move in MOVES_OF[Role.CLERK]} == {"answer", "return", "undo"}


WITHOUT_A_TOKEN_IN_FORCE_NOTHING_IS_SHOWN_CASES = [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Bearer wrong",
        "bearer " + "x" * 5000,
        "Bearer a b",
        "Bearer é",
        "Bearer ' OR 1=1 --",
    ]  # fmt: skip


async def test_without_a_token_in_force_nothing_is_shown(house: Served) -> None:
    for header in WITHOUT_A_TOKEN_IN_FORCE_NOTHING_IS_SHOWN_CASES:
        headers = {} if header is None else {"Authorization": header}
        for operation in OPERATIONS:
            status, body = await house.api(operation.method, path_of(operation), role=None, headers=headers)
            assert (status, body["error"]) == (401, "unauthorized"), (header, operation.name)


async def test_a_revoked_and_an_expired_token_end_at_once(house: Served) -> None:
    token = await house.token(Role.HOST)
    (row,) = await house.parts.store.read(lambda uow: uow.tokens.all())
    assert (await house.api("GET", "/api/v1/caller", role=Role.HOST))[1]["name"] == "host-1"
    await house.parts.store.write(
        lambda uow, ids: [uow.tokens.revoke(one, at=house.clock()) for one in ids], row["id"], rooms=()
    )
    assert (await house.api("GET", "/api/v1/caller", role=Role.HOST))[0] == 401
    short = {"id": "short", "name": "x", "role": "admin", "department": None, "created_at": house.clock()}
    short |= {"digest": served.digest_of("soon over"), "expires_at": house.clock() + timedelta(hours=1)}
    await house.parts.store.write(served.add_token, short, rooms=())
    headers = {"Authorization": "Bearer soon"}
    assert (await house.api("GET", "/api/v1/caller", role=None, headers=headers))[0] == 401
    assert token not in repr(row)


async def test_tokens_are_kept_as_digests_only(house: Served, tmp_path: Path) -> None:
    assert files_with(tmp_path, await house.token(Role.ADMIN)) == []
    assert files_with(tmp_path, "滨河路")


def files_with(folder: Path, text: str) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


# the rest


ERRORS_ARE_JSON_EVERYWHERE_CASES = [
        ("GET", "/nope", 404),
        ("GET", "/api/v1/nope", 404),
        ("DELETE", "/api/v1/rooms", 405),
        ("TRACE", "/api/v1/rooms", 405),
        ("POST", "/healthz", 405),
    ]  # fmt: skip


async def test_errors_are_json_everywhere(house: Served) -> None:
    for method, path, status in ERRORS_ARE_JSON_EVERYWHERE_CASES:
        async with house.session.request(method, house.url + path) as response:
            assert response.status == status
            assert set(await response.json()) == {"error", "message"}
            assert ("Allow" in response.headers) == (status == 405)


EVERY_ANSWER_IS_GUARDED_CASES = ["/", "/healthz", "/readyz", "/metrics", "/api/v1/openapi.json", "/api/v1/rooms", "/nope"]  # fmt: skip


async def test_every_answer_is_guarded(house: Served) -> None:
    for path in EVERY_ANSWER_IS_GUARDED_CASES:
        async with house.session.get(house.url + path) as response:
            assert response.headers["X-Content-Type-Options"] == "nosniff", path
            assert response.headers["Cache-Control"] == "no-store", path
            assert response.headers["Server"] == "askbot", path


async def test_health_is_told_to_this_machine_and_to_token_holders(
    tmp_path: Path, sqlite_url: str, schema: Path
) -> None:
    server = {"port": 0, "trusted_proxies": ["127.0.0.0/8"]}
    async with open_served(settings_for(tmp_path, sqlite_url, server=server), schema) as house:
        outside = {"X-Forwarded-For": "192.0.2.7"}
        token = {"Authorization": f"Bearer {await house.token(Role.HOST)}"}
        async with house.session.get(house.url + "/readyz") as response:
            body = await response.json()
            assert (response.status, body["ready"], body["failing"]) == (200, True, [])
            assert set(body["checks"]) >= {
                "serving",
                "database",
                "knowledge",
                "background.outbox",
                "background.retention",
            }
        for headers, told in ((outside, False), (outside | token, True)):
            async with house.session.get(house.url + "/readyz", headers=headers) as response:
                assert ("checks" in await response.json()) is told
            async with house.session.get(house.url + "/metrics", headers=headers) as response:
                assert response.status == (200 if told else 401)


async def test_a_proxy_that_nobody_configured_does_not_make_the_world_local(house: Served) -> None:
    for name in ("X-Forwarded-For", "Forwarded"):
        async with house.session.get(house.url + "/metrics", headers={name: "192.0.2.7"}) as response:
            assert response.status == 401


async def test_a_dead_loop_turns_readiness_off(house: Served) -> None:
    async def dies() -> None:
        raise RuntimeError("a defect")

    house.parts.background.start("dying", dies)
    for _ in range(100):
        async with house.session.get(house.url + "/readyz") as response:
            if response.status == 503:
                assert (await response.json())["failing"] == ["background.dying"]
                break
    else:
        pytest.fail("it stayed ready")
    async with house.session.get(house.url + "/healthz") as response:
        assert response.status == 200
    await house.parts.background.stop("dying", within=1)


async def test_a_stopping_service_takes_no_more(house: Served) -> None:
    house.parts.background.stopping = True
    status, body = await house.hook(batch([line("m1", "早")]))
    assert (status, body["error"]) == (503, "stopping")
    async with house.session.get(house.url + "/readyz") as response:
        assert (response.status, (await response.json())["failing"]) == (503, ["serving"])


async def test_a_defect_is_a_bare_500(house: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(query: object) -> None:
        raise RuntimeError("SELECT secret FROM chat")

    monkeypatch.setattr(house.parts.store, "read", broken)
    status, body = await house.api("GET", "/api/v1/rooms", role=None, headers={"Authorization": "Bearer x"})
    assert (status, body["error"]) == (500, "internal")
    assert "SELECT" not in json.dumps(body)


async def test_the_same_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    migrate.upgrade(postgres_url)
    async with open_served(settings_for(tmp_path, postgres_url)) as house:
        card = await ticket_of(house)
        assert [one["text"] for one in await house.stored()] == ["路灯坏了找谁"]
        for query, status in LIMITS_AND_CURSORS_CASES:
            assert (await house.api("GET", f"/api/v1/rooms/main/messages?{query}"))[0] == status, query
        for query, status in THE_QUEUES_FILTERS_CASES:
            assert (await house.api("GET", f"/api/v1/rooms/main/tickets?{query}"))[0] == status, query
        for key in NO_SUCH_TICKET_CASES:
            assert (await house.api("GET", f"/api/v1/tickets/{key}"))[0] == 404, key
        assert (await house.api("POST", f"/api/v1/tickets/{card['id']}/claim", {"version": 1}))[0] == 200
        assert (await house.hook(batch([line("x", "a\x00b")])))[0] == 422
        assert (await house.api("POST", "/api/v1/users/block", {"source": "bridge", "user_id": "a\x00"}))[0] == 422
        for pattern in ("00" + "f" * 14 + "f" * 16 + "7" + "f" * 15, "00" + "0" * 14 + "8" + "0" * 15 + "0" * 16):
            assert (await house.api("GET", f"/api/v1/rooms/main/tickets?after=t{pattern}"))[0] == 200
        async with house.session.get(house.url + "/metrics") as response:
            assert 'askbot_decisions_total{action="escalate",reason="always",room="main"} 1.0' in await response.text()


async def test_a_platform_that_cannot_be_reached_is_shown_and_does_no_harm(
    tmp_path: Path, sqlite_url: str, schema: Path
) -> None:
    source = {"platform": "standard", "secret": served.SECRET, "room": "main", "reply_url": "http://127.0.0.1:9/say"}
    async with open_served(settings_for(tmp_path, sqlite_url, sources={"bridge": source}), schema) as house:
        assert (await health(house))["channels"] == {"bridge": {"reachable": None, "problem": None}}
        await house.say("滨河路封了吗")
        for _ in range(500):
            body = await health(house)
            if body["channels"]["bridge"]["reachable"] is False:
                break
            await asyncio.sleep(0.01)
        assert body["ready"] is True
        assert "no answer" in body["channels"]["bridge"]["problem"]
        async with house.session.get(house.url + "/metrics") as response:
            assert 'askbot_channel_up{channel="bridge"} 0.0' in await response.text()


async def health(house: Served) -> dict[str, Any]:
    async with house.session.get(house.url + "/readyz") as response:
        body: dict[str, Any] = await response.json()
        return body
