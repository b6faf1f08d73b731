"""The format sentence by sentence: what must be taken, what must be refused, and what becomes of it."""

import os
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from askbot.domain.knowledge import EscalateMode, Knowledge, Priority
from askbot.knowledge_files import assemble, load_folder, parse_file, read_folder

TZ = timezone(timedelta(hours=8))
HEAD = "主题: 道路\n部门: 交通局\n"
ENTRY = "问答:\n  - 编号: a\n    问: [身份证在哪办]\n    答: 到派出所。\n"
LIST = "名录:\n  道路:\n    - {名称: 甲路, 状态: 封闭, 绕行: 丙路, 更新时间: 2026-02-12}\n    - {名称: 乙路, 状态: 正常, 更新时间: 2026-02-12}\n"
ROAD = '问答:\n  - 编号: r\n    问: "{道路}封了吗"\n    答: "{道路}看现场。"\n'


def faults_of(*texts: str, rooms: list[str] | None = None) -> list[str]:
    files = [parse_file(f"{n}.yaml", text.encode()) for n, text in enumerate(texts)]
    return [f"{f.file[:-5]}:{f.line}:{f.column}:{f.code}" for f in assemble(files, TZ, rooms)[1]]


def known(*texts: str) -> Knowledge:
    files = [parse_file(f"{n}.yaml", text.encode()) for n, text in enumerate(texts)]
    knowledge, faults = assemble(files, TZ)
    assert knowledge is not None, faults
    return knowledge


def with_line(line: str) -> str:
    return HEAD + ENTRY + f"    {line}\n"


TAKEN = [
    ("a file of synonyms alone needs no topic", "同义词:\n  - [封路, 断交]\n", HEAD + ENTRY),
    ("english keys, mixed", "topic: 道路\n部门: 交通局\nentries:\n  - id: a\n    问: 怎么办\n    answer: 到派出所。\n"),
    ("a byte order mark and CRLF", "\ufeff" + (HEAD + ENTRY).replace("\n", "\r\n")),
    ("numbers and booleans as text", HEAD + ENTRY.replace("到派出所。", "308") + "    期望: [no, 12:30, 0731]\n"),
    ("a full-width colon inside a text", with_line("依据: 通告：第3号")),
    ("a text with a colon and no space", with_line("依据: 时间8:30到12:00")),
    ("a comment behind a value", with_line("依据: 通告3号 # 县里发的")),
    ("a comment line without a space", "#每天更新\n" + HEAD + "  #也行\n" + ENTRY),
    (
        "a placeholder in the middle of a plain text",
        HEAD + ENTRY.replace("到派出所。", "办理（{更新时间}核对）。") + "    更新时间: 2026-02-12\n",
    ),
    (
        "a block text",
        HEAD
        + "问答:\n  - 编号: a\n    问: 怎么办\n    答: |\n      到派出所：\n      # 带户口本 {注意}\n".replace(
            "{注意}", "“注意”"
        ),
    ),
    ("a long plain text on two lines", HEAD + ENTRY.replace("到派出所。", "到派出所\n      “户籍室”办理。")),
    ("a quoted text on two lines", HEAD + ENTRY.replace("到派出所。", '"到派出所\n      办理。"')),
    ("brackets over several lines", HEAD + ENTRY.replace("[身份证在哪办]", "[身份证在哪办,\n      身份证怎么补]")),
    ("a leading document mark", "---\n" + HEAD + ENTRY),
    (
        "the same alias in two lists",
        HEAD + "名录:\n  道路:\n    - {名称: 滨河, 别名: [河边]}\n  小区:\n    - {名称: 滨河, 别名: [河边]}\n" + ENTRY,
    ),
    ("a list in another file", HEAD + LIST, HEAD + ROAD),
    ("no aliases yet", HEAD + "名录:\n  道路:\n    - {名称: 甲路, 别名: []}\n" + ENTRY),
    ("age with dates on every item", HEAD + LIST + ROAD + "    时效: 12小时\n"),
    ("an empty column that nothing uses", HEAD + LIST.replace("绕行: 丙路", "绕行: ") + ROAD),
    ("a date and time with a T", with_line("更新时间: 2026-02-20T08:00")),
    ("from one moment to the same day", with_line("有效期: {从: 2026-02-20 08:00, 至: 2026-02-20}")),
    (
        "the same phrasing in rooms apart",
        HEAD + ENTRY + "    场次: [main]\n" + ENTRY[4:].replace("编号: a", "编号: b") + "    场次: [jobs]\n",
    ),
    (
        "the same phrasing at other times",
        HEAD
        + ENTRY
        + "    有效期: {至: 2026-02-01}\n"
        + ENTRY[4:].replace("编号: a", "编号: b")
        + "    有效期: {从: 2026-02-02}\n",
    ),
    ("an unlisted text that says since when", HEAD + LIST + ROAD + '    未列入: "2月12日{道路}没有封闭。"\n'),
    (
        "today with an age",
        HEAD + ENTRY.replace("到派出所", "今天到派出所") + "    更新时间: 2026-02-12\n    时效: 24h\n",
    ),
    ("a known room", HEAD + ENTRY + "    场次: [main]\n"),
    ("quoted keys", "\"主题\": 道路\n'部门': 交通局\n" + ENTRY),
]


