"""All files together: the rules between files, and the knowledge when no error is left. One code for check and load.

What files say apart is read by `reading`; whether they fit is said here. Errors alone decide whether there is
knowledge. A warning at the place of an error is left out: it says the same. Comparing all phrasings with one another
gives warnings only: a reload leaves it out (`compare=False`) and gets the same knowledge.
"""

from collections.abc import Collection, Sequence
from datetime import tzinfo

from askbot.domain.faults import Fault, Severity, errors_of
from askbot.domain.knowledge import Knowledge
from askbot.knowledge_files.advice import advise
from askbot.knowledge_files.build import build
from askbot.knowledge_files.phrasings import compare_phrasings
from askbot.knowledge_files.reading import FileReading
from askbot.knowledge_files.rules_entries import check_entry, gather_entries
from askbot.knowledge_files.rules_lists import gather_lists, gather_synonyms
from askbot.knowledge_files.rules_variants import VariantRules
from askbot.knowledge_files.views import Base, Notes
from askbot.yaml_marks.collector import FaultList, Place


def assemble(
    files: Sequence[FileReading], tz: tzinfo, rooms: Collection[str] | None = None, *, compare: bool = True
) -> tuple[Knowledge | None, tuple[Fault, ...]]:
    """The knowledge of these files, or None when there is an error; and all faults, sorted by place.

    `rooms` are the configured rooms, None where no configuration is read (then any name counts).
    """
    base = Base(files=tuple(sorted(files, key=lambda file: file.file)), notes=Notes())
    gather_lists(base)
    gather_synonyms(base)
    gather_entries(base)
    variants = VariantRules(base)
    for entry in base.entries:
        check_entry(base, entry)
        variants.check(entry)
    advise(base, rooms)
    if compare:
        compare_phrasings(base)
    faults = [fault for file in base.files for fault in (*file.faults, *_noted(base, file))] + _without_entries(base)
    wrong = {(fault.file, fault.line, fault.column) for fault in errors_of(tuple(faults))}
    told = [f for f in faults if f.severity is Severity.ERROR or (f.file, f.line, f.column) not in wrong]
    ordered = tuple(sorted(told, key=lambda f: (f.file, f.line, f.column, f.severity.value, f.code)))
    return (None if errors_of(ordered) else build(base, tz)), ordered


def _noted(base: Base, file: FileReading) -> Sequence[Fault]:
    """What the rules found in that file."""
    found = base.notes.of(file).faults
    return file.source.first_cause(found) if file.source and found else found


def _without_entries(base: Base) -> list[Fault]:
    if base.entries or any(file.record is None or not file.good for file in base.files):
        return []
    faults = FaultList(base.files[0].file if base.files else "")
    message = "知识库里没有一条问答，什么都答不了"
    faults.warning(Place(1, 1), "no_entries", message, "在文件里加上“问答”；文件名要以 .yaml 结尾")
    return faults.faults
