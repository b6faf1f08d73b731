"""`${NAME}` in the configuration's texts, and keys that the environment overrides; both on the marked tree.

What comes from the environment may be a secret: it never stands in a message. `Names.hide` puts back what was typed.
"""

import re
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field, replace

from askbot.domain.faults import Fault
from askbot.yaml_marks.collector import FaultList, shown
from askbot.yaml_marks.marked import Listing, Mapping, Node, Text
from askbot.yaml_marks.reading import read_yaml

PREFIX = "ASKBOT_"
_NAME = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_OPEN = re.compile(r"\$\{[^}]*\}?")
FAR = 10_000_000
"""Lines from here on stand for the environment: no file that is read has so many."""


@dataclass(slots=True)
class Names:
    """What was taken from the environment while a configuration is read."""

    env: Dict[str, str]
    used: set[str] = field(default_factory=set)
    missing: list[Text] = field(default_factory=list)
    _hidden: dict[str, str] = field(default_factory=dict)
    _overrides: list[str] = field(default_factory=list)

    def expand(self, root: Node, faults: FaultList | None) -> None:
        """Replace `${NAME}` in every text; a missing one is a fault, or left as it is without `faults`."""
        waiting: list[Node] = [root]
        while waiting:
            node = waiting.pop()
            if isinstance(node, Text):
                if "${" in node.text:
                    self._expand(node, faults)
            elif isinstance(node, Listing):
                waiting += node.items
            else:
                waiting += [value for _key, value in node]

    def _expand(self, node: Text, faults: FaultList | None) -> None:
        typed = node.text
        absent = [name for name in _NAME.findall(typed) if name not in self.env]
        self.used.update(_NAME.findall(typed))
        if faults is not None:
            for name in absent:
                message = f"没有环境变量 {name[:64]}"
                faults.error(node, "missing_variable", message, f"启动前先设好：export {name[:64]}=…")
            if not absent and _OPEN.sub("", _NAME.sub("", typed)) != _NAME.sub("", typed):
                hint = "写成 ${ASKBOT_SECRET}：字母、数字和下划线，不留空格"
                faults.error(node, "bad_variable", "${…} 里的名字不对", hint)
        if absent:
            self.missing.append(node)
            return
        node.text = _NAME.sub(lambda found: self.env[found.group(1)], typed)
        node.style = node.style or '"'
        self._hide(node.text, typed)

    def _hide(self, value: str, typed: str) -> None:
        for form in {value, value.strip()} - {""}:
            self._hidden[shown(form)] = shown(typed)

    def override(self, root: Mapping, scalars: tuple[str, ...]) -> None:
        """Put the environment's ASKBOT_<SECTION>__<KEY> and ASKBOT_<KEY> into the tree; call it after `expand`."""
        for name in sorted(self.env):
            value = self.env[name]
            if not name.startswith(PREFIX) or not value or name in self.used:
                continue
            steps = name.removeprefix(PREFIX).lower().split("__")
            if all(steps) and (len(steps) > 1 or steps[0] in scalars):
                self._overrides.append(name)
                place = FAR + len(self._overrides) - 1
                _put(root, steps, _value(value, place), place)
                self._hide(value, f"${{{name}}}")

    def told(self, faults: list[Fault]) -> tuple[Fault, ...]:
        """The faults without the environment's values, and with the variable's name where it is to blame."""
        told = (self._placed(self._masked(fault)) for fault in faults)
        return tuple(sorted(told, key=lambda fault: (fault.file, fault.line, fault.column)))

    def _masked(self, fault: Fault) -> Fault:
        message, hint = fault.message, fault.hint
        for secret, typed in self._hidden.items():
            message, hint = message.replace(secret, typed), hint.replace(secret, typed)
        return replace(fault, message=message, hint=hint)

    def _placed(self, fault: Fault) -> Fault:
        if fault.line < FAR:
            return fault
        name = self._overrides[fault.line - FAR]
        return replace(fault, file=f"环境变量 {name}", line=1, column=1)


def _value(value: str, place: int) -> Node:
    """A text, or what stands in brackets."""
    if value[0] in "[{":
        document = read_yaml("", value.encode("utf-8", "surrogateescape"))
        if document.root is not None and not document.faults:
            _move(document.root, place)
            return document.root
    return Text(value, place, 1, '"')


def _move(root: Node, place: int) -> None:
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        node.line, node.column = place, 1
        if isinstance(node, Listing):
            waiting += node.items
        elif isinstance(node, Mapping):
            for key, value in node:
                waiting += (key, value)


def _put(root: Mapping, steps: list[str], value: Node, place: int) -> None:
    """Set the value at the end of the steps, making mappings on the way."""
    node = root
    for step in steps[:-1]:
        name = _known(node, step)
        below = node.pairs.get(name)
        if below is None or not isinstance(below[1], Mapping):
            below = (Text(name, place, 1), Mapping(place, 1, flow=False))
            node.pairs[name] = below
        node = below[1]  # type: ignore[assignment]  # it is a mapping now
    name = _known(node, steps[-1])
    node.pairs[name] = (Text(name, place, 1), value)


def _known(node: Mapping, step: str) -> str:
    """The key as the file spells it: a variable's name knows no case, dash or dot."""
    plain = {re.sub(r"[.-]", "_", key.lower()): key for key in node.pairs}
    return plain.get(step, step)
