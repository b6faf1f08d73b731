"""What one line of block YAML is made of, told by looking at the line alone."""

import re

WIDE_SPACES = "\u3000\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\ufeff"
"""Spaces that are no indent for YAML: the full-width space, and those that word processors leave behind."""

LONG_DASHES = "－—–−"
BULLETS = "•·●▪◆"
_PLAIN_START = rf"[^\s{WIDE_SPACES}\"'\[\]{{}}#&*!|>%@`,?:：{LONG_DASHES}{BULLETS}｛\-]"
_PLAIN = rf"(?:[^:#\t\s{WIDE_SPACES}]|:(?=[^\s{WIDE_SPACES}])|(?<=\S)\#|\ (?![\#{WIDE_SPACES}]))*+"
_QUOTED = r"\"[^\"\\\t]*+\"|'[^'\t]*+'"
_WORD = rf"[^\s\"'\[\]{{}},:#：\t{WIDE_SPACES}&*!|>%@`]"
_IN_FLOW = rf"{_WORD}(?:[^\"'\[\]{{}},:#：\t{WIDE_SPACES}]|:(?=[0-9/]))*+"
_ATOM = rf"(?:{_QUOTED}|{_IN_FLOW})"
_LIST = rf"\[\ *+(?:{_ATOM}\ *+(?:,\ *+{_ATOM}\ *+)*+)?\]"
_PAIR = rf"{_WORD}[^\"'\[\]{{}},:#：\t{WIDE_SPACES}]*+:\ ++(?:{_ATOM}|{_LIST})\ *+"
_MAP = rf"\{{\ *+{_PAIR}(?:,\ *+{_PAIR})*+\}}"
_KEY = rf"{_PLAIN_START}[^:：#\s{{}}\[\]\"',{WIDE_SPACES}]*+:"
_LONE = rf"{_PLAIN_START}[^:：#\s{WIDE_SPACES}]*+"
_SURE = rf"{_QUOTED}|{_LIST}|{_MAP}"
CLEAN = re.compile(rf"\ *+(?:-\ ++)*+(?:{_KEY}(?:\ ++(?:{_PLAIN_START}{_PLAIN}|{_SURE}))?|{_LONE}|{_SURE})?$")
"""A line in which nothing can be wrong but its place: nearly all lines, so that the rest may be looked at slowly."""

INDENT = re.compile(rf"[ \t{WIDE_SPACES}]*+")
WIDE = re.compile(rf"[{WIDE_SPACES}]")
KEY_COLON = re.compile(rf":(?=[ \t{WIDE_SPACES}]|$)")
HASH = re.compile(r"(?<=[ \t])#")
BLOCK_HEADER = re.compile(r"[|>][-+0-9]*+[ \t]*+(?:#.*)?$")


def indent_of(line: str) -> int:
    """How many characters of space (also of the wrong kinds) begin the line."""
    found = INDENT.match(line)
    return found.end() if found else 0


def column_of(line: str) -> int:
    """The column (from 0) at which the line's node stands, after its indent and dashes; its length when it is blank."""
    at = indent_of(line)
    while line.startswith("-", at) and (at + 1 == len(line) or line[at + 1] in " \t\u3000"):
        found = INDENT.match(line, at + 1)
        at = found.end() if found else at + 1
    return at


def idle(line: str) -> bool:
    """Whether nothing but space or a comment stands on the line."""
    rest = line[indent_of(line) :]
    return not rest or rest[0] == "#"


def keyed(line: str) -> bool:
    """Whether the line's node begins with a key and a colon as YAML wants it."""
    at = column_of(line)
    rest = line[at:]
    if rest[:1] in ('"', "'"):
        end = rest.find(rest[0], 1)
        return end > 0 and KEY_COLON.match(rest, end + 1) is not None
    if not rest or rest[0] in "[{#|>":
        return False
    found = KEY_COLON.search(rest)
    return found is not None and HASH.search(rest, 0, found.start()) is None
