"""The mistakes that can stand in block and in bracket style alike, each with its words and its repair.

Lines and columns are from 0 here, as the walks count; `Place` makes them what people count.
"""

from askbot.yaml_marks.collector import FaultList, Place, shown
from askbot.yaml_marks.edits import Edit
from askbot.yaml_marks.lines import KEY_COLON, indent_of


def loose_brace(text: str, start: int) -> bool:
    """Whether `{` at `start` opens a placeholder: `{道路}` with no colon or comma in it, or text right behind it."""
    end = text.find("}", start)
    inner = text[start + 1 : end] if end > 0 else ""
    if end < 0 or not inner.strip() or "{" in inner:
        return False
    after = text[end + 1 :].lstrip(" \t")
    if "," not in inner and "：" not in inner and KEY_COLON.search(inner) is None and not inner.startswith(("'", '"')):
        return ":" not in inner or inner.startswith("名单") or bool(after and after[0] not in ",]}#:")
    return False


def shown_quoted(typed: str) -> str:
    """A text in double quotes as a hint shows it."""
    inner = shown(typed)[1:-1]
    return f'"{inner}"'


def close_quote(lines: list[str], line: int, column: int, parent: int) -> tuple[int, int] | None:
    """Behind the closing quote of the quote at (line, column), from 0; None when it is not closed in its own block."""
    quote = lines[line][column]
    at = column + 1
    while True:
        text = lines[line]
        while at < len(text):
            if text[at] == "\\" and quote == '"':
                at += 2
            elif text[at] == quote:
                if quote == "'" and text.startswith("'", at + 1):
                    at += 2
                else:
                    return line, at + 1
            else:
                at += 1
        line, at = line + 1, 0
        if line >= len(lines):
            return None
        indent = indent_of(lines[line])
        if indent < len(lines[line]) and indent <= parent:
            return None


def unclosed_quote(faults: FaultList, line: int, column: int, text: str) -> None:
    """Note a quote that has no other half."""
    hint = f"在这句话的末尾加上 {text[column]}；文字里本来就有的引号换成中文引号“”"
    faults.error(Place(line + 1, column + 1), "unclosed_quote", f"引号 {text[column]} 没有配对的另一半", hint)


def wide_colon(faults: FaultList, edits: list[Edit], text: str, line: int, at: int) -> None:
    """Note a full-width colon behind a key."""
    space = "" if text[at + 1 : at + 2] in ("", " ", "\t", "\u3000") else " "
    faults.error(Place(line + 1, at + 1), "wide_colon", "键后面用了全角冒号 ：", "换成半角冒号加一个空格“: ”")
    edits.append(Edit(line, at, 1, ":" + space, "wide_colon"))


def hash_in_text(faults: FaultList, edits: list[Edit], line: int, at: int) -> None:
    """Note a # that would silently cut a text off."""
    hint = "要写说明，就在 # 后面加一个空格；# 是文字的一部分，就给整句加上双引号"
    faults.error(Place(line + 1, at + 1), "hash_in_text", "空格后面的 # 会把后面的文字都当成说明丢掉", hint)
    edits.append(Edit(line, at, 1, "＃", "hash_in_text"))


def tabs_in(  # noqa: PLR0917 - a stretch of a line and where to note
    faults: FaultList, edits: list[Edit], text: str, line: int, start: int, end: int
) -> None:
    """Note the tabs of a stretch of a line (one fault a run), each to become a space."""
    at = text.find("\t", start, end)
    while at >= 0:
        if text[at - 1 : at] != "\t" or at == start:
            faults.error(Place(line + 1, at + 1), "tab", "这里有制表符（Tab 键）", "删掉它，改用空格")
        edits.append(Edit(line, at, 1, " ", "tab"))
        at = text.find("\t", at + 1, end)
