"""What a clerk put on the wrong level, put where it was meant: one mistake, told once.

YAML takes such lines without complaint; only the table of shapes shows that they make no sense where they are. Knows
no shape itself: what belongs where is asked.
"""

from collections.abc import Callable, Collection, Iterator

from askbot.yaml_marks.collector import FaultList, Place, shown
from askbot.yaml_marks.marked import Listing, Mapping, Node, Text

Takes = Callable[[str], bool]
"""Whether a section would take a key of that name."""


def regrouped(node: Mapping, section: Callable[[str], Takes | None], faults: FaultList) -> Iterator[tuple[Text, Node]]:
    """The pairs; those below an empty section that only make sense in it are put into it, and named once."""
    head: tuple[Text, Node, Takes] | None = None
    inside: Mapping | None = None
    for text, value in node:
        if head is not None and head[2](text.text):
            if inside is None:
                inside = Mapping(text.line, text.column, flow=False)
                message = f"{shown(text.text)}属于上面的{shown(head[0].text)}，要多缩进两个空格"
                faults.error(text, "indent", message, "在这一行和它下面同一组的每一行前面都加两个空格")
            inside.pairs[text.text] = (text, value)
            continue
        if head is not None:
            yield head[0], inside or head[1]
        head, inside = None, None
        takes = section(text.text) if isinstance(value, Text) and value.empty else None
        if takes is None:
            yield text, value
        else:
            head = (text, value, takes)
    if head is not None:
        yield head[0], inside or head[1]


def rejoined(
    items: list[Node], lead: Collection[str], known: Callable[[str], str | None], faults: FaultList
) -> list[Node]:
    """The elements; one that is only the rest of the element above it, cut off by a dash, is put back to it.

    `lead` are the spellings of the key that begins an element, `known` gives one name for all spellings of a key.
    """
    joined: list[Node] = []
    for item in items:
        above = joined[-1] if joined and not faults.full else None
        if isinstance(above, Mapping) and above.pairs and not above.flow and _adopted(above, item, known, faults):
            continue
        if not (isinstance(above, Mapping) and isinstance(item, Mapping) and _is_rest(above, item, lead, known)):
            joined.append(item)
            continue
        name = shown(next(iter(lead)))
        message = f"这一行像是上面那一条的一部分，前面却多了一个“-”（没有{name}）"
        hint = f"把“-”换成空格，和上一行对齐；如果是另一条，就补上{name}"
        faults.error(Place(item.line, max(item.column - 2, 1)), "extra_dash", message, hint)
        above.pairs.update(item.pairs)
    return joined


def _adopted(above: Mapping, item: Node, known: Callable[[str], str | None], faults: FaultList) -> bool:
    """Whether the element belongs to the list of the element above it, whose last key waits for one; if so, put there.

    So it is when the dashes of a list stand as far left as those of the list around it.
    """
    key, value = next(reversed(above.pairs.values()))
    if isinstance(item, Listing) or (isinstance(item, Mapping) and any(known(text) for text in item.pairs)):
        return False
    if isinstance(value, Text) and value.empty:
        place = Place(item.line, max(item.column - 2, 1))
        message = f"这个“-”属于上面的“{key.text}”，要多缩进两个空格"
        faults.error(place, "indent", message, "这一行和它下面同一组的每一行前面都加两个空格")
        value = Listing(place.line, place.column, flow=False)
        value.adopting = True
        above.pairs[key.text] = (key, value)
    if not (isinstance(value, Listing) and value.adopting):
        return False
    value.items.append(item)
    return True


def _is_rest(above: Mapping, item: Mapping, lead: Collection[str], known: Callable[[str], str | None]) -> bool:
    if above.flow or item.flow or not any(spelling in above.pairs for spelling in lead):
        return False
    names = {known(text) for text in item.pairs}
    return bool(names - {None}) and not names & ({known(text) for text in above.pairs} | {known(next(iter(lead)))})
