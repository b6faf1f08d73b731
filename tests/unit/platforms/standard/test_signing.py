"""Signatures: the published vectors, rotation, and that no garbage raises anything but SignatureError."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks import Webhook

from askbot.errors import SignatureError
from askbot.platforms.standard.signing import decode_secret, sign, verify

VECTORS = json.loads((Path(__file__).parents[3] / "platforms" / "standard.json").read_text(encoding="utf-8"))
SKEW = timedelta(minutes=5)
BODY = b'{"type":"chat.messages"}'
KEY = decode_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
NOW = datetime(2026, 2, 12, 1, 0, tzinfo=UTC)
STAMP = int(NOW.timestamp())


def headers(**changes: str) -> dict[str, str]:
    right = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(STAMP),
        "webhook-signature": sign(KEY, "msg_1", STAMP, BODY),
    }
    return right | {f"webhook-{name}": value for name, value in changes.items()}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_vectors_are_accepted_at_their_time_and_refused_with_one_byte_changed(vector: dict[str, object]) -> None:
    given_headers, body = vector["headers"], str(vector["body"]).encode()
    key = decode_secret(str(vector["secret"]))
    stamp = int(given_headers["webhook-timestamp"])
    at = datetime.fromtimestamp(stamp, UTC)
    verify(given_headers, body, [key], at, SKEW)
    assert sign(key, given_headers["webhook-id"], stamp, body) == vector["expected"]
    for place in range(len(body)):
        changed = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        with pytest.raises(SignatureError):
            verify(given_headers, changed, [key], at, SKEW)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"signature": ""}, "no signature"),
        ({"signature": "v1"}, "no comma: a known library raises ValueError here"),
        ({"signature": "v1,"}, "an empty signature"),
        ({"signature": "v1,AAAA"}, "a short signature"),
        ({"signature": "v1a," + sign(KEY, "msg_1", STAMP, BODY)[3:]}, "the right bytes under another scheme"),
        ({"signature": sign(KEY, "msg_1", STAMP, BODY).lower()}, "base64 knows case"),
        ({"signature": "v1,é" * 50}, "letters outside of ASCII"),
        ({"signature": "v1,\udcff"}, "a byte that is no text"),
        ({"signature": "v1,x " * 2000}, "longer than any"),
        ({"id": ""}, "no id"),
        ({"id": "msg_2"}, "another id"),
        ({"id": "x" * 300}, "an id longer than any"),
        ({"timestamp": ""}, "no time"),
        ({"timestamp": "-1"}, "a negative time"),
        ({"timestamp": "1e9"}, "a float"),
        ({"timestamp": " 1770858000"}, "a space"),
        ({"timestamp": "１７７０８５８０００"}, "full-width digits"),
        ({"timestamp": "9" * 5000}, "a number that costs to read"),
        ({"timestamp": str(STAMP + 1)}, "a time that was not signed"),
    ],
)
def test_wrong_headers_are_refused(changes: dict[str, str], why: str) -> None:
    with pytest.raises(SignatureError):
        verify(headers(**changes), BODY, [KEY], NOW, SKEW)


@pytest.mark.parametrize(("seconds", "taken"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)])
def test_the_skew_counts_both_ways(seconds: int, taken: bool) -> None:
    at = NOW + timedelta(seconds=seconds)
    if taken:
        verify(headers(), BODY, [KEY], at, SKEW)
    else:
        with pytest.raises(SignatureError) as refused:
            verify(headers(), BODY, [KEY], at, SKEW)
        assert refused.value.code == "stale_timestamp"


def test_any_of_several_secrets_and_signatures_is_enough() -> None:
    old = decode_secret("old secret of plain text")
    verify(headers(), BODY, [old, KEY], NOW, SKEW)
    both = headers(signature=f"v1,AAAA v1a,zzz {sign(old, 'msg_1', STAMP, BODY)}")
    verify(both, BODY, [KEY, old], NOW, SKEW)
    with pytest.raises(SignatureError):
        verify(headers(), BODY, [old], NOW, SKEW)


@settings(max_examples=300)
@given(
    message_id=st.text(max_size=40),
    stamp=st.one_of(st.text(max_size=20), st.integers().map(str)),
    signature=st.one_of(st.text(max_size=80), st.text(max_size=60).map("v1,{}".format)),
    body=st.binary(max_size=200),
)
def test_garbage_raises_signature_error_and_nothing_else(
    message_id: str, stamp: str, signature: str, body: bytes
) -> None:
    garbage = {"webhook-id": message_id, "webhook-timestamp": stamp, "webhook-signature": signature}
    with pytest.raises(SignatureError):
        verify(garbage, body, [KEY], NOW, timedelta(days=100_000_000))


@given(body=st.binary(max_size=300), key=st.binary(min_size=1, max_size=64))
def test_the_published_library_signs_the_same(body: bytes, key: bytes) -> None:
    theirs = Webhook(key).sign("msg_1", NOW, body.decode("latin-1"))
    assert sign(key, "msg_1", STAMP, body.decode("latin-1").encode()) == theirs


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("whsec_AAECAwQ=", b"\x00\x01\x02\x03\x04"),
        ("whsec_AAECAwQ", b"\x00\x01\x02\x03\x04"),  # padding is often lost in copying
        ("any text 中", "any text 中".encode()),
    ],
)
def test_secrets_are_decoded(typed: str, key: bytes) -> None:
    assert decode_secret(typed) == key


@pytest.mark.parametrize("typed", ["", "whsec_", "whsec_!!", "whsec_AAECAwQ$", "whsec_A"])
def test_broken_secrets_are_refused_without_being_repeated(typed: str) -> None:
    with pytest.raises(ValueError) as refused:
        decode_secret(typed)
    assert typed == "" or typed not in str(refused.value)
