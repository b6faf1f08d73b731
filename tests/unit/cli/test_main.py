"""The command line's frame: which commands there are, exit codes, errors told with a hint."""

import argparse
import errno
import importlib
import subprocess
import sys

import pytest

from askbot import cli
from askbot.cli.telling import told
from askbot.domain.faults import Fault, Severity
from askbot.errors import InputError, KnowledgeError, NotFoundError, SettingsError, StoreError

FAULT = Fault(file="a.yaml", line=3, column=5, code="x", severity=Severity.ERROR, message="这里错了", hint="这样改")
UNREADABLE = Fault(
    file="a.yaml", line=1, column=1, code="unreadable_file", severity=Severity.ERROR, message="没有", hint="x"
)


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_every_command_has_a_parser_with_examples(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([command, "--help"]) == 0
    shown = capsys.readouterr().out
    assert f"askbot {command}" in shown
    assert "例子" in shown


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ([], 2, "用法"),
        (["--help"], 0, "serve"),
        (["--version"], 0, "askbot 0"),
        (["chek"], 2, "check"),
        (["\x1b[31m"], 2, "没有这个命令"),
    ],
)
def test_the_frame(words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(words) == code
    shown = capsys.readouterr()
    assert said in shown.out + shown.err
    assert (shown.out == "") == (code == 2), "mistakes are told on standard error"
    assert "\x1b" not in shown.err


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (SettingsError("配置有 1 个错误", (FAULT,)), 1, "a.yaml:3:5: 错误：这里错了\n    这样改"),
        (SettingsError("配置有 1 个错误", (UNREADABLE,)), 2, "没有"),
        (KnowledgeError("no good file", (FAULT,)), 1, "askbot check"),
        (StoreError("old", code="schema_outdated"), 1, "askbot migrate"),
        (StoreError("away"), 1, "database"),
        (InputError("wrong"), 2, "wrong"),
        (NotFoundError("no"), 1, "no"),
        (OSError(errno.EADDRINUSE, "in use"), 1, "--port 0"),
        (PermissionError(errno.EACCES, "denied", "/x"), 1, "/x: denied"),
    ],
)
def test_known_errors_are_told(error: Exception, code: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(error) == code
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.out == ""


def test_a_defect_is_shown_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(RuntimeError("a defect")) is None
    with pytest.raises(RuntimeError):
        run_with(RuntimeError("a defect"), monkeypatch)


@pytest.mark.parametrize(("raised", "code"), [(KeyboardInterrupt(), 130), (SystemExit(2), 2), (SystemExit("x"), 2)])
def test_ways_to_end(raised: BaseException, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_with(raised, monkeypatch) == code


def run_with(raised: BaseException, monkeypatch: pytest.MonkeyPatch) -> int:
    def fail(args: argparse.Namespace) -> int:
        raise raised

    monkeypatch.setattr(importlib.import_module("askbot.cli.migrate"), "run", fail)
    return cli.main(["migrate"])


def test_a_reader_that_goes_away_is_no_traceback() -> None:
    command = f"{sys.executable} -m askbot check --schema | head -c 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)  # noqa: S602 (a pipe is the point)
    assert done.stderr == ""


def test_checking_loads_no_server() -> None:
    script = "import sys; from askbot.cli import main; main(['check', '--schema']); print([m for m in ('aiohttp', 'sqlalchemy', 'jieba', 'pydantic', 'alembic') if m in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
