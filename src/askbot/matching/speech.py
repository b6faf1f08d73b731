"""What a line does (言语行为): ask, request, report trouble; or greet, cheer, advertise, talk to other viewers."""

import re
from dataclasses import dataclass
from functools import cache

from askbot.matching.lexicon import Lexicon, shipped
from askbot.matching.normalise import Clean
from askbot.matching.scan import Words

_CLAUSE = re.compile(r"[,.;!:。、\s]+|(?<=\?)")
_ENDING = re.compile(
    r"(?:吗|么|嘛|没|没得|不|伐|否|呢|冇|啵|不咯|不啊|没啊|没有|吧|不了|了没|了不|得不|没嘛|不嘛|不嘞|没撒|不撒|呀|不呀|没呀)\??$"
)
_A_NOT_A = re.compile(r"([^\W\d])[不没]\1")
_ELLIPTIC = re.compile(r"呢\??$")
_ASKED = frozenset(
    {
        "when",
        "clock",
        "date",
        "duration",
        "price",
        "where",
        "docs",
        "how",
        "who",
        "why",
        "phone",
        "which",
        "what",
        "whether",
        "amount",
    }
)
_RHETORICAL = re.compile(
    r"谁(?:还|不|家.{0,6}不|心疼|敢|信|稀罕|让你|叫你)|哪个不|那还叫|有几个(?:肯|愿|敢)|有(?:啥|什么)办法呢?$|容易吗|不是.{1,8}是(?:啥|什么)"
    r"|什么破|一群|(?:何必|何苦|至于吗|凭什么要|关你|关我|管得着|算老几|怎么可能|难道)|还差不多|你们说是不是"
)
_TELLING = frozenset({"ad", "viewer", "opinion", "abuse", "gift"})
_SOLID = re.compile(r"[\u4e00-\u9fffa-z]")
STRONG_ADS = re.compile(
    r"加微|加薇|加v|\bvx|加我|私我|要的私|私信我|看主页|点(?:我)?头像|头像有|互粉|互赞|领红包|日赚|月入过万|秒批|扫码进群|买\w送\w|包邮|诚招|大酬宾|刷单"
)
_TO_VIEWERS = re.compile(
    r"^(?:楼上|楼下|前面(?:那个|的)|老表|姐妹们|兄弟们|各位老乡|刷屏的|别刷屏|别吵)|举个手|有没有一起|一起去|约不约"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a line between pauses: [start, end), and whether it asks, requests or reports trouble."""

    start: int
    end: int
    asks: bool
    requests: bool
    trouble: bool
    elliptic: bool = False

    @property
    def wants(self) -> bool:
        """Whether it wants something of its own."""
        return self.asks or self.requests or self.trouble


@dataclass(frozen=True, slots=True)
class Acts:
    """What a whole line does: its clauses, and the kind of chatter that it would be if nothing is asked."""

    clauses: tuple[Clause, ...]
    chatter: str | None
    rhetorical: bool = False

    @property
    def asks(self) -> bool:
        """Whether any part asks or requests something."""
        return any(c.asks for c in self.clauses)

    @property
    def wants(self) -> bool:
        """Whether any part wants anything."""
        return any(c.wants for c in self.clauses)


class Ear:
    """Tells chatter from questions by the shipped words; immutable."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._asking = Words((w, kind) for kind, words in lexicon.asking.items() if kind in _ASKED for w in words)
        self._requests = Words((w, kind) for kind, words in lexicon.requests.items() for w in words)
        chatter = {w: kind for kind, words in reversed(lexicon.chatter.items()) for w in words}
        self._chatter = Words({**dict.fromkeys(lexicon.function, "function"), **chatter}.items())

    def plain_chatter(self, clean: Clean) -> str | None:
        """The kind of a line that is chatter beyond doubt, before anything dear is done; None otherwise."""
        text = clean.text
        if not text or not _SOLID.search(text):
            return "noise"
        if clean.to:
            return "viewer"
        if STRONG_ADS.search(text):
            return "ad"
        kind, rest, _ = self._chatter_of(text)
        if kind and rest == 0 and not self._signals(text):
            return kind
        return None

    def acts(self, clean: Clean) -> Acts:
        """The clauses of a line and what they do."""
        text = clean.text
        clauses: list[Clause] = []
        place = 0
        for pause in (*_CLAUSE.finditer(text), None):
            end = pause.start() if pause else len(text)
            stop = pause.end() if pause else len(text)
            if text[place:end].strip():
                clauses.append(self._clause(text, place, end))
            place = stop
        kind, rest, talk = self._chatter_of(text)
        if _TO_VIEWERS.search(text):
            return Acts(tuple(clauses), "viewer")
        rhetorical = bool(_RHETORICAL.search(text))
        return Acts(
            tuple(clauses), kind if kind and (talk >= rest or (talk > 1 and kind in _TELLING)) else None, rhetorical
        )

    def _clause(self, text: str, start: int, end: int) -> Clause:
        part = text[start:end]
        found = {h.value for h in self._requests.longest(part)}
        return Clause(
            start, end, self._signals(part), "request" in found, "trouble" in found, bool(_ELLIPTIC.search(part))
        )

    def _signals(self, part: str) -> bool:
        return bool("?" in part or _ENDING.search(part.strip()) or _A_NOT_A.search(part) or self._asking.longest(part))

    def _chatter_of(self, text: str) -> tuple[str | None, int, int]:
        """The kind of its chatter, how many characters neither chatter nor function words are, how many are chatter."""
        hits = self._chatter.longest(text)
        covered = sum(h.end - h.start for h in hits)
        talk = [h for h in hits if h.value != "function"]
        kind = next((h.value for h in talk if h.value in _TELLING), talk[0].value if talk else None)
        rest = len(_SOLID.findall(text)) + sum(map(str.isdigit, text)) - covered
        return kind, max(0, rest), sum(h.end - h.start for h in talk)


@cache
def ear() -> Ear:
    """The one ear of the process."""
    return Ear(shipped())
