"""How errors are told on the command line: what, where, and what to do; on standard error, without a traceback."""

import errno
import sys
from collections.abc import Mapping
from types import MappingProxyType

from askbot.domain.faults import Fault, Severity
from askbot.errors import AskbotError, InputError, KnowledgeError, SettingsError

FAILED, MISUSE = 1, 2
HINTS: Mapping[str, str] = MappingProxyType(
    {
        "schema_outdated": "先升级数据库：askbot migrate",
        "store_unavailable": "看看配置里的 database 对不对，数据库开着没有，有没有权限",
        "knowledge": "逐条看哪里错了：askbot check",
        "EADDRINUSE": "这个端口有别的程序在用：用 --port 换一个，--port 0 是随便一个空着的",
        "EACCES": "没有权限；1024 以下的端口要用别的办法（反向代理）",
    }
)
"""By an error's code: what to do."""
WHAT: Mapping[str, str] = MappingProxyType(
    {
        "schema_outdated": "数据库的结构不是这个版本的",
        "store_unavailable": "数据库用不了",
        "knowledge": "没有能用的知识",
    }
)
"""By an error's code: what is the matter, for operators; the error's own words follow."""
_LABELS = {Severity.ERROR: "错误", Severity.WARNING: "警告"}


def told(error: Exception) -> int | None:
    """Tell a known error and give the exit code; None for a defect, which shall be seen whole."""
    if isinstance(error, SettingsError | KnowledgeError):
        say(f"askbot: {_worded(error)}")
        show_faults(tuple(fault for fault in error.faults if isinstance(fault, Fault)))
        hint(error.code)
        return MISUSE if any(getattr(fault, "code", "") == "unreadable_file" for fault in error.faults) else FAILED
    if isinstance(error, AskbotError):
        say(f"askbot: {_worded(error)}")
        hint(error.code)
        return MISUSE if isinstance(error, InputError) else FAILED
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        say(f"askbot: {place}{error.strerror or type(error).__name__}")
        hint(errno.errorcode.get(error.errno or 0, ""))
        return FAILED
    return None


def _worded(error: AskbotError) -> str:
    return f"{WHAT[error.code]}（{error.message}）" if error.code in WHAT else error.message


def show_faults(faults: tuple[Fault, ...]) -> None:
    """Each with its place and its mend."""
    for fault in faults:
        say(f"{fault.file}:{fault.line}:{fault.column}: {_LABELS[fault.severity]}：{fault.message}\n    {fault.hint}")


def hint(code: str) -> None:
    """What to do about it, if that is known."""
    if code in HINTS:
        say(f"  {HINTS[code]}")


def say(line: str) -> None:
    """A line on standard error; what a terminal cannot show is escaped."""
    stream = sys.stderr
    encoding = stream.encoding or "utf-8"
    print(line.encode(encoding, "backslashreplace").decode(encoding), file=stream, flush=True)
