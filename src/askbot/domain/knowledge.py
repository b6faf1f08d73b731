"""The knowledge base (知识库) after loading: frozen, complete, in force for one version.

Every name here is the English key of the clerks' format; docs/clerks.zh-CN.md has the Chinese ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum


class EscalateMode(StrEnum):
    """转人工: 不转 never, 仅转 only to the official, 并转 answered and also put before the official."""

    NO = "no"
    ONLY = "only"
    ALSO = "also"


class Priority(StrEnum):
    """级别 of an entry's escalations: 普通, 重要, 紧急 (normal, high, urgent)."""

    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One named thing of a list (名录): its official name, what people call it, its columns as texts."""

    name: str
    aliases: tuple[str, ...] = ()
    updated: datetime | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemList:
    """A table of named things (名录): roads, communities, job openings and so on."""

    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One way to answer: said when every column of `when` has one of its values; without `when`, the default."""

    text: str
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def holds(self, item: Item | None) -> bool:
        """Whether all conditions hold for the item (without one, only the default holds)."""
        if item is None:
            return not self.when
        return all(item.columns.get(column) in values for column, values in self.when.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """有效期: both ends included; a whole day's end is its last microsecond, county time."""

    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A question and its answer (知识点). `list_name` is the list its `{placeholder}` names, if any."""

    id: str
    file: str
    topic: str
    department: str
    ask: tuple[str, ...]
    answer: tuple[Variant, ...]
    list_name: str | None = None
    unlisted: str | None = None
    unspecified: str | None = None
    valid: Validity = Validity()
    early: str | None = None
    expired: str | None = None
    updated: datetime | None = None
    max_age: timedelta | None = None
    source: str | None = None
    require: tuple[tuple[str, ...], ...] = ()
    exclude: tuple[str, ...] = ()
    escalate: EscalateMode = EscalateMode.NO
    priority: Priority = Priority.NORMAL
    expect: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentLine:
    """A line of 不答: nothing in the base may answer it."""

    text: str
    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """One version of the whole base. `version` is a short hash of what the files say; `tz` is the county's."""

    version: str
    tz: tzinfo
    entries: tuple[Entry, ...]
    lists: Mapping[str, ItemList]
    synonyms: tuple[tuple[str, ...], ...] = ()
    silent: tuple[SilentLine, ...] = ()
    by_id: Mapping[str, Entry] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {entry.id: entry for entry in self.entries})

    def entry(self, entry_id: str) -> Entry | None:
        """The entry of that id, or None."""
        return self.by_id.get(entry_id)
