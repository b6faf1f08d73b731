"""What the rules found sound → domain.knowledge.Knowledge: frozen values in the order of the files' paths."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, time, tzinfo
from sys import intern
from typing import Any

from askbot.domain.knowledge import (
    Entry,
    EscalateMode,
    Item,
    ItemList,
    Knowledge,
    Priority,
    SilentLine,
    Validity,
    Variant,
)
from askbot.knowledge_files.reading import FileReading
from askbot.knowledge_files.views import Base, EntryView, ItemView
from askbot.yaml_marks.shapes import Record

_VERSION_DIGITS = 12


def build(base: Base, tz: tzinfo) -> Knowledge:
    """The knowledge of a base without errors; times without an offset are the county's."""
    lists = {
        view.name: ItemList(name=view.name, items=tuple(_item(item, tz) for item in view.items))
        for view in base.lists.values()
    }
    return Knowledge(
        version=version_of(base.files),
        tz=tz,
        entries=tuple(_entry(entry, tz) for entry in base.entries),
        lists=lists,
        synonyms=tuple(base.groups),
        silent=tuple(
            SilentLine(text=text, file=file.file, line=node.line)
            for file in base.files
            if file.record
            for node, text in file.record.get("silent", [])
        ),
    )


def version_of(files: Iterable[FileReading]) -> str:
    """A short hash of the files' paths and bytes, whatever the order in which they were found."""
    total = hashlib.sha256()
    for file in sorted(files, key=lambda file: file.file):
        total.update(f"{file.file}\0{file.digest}\n".encode("utf-8", "surrogatepass"))
    return total.hexdigest()[:_VERSION_DIGITS]


def moment(value: date | None, tz: tzinfo, *, last: bool = False) -> datetime | None:
    """The moment of a date (its first, or its last microsecond) or of a time as typed."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=tz)
    return datetime.combine(value, time.max if last else time.min, tzinfo=tz)


def _item(item: ItemView, tz: tzinfo) -> Item:
    return Item(
        name=item.name,
        aliases=tuple(name for _node, name in item.names[1:]),
        updated=moment(item.record.get("updated"), tz),
        columns={intern(column): intern(value) for column, (_key, value) in item.columns.items()},
    )


def _texts(pairs: Iterable[tuple[Any, str]]) -> tuple[str, ...]:
    return tuple(text for _node, text in pairs)


def _entry(entry: EntryView, tz: tzinfo) -> Entry:
    record = entry.record
    file: Record | None = entry.file.record
    valid = record.get("valid")
    return Entry(
        id=entry.id,
        file=intern(entry.file.file),
        topic=file.get("topic", "") if file else "",
        department=record.get("department") or (file.get("department", "") if file else ""),
        ask=_texts(entry.asks),
        answer=tuple(
            Variant(text=variant.text, when={intern(c): _texts(values) for c, (_key, values) in variant.when.items()})
            for variant in entry.variants
        ),
        list_name=entry.list.name if entry.list else None,
        unlisted=record.get("unlisted"),
        unspecified=record.get("unspecified"),
        valid=_validity(valid, tz) if valid else Validity(),
        early=record.get("early"),
        expired=record.get("expired"),
        updated=moment(record.get("updated"), tz),
        max_age=record.get("max_age"),
        source=record.get("source"),
        require=tuple(_texts(words) for _node, words in record.get("require", [])),
        exclude=_texts(record.get("exclude", [])),
        escalate=record.get("escalate", EscalateMode.NO),
        priority=record.get("priority", Priority.NORMAL),
        expect=_texts(record.get("expect", [])),
        rooms=_texts(record.get("rooms", [])),
    )


def _validity(valid: Record, tz: tzinfo) -> Validity:
    return Validity(start=moment(valid.get("from"), tz), end=moment(valid.get("until"), tz, last=True))
