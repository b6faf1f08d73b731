"""The knowledge in force while files change: last good versions, all ways of saving, no half-taken base."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from askbot.domain.knowledge import Knowledge
from askbot.errors import KnowledgeError
from askbot.knowledge_files.last_good import FILE_NAME
from askbot.knowledge_files.library import KnowledgeLibrary, ReloadResult
from askbot.knowledge_files.watching import watch

HEAD = "主题: 道路\n部门: 交通局\n"
LIST = HEAD + "名录:\n  道路:\n    - {名称: 甲路, 绕行: 乙路}\n"
ROAD = HEAD + '问答:\n  - 编号: road\n    问: "{道路}封了吗"\n    答: 看现场。\n'
BROKEN = "问：坏了\n"


def entry(entry_id: str, answer: str = "到派出所。") -> str:
    return HEAD + f"问答:\n  - 编号: {entry_id}\n    问: {entry_id}在哪办\n    答: {answer}\n"


class Room:
    """A folder of knowledge files, a data folder, and a library over them."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "knowledge"
        self.folder.mkdir()
        self.data = tmp_path / "data"
        self.built: list[str] = []
        self.told: list[ReloadResult] = []
        self.library = self.restarted()

    def restarted(self) -> KnowledgeLibrary[tuple[str, ...]]:
        self.library = KnowledgeLibrary(
            folder=self.folder,
            data=self.data,
            tz=UTC,
            build=self.build,
            clock=lambda: datetime.now(UTC),
            told=self.told.append,
        )
        return self.library

    def build(self, knowledge: Knowledge) -> tuple[str, ...]:
        self.built.append(knowledge.version)
        return tuple(entry.id for entry in knowledge.entries)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    @property
    def said(self) -> dict[str, str]:
        return {entry.id: entry.answer[0].text for entry in self.library.standing.knowledge.entries}


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


async def test_a_change_is_taken_and_built_once(room: Room) -> None:
    room.write("a.yaml", entry("甲"))
    room.library.load()
    before = room.library.standing
    room.write("b.yaml", entry("乙"))
    result = await room.library.reload()
    assert (room.library.index(), before.index) == (("甲", "乙"), ("甲",))
    assert result.version == room.library.standing.knowledge.version != before.knowledge.version
    assert result.good
    again = await room.library.reload()
    assert (again.version, again.loaded_at) == (result.version, result.loaded_at)
    assert len(room.built) == 2
    assert room.told == [result, again]


async def test_a_broken_file_keeps_its_last_good_version_and_the_others_are_taken(room: Room) -> None:
    room.write("a.yaml", entry("甲"))
    room.write("b.yaml", entry("乙"))
    room.library.load()
    room.write("a.yaml", BROKEN)
    room.write("b.yaml", entry("乙", "到大厅。"))
    result = await room.library.reload()
    assert room.said == {"甲": "到派出所。", "乙": "到大厅。"}
    assert (result.stale, result.missing, result.kept_whole, result.good) == (("a.yaml",), (), False, False)
    assert ("a.yaml", "wide_colon") in [(fault.file, fault.code) for fault in result.faults]


async def test_last_good_versions_stand_after_a_restart(room: Room) -> None:
    room.write("a.yaml", entry("甲"))
    room.library.load()
    room.write("a.yaml", BROKEN)
    room.write("b.yaml", entry("乙"))
    result = room.restarted().load()
    assert room.library.index() == ("甲", "乙")
    assert result.stale == ("a.yaml",)


async def test_without_a_last_good_version_the_file_is_left_out(room: Room) -> None:
    room.write("a.yaml", BROKEN)
    room.write("b.yaml", entry("乙"))
    result = room.library.load()
    assert room.library.index() == ("乙",)
    assert result.missing == ("a.yaml",)


async def test_what_hangs_on_a_file_that_is_left_out_is_left_out_too(room: Room) -> None:
    room.write("a.yaml", LIST.replace("名称:", "名称："))
    room.write("b.yaml", ROAD)
    room.write("c.yaml", entry("丙"))
    result = room.library.load()
    assert room.library.index() == ("丙",)
    assert result.missing == ("a.yaml", "b.yaml")


