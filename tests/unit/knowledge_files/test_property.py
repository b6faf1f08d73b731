"""What the check passes the loader loads, and the other way round; damage to one file is that file's damage."""

from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from askbot.cli.check import run as check
from askbot.domain.knowledge import Entry
from askbot.knowledge_files import load_folder, parse_file
from askbot.knowledge_files.choosing import choose
from askbot.knowledge_files.reading import Reading

WORDS = st.sampled_from(
    ["医保", "缴费", "补办", "封了吗", "在哪办", "{道路}", "几点开门", "（试行）", "{绕行}", "今天"]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=4).map("".join)
EXTRAS = st.sampled_from(
    [
        "",
        "    时效: 24h\n",
        "    更新时间: 2026-02-12\n",
        "    有效期: {从: 2026-02-01}\n",
        "    转人工: 并转\n",
        '    未列入: "{道路}以现场为准。"\n',
    ]
)
DAMAGE = st.sampled_from(["：", "\t", "{", "}", '"', "[", "]", " #", "\n", "- ", ": ", "\x00", "　", "&a ", "问"])


@st.composite
def files(draw: st.DrawFn) -> dict[str, str]:
    made = {}
    for name in draw(st.lists(st.sampled_from(["a.yaml", "b.yaml", "下/c.yml"]), min_size=1, max_size=3, unique=True)):
        lists = draw(st.sampled_from(["", "名录:\n  道路:\n    - {名称: 甲路, 绕行: 乙路}\n    - {名称: 丙路}\n"]))
        text = f"主题: 甲\n部门: 乙\n{lists}问答:\n"
        for number in range(draw(st.integers(1, 3))):
            entry_id = draw(st.sampled_from([f"{name[0]}{number}", "same"]))
            text += f'  - 编号: {entry_id}\n    问: "{draw(TEXTS)}"\n    答: "{draw(TEXTS)}"\n{draw(EXTRAS)}'
        made[name] = text
    return made


def spoilt(draw: st.DrawFn, text: str) -> str:
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(DAMAGE) + text[at + draw(st.integers(0, 2)) :]
    return text


@st.composite
def damaged_files(draw: st.DrawFn) -> dict[str, str]:
    return {name: spoilt(draw, text) for name, text in draw(files()).items()}


def write(folder: Path, made: dict[str, str]) -> None:
    for name, text in made.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="")


def exit_code(folder: Path) -> int:
    from argparse import Namespace
    from contextlib import redirect_stdout
    from io import StringIO

    with redirect_stdout(StringIO()):
        return check(Namespace(dir=str(folder), format="json", strict=False, fix=False, schema=False, config=None))


@settings(max_examples=150, deadline=None)
@given(damaged_files())
def test_what_the_check_passes_the_loader_loads_and_nothing_else(made: dict[str, str]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, made)
        knowledge, _faults = load_folder(folder, UTC)
        assert (exit_code(folder) == 0) == (knowledge is not None)


GOOD = {
    name: f"主题: 甲\n部门: 乙\n名录:\n  道路{name}:\n    - {{名称: 甲路, 绕行: 乙路}}\n问答:\n"
    f'  - 编号: {name}1\n    问: "{{道路{name}}}封了吗{name}"\n    答: "走{{绕行}}。"\n'
    f"  - 编号: {name}2\n    问: 医保在哪办{name}\n    答: 大厅。\n"
    for name in "abc"
}


def entries_of(entries: tuple[Entry, ...], *names: str) -> list[Entry]:
    return [entry for entry in entries if entry.file in names]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(GOOD["b"].encode())), st.binary(max_size=5), st.integers(0, 8)),
        min_size=1,
        max_size=4,
    )
)
def test_damage_to_one_file_leaves_the_answers_of_the_others(damage: list[tuple[int, bytes, int]]) -> None:
    data = GOOD["b"].encode()
    for at, piece, gone in damage:
        data = data[:at] + piece + data[at + gone :]
    last_good = {name: text.encode() for name, text in GOOD.items()}
    whole = choose(Reading(files=tuple(parse_file(n, d) for n, d in last_good.items())), last_good, UTC)
    now = choose(Reading(files=tuple(parse_file(n, d) for n, d in (last_good | {"b": data}).items())), last_good, UTC)
    assert whole.knowledge is not None
    assert now.knowledge is not None
    assert entries_of(now.knowledge.entries, "a", "c") == entries_of(whole.knowledge.entries, "a", "c")
    if now.stale:
        assert entries_of(now.knowledge.entries, "b") == entries_of(whole.knowledge.entries, "b")
