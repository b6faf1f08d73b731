import pytest

from askbot.domain.decision import Answer, Candidate, Clarify, Decision, Escalate, Gist, Ignore, Reason
from askbot.domain.wording import Wording
from askbot.errors import InputError
from askbot.replaying import Tally, read_line, score_message
from askbot.replaying.scoring import Label, labels_of, paired

SAID = Wording.plain("好")


def answer(entry: str, item: str | None = None, unlisted: str | None = None, confidence: float = 0.9) -> Answer:
    return Answer(need="n", entry=entry, item=item, unlisted=unlisted, confidence=confidence, wording=SAID, why="w")


def escalate(entry: str | None = None, *candidates: Candidate) -> Escalate:
    return Escalate(need="n", reason=Reason.UNSURE, entry=entry, why="w", gist=Gist(text="n"), candidates=candidates)


def clarify(entry: str) -> Clarify:
    return Clarify(need="n", entry=entry, confidence=0.6, wording=SAID, why="w")


IGNORE = Ignore(need="n", kind="noise", why="w")
RIGHT = Label(action="answer", entry="a", item="x")
CASES: list[tuple[list[Label], list[Decision], dict[str, int], str]] = [
    ([RIGHT], [answer("a", "x")], {"answers": 1, "wrong": 0, "covered": 1, "assisted": 1}, "right"),
    ([RIGHT], [answer("a", "y")], {"wrong": 1, "covered": 0}, "another item"),
    ([RIGHT], [answer("a", None, "x")], {"wrong": 1}, "a name that is no item"),
    (
        [Label(action="answer", entry="a", unlisted=True)],
        [answer("a", None, "z")],
        {"wrong": 0, "covered": 1},
        "unlisted, whatever its spelling",
    ),
    (
        [RIGHT],
        [answer("a", "x"), answer("b")],
        {"answers": 2, "wrong": 1, "covered": 1},
        "an answer that nobody asked for",
    ),
    ([RIGHT], [clarify("a")], {"answers": 0, "covered": 0, "asked_back": 1, "missed": 0}, "asked back"),
    ([RIGHT], [escalate("b", Candidate(entry="a", item="x"))], {"covered": 0, "assisted": 1}, "among the candidates"),
    ([RIGHT], [IGNORE], {"missed": 1, "needs": 1}, "missed"),
    ([Label(action="ignore")], [IGNORE], {"quiet": 1, "noise": 0, "needs": 0}, "rightly silent"),
    ([Label(action="ignore")], [escalate()], {"quiet": 1, "noise": 1}, "noise"),
    ([Label(action="escalate", entry="a")], [escalate("a")], {"routable": 1, "routed": 1}, "routed"),
    ([Label(action="escalate", entry="a")], [escalate("b")], {"routable": 1, "routed": 0}, "to another entry"),
    ([Label(action="escalate")], [answer("a")], {"answers": 1, "wrong": 1}, "answered what nobody could"),
    ([Label(action="clarify", entry="a")], [clarify("a")], {"unclear": 1, "clarified": 1}, "rightly asked back"),
    (
        [Label(action="answer", entry="b", also=(RIGHT,))],
        [answer("a", "x")],
        {"wrong": 0, "covered": 1},
        "equally right",
    ),
    (
        [RIGHT, Label(action="answer", entry="b")],
        [answer("b"), answer("a", "x")],
        {"wrong": 0, "covered": 2},
        "paired so that most agree",
    ),
]


@pytest.mark.parametrize(("labels", "decisions", "counts", "why"), CASES)
def test_what_counts_as_what(labels: list[Label], decisions: list[Decision], counts: dict[str, int], why: str) -> None:
    tally = Tally()
    score_message(tally, labels, decisions)
    assert {name: getattr(tally, name) for name in counts} == counts, why


def test_many_needs_are_paired_too() -> None:
    labels = [Label(action="answer", entry=str(n)) for n in range(8)]
    pairs = paired(labels, [answer(str(n)) for n in reversed(range(8))])
    assert all(label and decision and label.entry == getattr(decision, "entry", None) for label, decision in pairs)


def test_the_curve_drops_the_least_sure_first() -> None:
    tally = Tally()
    for entry, confidence in (("a", 0.99), ("a", 0.9), ("b", 0.8), ("a", 0.7)):
        score_message(tally, [Label(action="answer", entry="a")], [answer(entry, confidence=confidence)])
    assert [(bar, round(wrong, 2), covered) for bar, wrong, covered in tally.curve()] == [
        (0.99, 0.0, 0.25),
        (0.9, 0.0, 0.5),
        (0.8, 0.33, 0.5),
        (0.7, 0.25, 0.75),
    ]
    assert tally.coverage_at(0.01) == 0.5
    assert tally.coverage_at(0.25) == 0.75


@pytest.mark.parametrize(
    "gold", ["null", "[]", '[{"action": "shout"}]', '"answer"', '[{"action": "answer", "also": 3}]']
)
def test_bad_labels_are_named_by_their_line(gold: str) -> None:
    with pytest.raises(InputError, match="第7行"):
        labels_of(read_line(f'{{"id": "m", "text": "t", "gold": {gold}}}', 7))


@pytest.mark.parametrize(
    "typed",
    ["{", "[]", "1", '{"id": "m"}', '{"text": "t"}', '{"id": 3, "text": "t"}', '{"id": "m", "text": "t", "at": "now"}',
     '{"id": "m", "text": "t", "at": "2026-02-12T09:00:00"}', '{"id": "m", "text": "t", "room": 1}', "[" * 100_000],
)  # fmt: skip
def test_bad_lines_are_named_by_their_number(typed: str) -> None:
    with pytest.raises(InputError, match="第4行"):
        read_line(typed, 4)


def test_lines_without_a_user_are_nobodys_conversation() -> None:
    one, two = read_line('{"id": "m1", "text": "t"}', 1), read_line('{"id": "m2", "text": "t"}', 2)
    assert one.user != two.user
    assert one.room == "main"
