"""Which known word a mistyped one was most likely meant to be."""

from collections.abc import Collection

_LIKE = 50.0


def nearest(word: str, known: Collection[str]) -> str | None:
    """The known word that is most like `word`; None when none is like it."""
    from rapidfuzz import fuzz, process

    typed = word.casefold()
    found = process.extract(typed, list(known), scorer=fuzz.ratio, score_cutoff=50, processor=str.casefold, limit=8)
    scored = [(ratio + _in_place(typed, likely), likely) for likely, ratio, _ in found]
    best = max(scored, default=(0.0, ""), key=lambda pair: pair[0])
    return best[1] if best[0] > _LIKE else None


def _in_place(one: str, other: str) -> float:
    """Up to 20 for characters that stand at the same place: 问达 is 问答, 别名 is not 级别."""
    return 20.0 * sum(a == b for a, b in zip(one, other, strict=False)) / max(len(one), len(other), 1)
