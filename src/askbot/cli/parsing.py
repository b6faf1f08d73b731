"""The parser of all commands: options are written out, and what was typed wrongly is said in Chinese."""

import argparse
import re
from typing import Any, NoReturn

from askbot.cli.telling import MISUSE, say

SHOWN = 200
"""Characters of what was typed that are shown again."""
_TOLD = (
    (r"the following arguments are required: (.+)", r"少写了 \1"),
    (r"unrecognized arguments: (.+)", r"不认识 \1"),
    (r"argument (.+): expected one argument", r"\1 后面要写内容"),
    (r"argument (.+): expected \d+ arguments?", r"\1 后面写少了"),
    (r"argument (.+): ignored explicit argument .+", r"\1 后面不写内容"),
    (r"argument (.+): invalid choice: (.+) \(choose from (.+)\)", r"\1 不能是 \2，可以写 \3"),
    (r"argument (.+): invalid int value: (.+)", r"\1 要写整数，不是 \2"),
    (r"argument (.+): invalid (?:float|_seconds) value: (.+)", r"\1 要写数字，不是 \2"),
    (r"argument (.+): not allowed with argument (.+)", r"\1 和 \2 只写一个"),
    (r"one of the arguments (.+) is required", r"\1 要写一个"),
    (r"argument (.+?): (.+)", r"\1：\2"),
)
"""argparse's sentences and ours; what fits none is shown as it is."""


class Parser(argparse.ArgumentParser):
    """As argparse's, but no option may be shortened, and a mistake is told with where the help is."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - handed on as it is
        super().__init__(*args, **{**options, "allow_abbrev": False})
        self.helped_by = self.prog

    def error(self, message: str) -> NoReturn:
        """Tell the mistake and end with the exit code of misuse."""
        say(f"askbot: 用法不对：{in_chinese(message)}，见 {self.helped_by} --help")
        self.exit(MISUSE)


def in_chinese(message: str) -> str:
    """The sentence of argparse in Chinese where that is known, bounded, without what a terminal obeys."""
    for pattern, told in _TOLD:
        if re.fullmatch(pattern, message, re.DOTALL):
            message = re.sub(pattern, told, message, count=1, flags=re.DOTALL)
            break
    plain = "".join(c if c.isprintable() else c.encode("unicode_escape", "replace").decode() for c in message)
    return plain if len(plain) <= SHOWN else plain[: SHOWN - 1] + "…"
