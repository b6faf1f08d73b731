"""Which version of each file is taken: the new one, or its last good one; the rules of the format, file by file.

A file with an error is not taken: its last good version stands in, or, without one, nothing of it. If a last good
version no longer fits the others (an id twice, a list gone), the whole last good base stays as it was.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import tzinfo

from askbot.domain.faults import Fault, errors_of
from askbot.domain.knowledge import Knowledge
from askbot.knowledge_files.assembling import assemble
from askbot.knowledge_files.reading import FileReading, Reading, parse_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is taken. `faults` are those of the files as they stand in the folder.

    `stale` are the files whose last good version is in force, `missing` those of which nothing is; `kept_whole` is
    whether the whole last good base stays. `knowledge` is None when there is no good file at all.
    """

    knowledge: Knowledge | None
    files: tuple[tuple[str, bytes], ...]
    faults: tuple[Fault, ...]
    stale: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    kept_whole: bool = False


def choose(
    reading: Reading, last_good: Mapping[str, bytes], tz: tzinfo, rooms: Collection[str] | None = None
) -> Choice:
    """Apply the rules to the files of a folder."""
    knowledge, faults = assemble(reading.files, tz, rooms, compare=False)
    if knowledge is not None:
        return _choice(knowledge, {file.file: file for file in reading.files}, faults)
    taken = {file.file: file for file in reading.files}
    stale: set[str] = set()
    told = faults
    while errors_of(told):
        for name in {fault.file for fault in errors_of(told)}:
            old = last_good.get(name)
            if old is not None and (name in stale or taken[name].data == old):
                whole = _whole(last_good, tz, rooms, _with_misfits(faults, errors_of(told), stale), reading)
                if whole is not None:
                    return whole
                old = None
            if old is None:
                taken.pop(name)
                stale.discard(name)
            else:
                taken[name] = parse_file(name, old)
                stale.add(name)
        knowledge, told = assemble(list(taken.values()), tz, rooms, compare=False)
    missing = tuple(sorted(file.file for file in reading.files if file.file not in taken))
    return _choice(knowledge, taken, faults, tuple(sorted(stale)), missing)


def _with_misfits(faults: tuple[Fault, ...], misfits: tuple[Fault, ...], stale: set[str]) -> tuple[Fault, ...]:
    """The folder's faults, and why its good files do not fit the last good versions of the others."""
    new = [fault for fault in misfits if fault.file not in stale] or misfits
    return (*faults, *(fault for fault in new if fault not in faults))


def _choice(
    knowledge: Knowledge | None,
    taken: Mapping[str, FileReading],
    faults: tuple[Fault, ...],
    stale: tuple[str, ...] = (),
    missing: tuple[str, ...] = (),
) -> Choice:
    files = tuple((name, file.data) for name, file in sorted(taken.items()) if file.data is not None)
    return Choice(knowledge=knowledge if files else None, files=files, faults=faults, stale=stale, missing=missing)


def _whole(
    last_good: Mapping[str, bytes],
    tz: tzinfo,
    rooms: Collection[str] | None,
    faults: tuple[Fault, ...],
    reading: Reading,
) -> Choice | None:
    """The last good base as it was; None when it does not stand by itself (kept by another version of the program)."""
    knowledge, _ = assemble([parse_file(name, data) for name, data in last_good.items()], tz, rooms, compare=False)
    if knowledge is None:
        return None
    here = {file.file: file.data for file in reading.files}
    stale = tuple(sorted(name for name, data in last_good.items() if here.get(name) != data))
    missing = tuple(sorted(name for name in here if name not in last_good))
    return Choice(
        knowledge=knowledge,
        files=tuple(sorted(last_good.items())),
        faults=faults,
        stale=stale,
        missing=missing,
        kept_whole=True,
    )
