"""Paths into JSON: `authorDetails.channelId`, `data[0].uid`, `items[].id`; parsed once, looked up for every line.

A key is what stands between the dots; `[n]` is the n-th element from 0, `[-1]` the last, `[]` every element.
"""

import re
from dataclasses import dataclass

MAX_STEPS = 20
_STEP = re.compile(r"\[(-?\d{1,6})?\]|([^\[\].]+)")


class EveryElement:
    """The step `[]`."""

    def __repr__(self) -> str:
        return "[]"


EVERY = EveryElement()
Step = str | int | EveryElement


@dataclass(frozen=True, slots=True)
class FieldPath:
    """Where a value stands in a JSON value: keys, indexes and `[]` in turn."""

    steps: tuple[Step, ...]

    def find(self, value: object) -> list[object]:
        """All values at the path, in their order; none when the value is of another shape."""
        found = [value]
        for step in self.steps:
            found = [inner for outer in found for inner in _follow(outer, step)]
        return found


def parse_path(text: str) -> FieldPath:
    """Parse a path as typed; raise ValueError, with the reason in Chinese, when it is none."""
    steps: list[Step] = []
    position = 0
    while position < len(text):
        if text[position] == "." and steps and position + 1 < len(text) and text[position + 1] not in ".[":
            position += 1
        elif steps and text[position] != "[":
            raise ValueError("键与键之间用一个半角点隔开")
        step = _STEP.match(text, position)
        if step is None:
            raise ValueError("写成 a.b、a[0].b 或 items[]")
        steps.append(_step(step))
        position = step.end()
    if not steps or len(steps) > MAX_STEPS:
        raise ValueError(f"路径要有 1 到 {MAX_STEPS} 级")
    return FieldPath(tuple(steps))


def _step(match: re.Match[str]) -> Step:
    index, key = match.groups()
    if key is not None:
        return str(key)
    return EVERY if index is None else int(index)


def _follow(value: object, step: Step) -> list[object]:
    if isinstance(step, str):
        return [value[step]] if isinstance(value, dict) and step in value else []
    if not isinstance(value, list):
        return []
    if isinstance(step, EveryElement):
        return value
    return [value[step]] if -len(value) <= step < len(value) else []
