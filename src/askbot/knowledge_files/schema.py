"""The JSON Schema of a knowledge file, for editors: made from the same table that reads the files."""

from typing import Any

from askbot.knowledge_files.table import FILE


def json_schema() -> dict[str, Any]:
    """The schema (draft 2020-12), every key with its Chinese description. Rules between files are left to the check."""
    parts = {name: list(FILE_KEYS[name]) for name in ("lists", "entries", "synonyms", "silent")}
    needs = [{"required": [spelling]} for name in ("lists", "entries", "synonyms") for spelling in parts[name]]
    told = [{"required": [spelling]} for name in ("lists", "entries", "silent") for spelling in parts[name]]
    heading = [
        {"anyOf": [{"required": [spelling]} for spelling in FILE_KEYS[name]]} for name in ("topic", "department")
    ]
    form = FILE.schema()
    rules = [*form.pop("allOf", []), {"anyOf": needs}, {"if": {"anyOf": told}, "then": {"allOf": heading}}]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "description": "askbot 知识文件",
        **form,
        "title": "知识文件",
        "allOf": rules,
    }


FILE_KEYS = {key.name: key.spellings for key in FILE.keys}
"""The spellings of a file's own keys."""
