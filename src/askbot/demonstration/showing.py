"""What the demo shows in the terminal: one line a happening, a stranger's text made harmless and short. Pure."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from askbot.demonstration.receiver import Said
from askbot.demonstration.verdict import Verdict
from askbot.demonstration.watching import SeenMessage

SHOWN = 60
"""Characters of a stranger's line that are shown."""
REPLY_SHOWN = 160
NAMES = 3
BEIJING = timezone(timedelta(hours=8))
COLOURS = {"dim": "2", "green": "32", "yellow": "33", "blue": "34", "red": "31"}
REASONS = {
    "no_entry": "没有这一条",
    "unlisted": "不在名单里",
    "expired": "已过期",
    "not_yet": "未生效",
    "stale": "待核实",
    "no_variant": "没有对应的说法",
    "always": "规定转人工",
    "unsure": "拿不准",
    "off_theme": "不在本场主题",
}
ACTIONS = {"answer": "回答", "clarify": "反问", "escalate": "转人工", "defer": "转下一场", "ignore": "不回应"}


def harmless(text: str, limit: int = SHOWN) -> str:
    """The text on one line, bounded, with nothing that a terminal obeys or that turns the direction of writing."""
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    return "".join(
        character if character == " " or unicodedata.category(character)[0] not in "CZ" else f"<{ord(character):04X}>"
        for character in cut
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Painter:
    """Makes the lines. `colours` is for terminals only."""

    colours: bool

    def paint(self, colour: str, text: str) -> str:
        """The text in a colour, or plain."""
        return f"\x1b[{COLOURS[colour]}m{text}\x1b[0m" if self.colours else text

    def message(self, moment: float, message: SeenMessage) -> Iterator[str]:
        """What came in, and what was decided unless it is to be ignored."""
        actions = [decision["action"] for decision in message.decisions]
        line = f"{clock(moment)} 弹幕  {harmless(message.user_name, 16)}：{harmless(message.text)}"
        yield self.paint("dim", line) if set(actions) <= {"ignore"} else line
        for decision in message.decisions:
            if decision["action"] in ("escalate", "defer"):
                reason = REASONS.get(str(decision["reason"]), str(decision["reason"]))
                about = f"，最接近 {harmless(str(decision['entry']), 40)}" if decision.get("entry") else ""
                yield self.paint("yellow", f"{' ' * 9}进队列  {reason}{about}")

    def reply(self, moment: float, said: Said) -> str:
        """What was said."""
        names = "、".join(f"@{harmless(name, 16)}" for name in said.mentions[:NAMES])
        more = f" 等{said.askers}人" if said.askers > NAMES else ""
        return self.paint("green", f"{clock(moment)} 回复  {names}{more} {harmless(said.text, REPLY_SHOWN)}")


def clock(moment: float) -> str:
    """The county's time of day."""
    return datetime.fromtimestamp(moment, UTC).astimezone(BEIJING).strftime("%H:%M:%S")


def summary(verdict: Verdict) -> Iterator[str]:
    """The end of a quick run."""
    actions = "，".join(f"{label} {verdict.actions.get(action, 0)}" for action, label in ACTIONS.items())
    yield f"送来 {verdict.delivered} 条（含重复投递），存下 {verdict.messages} 条"
    yield f"判定：{actions}"
    yield f"回复：送到 {verdict.said} 次（重发 {verdict.repeats} 次），答到 {verdict.told} 条提问"
    yield f"过时放弃 {verdict.dropped} 条提问"
    yield f"队列里 {verdict.tickets} 张问题单"
    for line in verdict.missing[:20]:
        yield f"缺：{harmless(line, 200)}"
    if len(verdict.missing) > 20:  # noqa: PLR2004 (as many as are shown)
        yield f"缺：另有 {len(verdict.missing) - 20} 处"
