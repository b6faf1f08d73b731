"""File and environment → Settings, or all faults at once. The one place where the configuration is read."""

import os
from collections.abc import Mapping as Dict
from pathlib import Path
from typing import Any

from askbot.domain.faults import Fault, Severity, errors_of
from askbot.domain.replies import ReplyPolicy
from askbot.domain.secret import Secret
from askbot.domain.workdays import Calendar
from askbot.errors import SettingsError
from askbot.settings.sources import source_of
from askbot.settings.table import FOR_ALL, SCALARS, SETTINGS
from askbot.settings.values import County, Keeping, Server, Settings
from askbot.settings.variables import Names
from askbot.yaml_marks.collector import FaultList, Place
from askbot.yaml_marks.marked import Mapping
from askbot.yaml_marks.reading import read_yaml
from askbot.yaml_marks.shapes import Record

DEFAULT_CONFIG = Path("config/askbot.yaml")
DEFAULT_DATABASE = "sqlite:///data/askbot.db"


def load_settings(path: Path, env: Dict[str, str] | None = None) -> Settings:
    """The settings of a file and the environment (the process's by default).

    Raises SettingsError with every fault. Warnings stand in the result.
    """
    names = Names(dict(os.environ if env is None else env))
    faults = FaultList(str(path))
    root = _read(path, faults)
    record = None
    if root is not None:
        names.expand(root, faults)
        names.override(root, SCALARS)
        read = SETTINGS.read(root, _SparingMissing(faults, names))
        record = read if isinstance(read, Record) else None
    told = names.told(faults.faults)
    if errors := errors_of(told):
        raise SettingsError(f"配置有 {len(errors)} 个错误", told)
    if record is None:
        raise SettingsError("配置是空的", told)
    return _settings(record, told)


class _SparingMissing(FaultList):
    """Collects faults, but for those at a text whose variable is missing: that is told already."""

    def __init__(self, faults: FaultList, names: Names) -> None:
        super().__init__(faults.file)
        self.faults = faults.faults
        self._told = {(node.line, node.column) for node in names.missing}

    def _add(self, at: Any, code: str, severity: Severity, message: str, hint: str) -> None:  # noqa: ANN401
        if (at.line, at.column) not in self._told:
            super()._add(at, code, severity, message, hint)


def load_county(path: Path | None = None, env: Dict[str, str] | None = None) -> County:
    """What `ask`, `replay` and `eval` take: county, rooms, bars, blocked words. A missing variable is no fault here.

    Without a path the usual file is read if there is one. Raises SettingsError for faults in those sections, and
    when a path is given that cannot be read.
    """
    if path is None and not DEFAULT_CONFIG.is_file():
        return County()
    names = Names(dict(os.environ if env is None else env))
    faults = FaultList(str(path or DEFAULT_CONFIG))
    root = _read(path or DEFAULT_CONFIG, faults)
    record = None
    if root is not None:
        names.expand(root, None)
        names.override(root, SCALARS)
        read = FOR_ALL.read(root, _SparingMissing(faults, names))
        record = read if isinstance(read, Record) else None
    told = names.told(faults.faults)
    if errors := errors_of(told):
        raise SettingsError(f"配置有 {len(errors)} 个错误", told)
    return _county(record) if record is not None else County()


def _read(path: Path, faults: FaultList) -> Mapping | None:
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = "没有这个文件" if isinstance(error, FileNotFoundError) else error.strerror
        hint = "用 --config 指出配置文件，或从 config/askbot.yaml 抄一份"
        faults.error(Place(1, 1), "unreadable_file", f"配置文件读不了（{reason}）", hint)
        return None
    document = read_yaml(faults.file, data, SETTINGS.names)
    faults.faults += document.faults
    if document.root is None:
        if not document.faults:
            faults.error(Place(1, 1), "empty_file", "配置文件是空的", "从 config/askbot.yaml 抄一份")
        return None
    if not isinstance(document.root, Mapping):
        SETTINGS.read(document.root, faults)
        return None
    return document.root


def _county(record: Record) -> County:
    county = _section(record, "county")
    bars = _section(record, "bars")
    return County(
        name=county.get("name", ""),
        rooms=_rooms(record),
        bars=dict(bars),
        blocked_words=tuple(word for _node, word in record.get("blocked_words", [])),
        **({"tz": county["timezone"]} if "timezone" in county else {}),
    )


def _rooms(record: Record) -> dict[str, str] | None:
    rooms = record.get("rooms")
    return None if rooms is None else {name: room.get("title", name) for name, (_key, _node, room) in rooms.items()}


def _section(record: Record, name: str) -> dict[str, Any]:
    section = record.get(name)
    return dict(section.values) if isinstance(section, Record) else {}


def _settings(record: Record, warnings: tuple[Fault, ...]) -> Settings:
    county = _county(record)
    server = _section(record, "server")
    if "trusted_proxies" in server:
        server["trusted_proxies"] = tuple(network for _node, network in server["trusted_proxies"])
    sources = record.get("sources", {})
    return Settings(
        county=county,
        server=Server(**server),
        database=record.get("database", Secret(DEFAULT_DATABASE)),
        knowledge=Path(record.get("knowledge", "knowledge")),
        data=Path(record.get("data", "data")),
        rooms=_rooms(record) or {},
        sources={name: source_of(name, source) for name, (_key, _node, source) in sources.items()},
        replies=ReplyPolicy(**_section(record, "replies")),
        retention=Keeping(**_section(record, "retention")),
        calendar=_calendar(record, county),
        warnings=warnings,
    )


def _calendar(record: Record, county: County) -> Calendar:
    section = _section(record, "calendar")
    return Calendar(
        tz=county.tz,
        holidays=frozenset(day for _node, day in section.get("holidays", [])),
        makeup=frozenset(day for _node, day in section.get("workdays", [])),
        **({"closes": section["closes"]} if "closes" in section else {}),
    )
