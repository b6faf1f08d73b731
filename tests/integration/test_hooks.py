"""POST /hooks/…: the statuses of the contract, durable before 200, nothing stored of what is refused, never a 500."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import served
from served import Served, batch, line, open_served, settings_for, signed

GOOD = batch([line("m1", "滨河路封了吗")])


async def test_a_message_is_taken_decided_and_stored_before_the_200(house: Served) -> None:
    assert await house.hook(GOOD) == (200, {"status": "taken"})
    (stored,) = await house.stored()
    assert (stored["id"], stored["source"], stored["user"]) == ("m1", "bridge", {"id": "u1", "name": "城东老李"})
    assert [decision["action"] for decision in stored["decisions"]] == ["answer"]


async def test_twenty_equal_webhooks_at_once_are_one_message_one_decision_and_twenty_200(house: Served) -> None:
    answers = await asyncio.gather(*(house.hook(GOOD) for _ in range(20)))
    assert answers == [(200, {"status": "taken"})] * 20
    (stored,) = await house.stored()
    assert len(stored["decisions"]) == 1
    _, page = await house.api("GET", "/api/v1/rooms/main/replies")
    assert len(page["items"]) == 1


async def test_a_reused_webhook_id_loses_nothing_and_the_first_text_stands(house: Served) -> None:
    for body in (GOOD, batch([line("m2", "人民路封了吗")]), batch([line("m1", "另一句话"), line("m3", "早上好")])):
        assert (await house.hook(body, signed(body, house.clock(), key="msg_same")))[0] == 200
    assert [(one["id"], one["text"]) for one in await house.stored()] == [
        ("m1", "滨河路封了吗"), ("m2", "人民路封了吗"), ("m3", "早上好"),
    ]  # fmt: skip
    text = await metrics(house)
    assert 'askbot_hook_messages_total{outcome="changed",source="bridge"} 1.0' in text
    assert 'askbot_hook_messages_total{outcome="repeated",source="bridge"} 1.0' in text


async def metrics(house: Served) -> str:
    async with house.session.get(house.url + "/metrics") as response:
        return await response.text()


REFUSED = {
    "no signature": (GOOD, {}, "/hooks/bridge", 401, "no_signature"),
    "wrong signature": (GOOD, {"webhook-signature": "v1,AAAA"}, "/hooks/bridge", 401, "bad_signature"),
    "changed body": (GOOD.replace(b"m1", b"m2"), None, "/hooks/bridge", 401, "bad_signature"),
    "unknown source": (GOOD, None, "/hooks/nobody", 404, "unknown_source"),
    "a path key where there is none": (GOOD, None, "/hooks/bridge/key", 404, "unknown_source"),
    "too large": (b"x" * (256 * 1024 + 1), None, "/hooks/bridge", 413, "too_large"),
    "not json": (b"{", "signed", "/hooks/bridge", 422, "bad_payload"),
    "another type": (b'{"type": "chat.message"}', "signed", "/hooks/bridge", 422, "bad_payload"),
    "a wrong content type": (GOOD, {"content-type": "text/plain"}, "/hooks/bridge", 415, "unsupported_media_type"),
    "compressed": (GOOD, {"content-encoding": "gzip"}, "/hooks/bridge", 415, "unsupported_media_type"),
}


@pytest.mark.parametrize(("body", "headers", "path", "status", "code"), REFUSED.values(), ids=REFUSED.keys())
async def test_refusals(house: Served, body: bytes, headers: object, path: str, status: int, code: str) -> None:
    sent = signed(body if headers == "signed" else GOOD, house.clock())
    if isinstance(headers, dict):
        sent = sent | headers if headers else {"content-type": "application/json"}
    got, answer = await house.hook(body, sent, path)
    assert (got, answer["error"]) == (status, code)
    assert set(answer) == {"error", "message"}
    assert await house.stored() == []


@pytest.mark.parametrize(("minutes", "status"), [(-6, 401), (-4, 200), (0, 200), (4, 200), (6, 401)])
async def test_timestamps(house: Served, minutes: int, status: int) -> None:
    sent = signed(GOOD, house.clock() + timedelta(minutes=minutes))
    assert (await house.hook(GOOD, sent))[0] == status


async def test_a_wrong_secret_tells_nothing_about_the_right_one(house: Served) -> None:
    status, answer = await house.hook(GOOD, signed(GOOD, house.clock(), secret="another secret of some length"))
    assert status == 401
    right = signed(GOOD, house.clock())["webhook-signature"]
    assert right not in json.dumps(answer)
    assert served.SECRET not in json.dumps(answer)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
async def test_other_methods_are_405_with_what_is_allowed(house: Served, method: str) -> None:
    async with house.session.request(method, house.url + "/hooks/bridge") as response:
        assert response.status == 405
        assert response.headers["Allow"] == "POST"
        if method != "HEAD":
            assert (await response.json())["error"] == "method_not_allowed"


async def test_an_endless_body_is_not_read_to_its_end(house: Served) -> None:
    sent = 0

    async def endless() -> object:
        nonlocal sent
        while True:
            sent += 65536
            yield b"x" * 65536

    try:
        async with house.session.post(
            house.url + "/hooks/bridge", data=endless(), headers=signed(b"", house.clock())
        ) as response:
            assert response.status == 413
    except (ConnectionError, OSError):
        pass  # the connection was closed while we were still sending
    assert sent < 64 * 1024 * 1024
    assert (await house.hook(GOOD))[0] == 200


async def test_the_body_may_come_in_pieces_and_headers_in_any_case(house: Served) -> None:
    async def pieces() -> object:
        for place in range(len(GOOD)):
            yield GOOD[place : place + 1]

    headers = {name.upper(): value for name, value in signed(GOOD, house.clock()).items()}
    async with house.session.post(house.url + "/hooks/bridge", data=pieces(), headers=headers) as response:
        assert response.status == 200


async def test_only_verified_requests_count_against_the_rate(tmp_path: Path, sqlite_url: str, schema: Path) -> None:
    sources = {"bridge": {"platform": "standard", "secret": served.SECRET, "room": "main", "rate": "2/h"}}
    async with open_served(settings_for(tmp_path, sqlite_url, sources=sources), schema) as house:
        for _ in range(5):
            assert (await house.hook(GOOD, {}))[0] == 401
        for number in range(2):
            body = batch([line(f"m{number}", "早")])
            assert (await house.hook(body))[0] == 200
        async with house.session.post(
            house.url + "/hooks/bridge", data=GOOD, headers=signed(GOOD, house.clock())
        ) as response:
            assert response.status == 429
            assert 1 <= int(response.headers["Retry-After"]) <= 1800
            assert (await response.json())["error"] == "rate_limited"
        assert len(await house.stored()) == 2


async def test_path_keys_networks_and_rooms(tmp_path: Path, sqlite_url: str, schema: Path) -> None:
    plain = {"platform": "standard", "secret": served.SECRET}
    sources = {
        "keyed": {**plain, "room": "main", "path_key": "sesame"},
        "far": {**plain, "room": "main", "allow": ["192.0.2.0/24"]},
        "near": {**plain, "room": "main", "allow": ["127.0.0.0/8"]},
        "many": {**plain, "rooms": {"7": "main", "8": "jobs"}},
        "turning": {"platform": "standard", "secret": ["the new secret of 24 bytes", served.SECRET], "room": "main"},
    }
    async with open_served(settings_for(tmp_path, sqlite_url, sources=sources), schema) as house:
        statuses = [
            ("/hooks/keyed", 404), ("/hooks/keyed/wrong", 404), ("/hooks/keyed/sesame", 200), ("/hooks/keyed/sesam%C3%A9", 404),
            ("/hooks/keyed/%00", 404), ("/hooks/far", 403), ("/hooks/near", 200), ("/hooks/many", 422), ("/hooks/turning", 200),
        ]  # fmt: skip
        for path, status in statuses:
            assert (await house.hook(GOOD, path=path))[0] == status, path
        body = batch([line("a", "早", room="7"), line("b", "早", room="8")])
        assert (await house.hook(body, path="/hooks/many"))[0] == 200
        assert [one["id"] for one in await house.stored("jobs")] == ["b"]
        body = batch([line("c", "早", room="7"), line("d", "早", room="9")])
        status, answer = await house.hook(body, path="/hooks/many")
        assert (status, answer["error"]) == (422, "unknown_room")
        assert "c" not in {one["id"] for one in await house.stored()}, "nothing of a refused push is taken"
        forged = signed(GOOD, house.clock()) | {"X-Forwarded-For": "192.0.2.7"}
        assert (await house.hook(GOOD, forged, "/hooks/far"))[0] == 403, "nobody vouches for that address"


async def test_a_trusted_proxy_tells_the_address(tmp_path: Path, sqlite_url: str, schema: Path) -> None:
    sources = {"far": {"platform": "standard", "secret": served.SECRET, "room": "main", "allow": "192.0.2.0/24"}}
    server = {"port": 0, "trusted_proxies": ["127.0.0.0/8"]}
    async with open_served(settings_for(tmp_path, sqlite_url, sources=sources, server=server), schema) as house:
        for chain, status in (
            ("192.0.2.7", 200),
            ("192.0.2.7, 198.51.100.9", 403),
            ("198.51.100.9, 192.0.2.7", 200),
            ("", 403),
            ("x", 403),
        ):
            sent = signed(GOOD, house.clock()) | {"X-Forwarded-For": chain}
            assert (await house.hook(GOOD, sent, "/hooks/far"))[0] == status, chain


HEAD = b"POST /hooks/bridge HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
ODD = {
    "a bad chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n0\r\n\r\n", 400),
    "a negative length": (HEAD + b"Content-Length: -1\r\n\r\n", 400),
    "length and chunks": (HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "two lengths": (HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400),
    "no length": (HEAD + b"\r\n", 401),
    "nul in a header": (HEAD + b"webhook-id: a\x00b\r\nContent-Length: 0\r\n\r\n", 400),
    "bytes in a header": (HEAD + b"webhook-id: \xff\xfe\r\nContent-Length: 0\r\n\r\n", 401),
    "a huge header": (HEAD + b"webhook-id: " + b"x" * 20_000 + b"\r\nContent-Length: 0\r\n\r\n", 400),
    "an old protocol": (b"POST /hooks/bridge HTTP/1.0\r\n\r\n", 401),
    "no protocol": (b"\x00\x01\x02\r\n\r\n", 400),
    "a broken path": (b"POST /hooks/%zz%00 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 404),
    "an unknown expectation": (HEAD + b"Expect: brownies\r\nContent-Length: 0\r\n\r\n", 417),
    "another protocol": (HEAD + b"Upgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 0\r\n\r\n", 401),
    "a broken query": (b"GET /api/v1/rooms?%ff=%zz&%00 HTTP/1.1\r\nHost: x\r\n\r\n", 401),
}


async def test_what_no_client_sends_is_never_a_500(house: Served) -> None:
    for name, (raw, status) in ODD.items():
        reader, writer = await asyncio.open_connection("127.0.0.1", house.running.port)
        writer.write(raw)
        async with asyncio.timeout(5):
            first = await reader.readline()
        assert int(first.split()[1]) == status, name
        writer.close()
        await writer.wait_closed()
    assert await house.stored() == []


async def test_a_sender_that_goes_away_in_the_middle_leaves_nothing(house: Served) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", house.running.port)
    writer.write(HEAD + b"Content-Length: 1000\r\n\r\n{")
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await house.hook(GOOD))[0] == 200
    text = ""
    for _ in range(500):
        text = await metrics(house)
        if 'outcome="bad_request"' in text:
            break
        await asyncio.sleep(0.01)
    assert 'askbot_hook_requests_total{outcome="bad_request",source="bridge"} 1.0' in text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def loop_and_house(tmp_path_factory: pytest.TempPathFactory) -> "object":
    """One service for all examples of the property tests, on a loop of its own."""
    folder = tmp_path_factory.mktemp("house")
    with asyncio.Runner() as runner:
        plain = {"platform": "standard", "secret": served.SECRET}
        sources = {"bridge": {**plain, "room": "main"}, "second": {**plain, "room": "jobs"}}
        context = open_served(settings_for(folder, f"sqlite:///{folder / 'askbot.db'}", sources=sources))
        house = runner.run(context.__aenter__())
        yield runner, house
        runner.run(context.__aexit__(None, None, None))


RELAXED = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@RELAXED
@given(
    body=st.binary(max_size=600) | JSON.map(lambda value: json.dumps(value).encode()),
    headers=st.dictionaries(
        st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature", "content-type"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=60),
    ),
)
def test_garbage_is_a_401_and_stores_nothing(loop_and_house: "object", body: bytes, headers: dict[str, str]) -> None:
    runner, house = loop_and_house  # type: ignore[misc]
    status, answer = runner.run(house.hook(body, headers))
    assert status == 401, answer
    assert runner.run(house.stored()) == []


@RELAXED
@given(body=st.binary(max_size=600) | JSON.map(lambda value: json.dumps(value).encode()))
def test_signed_garbage_is_a_422_and_stores_nothing(loop_and_house: "object", body: bytes) -> None:
    runner, house = loop_and_house  # type: ignore[misc]
    status, answer = runner.run(house.hook(body))
    assert status == 422, answer
    assert runner.run(house.stored()) == []


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)


@RELAXED
@given(
    texts=st.lists(TEXT, min_size=1, max_size=5), ids=st.lists(TEXT.filter(bool), min_size=5, max_size=5, unique=True)
)
def test_whatever_people_type_is_taken_and_decided(loop_and_house: "object", texts: list[str], ids: list[str]) -> None:
    runner, house = loop_and_house  # type: ignore[misc]
    body = batch([line(key, text, user=key) for key, text in zip(ids, texts, strict=False)])
    status, answer = runner.run(house.hook(body, path="/hooks/second"))
    assert status == 200, answer
