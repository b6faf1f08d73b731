"""`askbot check`: exit codes, what stands on which stream, the three formats, and what a fix changes."""

import argparse
import json
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import pytest

from askbot.cli.check import add_parser
from askbot.cli.check_report import excerpt
from askbot.domain.faults import Fault
from askbot.knowledge_files import fixing
from askbot.yaml_marks.reading import repaired

GOOD = "主题: 户口\n部门: 公安局\n问答:\n  - 编号: a\n    问: [身份证在哪办]\n    答: 到派出所。\n"
BAD = GOOD.replace("问: [", "问：[")
WARNED = GOOD.replace("到派出所", "今天到派出所")


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser(prog="askbot")
    add_parser(parser.add_subparsers())
    args = parser.parse_args(["check", *arguments])
    code: int = args.run(args)
    return code


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "knowledge").mkdir()
    return tmp_path / "knowledge"


EXITS = [
    ("nothing wrong", GOOD, [], 0),
    ("an error", BAD, [], 1),
    ("a warning", WARNED, [], 0),
    ("a warning, strictly", WARNED, ["--strict"], 1),
    ("nothing wrong, strictly", GOOD, ["--strict"], 0),
    ("an error that is mended", BAD, ["--fix"], 0),
]


@pytest.mark.parametrize(("_why", "text", "arguments", "code"), EXITS, ids=[case[0] for case in EXITS])
def test_exit_codes(_why: str, text: str, arguments: list[str], code: int, folder: Path) -> None:
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    assert run(*arguments) == code


def test_misuse_is_told_on_stderr_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.yaml").write_text(GOOD, encoding="utf-8")
    for arguments in (["nowhere"], ["knowledge/a.yaml"], ["--config", "nowhere.yaml"]):
        assert run(*arguments) == 2
        out, err = capsys.readouterr()
        assert not out
        assert "没有" in err or "不是文件夹" in err
    with pytest.raises(SystemExit) as misuse:
        run("--format", "xml")
    assert misuse.value.code == 2


def test_text_shows_the_line_a_caret_and_the_count(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.yaml").write_text(BAD, encoding="utf-8")
    assert run() == 1
    assert capsys.readouterr().out == (
        "knowledge/a.yaml:5:6 错误 键后面用了全角冒号 ： [wide_colon]\n"
        "  5 |     问：[身份证在哪办]\n"
        "    |       ^\n"
        "  改法：换成半角冒号加一个空格“: ”\n"
        "\n"
        "1 个错误，0 个警告（看了 1 个文件）。有错误的文件不会被采用。\n"
    )


def test_json_is_as_the_format_says(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.yaml").write_text(BAD, encoding="utf-8")
    run("--format", "json")
    (fault,) = json.loads(capsys.readouterr().out)
    assert set(fault) == {"file", "line", "column", "code", "severity", "message", "hint"}
    assert (fault["file"], fault["line"], fault["column"], fault["severity"]) == ("knowledge/a.yaml", 5, 6, "error")


def test_json_of_nothing_is_an_empty_array(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.yaml").write_text(GOOD, encoding="utf-8")
    run("--format", "json")
    assert json.loads(capsys.readouterr().out) == []


def test_workflow_commands_are_escaped(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a,b:c%\n.yaml").write_text(GOOD.replace("    答:", "    答复%:"), encoding="utf-8")
    run("--format", "github")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    assert all(line.startswith("::error file=knowledge/a%2Cb%3Ac%25%0A.yaml,line=") for line in lines)
    assert "“答复%25”" in "".join(lines)


def test_control_characters_of_names_and_lines_do_not_reach_the_terminal(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "\x1b[31m.yaml").write_text("主题: \x1b[2J\n", encoding="utf-8")
    run()
    assert "\x1b" not in capsys.readouterr().out


def test_a_fix_keeps_all_other_bytes_and_says_what_it_did(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "a.yaml"
    path.write_bytes(("\ufeff" + BAD + "# 说明\t一\n").replace("\n", "\r\n").encode())
    path.chmod(0o640)
    assert run("--fix", "--format", "json") == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == []
    assert "knowledge/a.yaml:5:6 已改好" in err
    assert path.read_bytes() == ("\ufeff" + GOOD + "# 说明\t一\n").replace("\n", "\r\n").encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in folder.iterdir()] == ["a.yaml"]


def test_rooms_are_known_where_there_is_a_configuration(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.yaml").write_text(GOOD + "    场次: [大厅]\n", encoding="utf-8")
    assert run("--strict") == 0
    (folder.parent / "other.yaml").write_text("rooms:\n  main: {title: 直播间}\n", encoding="utf-8")
    assert run("--strict", "--config", "other.yaml") == 1
    assert "unknown_room" in capsys.readouterr().out


def test_the_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--schema") == 0
    assert "问答" in json.loads(capsys.readouterr().out)["properties"]


EXCERPTS = [
    ("wide characters take two columns", "问：甲", 2, ("问：甲", 2)),
    ("a long line is cut around the place", "长" * 200, 150, ("…" + "长" * 48 + "…", 50)),
    ("the place behind the last character", "ab", 3, ("ab", 2)),
    ("a tab is shown as a dot", "a\tb", 3, ("a·b", 2)),
]


@pytest.mark.parametrize(("_why", "line", "column", "shown"), EXCERPTS, ids=[case[0] for case in EXCERPTS])
def test_excerpt(_why: str, line: str, column: int, shown: tuple[str, int]) -> None:
    assert excerpt(line, column) == shown


def test_the_check_needs_no_heavy_module() -> None:
    code = (
        "import sys, argparse; from askbot.cli import check; p = argparse.ArgumentParser();"
        "check.add_parser(p.add_subparsers()); a = p.parse_args(['check', 'knowledge', '--format', 'json']); a.run(a);"
        "print([m for m in ('jieba', 'aiohttp', 'sqlalchemy', 'pydantic', 'watchfiles') if m in sys.modules], file=sys.stderr)"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_a_fix_never_overwrites_what_somebody_saved_meanwhile(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "a.yaml"
    path.write_text(BAD, encoding="utf-8")

    def save_then_mend(data: bytes, keys: Collection[str]) -> tuple[bytes, tuple[Fault, ...]]:
        path.write_text(GOOD.replace("派出所", "大厅"), encoding="utf-8")
        return repaired(data, keys)

    monkeypatch.setattr(fixing, "repaired", save_then_mend)
    run("--fix")
    assert "大厅" in path.read_text(encoding="utf-8")
    assert "刚刚有人改了它" in capsys.readouterr().err
    assert [other.name for other in folder.iterdir()] == ["a.yaml"]


def test_a_fix_keeps_the_mode(folder: Path) -> None:
    path = folder / "a.yaml"
    path.write_text(BAD, encoding="utf-8")
    path.chmod(0o640)
    assert run("--fix") == 0
    assert path.stat().st_mode & 0o7777 == 0o640


def test_workflow_commands_carry_no_escape_sequence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a\x1b[31m\nb.yaml").write_text(BAD, encoding="utf-8")
    run("--format", "github")
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "file=knowledge/a\\x1b[31m%0Ab.yaml,line=5,col=6" in out


def test_a_full_disk_is_not_called_a_folder_that_cannot_be_read(folder: Path) -> None:
    (folder / "a.yaml").write_text(GOOD, encoding="utf-8")
    command = [sys.executable, "-m", "askbot", "check"]
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(command, cwd=folder.parent, stdout=full, stderr=subprocess.PIPE, check=False)
    assert ended.returncode == 1
    assert "文件夹" not in ended.stderr.decode()
