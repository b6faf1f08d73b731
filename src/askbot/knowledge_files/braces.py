"""Placeholders in texts: `{道路}`, `{绕行}`, `{更新时间}`, `{名单:状态=封闭}`; whether they are whole, and where."""

import re
from dataclasses import dataclass

_BRACES = re.compile(r"\{([^{}｛｝]*)\}|\{\{[^{}｛｝]*\}\}|[{｛][^{}｛｝]*[}｝]|[{}｛｝]")

_ANY = re.compile(r"[{}｛｝]")


@dataclass(frozen=True, slots=True)
class Brace:
    """A placeholder, or a single or full-width brace (then `name` is None); `typed` is the text of it, `at` where."""

    typed: str
    name: str | None
    at: int


def braces(text: str) -> list[Brace]:
    """All placeholders and stray braces of a text, in their order."""
    if not _ANY.search(text):
        return []
    return [Brace(m.group(), m.group(1), m.start()) for m in _BRACES.finditer(text)]


def names(text: str) -> list[str]:
    """The names of the whole placeholders."""
    return [b.name for b in braces(text) if b.name]
