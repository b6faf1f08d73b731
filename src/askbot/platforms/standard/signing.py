"""Standard Webhooks 1.0.0: signatures over bytes; no clock, no network, no configuration.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

The signed text is `id.timestamp.body`, the key the decoded bytes of the secret; a header may carry several signatures
and a receiver may know several secrets, so that secrets can be changed without a gap: any match is enough.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from askbot.errors import SignatureError

PREFIX = "whsec_"
LONGEST_ID = 256
LONGEST_HEADER = 4096
"""Characters of `webhook-signature`; real ones hold a few signatures of 47."""
LONGEST_STAMP = 15
"""Digits of a timestamp: enough for any time, and never a number that costs to compute."""


def decode_secret(text: str) -> bytes:
    """The key's bytes: `whsec_` is followed by base64, any other text is the key itself in UTF-8.

    Raises ValueError when it is empty or what follows `whsec_` is no base64; the message does not repeat it.
    """
    if not text.startswith(PREFIX):
        key = text.encode("utf-8", "surrogateescape")
    else:
        coded = text.removeprefix(PREFIX).rstrip("=")
        try:
            key = base64.b64decode(coded + "=" * (-len(coded) % 4), validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValueError("what follows whsec_ is no base64") from error
    if not key:
        raise ValueError("the secret is empty")
    return key


def sign(secret: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """The header value `v1,…` for a message; `timestamp` in whole seconds since 1970."""
    return f"v1,{_signature(secret, message_id.encode(), str(timestamp).encode(), body).decode()}"


def verify(
    headers: Mapping[str, str], body: bytes, secrets: Sequence[bytes], now: datetime, max_skew: timedelta
) -> None:
    """Return if one of the secrets signed this body, within `max_skew` of now; header names in lower case.

    Raises SignatureError, and nothing else, whatever stands in the headers.
    """
    message_id = headers.get("webhook-id", "")
    stamp = headers.get("webhook-timestamp", "")
    claimed = headers.get("webhook-signature", "")
    if not message_id or not stamp or not claimed:
        raise SignatureError("webhook-id, webhook-timestamp and webhook-signature are needed", code="no_signature")
    if len(message_id) > LONGEST_ID or len(claimed) > LONGEST_HEADER:
        raise SignatureError("the signature does not match")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= LONGEST_STAMP):
        raise SignatureError("webhook-timestamp is no number of seconds")
    if abs(now.timestamp() - int(stamp)) > max_skew.total_seconds():
        raise SignatureError("webhook-timestamp is too far from now", code="stale_timestamp")
    if not _matches(message_id, stamp, claimed, body, secrets):
        raise SignatureError("the signature does not match")


def _matches(message_id: str, stamp: str, claimed: str, body: bytes, secrets: Sequence[bytes]) -> bool:
    """Whether any v1 entry is right for any secret; compared as bytes, in constant time."""
    entries = [entry[3:].encode("utf-8", "surrogatepass") for entry in claimed.split(" ") if entry.startswith("v1,")]
    identity = message_id.encode("utf-8", "surrogatepass")
    for secret in secrets:
        expected = _signature(secret, identity, stamp.encode(), body)
        for entry in entries:
            if hmac.compare_digest(entry, expected):
                return True
    return False


def _signature(secret: bytes, message_id: bytes, stamp: bytes, body: bytes) -> bytes:
    # Not hmac.digest: it lets go of the interpreter's lock however short the text, and beside a thread that computes
    # (the store's) getting it back costs a hundred times the digest.
    return base64.b64encode(hmac.new(secret, b".".join((message_id, stamp, body)), "sha256").digest())