async def test_a_last_good_version_that_no_longer_fits_keeps_the_whole_base(room: Room) -> None:
    room.write("a.yaml", entry("甲"))
    room.write("b.yaml", entry("乙"))
    room.library.load()
    room.write("a.yaml", entry("乙", "到大厅。"))
    room.write("b.yaml", BROKEN)
    result = await room.library.reload()
    assert room.said == {"甲": "到派出所。", "乙": "到派出所。"}
    assert result.kept_whole
    assert result.stale == ("a.yaml", "b.yaml")
    assert "duplicate_id" in {fault.code for fault in result.faults if fault.file in {"a.yaml", "b.yaml"}}


async def test_a_list_that_is_gone_keeps_the_whole_base(room: Room) -> None:
    room.write("a.yaml", LIST)
    room.write("b.yaml", ROAD)
    room.library.load()
    (room.folder / "a.yaml").unlink()
    result = await room.library.reload()
    assert result.kept_whole
    assert "道路" in room.library.standing.knowledge.lists


async def test_a_deleted_file_is_gone(room: Room) -> None:
    room.write("a.yaml", entry("甲"))
    room.write("b.yaml", entry("乙"))
    room.library.load()
    (room.folder / "a.yaml").unlink()
    assert (await room.library.reload()).good
    assert room.library.index() == ("乙",)
    assert room.restarted().load().good
    assert room.library.index() == ("乙",)


@pytest.mark.parametrize("content", [None, BROKEN], ids=["no file", "a broken file"])
async def test_without_any_good_file_there_is_no_start(room: Room, content: str | None) -> None:
    if content is not None:
        room.write("a.yaml", content)
    with pytest.raises(KnowledgeError):
        room.library.load()


async def test_a_folder_that_is_gone_changes_nothing_and_is_told(room: Room) -> None:
    room.write("a.yaml", entry("甲"))
    room.library.load()
    shutil.rmtree(room.folder)
    result = await room.library.reload()
    assert room.library.index() == ("甲",)
    assert [fault.code for fault in result.faults] == ["unreadable_folder"]
    assert not result.good


async def test_damaged_last_good_versions_are_as_good_as_none(room: Room) -> None:
    room.write("a.yaml", entry("甲"))
    room.write("b.yaml", entry("乙"))
    room.library.load()
    kept = room.data / "last_good" / FILE_NAME
    kept.write_bytes(kept.read_bytes()[:-20])
    room.write("a.yaml", BROKEN)
    assert room.restarted().load().missing == ("a.yaml",)


async def test_a_data_folder_that_cannot_be_written_is_told(room: Room) -> None:
    room.data.write_text("in the way", encoding="utf-8")
    room.write("a.yaml", entry("甲"))
    result = room.library.load()
    assert result.problem is not None
    assert room.library.index() == ("甲",)


@asynccontextmanager
async def watched(room: Room) -> AsyncIterator[None]:
    room.library.load()
    stop = asyncio.Event()
    task = asyncio.create_task(
        watch(room.folder, room.library.reload, stop, seen=room.library.seen, look_every=0.2), name="watch"
    )
    await asyncio.sleep(0)
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, 10)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(15):
        while not condition():  # noqa: ASYNC110 - what is awaited is a folder's change, which sets no event
            await asyncio.sleep(0.02)


def save_in_place(folder: Path, text: str) -> None:
    (folder / "a.yaml").write_text(text, encoding="utf-8")


def save_by_rename(folder: Path, text: str) -> None:
    (folder / ".a.yaml.swp").write_text(text, encoding="utf-8")
    (folder / ".a.yaml.swp").replace(folder / "a.yaml")


def save_with_backup(folder: Path, text: str) -> None:
    (folder / "a.yaml").rename(folder / "a.yaml~")
    (folder / "a.yaml").write_text(text, encoding="utf-8")


