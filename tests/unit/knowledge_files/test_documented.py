"""The clerks' page names every key and every fault code, and nothing that does not exist; its examples pass the check."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import jsonschema
import pytest
import yaml

from askbot.knowledge_files import assemble, parse_file
from askbot.knowledge_files.schema import json_schema
from askbot.knowledge_files.table import SHAPES

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "clerks.zh-CN.md").read_text(encoding="utf-8")
TELLING = {"error", "warning", "_refuse", "_unread"}
CODE = re.compile(r"[a-z]+(?:_[a-z]+)*")
CONFIGURATION_ONLY = {"bad_text", "bad_value", "bad_number"}
"""Kinds that only the configuration uses."""


def constants(node: ast.AST | None) -> Iterator[str]:
    for child in ast.walk(node) if node else ():
        if isinstance(child, ast.Constant) and isinstance(child.value, str) and CODE.fullmatch(child.value):
            yield child.value


def codes_in(tree: ast.AST) -> Iterator[str]:  # noqa: C901 - the few forms in which a code is written
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            if name in TELLING:
                for argument in node.args[1:3]:
                    if isinstance(argument, ast.Constant):
                        yield from constants(argument)
            for keyword in node.keywords:
                if keyword.arg == "code":
                    yield from constants(keyword.value)
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "code":
            yield from constants(node.value)
        if (
            isinstance(node, ast.Assign)
            and getattr(node.targets[0], "id", "") == "code"
            and isinstance(node.value, ast.IfExp)
        ):
            yield from constants(node.value.body)
            yield from constants(node.value.orelse)
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and len(node.value.elts) == 5:
            yield from constants(node.value.elts[0])


def all_codes() -> set[str]:
    found: set[str] = {"alias", "anchor"}
    for folder in ("yaml_marks", "knowledge_files"):
        for path in (ROOT / "src" / "askbot" / folder).glob("*.py"):
            if path.name != "watching.py":
                found |= set(codes_in(ast.parse(path.read_text(encoding="utf-8"))))
    return found - CONFIGURATION_ONLY


def test_every_code_is_documented_and_no_other() -> None:
    documented = set(re.findall(r"^\| `([a-z_]+)` \|", PAGE, re.MULTILINE))
    assert len(documented) > 60
    assert documented == all_codes()


@pytest.mark.parametrize("key", [key for shape in SHAPES for key in shape.keys], ids=lambda key: key.name)
def test_every_key_is_documented_in_both_spellings(key: object) -> None:
    for spelling in key.spellings:  # type: ignore[attr-defined]
        assert re.search(rf"(?<![\w一-龥]){spelling}(?![\w])", PAGE), spelling


def test_the_examples_of_the_page_pass_the_check() -> None:
    examples = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert len(examples) >= 2
    for example in examples:
        knowledge, faults = assemble([parse_file("x.yaml", example.encode())], UTC)
        assert knowledge is not None
        assert faults == ()


def test_the_schema_takes_the_sample_county_and_describes_every_key() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for path in sorted((ROOT / "knowledge").glob("**/*.yaml")):
        loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - texts only
        assert [error.message for error in validator.iter_errors(loaded)] == [], path
    assert all(form["description"] for form in schema["properties"].values())


REFUSED_BY_SCHEMA = [
    ("an unknown key", {"主题": "a", "部门": "b", "问达": []}),
    ("no answer", {"主题": "a", "部门": "b", "问答": [{"编号": "a", "问": "b"}]}),
    ("two spellings", {"主题": "a", "topic": "a", "部门": "b", "同义词": [["a", "b"]]}),
    ("no topic", {"部门": "b", "问答": [{"编号": "a", "问": "b", "答": "c"}]}),
    ("a bad duration", {"主题": "a", "部门": "b", "问答": [{"编号": "a", "问": "b", "答": "c", "时效": "三天"}]}),
]


@pytest.mark.parametrize(("_why", "file"), REFUSED_BY_SCHEMA, ids=[case[0] for case in REFUSED_BY_SCHEMA])
def test_the_schema_refuses(_why: str, file: dict[str, object]) -> None:
    assert list(jsonschema.Draft202012Validator(json_schema()).iter_errors(file))
