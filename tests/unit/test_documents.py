"""What the documents show works: their YAML passes the check, their commands exist, their links lead somewhere."""

import json
import re
from datetime import UTC
from pathlib import Path

import pytest

from askbot.cli import COMMANDS
from askbot.knowledge_files import load_folder

ROOT = Path(__file__).parents[2]
READERS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]


def blocks(file: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", file.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("file", READMES, ids=lambda file: file.name)
def test_the_yaml_of_the_readme_has_no_fault(file: Path, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(blocks(file, "yaml")[0], encoding="utf-8")
    knowledge, faults = load_folder(tmp_path, UTC)
    assert knowledge is not None
    assert faults == ()


def test_both_readmes_show_the_same() -> None:
    english, chinese = READMES
    for language in ("yaml",):
        assert blocks(english, language) == blocks(chinese, language)
    code = [re.sub(r" *#.*", "", block) for block in blocks(english, "bash")]
    assert code == [re.sub(r" *#.*", "", block) for block in blocks(chinese, "bash")]
    headings = [len(re.findall(r"^## ", file.read_text(encoding="utf-8"), re.MULTILINE)) for file in READMES]
    assert headings[0] == headings[1]


@pytest.mark.parametrize("file", READERS, ids=lambda file: file.name)
def test_every_command_that_is_shown_exists(file: Path) -> None:
    code = re.sub(r"#.*", "", "\n".join(blocks(file, "bash")))
    shown = re.findall(r"(?:^|[\s/|])askbot ([a-z]+)", code, re.MULTILINE)
    assert set(shown) <= set(COMMANDS)


@pytest.mark.parametrize("file", READERS, ids=lambda file: file.name)
def test_every_link_within_the_project_leads_somewhere(file: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", file.read_text(encoding="utf-8"))
    assert [target for target in targets if not (file.parent / target).exists()] == []


@pytest.mark.parametrize("file", READMES, ids=lambda file: file.name)
def test_every_command_is_told_of(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert [name for name in COMMANDS if not re.search(rf"`(?:askbot )?{name}`", text)] == []


def test_every_dependency_has_its_reason() -> None:
    told = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    names = []
    for file in ("runtime.in", "dev.in", "build.in"):
        lines = (ROOT / "requirements" / file).read_text(encoding="utf-8").splitlines()
        names += [re.split(r"[\[><= ]", line)[0] for line in lines if line and line[0] not in "#-"]
    assert [name for name in names if name.lower() not in told] == []


def test_the_webhook_example_is_a_push() -> None:
    (example,) = [block for block in blocks(READMES[0], "bash") if "BODY=" in block]
    body = json.loads(example.split("BODY='")[1].split("'\n")[0])
    assert body["type"] == "chat.messages"