def save_by_replacing_the_folder(folder: Path, text: str) -> None:
    new = folder.with_name("new")
    new.mkdir()
    (new / "a.yaml").write_text(text, encoding="utf-8")
    folder.rename(folder.with_name("old"))
    new.rename(folder)


def save_in_a_new_folder(folder: Path, text: str) -> None:
    (folder / "a.yaml").unlink()
    (folder / "道路").mkdir()
    (folder / "道路" / "a.yaml").write_text(text, encoding="utf-8")


WAYS = [save_in_place, save_by_rename, save_with_backup, save_by_replacing_the_folder, save_in_a_new_folder]


@pytest.mark.parametrize("save", WAYS)
async def test_every_way_of_saving_is_noticed(room: Room, save: Callable[[Path, str], None]) -> None:
    room.write("a.yaml", entry("甲"))
    async with watched(room):
        save(room.folder, entry("新"))
        await until(lambda: room.library.index() == ("新",))


async def test_a_configmap_swap_is_noticed(room: Room) -> None:
    def version(number: int, text: str) -> None:
        real = room.folder / f"..{number}"
        real.mkdir()
        (real / "a.yaml").write_text(text, encoding="utf-8")
        (room.folder / "..tmp").symlink_to(real.name)
        (room.folder / "..tmp").replace(room.folder / "..data")

    version(1, entry("甲"))
    (room.folder / "a.yaml").symlink_to("..data/a.yaml")
    async with watched(room):
        version(2, entry("新"))
        await until(lambda: room.library.index() == ("新",))


async def test_a_folder_behind_a_link_that_is_swapped_is_noticed(room: Room, tmp_path: Path) -> None:
    room.folder.rmdir()
    for name, text in (("one", entry("甲")), ("two", entry("新"))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.yaml").write_text(text, encoding="utf-8")
    room.folder.symlink_to(tmp_path / "one")
    async with watched(room):
        (tmp_path / "link").symlink_to(tmp_path / "two")
        (tmp_path / "link").replace(room.folder)
        await until(lambda: room.library.index() == ("新",))


async def test_a_folder_that_is_gone_for_a_moment_is_noticed_when_it_is_back(room: Room) -> None:
    room.write("a.yaml", entry("甲"))
    async with watched(room):
        shutil.rmtree(room.folder)
        await until(lambda: bool(room.told) and not room.told[-1].good)
        room.folder.mkdir()
        room.write("a.yaml", entry("新"))
        await until(lambda: room.library.index() == ("新",))


async def test_a_build_that_fails_is_told_and_tried_again_without_a_change(room: Room) -> None:
    room.write("a.yaml", entry("甲"))
    async with watched(room):
        tried: list[str] = []

        def fail(knowledge: Knowledge) -> tuple[str, ...]:
            tried.append(knowledge.version)
            raise RuntimeError("the index cannot be built")

        build, room.library._build = room.library._build, fail
        room.write("a.yaml", entry("新"))
        await until(lambda: bool(tried))
        await until(lambda: bool(room.told))
        assert room.library.index() == ("甲",)
        assert not room.told[-1].good
        assert room.told[-1].problem == "新的版本建不起来（RuntimeError）"
        room.library._build = build
        await until(lambda: room.library.index() == ("新",))
        assert room.told[-1].good


async def test_the_event_loop_runs_on_during_a_reload(room: Room) -> None:
    for number in range(20):
        text = "".join(
            f"  - 编号: e{number}.{n}\n    问: [第{n}号{number}怎么办]\n    答: 到大厅。\n" for n in range(50)
        )
        room.write(f"{number}.yaml", HEAD + "问答:\n" + text)
    room.library.load()
    room.write("0.yaml", entry("甲"))
    beats = 0
    reload = asyncio.create_task(room.library.reload())
    while not reload.done():
        await asyncio.sleep(0)
        beats += 1
    assert (await reload).good
    assert beats > 10