@pytest.mark.parametrize(("_why", "texts"), [(case[0], case[1:]) for case in TAKEN], ids=[case[0] for case in TAKEN])
def test_taken_without_a_word(_why: str, texts: tuple[str, ...]) -> None:
    assert faults_of(*texts, rooms=["main", "jobs"]) == []


BETWEEN = [
    ("a list name in two files: the later file", [HEAD + LIST + ROAD, HEAD + LIST], ["1:4:3:duplicate_list"]),
    (
        "an id in two files: the later file",
        [HEAD + ENTRY, HEAD + ENTRY.replace("身份证", "护照")],
        ["1:4:9:duplicate_id"],
    ),
    (
        "a word in groups of two files",
        [HEAD + ENTRY + "同义词:\n  - [甲路, 乙路]\n", "同义词:\n  - [丙路, 甲路]\n"],
        ["1:2:10:word_in_two_groups"],
    ),
    (
        "a missing column stands at the item",
        [HEAD + LIST, HEAD + ROAD.replace("看现场", "走{绕行}")],
        ["0:6:8:missing_column"],
    ),
    (
        "a list in a file that cannot be read is not unknown",
        [HEAD + LIST + '  "\n', HEAD + ROAD],
        ["0:7:3:unclosed_quote"],
    ),
    ("a room that no configuration has", [with_line("场次: [main, 大厅]")], ["0:7:16:unknown_room"]),
    (
        "widths and case do not make another word",
        ["同义词:\n  - [WiFi, 无线]\n  - [ｗｉｆｉ, 网络]\n", HEAD + ENTRY],
        ["0:3:6:word_in_two_groups"],
    ),
    (
        "an item that is its own alias",
        [HEAD + "名录:\n  道路:\n    - {名称: 甲路, 别名: [甲路]}\n" + ENTRY],
        ["0:5:21:repeated_word"],
    ),
    (
        "only silent lines are not enough",
        ["不答: [你好]\n"],
        ["0:1:1:missing_key", "0:1:1:missing_key", "0:1:1:missing_key"],
    ),
    ("nothing to say before it is valid", [with_line("未生效说: 还没开始。")], ["0:7:5:never_said"]),
    ("a placeholder in the source", [with_line('依据: "通告{号}"')], ["0:7:12:bad_placeholder"]),
    (
        "two placeholders of one name, the second is told at its place",
        [HEAD + ENTRY.replace("到派出所。", '"甲{乙}丙"')],
        ["0:6:10:unknown_placeholder"],
    ),
    (
        "an unreadable list does not hide other faults",
        [HEAD + "名录: 无\n" + ENTRY.replace("编号: a", "编号: a b")],
        ["0:3:5:wrong_type", "0:5:9:bad_id"],
    ),
    ("more than 20 deep", [HEAD + ENTRY.replace("[身份证在哪办]", "[" * 30 + "]" * 30)], ["0:5:25:too_deep"]),
]


@pytest.mark.parametrize(("_why", "texts", "expected"), BETWEEN, ids=[case[0] for case in BETWEEN])
def test_told_where_it_is_mended(_why: str, texts: list[str], expected: list[str]) -> None:
    assert faults_of(*texts, rooms=["main"]) == expected


def test_an_entry_with_everything() -> None:
    text = (
        HEAD
        + LIST
        + (
            "问答:\n"
            "  - 编号: r\n"
            '    问: ["{道路}封了吗", 封路了吗]\n'
            "    答:\n"
            '      - {当: {状态: [封闭, 半幅]}, 说: "{道路}封闭，走{绕行}。"}\n'
            '      - 说: "{道路}能走（{updated}）。"\n'
            '    未列入: "{道路}不在名单内。"\n'
            '    未指明: "封闭的有{名单:状态=封闭}。"\n'
            "    部门: 公路站\n"
            "    有效期: {从: 2026-02-01, 至: 2026-03-01}\n"
            "    未生效说: 还没开始。\n"
            "    过期说: 已经结束。\n"
            "    更新时间: 2026-02-10 08:30\n"
            "    时效: 3天\n"
            "    依据: 通告3号\n"
            "    必含: [封路, [今天, 明天]]\n"
            "    不含: [高速]\n"
            "    转人工: true\n"
            "    级别: 紧急\n"
            "    期望: [甲路封没封]\n"
            "    场次: [main]\n"
            "不答: [县长好]\n"
        )
    )
    knowledge = known(text, "同义词:\n  - [封路, 断交]\n")
    (entry,) = knowledge.entries
    assert (entry.topic, entry.department, entry.file, entry.list_name) == ("道路", "公路站", "0.yaml", "道路")
    assert entry.ask == ("{道路}封了吗", "封路了吗")
    assert [dict(v.when) for v in entry.answer] == [{"状态": ("封闭", "半幅")}, {}]
    assert entry.valid.start == datetime(2026, 2, 1, tzinfo=TZ)
    assert entry.valid.end == datetime(2026, 3, 1, 23, 59, 59, 999999, tzinfo=TZ)
    assert entry.updated == datetime(2026, 2, 10, 8, 30, tzinfo=TZ)
    assert entry.max_age == timedelta(days=3)
    assert (entry.require, entry.exclude) == ((("封路",), ("今天", "明天")), ("高速",))
    assert (entry.escalate, entry.priority) == (EscalateMode.ONLY, Priority.URGENT)
    assert (entry.early, entry.expired, entry.source) == ("还没开始。", "已经结束。", "通告3号")
    assert (entry.expect, entry.rooms) == (("甲路封没封",), ("main",))
    item = knowledge.lists["道路"].items[0]
    assert (item.name, dict(item.columns)) == ("甲路", {"状态": "封闭", "绕行": "丙路"})
    assert item.updated == datetime(2026, 2, 12, tzinfo=TZ)
    assert knowledge.synonyms == (("封路", "断交"),)
    assert [(s.text, s.file, s.line) for s in knowledge.silent] == [("县长好", "0.yaml", 28)]


