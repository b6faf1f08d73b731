"""What a line is by itself (听): its normal form, its acts, and whether it can be anything but chatter.

Knows no county, no clock and nobody's past.
"""

from dataclasses import dataclass

from askbot.domain.decision import Ignore
from askbot.matching.needs import may_complete
from askbot.matching.normalise import Clean, normalise
from askbot.matching.repeats import kept
from askbot.matching.speech import Acts, ear

LONGEST_TYPED = 200
"""Characters of a line that a decision keeps as its need."""
KEPT = 8192
SILENT = Acts((), None)


@dataclass(frozen=True, slots=True)
class Heard:
    """A line as typed (bounded) and as read; `chatter` is the decision when nothing comes of it.

    `settled`: nothing can come of it, whatever the knowledge and whatever was said before.
    """

    typed: str
    clean: Clean
    acts: Acts
    chatter: Ignore
    settled: bool


@kept(KEPT)
def hear(text: str) -> Heard:
    """What the line is by itself."""
    typed, clean = text.strip()[:LONGEST_TYPED], normalise(text)
    kind = ear().plain_chatter(clean)
    if kind:
        return Heard(typed, clean, SILENT, ignored(typed, kind), settled=True)
    acts = ear().acts(clean)
    if acts.rhetorical or acts.chatter == "viewer":
        return Heard(typed, clean, acts, ignored(typed, acts.chatter or "opinion"), settled=True)
    settled = not acts.wants and (acts.chatter is not None or not may_complete(clean.text))
    return Heard(typed, clean, acts, ignored(typed, acts.chatter or "statement"), settled=settled)


def ignored(typed: str, kind: str) -> Ignore:
    """The decision about a line that wants nothing."""
    return Ignore(need=typed, kind=kind, why=f"不是提问：{KINDS.get(kind, kind)}")


KINDS = {
    "noise": "没有文字内容",
    "viewer": "对其他观众说的话",
    "ad": "广告",
    "greeting": "问候",
    "thanks": "道谢、应答",
    "cheering": "喝彩、祝福",
    "laugh": "笑声",
    "gift": "送礼",
    "abuse": "骂人",
    "spam": "刷屏",
    "opinion": "发表看法",
    "statement": "陈述，没有要办的事",
    "function": "没有实际内容",
}
