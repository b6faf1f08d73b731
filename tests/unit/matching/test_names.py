import pytest

from askbot.matching import Matcher

FOUND = [
    ("省道308线封了吗", ["省道308线"], "the official name"),
    ("308能走吗", ["省道308线"], "the bare number"),
    ("三零八能走吗", ["省道308线"], "the number in words"),
    ("S308封没", ["省道308线"], "the letter"),
    ("308省道通了没", ["省道308线"], "turned round"),
    ("3080能走吗", [], "not inside another number"),
    ("13088元", [], "not inside an amount"),
    ("308元贵不贵", [], "an amount"),
    ("老桥能走吗", ["东关大桥"], "an alias"),
    ("东关桥能走吗", ["东关大桥"], "a derived short name"),
    ("东关大乔能走吗", ["东关大桥"], "a homophone slip"),
    ("滨河东陆通了吗", ["滨河东路"], "a homophone slip, the direction as typed"),
    ("滨河西路通了吗", [], "another direction is another road"),
    ("滨河路通了吗", ["滨河路"], "not the longer one"),
    ("滨河路小学几点放学", [], "a longer name around it"),
    ("人民医院在哪里", ["县人民医院"], "an alias"),
    ("平溪县人民医院在哪里", [], "another county's"),
    ("白沙老桥通了吗", [], "the end of a longer name"),
    ("308和380哪个能走", ["省道308线", "省道380线"], "two items"),
]


@pytest.mark.parametrize(("text", "names", "why"), FOUND)
def test_items_in_a_line(matcher: Matcher, text: str, names: list[str], why: str) -> None:
    from askbot.matching.normalise import plain

    found = [r.item.name for m in matcher.snapshot.names.find(plain(text)) for r in m.refs]
    assert found == names, why


def test_a_number_of_two_roads_means_both(matcher: Matcher) -> None:
    [mention] = matcher.snapshot.names.find("228能走吗")
    assert {r.item.name for r in mention.refs} == {"国道228线", "省道228线"}


STRANGERS = [
    ("道路", "滨湖路通了吗", ["滨湖路"], "ends as roads do"),
    ("道路", "这条路通了吗", [], "no name"),
    ("道路", "318能走吗", ["318"], "a number, where items bear numbers"),
    ("道路", "308能走吗", [], "an item"),
    ("医院", "去沙洲卫生院在哪里坐车", ["沙洲卫生院"], "the verb before it is not part of it"),
    ("医院", "卫生院在哪里", [], "the kind alone"),
]


@pytest.mark.parametrize(("table", "text", "names", "why"), STRANGERS)
def test_names_that_are_no_items(matcher: Matcher, table: str, text: str, names: list[str], why: str) -> None:
    taken = tuple((m.start, m.end) for m in matcher.snapshot.names.find(text))
    found = matcher.snapshot.endings.strangers(table, text, matcher.snapshot.vocabulary, taken)
    assert [s.text for s in found] == names, why
