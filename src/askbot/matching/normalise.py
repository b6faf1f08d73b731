"""One writing for all ways of typing: width, case, traditional characters, repeats, emoji, codes, digits, @names.

Idempotent: normalising twice changes nothing. Knows no vocabulary beyond the script itself.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

import opencc

from askbot.matching.numerals import with_digits

LONGEST = 500
"""Characters of a message that are read; what stands behind them is no chat line."""

_ROUNDS = 6
_CODE = re.compile(r"\[[^\[\]\s\d]{1,8}\]")
_MENTION = re.compile(r"[@＠]([^\s@,，。:：!！?？、]{1,24})[\s:：,，]*")
_NOISE = re.compile(r"[^\w\s,.?!;:、。%/+~\-—()#@<>]|_")
_REPEATED = re.compile(r"([^\W\d])\1{2,}|([^\w])\2+")
_PHRASE = re.compile(r"([^\W\d]{2,8}?)\1+")
_SPACES = re.compile(r"\s+")
_PLAIN = re.compile(r"[\u4e00-\u9fffa-z0-9 ]*")
_HOSTS = frozenset({"主播", "县长", "领导", "官方", "客服", "小助手", "直播间", "书记", "政府", "管理员", "所有人"})


@dataclass(frozen=True, slots=True)
class Clean:
    """A normalised line; `to` are the viewers that it speaks to by @ (the host and the bot are nobody's @)."""

    text: str
    to: tuple[str, ...] = ()


@cache
def simplified() -> dict[int, str]:
    """Traditional → simplified, character by character; made from OpenCC's table once in a process."""
    typed = [chr(code) for code in range(0x3400, 0xA000)]
    plain = opencc.OpenCC("t2s").convert("\n".join(typed)).split("\n")
    table = {ord(a): b for a, b in zip(typed, plain, strict=True) if a != b and len(b) == 1}
    return table | {ord("　"): " ", ord("“"): " ", ord("”"): " ", ord("·"): " ", ord("妳"): "你", ord("嘅"): "的"}


def normalise(text: str) -> Clean:
    """The line as the matcher reads it; at most LONGEST characters of it."""
    text = text[:LONGEST]
    named: list[str] = []
    if "@" in text or "＠" in text:
        named = [n for n in _MENTION.findall(text) if not any(h in n for h in _HOSTS)]
        text = _MENTION.sub(" ", text)
    return Clean(plain(text), tuple(named))


def plain(text: str) -> str:
    """The text in the one writing, @names kept: what names, phrasings and answers go through."""
    for _ in range(_ROUNDS):
        changed = _once(text)
        if changed == text:
            return text
        text = changed
    return text


def _once(text: str) -> str:
    if not _PLAIN.fullmatch(text):
        text = unicodedata.normalize("NFKC", text).lower()
        text = _CODE.sub(" ", text)
        text = _NOISE.sub(" ", text)
    text = with_digits(text.translate(simplified()))
    text = _REPEATED.sub(lambda m: m[1] or m[2], text)
    text = _PHRASE.sub(r"\1", text)
    return _SPACES.sub(" ", text).strip()
