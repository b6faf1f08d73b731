"""Pages: cursors that are opaque to callers, and the number of things on a page."""

import base64
import re

from askbot.errors import InputError
from askbot.web.operations import Query

MOST = 500
USUAL = 50
_SEQ = re.compile(r"s[0-9]{1,15}")
_RANKED = re.compile(r"t00[0-9a-f]{30}[0-7][0-9a-f]{15}")


def seq_cursor(seq: int) -> str:
    """The cursor behind the thing of that number."""
    return f"s{seq}"


def _limit(typed: str) -> int:
    if not re.fullmatch(r"[0-9]+", typed) or not typed.strip("0"):
        raise InputError("limit must be a whole number from 1")
    return min(int(typed[-18:]) if len(typed.lstrip("0")) <= 18 else MOST, MOST)  # noqa: PLR2004 (digits of a number)


def _seq(typed: str) -> int:
    if typed and not _SEQ.fullmatch(typed):
        raise InputError("this is no cursor of this list", code="bad_cursor")
    return int(typed[1:] or 0)


def ranked_cursor(cursor: str | None) -> str | None:
    """The queue's cursor as callers see it."""
    return None if cursor is None else f"t{base64.urlsafe_b64decode(cursor).hex()}"


def _ranked(typed: str) -> str | None:
    if not typed:
        return None
    if not _RANKED.fullmatch(typed):
        raise InputError("this is no cursor of this list", code="bad_cursor")
    return base64.urlsafe_b64encode(bytes.fromhex(typed[1:])).decode()


LIMIT = Query(
    name="limit",
    text=f"How many; {USUAL} by default, more than {MOST} is cut to {MOST}.",
    schema={"type": "integer", "minimum": 1, "default": USUAL},
    read=_limit,
)
AFTER = Query(
    name="after",
    text="The `next` of the page before.",
    schema={"type": "string", "pattern": f"^({_SEQ.pattern})?$"},
    read=_seq,
)
AFTER_RANKED = Query(
    name="after",
    text="The `next` of the page before; all pages are ranked at the time of the first.",
    schema={"type": "string", "pattern": f"^({_RANKED.pattern})?$"},
    read=_ranked,
)