ESCALATION = [
    ("仅转", "only"),
    ("only", "only"),
    ("true", "only"),
    ("并转", "also"),
    ("also", "also"),
    ("不转", "no"),
    ("no", "no"),
    ("false", "no"),
]


@pytest.mark.parametrize(("typed", "meant"), ESCALATION)
def test_escalation_words(typed: str, meant: str) -> None:
    assert known(with_line(f"转人工: {typed}")).entries[0].escalate == EscalateMode(meant)


def test_the_version_depends_on_what_is_written_and_not_on_its_order() -> None:
    one, other = (
        parse_file("a.yaml", (HEAD + ENTRY).encode()),
        parse_file("b.yaml", "同义词:\n  - [封路, 断交]\n".encode()),
    )
    forth, back = assemble([one, other], UTC)[0], assemble([other, one], UTC)[0]
    assert forth == back
    assert forth is not None
    changed = assemble([one, parse_file("b.yaml", "同义词:\n  - [封路, 断道]\n".encode())], UTC)[0]
    assert changed is not None
    assert changed.version != forth.version


def test_which_files_are_read(tmp_path: Path) -> None:
    for name in ("a.yaml", "below/b.yml", ".hidden.yaml", "#c.yaml#", "~d.yaml", "e.yaml~", "f.txt", ".git/g.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("同义词:\n  - [封路, 断交]\n", encoding="utf-8")
    (tmp_path / "again").symlink_to(tmp_path / "below")
    (tmp_path / "zagain").symlink_to(tmp_path / "below")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert [file.file for file in read_folder(tmp_path).files] == ["a.yaml", "below/b.yml"]


def test_a_mounted_configmap_is_read_once(tmp_path: Path) -> None:
    real = tmp_path / "..2026_02_12"
    real.mkdir()
    (real / "a.yaml").write_text(HEAD + ENTRY, encoding="utf-8")
    (tmp_path / "..data").symlink_to(real)
    (tmp_path / "a.yaml").symlink_to(Path("..data") / "a.yaml")
    assert load_folder(tmp_path, UTC)[0] is not None


def test_what_is_no_readable_file_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nowhere")
    knowledge, faults = load_folder(tmp_path, UTC)
    assert knowledge is None
    assert [(fault.file, fault.code) for fault in faults] == [
        ("folder.yaml", "not_a_file"),
        ("gone.yaml", "unreadable_file"),
    ]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.yaml")
    faults = read_folder(tmp_path).faults
    assert [fault.code for fault in faults] == ["not_a_file"]


def test_a_name_that_windows_made_is_told(tmp_path: Path) -> None:
    for name in ("a.YAML", "b.Yml"):
        (tmp_path / name).write_text("同义词:\n  - [封路, 断交]\n".replace("路", name[0]), encoding="utf-8")
    (tmp_path / "c.yaml.txt").write_text("不读", encoding="utf-8")
    reading = read_folder(tmp_path)
    assert [file.file for file in reading.files if file.record] == ["a.YAML", "b.Yml"]
    assert [(fault.file, fault.code, fault.severity.value) for fault in reading.faults] == [
        ("c.yaml.txt", "misnamed_file", "warning")
    ]


def test_an_empty_folder_is_a_warning(tmp_path: Path) -> None:
    knowledge, faults = load_folder(tmp_path, UTC)
    assert knowledge is not None
    assert [fault.code for fault in faults] == ["no_entries"]


@pytest.mark.parametrize("county", ["knowledge"])
def test_the_sample_county_has_no_error(county: str) -> None:
    knowledge, _faults = load_folder(Path(__file__).parents[3] / county, TZ)
    assert knowledge is not None
    assert len(knowledge.entries) > 100
