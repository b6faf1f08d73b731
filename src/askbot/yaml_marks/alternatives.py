"""A value that may be a text or something larger, such as an answer or its variants."""

from dataclasses import dataclass
from typing import Any

from askbot.yaml_marks.collector import FaultList
from askbot.yaml_marks.kinds import Kind, TextKind, Value, wrong_type
from askbot.yaml_marks.marked import Mapping, Node, Text
from askbot.yaml_marks.shapes import ListOf, MapOf, Shape


@dataclass(frozen=True, slots=True)
class TextOr:
    """A text, or else another kind; gives what either gives."""

    text: TextKind
    other: Kind
    title: str

    @property
    def meaning(self) -> str:
        """What is expected here."""
        return self.title

    def read(self, node: Node, faults: FaultList) -> Value:
        """The text, or what the other kind gives."""
        if isinstance(node, Text):
            return self.text.read(node, faults)
        if self._apt(node):
            return self.other.read(node, faults)
        return wrong_type(node, self.title, faults, self._example(node))

    def _example(self, node: Node) -> str:
        """The other kind's example, when the keys are those of its elements."""
        if isinstance(node, Mapping) and isinstance(self.other, ListOf) and isinstance(self.other.kind, Shape):
            return self.other.example if node.pairs.keys() & self.other.kind.names.keys() else ""
        return ""

    def _apt(self, node: Node) -> bool:
        return isinstance(node, Mapping) == isinstance(self.other, Shape | MapOf)

    def schema(self) -> dict[str, Any]:
        """Either form."""
        return {"anyOf": [self.text.schema(), self.other.schema()]}
