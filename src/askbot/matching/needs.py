"""From a line to its needs (诉求): reading it, splitting it where each part asks something of its own, follow-ups."""

import re
from collections.abc import Sequence
from dataclasses import replace

from askbot.domain.chat import Conversation, PastNeed
from askbot.domain.decision import Candidate
from askbot.matching.names.index import Mention, Ref
from askbot.matching.names.unlisted import Stranger
from askbot.matching.need import Need
from askbot.matching.normalise import plain
from askbot.matching.reading import masked
from askbot.matching.snapshot import Snapshot
from askbot.matching.speech import Acts, Clause

MOST_NEEDS = 5
ELLIPSIS = 16
"""Characters of a line that may be the rest of the question before it."""
REMEMBERED = 160
"""Characters of past needs that are kept for the next follow-up."""

_JOINED = re.compile(r"(?:还有|另外|再问|顺便|以及|然后)")
_ORDINAL = re.compile(
    r"^(?:是|就|我说的是|我问的是|要|选)?(?:第)?([一二三123])(?:个|号|种|条)?(?:吧|呢|的|啊)?[。.!]?$"
)
_FORMER = re.compile(r"^(?:就|是)?(?:前|上|头)(?:面|一)?(?:那)?个|^(?:就|是)?(后|下)(?:面|一)?(?:那)?个")
_CORRECTED = re.compile(r"^(?:不是|不对|错了|说错|打错|我说的是|我问的是|是说|我是说|我说|我问)")
_TIED = re.compile(r"^(?:那|还|也|就|要是|如果|但|多少|几|啥时|什么时候|在哪|去哪|找谁|怎么|咋|需要|要带|可以|能)|呢$")
OWN_SUBJECT = 3
"""Characters of content up to which a line has no subject of its own."""
_BESIDES = re.compile(r"^(?:那|就|还有|那么|我问的是|我说的是)+|(?:那个|那边|那里|那条|呢|呀|啊|嘛|吧|的)+$|[?!,.。\s]")
_PLACES = {"一": 0, "1": 0, "二": 1, "2": 1, "三": 2, "3": 2}


def whole(typed: str, text: str, acts: Acts, snapshot: Snapshot) -> Need:
    """The line as one need; what asks counts in full, the circumstances count less."""
    return _part(typed, text, acts.clauses, snapshot, (0, len(text)))


def parts(need: Need, acts: Acts, snapshot: Snapshot) -> list[Need]:
    """The line cut after each clause that wants something, when there are several; names are handed on."""
    spans: list[tuple[int, int, list[Clause]]] = []
    start, gathered = 0, list[Clause]()
    for clause in _finer(acts.clauses, need.text):
        gathered.append(clause)
        if clause.wants:
            spans.append((start, clause.end, gathered))
            start, gathered = clause.end, []
    if len(spans) < 2 or len(spans) > MOST_NEEDS:  # noqa: PLR2004 - one span is no split
        return []
    made: list[Need] = []
    for begin, end, clauses in spans:
        piece = need.text[begin:end]
        moved = [replace(c, start=c.start - begin, end=c.end - begin) for c in clauses]
        part = _part(piece.strip() or piece, piece, moved, snapshot, (0, len(piece)))
        if not part.mentions and made:
            part = replace(part, inherited=made[-1].names)
        made.append(part)
    return made


def _finer(clauses: Sequence[Clause], text: str) -> list[Clause]:
    """The clauses, cut once more where a second wish begins (还有, 另外)."""
    finer: list[Clause] = []
    for clause in clauses:
        found = _JOINED.search(text, clause.start + 1, clause.end)
        if found and clause.wants:
            middle = found.start()
            finer += [replace(clause, end=middle), replace(clause, start=middle)]
        else:
            finer.append(clause)
    return finer


