"""The parser's complaint (English, often a line late) → a fault in Chinese at the place to mend."""

from askbot.yaml_marks.collector import FaultList, Place
from askbot.yaml_marks.compose import ParserError
from askbot.yaml_marks.lines import KEY_COLON, column_of, idle, indent_of, keyed

_ALIGN = "同一级的行左边对齐：上一级的键下面多缩进两个空格，“- ”和“- ”对齐"


def complain(error: ParserError, lines: list[str], faults: FaultList) -> Place:
    """Note the fault; the place where it was noted (columns of the lines as given)."""
    code, line, column, message, hint = _worded(error, lines)
    place = Place(min(line, max(len(lines) - 1, 0)) + 1, column + 1)
    faults.error(place, code, message, hint)
    return place


def _worded(  # noqa: C901, PLR0911 - a table of the parser's phrases, most telling first
    error: ParserError, lines: list[str]
) -> tuple[str, int, int, str, str]:
    problem, context = error.problem, error.context
    line, column = error.line, error.column
    typed = lines[line] if line < len(lines) else ""
    if "anchor" in context or "alias" in context:
        mark = "*" if "alias" in context else "&"
        name = "alias" if "alias" in context else "anchor"
        return name, error.context_line, error.context_column, f"文字不能以 {mark} 开头", "给整句加上双引号"
    if "tag" in context or "tag" in problem:
        return (
            "tag",
            error.context_line,
            error.context_column,
            "不支持以 ! 开头的标签或 % 开头的指令",
            "文字以 ! 或 % 开头时，整句加上双引号",
        )
    if "sequence entries are not allowed" in problem:
        hint = "这句话本身以“- ”开头时加双引号；要写列表，冒号后面什么也不写，每一项一行，前面加“- ”"
        return "stray_dash", line, column, "“- ”不能和键写在同一行", hint
    if "cannot start any token" in problem and typed[column:].startswith("```"):
        return "bad_start", line, column, "``` 是聊天软件和文档里代码的记号，不是知识文件的内容", "删掉这一行"
    if "cannot start any token" in problem:
        char = typed[column : column + 1]
        return "bad_start", line, column, f"文字不能以 {char or '这个字符'} 开头", "给整句加上双引号"
    if "mapping values are not allowed" in problem:
        return _values(line, column, lines)
    if "could not find expected ':'" in problem:
        return _no_colon(error, lines)
    if "escape" in problem or "escape" in context:
        hint = r"双引号里的 \ 有特别的意思：写成 \\，或改用单引号 '…'"
        return "bad_escape", line, column, r"双引号里的反斜杠 \ 后面不能跟这个字符", hint
    if "block scalar" in context:
        return "indent", line, column, "| 或 > 后面的写法不对，或下面的文字没有缩进", "文字从下一行写起，多缩进两个空格"
    if "document start" in problem:
        return _document_start(line, column, lines)
    if "flow" in context:
        hint = "检查这一组的括号、逗号和引号；文字里有括号时，整句加上双引号"
        return "brackets", line, column, "方括号或花括号里的写法不对", hint
    if "expected" in problem:
        at = indent_of(typed) if typed and not idle(typed) else column
        return "indent", line, max(at, 0), "这一行的缩进和上面的行对不齐", _ALIGN
    return "syntax", line, column, "这里的写法读不懂", "检查这一行和上一行的冒号、引号和缩进"


def _values(line: int, column: int, lines: list[str]) -> tuple[str, int, int, str, str]:
    typed = lines[line] if line < len(lines) else ""
    start = column_of(typed)
    found = KEY_COLON.search(typed, start)
    if found and found.start() == column:
        above = next((n for n in range(line - 1, -1, -1) if not idle(lines[n])), line)
        dashed = typed.lstrip(" ").startswith("- ") and indent_of(lines[above]) < indent_of(typed)
        if above < line and (column_of(lines[above]) == start or dashed) and not keyed(lines[above]):
            at = column_of(lines[above])
            return "no_colon", above, at, "这一行没有“键: 内容”里的冒号", "写成“键: 内容”，半角冒号后面加空格"
        message = "这一行的缩进和上面的行对不齐：它会被当成上一行文字的后半句"
        return "indent", line, start, message, _ALIGN
    hint = "整句加上双引号，或把这个冒号换成全角的 ："
    return "colon_in_text", line, column, "文字里有“冒号加空格”，会被当成另一个键", hint


def _document_start(line: int, column: int, lines: list[str]) -> tuple[str, int, int, str, str]:
    """Content where the first document is over: behind a mark, or because the first line stands further right."""
    if lines[line].startswith(("---", "...")):
        hint = "删掉 --- 或 ... ，或把后面的内容放进另一个文件"
        return "second_document", line, column, "一个文件里只能有一份内容", hint
    first = next((n for n, other in enumerate(lines) if not idle(other)), line)
    return "indent", first, 0, "这一行前面有空格，和同一级的行对不齐", "删掉前面的空格"


def _no_colon(error: ParserError, lines: list[str]) -> tuple[str, int, int, str, str]:
    line = error.context_line if "key" in error.context else error.line
    typed = lines[line] if line < len(lines) else ""
    start = column_of(typed)
    if typed.startswith(("＃", "//"), start):
        return "no_colon", line, start, "这一行像是说明，却不是以半角 # 开头", "说明写成“# …”：半角 # 加一个空格"
    above = next((lines[n] for n in range(line - 1, -1, -1) if not idle(lines[n])), "")
    if above.startswith("- ", start) and indent_of(above) == start:
        return "no_dash", line, start, "列表里的这一行前面没有“- ”", "前面加上“- ”，和上一行的“- ”对齐"
    hint = "写成“键: 内容”；如果是上一行文字的后半句，多缩进两个空格"
    return "no_colon", line, start, "这一行没有“键: 内容”里的冒号", hint
