"""Numbers in any script as digits (三零八, 三百零八 → 308). Pure text; knows no names."""

import re

DIGITS = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "幺": "1", "两": "2"}
UNITS = {"十": 10, "百": 100, "千": 1000}
ONES = "零〇一二三四五六七八九幺两"
COUNTED = "点号天块岁月年个分公里吨元日周线路楼栋级米斤桌"

_SPELLED = re.compile(f"[{ONES}]{{3,}}")
_PLACED = re.compile(f"(?:[{ONES}][十百千])+[零〇]?[{ONES}]?(?![{ONES}十百千万亿])")
_TEENS = re.compile(f"(?<![{ONES}十百千几数好])十(?:[一二三四五六七八九](?!十)|(?=[{COUNTED}]))(?!百)")
_ANY = re.compile(f"[{ONES}十百千]{{2,}}|十")


def with_digits(text: str) -> str:
    """The text with spelled numbers as digits; single digits (一起, 两个, 三桥) stay as they are."""
    if not _ANY.search(text):
        return text
    text = _PLACED.sub(_placed, text)
    text = _TEENS.sub(lambda m: str(10 + int(DIGITS.get(m[0][1:], "0"))), text)
    return _SPELLED.sub(lambda m: "".join(DIGITS[c] for c in m[0]), text)


def _placed(match: re.Match[str]) -> str:
    total, digit, unit = 0, 0, 1
    for c in match[0]:
        if c in UNITS:
            unit = UNITS[c]
            total += digit * unit
            digit = 0
        else:
            digit = int(DIGITS[c])
            unit = 1 if digit == 0 else unit
    short = match[0][-1] in ONES and match[0][-2:-1] in UNITS and unit > UNITS["十"]
    return str(total + digit * (unit // 10 if short else 1))
