"""The recorded chat: who typed what, when. Some lines come twice, as platforms deliver; some mean harm."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources

from askbot.bridging.lines import ChatLine, LineMapping, read_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A line of chat, and when it came: `at` in seconds since the beginning."""

    at: float
    line: ChatLine


def read_recording(data: bytes) -> tuple[Recorded, ...]:
    """The chat of a recording's bytes, in its order."""
    found = []
    for number, raw in enumerate(data.splitlines(), 1):
        (line,), _ = read_line(number, raw, LineMapping(sent_at=LineMapping().room))
        found.append(Recorded(at=float(json.loads(raw)["at"]), line=line))
    return tuple(found)


def shipped_recording() -> tuple[Recorded, ...]:
    """The recording that comes with askbot: a morning in the sample county."""
    return read_recording(resources.files("askbot.demonstration").joinpath("chat.jsonl").read_bytes())


def pushes(recording: Sequence[Recorded], span: float) -> Iterator[list[Recorded]]:
    """The recording cut into pushes as a platform makes them: what came within `span` seconds."""
    part: list[Recorded] = []
    for one in recording:
        if part and one.at - part[0].at > span:
            yield part
            part = []
        part.append(one)
    if part:
        yield part
