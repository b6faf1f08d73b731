"""The knowledge in force, with what was built from it; reloaded off the event loop, swapped whole.

Knows the folder and the data folder; what is built from a knowledge version (the matcher's index) is given as a
function, and how long it takes is nobody's wait but the reload's.
"""

import asyncio
import gc
import traceback
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Generic, TypeVar

import structlog

from askbot.domain.faults import Fault
from askbot.domain.knowledge import Knowledge
from askbot.errors import KnowledgeError
from askbot.knowledge_files.choosing import Choice, choose
from askbot.knowledge_files.collecting import PAUSE, dismantle
from askbot.knowledge_files.last_good import LastGood, changed
from askbot.knowledge_files.reading import read_folder, reason
from askbot.knowledge_files.stamps import Stamps, stamps
from askbot.yaml_marks.collector import FaultList, Place

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing(Generic[T]):
    """A knowledge version and what was built from it: always swapped together."""

    knowledge: Knowledge
    index: T


@dataclass(frozen=True, slots=True, kw_only=True)
class ReloadResult:
    """How the last reload went, and what stands since.

    `version` is the one in force, `loaded_at` when that version came into force, `at` when the folder was last read.
    `stale` files stand on their last good version, `missing` ones are left out, `kept_whole`: the whole last good base
    stands. `problem` is what kept the new version from being built, or from being kept on disk. `good` is whether
    everything in the folder is in force.
    """

    version: str
    at: datetime
    loaded_at: datetime
    faults: tuple[Fault, ...]
    files: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    kept_whole: bool = False
    problem: str | None = None

    @property
    def good(self) -> bool:
        """Whether every file of the folder is in force as it stands there."""
        return not (self.stale or self.missing or self.kept_whole or self.problem)


class KnowledgeLibrary(Generic[T]):
    """The knowledge of a folder. `load` once at the start, then `reload` and `watching.watch` as long as it serves.

    `seen` are the folder's stamps from before the load, for the watch. `clock` gives aware times. `told` is
    called after every reload, from the event loop's thread.
    """

    def __init__(
        self,
        *,
        folder: Path,
        data: Path,
        tz: tzinfo,
        build: Callable[[Knowledge], T],
        clock: Callable[[], datetime],
        rooms: Collection[str] | None = None,
        told: Callable[[ReloadResult], None] = lambda _result: None,
    ) -> None:
        self.folder = folder
        self._last_good = LastGood(data / "last_good")
        self._tz = tz
        self._build = build
        self._clock = clock
        self._rooms = rooms
        self._told = told
        self._turn = asyncio.Lock()
        self._standing: Standing[T] | None = None
        self._result: ReloadResult | None = None
        self.seen: Stamps = ()

    @property
    def standing(self) -> Standing[T]:
        """What is in force; raises KnowledgeError before the first load."""
        if self._standing is None:
            raise KnowledgeError("the knowledge is not loaded yet")
        return self._standing

    @property
    def result(self) -> ReloadResult:
        """How the last load or reload went; raises KnowledgeError before the first load."""
        if self._result is None:
            raise KnowledgeError("the knowledge is not loaded yet")
        return self._result

    def index(self) -> T:
        """What was built from the knowledge in force; to be asked once for what is decided together."""
        return self.standing.index

    def load(self) -> ReloadResult:
        """Load, waiting for it; raises KnowledgeError with the faults when there is no good file at all."""
        self.seen = stamps(self.folder)
        self._standing, result = self._read()
        self._result = result
        return result

    async def reload(self) -> ReloadResult:
        """Read the folder anew, off the event loop, and swap. One at a time.

        Never raises once something is in force: that stays then, and the result says why (`faults`, `problem`).
        """
        async with self._turn:
            try:
                self._standing, self._result = await asyncio.to_thread(self._read)
            except Exception as error:
                if self._standing is None:
                    raise
                self._result = self._stayed(error)
            result = self.result
        self._told(result)
        return result

    def _read(self) -> tuple[Standing[T], ReloadResult]:
        """Everything that takes time: read, choose, build, keep. Touches nothing that others see."""
        with PAUSE:
            kept = self._last_good.read()
            choice = self._choose(kept)
            if choice.knowledge is None:
                raise KnowledgeError("there is no good knowledge file", choice.faults)
            standing = self._stand(choice.knowledge)
            problem = self._keep(kept, choice)
        gc.freeze()
        now = self._clock()
        same = self._standing is standing and self._result is not None
        return standing, ReloadResult(
            version=standing.knowledge.version,
            at=now,
            loaded_at=self._result.loaded_at if same and self._result else now,
            faults=choice.faults,
            files=tuple(name for name, _data in choice.files),
            stale=choice.stale,
            missing=choice.missing,
            kept_whole=choice.kept_whole,
            problem=problem,
        )

    def _choose(self, kept: dict[str, bytes]) -> Choice:
        try:
            reading = read_folder(self.folder)
        except OSError as error:
            faults = FaultList("")
            message = f"知识文件夹读不了（{reason(error)}）"
            faults.error(Place(1, 1), "unreadable_folder", message, "检查文件夹在不在、有没有权限")
            raise KnowledgeError("the knowledge folder cannot be read", tuple(faults.faults)) from error
        choice = choose(reading, kept, self._tz, self._rooms)
        dismantle(reading)
        return choice

    def _stand(self, knowledge: Knowledge) -> Standing[T]:
        """A standing of this version: the one in force when nothing changed."""
        now = self._standing
        if now is not None and now.knowledge.version == knowledge.version:
            return now
        return Standing(knowledge=knowledge, index=self._build(knowledge))

    def _keep(self, kept: dict[str, bytes], choice: Choice) -> str | None:
        """Keep what is in force as last good; what kept that from being written, if something did."""
        try:
            if changed(kept, choice.files):
                self._last_good.keep(choice.knowledge.version if choice.knowledge else "", choice.files)
        except OSError as error:
            return f"最后一次好的版本存不下来（{reason(error)}）"
        return None

    def _stayed(self, error: Exception) -> ReloadResult:
        """The result when nothing could be taken: there is no good file, or what was read could not be built."""
        faults: tuple[Fault, ...] = ()
        problem = None
        if isinstance(error, KnowledgeError):
            faults = tuple(fault for fault in error.faults if isinstance(fault, Fault))
        else:
            problem = f"新的版本建不起来（{type(error).__name__}）"
            at = traceback.extract_tb(error.__traceback__)[-1]
            log = structlog.get_logger("askbot.knowledge")
            log.error("knowledge.build_failed", error=type(error).__name__, at=f"{Path(at.filename).name}:{at.lineno}")
        before = self.result
        return ReloadResult(
            version=before.version,
            at=self._clock(),
            loaded_at=before.loaded_at,
            faults=faults,
            files=before.files,
            stale=before.files,
            kept_whole=True,
            problem=problem,
        )
