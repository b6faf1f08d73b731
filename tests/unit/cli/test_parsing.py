"""Mistakes on the command line are told in Chinese, with where the help is; nothing typed reaches the terminal raw."""

import pytest

from askbot import cli

CASES = [
    (["ask"], "少写了 TEXT，见 askbot ask --help"),
    (["ask", "路", "--wyh"], "不认识 --wyh，见 askbot ask --help"),
    (["ask", "路", "--wh"], "不认识 --wh"),  # no option may be shortened
    (["ask", "路", "--at"], "--at 后面要写内容"),
    (["ask", "路", "--why=1"], "--why 后面不写内容"),
    (["ask", "  "], "没有写要问的话"),
    (["demo", "--port", "x"], "--port 要写整数，不是 'x'"),
    (["bridge", "--source", "b", "--give-up", "inf"], "--give-up 要写数字"),
    (["bridge", "--source", "b", "--secret-env", "A", "--config", "B"], "--config 和 --secret-env 只写一个"),
    (["check", "--format", "xml"], "--format 不能是 'xml'，可以写"),
    (["token", "create", "--name", "x", "--role", "clerk", "--expires", "soon"], "“soon”不是时长"),
    (["token", "create"], "见 askbot token create --help"),
    (["ask", "路", "--\x1b[31m"], "\\x1b[31m"),
    (["ask", "路", "--" + "x" * 5000], "x…"),
]


@pytest.mark.parametrize(("words", "said"), CASES)
def test_a_mistake_is_told_in_chinese(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(words) == 2
    out, err = capsys.readouterr()
    assert not out
    assert said in err
    assert "\x1b" not in err
