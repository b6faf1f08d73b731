"""Deciding beside `jieba.lcut` of the same texts, with bases of several sizes; each size in a process of its own.

Started as `python -m bench.deciding DIR`, it measures one base and writes JSON.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jieba  # type: ignore[import-untyped]
from bench.bases import write_base
from bench.mix import chatter, question, ways_of_asking

from askbot.demonstration.service import COUNTY_TIME
from askbot.knowledge_files import load_folder
from askbot.matching import Matcher, Question

TEXTS = 4000
MEASURED = 4
"""One in so many lines is measured, after the others: what an entry is read into at its first use is there by then."""


def measure(folder: Path, sizes: Sequence[int], tell: Callable[[str], None]) -> list[dict[str, Any]]:
    """One line for each size."""
    results = []
    for size in sizes:
        tell(f"deciding with {size} entries …")
        base = folder / f"base{size}"
        if not base.exists():
            write_base(base, size)
        done = subprocess.run(
            [sys.executable, "-m", "bench.deciding", str(base)], capture_output=True, text=True, check=True
        )
        results.append({"entries": size, **json.loads(done.stdout)})
    return results


def main() -> None:
    base = Path(sys.argv[1])
    begun = time.perf_counter()
    knowledge, _faults = load_folder(base, ZoneInfo("Asia/Shanghai"))
    assert knowledge is not None
    loaded = time.perf_counter()
    matcher = Matcher.build(knowledge)
    built = time.perf_counter()
    with tempfile.TemporaryDirectory() as private:
        words = jieba.Tokenizer()
        words.tmp_dir = private  # a cache in the shared folder would be read unchecked
        words.initialize()
    dice = random.Random(7)
    ways = ways_of_asking(base)
    kinds = {"chatter": lambda: chatter(dice), "question": lambda: question(dice, ways)}
    result: dict[str, Any] = {"load_s": round(loaded - begun, 2), "index_s": round(built - loaded, 2)}
    for kind, line in kinds.items():
        texts = list(dict.fromkeys(line() for _ in range(TEXTS)))  # each line once: what is kept by text does not help
        measured = len(texts) // MEASURED
        _compare(matcher, words, texts[measured:])
        result[kind] = _compare(matcher, words, texts[:measured])
    print(json.dumps(result))


def _compare(matcher: Matcher, words: jieba.Tokenizer, texts: list[str]) -> dict[str, Any]:
    """Microseconds a line for both: `us` at its first time, `again_us` when the same line comes again."""
    at = COUNTY_TIME + timedelta(minutes=1)
    questions = [Question(text=text, room="main", at=at) for text in texts]
    ours, again = (_microseconds(matcher.decide, questions) for _ in range(2))
    theirs = min(_microseconds(words.lcut, texts) for _ in range(3))
    return {
        "lines": len(texts),
        "us": round(ours, 1),
        "again_us": round(again, 1),
        "jieba_us": round(theirs, 1),
        "ratio": round(ours / theirs, 2),
    }


def _microseconds(work: Callable[[Any], object], items: Sequence[Any]) -> float:
    begun = time.perf_counter()
    for item in items:
        work(item)
    return (time.perf_counter() - begun) / len(items) * 1e6


if __name__ == "__main__":
    main()