def _part(typed: str, text: str, clauses: Sequence[Clause], snapshot: Snapshot, span: tuple[int, int]) -> Need:
    mentions = tuple(m for m in snapshot.names.find(text) if span[0] <= m.start < span[1])
    reading = snapshot.heard(masked(text, [(m.start, m.end) for m in mentions]))
    focus = tuple((c.start, c.end) for c in clauses if c.wants)
    return Need(typed, text, mentions, reading, focus if len(focus) < len(clauses) else ())


def chosen(text: str, conversation: Conversation) -> Candidate | None:
    """What of the things offered the line picks (第二个, 前面那个)."""
    offered = conversation.offered
    if not offered:
        return None
    found = _ORDINAL.match(text)
    place = _PLACES[found[1]] if found else None
    former = _FORMER.match(text)
    if former:
        place = 1 if former[1] else 0
    return offered[place] if place is not None and place < len(offered) else None


def may_complete(text: str) -> bool:
    """Whether a line is short enough, or plainly a correction, to be the rest of what was said before."""
    return len(text) <= ELLIPSIS or bool(_CORRECTED.match(text))


def elliptic(need: Need) -> bool:
    """Whether a line is plainly a part of something: it is tied on (那…呢, 还…), or has hardly a subject of its own."""
    own = sum(len(unit.text) for unit in need.reading.units)
    return own <= OWN_SUBJECT or bool(_CORRECTED.match(need.text) or _TIED.search(need.text))


def completing(need: Need, past: PastNeed, snapshot: Snapshot) -> Need:
    """The need read as the rest of the one before it; only where it `may_complete` that."""
    earlier = remembered(past, snapshot)
    return replace(need, earlier=replace(earlier, mentions=()), inherited=earlier.inherited or earlier.mentions)


def by_ending(need: Need, past: PastNeed, snapshot: Snapshot) -> tuple[Mention, ...]:
    """The items of the earlier question's list that end with what the line says (那隧道呢), as one mention."""
    entry = snapshot.knowledge.entry(past.entry) if past.entry else None
    table = snapshot.knowledge.lists.get(entry.list_name) if entry and entry.list_name else None
    said = _BESIDES.sub("", need.text)
    if table is None or len(said) < 2:  # noqa: PLR2004 - one character ends too much
        return ()
    refs = tuple(Ref(table.name, item) for item in table.items if snapshot.plain(item.name).endswith(said))
    return (Mention(0, 0, said, refs, "名字的末尾"),) if refs else ()


def remembered(past: PastNeed, snapshot: Snapshot) -> Need:
    """A past need, read again; its item is what it was decided to be."""
    text = plain(past.text)
    mentions = tuple(snapshot.names.find(text))
    reading = snapshot.reading(masked(text, [(m.start, m.end) for m in mentions]))
    return Need(past.text, text, mentions, reading, inherited=_decided(past, snapshot))


def _decided(past: PastNeed, snapshot: Snapshot) -> tuple[Mention, ...]:
    entry = snapshot.knowledge.entry(past.entry) if past.entry else None
    table = snapshot.knowledge.lists.get(entry.list_name) if entry and entry.list_name else None
    item = next((i for i in table.items if i.name == past.item), None) if table else None
    if not table or not item:
        return ()
    same = tuple(Ref(m_ref.list_name, m_ref.item) for m in snapshot.names.find(plain(item.name)) for m_ref in m.refs)
    refs = (Ref(table.name, item), *(r for r in same if r.list_name != table.name))
    return (Mention(0, 0, plain(item.name), refs, "沿用上一句"),)


def only_a_name(need: Need, strangers: Sequence[Stranger] = ()) -> bool:
    """Whether the line says nothing but a name, of an item or of none (那218呢, 就滨河路)."""
    content = [
        u
        for u in need.reading.units
        if not _CORRECTED.match(u.text)
        and not any(s.start < u.start + len(u.text) and u.start < s.end for s in strangers)
    ]
    return sum(len(u.text) for u in content) <= 1


def kept(need: Need) -> str:
    """The text of a need to remember: with what it completed, so that the next one can complete it again."""
    before = f"{need.earlier.typed} " if need.earlier else ""
    return f"{before}{need.typed}"[-REMEMBERED:]
