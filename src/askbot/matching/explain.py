"""Saying why (理由): one plain Chinese line per decision, and the best three for those who look closer."""

from collections.abc import Sequence

from askbot.matching.features import Features
from askbot.matching.need import Need
from askbot.matching.rank import Ranked

LABELS = {
    "covered": "问题被条目说到的份额",
    "way": "最近一种问法被说到的份额",
    "near": "字面相近",
    "evidence": "共同内容的分量",
    "foreign": "条目里没有的内容",
    "said": "答案里提到的内容",
    "asks": "问法相合",
    "against": "问法不合",
    "single": "同一种问法说到的份额",
    "focus": "所问部分被说到的份额",
    "listed": "点了名录里的名字",
    "unlisted": "名字不在名录",
    "missing": "没有点名",
    "stray": "点名与条目无关",
    "echoed": "名字就在问法里",
    "carried": "上一句带来的内容",
    "bare": "没有共同内容",
}


def shared_words(need: Need, ranked: Ranked) -> str:
    """The words of the need that the entry knows."""
    profile = ranked.profile
    words = [
        u.text
        for u in (*need.reading.units, *(need.earlier.reading.units if need.earlier else ()))
        if (u.concepts and not profile.concepts.isdisjoint(u.concepts)) or u.text in profile.asked
    ]
    return "、".join(dict.fromkeys(words)) or "（无）"


def why(need: Need, ranked: Ranked | None, bar: float, notes: Sequence[str]) -> str:
    """The reason of a decision: entry, words, score and bar, then what the rules said."""
    said = "；".join(notes)
    if ranked is None:
        return said
    gap = ranked.confidence - bar
    distance = f"高出门槛{gap:.2f}" if gap >= 0 else f"低于门槛{-gap:.2f}"
    follow = "，接上一句理解" if need.earlier else ""
    words = shared_words(need, ranked)
    head = f"最近的条目是 {ranked.profile.entry.id}，凭“{words}”{follow}，把握{ranked.confidence:.2f}，{distance}"
    return f"{head}；{said}" if said else head


def features_text(features: Features) -> str:
    """The features that are not nought, with their Chinese names."""
    values = zip(LABELS.values(), features.numbers(), strict=True)
    return "，".join(f"{label}{value:.2f}" for label, value in values if value)


def runners_up(need: Need, ranked: Sequence[Ranked]) -> list[str]:
    """The best three entries, one line each."""
    return [
        f"{n}. {r.profile.entry.id} 把握{r.confidence:.2f} 凭“{shared_words(need, r)}”（{features_text(r.features)}）"
        for n, r in enumerate(ranked[:3], 1)
    ]
