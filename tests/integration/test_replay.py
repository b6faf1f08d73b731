"""The commands ask, replay and eval on two counties' labelled chat, as somebody runs them."""

import argparse
import io
import json
import random
import sys
from pathlib import Path

import pytest

from askbot.cli import ask, evaluate, replay

COUNTIES = Path(__file__).parents[1] / "golden" / "counties"
SONGHE = COUNTIES / "songhe"
AT = "2026-02-12T09:00"
FORM = {"action", "entry", "item", "unlisted", "reason", "confidence", "reply", "why", "candidates"}


def run(*argv: str) -> int:
    parser = argparse.ArgumentParser()
    subparsers = parser.add_subparsers(required=True)
    for command in (ask, replay, evaluate):
        command.add_parser(subparsers)
    args = parser.parse_args(argv)
    code: int = args.run(args)
    return code


def county(name: str) -> list[str]:
    return ["--knowledge", str(COUNTIES / name / "knowledge"), "--at", AT]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_replay_gives_one_line_a_message_in_order(tmp_path: Path) -> None:
    source, out = SONGHE / "messages" / "lists.jsonl", tmp_path / "out.jsonl"
    assert run("replay", str(source), *county("songhe"), "--out", str(out)) == 0
    asked = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    told = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [m["id"] for m in told] == [m["id"] for m in asked]
    for before, after in zip(asked, told, strict=True):
        assert {k: v for k, v in after.items() if k != "decisions"} == before
        assert after["decisions"]
        assert all(set(d) == FORM for d in after["decisions"])


# Floors stand a little under what was reached; a change that falls below one has made something worse.
FLOORS = {
    "songhe": {"wrong_answer_rate": 0.055, "coverage": 0.51, "missed": 0.1, "noise": 0.08, "routing": 0.55},
    "wangchao": {"wrong_answer_rate": 0.06, "coverage": 0.42, "missed": 0.08, "noise": 0.1, "routing": 0.54},
}


def chat_of(name: str) -> list[str]:
    folder = COUNTIES / name / "messages"
    return [x for part in ("lists", "plain") for x in (folder / f"{part}.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_a_viewers_last_question_does_not_answer_the_next(name: str, tmp_path: Path) -> None:
    """The county's single questions, asked by one viewer in threes a minute apart, are answered as well as alone."""
    lines = [json.loads(line) for line in chat_of(name)]
    lines = [line for line in lines if "thread" not in line]
    random.Random(1).shuffle(lines)
    rates = []
    for size in (1, 3):
        chat, scores = tmp_path / f"{size}.jsonl", tmp_path / f"{size}.json"
        for place, line in enumerate(lines):
            line["user"] = f"u{place // size}"
            line["at"] = f"2026-02-12T09:{place % size:02}:00+08:00"
        chat.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
        assert run("eval", str(chat), *county(name), "--json", "--out", str(scores)) == 0
        rates.append(json.loads(scores.read_text(encoding="utf-8"))["wrong_answer_rate"])
    alone, together = rates
    assert together <= alone + 0.01, rates


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_no_county_gets_worse(name: str, tmp_path: Path) -> None:
    whole, scores, errors = tmp_path / "all.jsonl", tmp_path / "scores.json", tmp_path / "errors.jsonl"
    whole.write_text("\n".join(chat_of(name)), encoding="utf-8")
    assert run("eval", str(whole), *county(name), "--json", "--out", str(scores), "--errors", str(errors)) == 0
    reached = json.loads(scores.read_text(encoding="utf-8"))
    floor = FLOORS[name]
    for measure in ("wrong_answer_rate", "missed", "noise"):
        assert reached[measure] <= floor[measure], (measure, reached)
    for measure in ("coverage", "routing"):
        assert reached[measure] >= floor[measure], (measure, reached)
    wrong = [json.loads(line) for line in errors.read_text(encoding="utf-8").splitlines()]
    assert wrong
    assert all(m["errors"] and m["gold"] and m["decisions"] for m in wrong)


def test_a_bad_line_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad, out = tmp_path / "bad.jsonl", tmp_path / "out.jsonl"
    bad.write_text('{"id": "a", "text": "308封了吗"}\n{"id": "b"}\n', encoding="utf-8")
    assert run("replay", str(bad), *county("songhe"), "--out", str(out)) == 2
    assert "第2行" in capsys.readouterr().err
    assert not out.exists()


def test_standard_input_is_played_line_by_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        sys,
        "stdin",
        io.TextIOWrapper(
            io.BytesIO('{"id": "a", "text": "308封了吗", "mine": [1]}\n坏\n{"id": "c", "text": "谢谢"}\n'.encode())
        ),
    )
    assert run("replay", "-", *county("songhe")) == 1
    told = capsys.readouterr()
    assert [json.loads(line)["id"] for line in told.out.splitlines()] == ["a", "c"]
    assert json.loads(told.out.splitlines()[0])["mine"] == [1]
    assert "第2行" in told.err


def test_conversations_are_a_users_in_a_room(tmp_path: Path) -> None:
    lines = [
        {"id": "1", "text": "308封了吗", "room": "x", "user": "u"},
        {"id": "2", "text": "那380呢", "room": "x", "user": "u"},
        {"id": "3", "text": "那380呢", "room": "y", "user": "u"},
    ]
    file, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    file.write_text("\n".join(json.dumps(m) for m in lines), encoding="utf-8")
    assert run("replay", str(file), *county("songhe"), "--out", str(out)) == 0
    _, second, third = (json.loads(line)["decisions"][0] for line in out.read_text(encoding="utf-8").splitlines())
    assert (second["action"], second["item"]) == ("answer", "省道380线")
    assert third["action"] != "answer"


def test_against_other_knowledge_shows_what_changes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    poorer = tmp_path / "poorer"
    poorer.mkdir()
    for file in (SONGHE / "knowledge").glob("*.yaml"):
        if file.name != "school.yaml":
            text = file.read_text(encoding="utf-8").replace("目前通行正常。", "现在畅通。")
            (poorer / file.name).write_text(text, encoding="utf-8")
    chat = tmp_path / "chat.jsonl"
    chat.write_text(
        '{"id": "a", "text": "东关一小几号开学"}\n{"id": "b", "text": "306能走吗"}\n{"id": "c", "text": "谢谢"}\n',
        encoding="utf-8",
    )
    assert run("replay", str(chat), *county("songhe"), "--against", str(poorer)) == 0
    told = capsys.readouterr().out
    assert told.startswith("多答 0　少答 1　换了答案 1")
    assert "[少答] a 东关一小几号开学" in told
    assert run("replay", str(chat), *county("songhe"), "--against", str(poorer), "--json") == 0
    changes = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(c["kind"], c["id"]) for c in changes] == [("少答", "a"), ("换了答案", "b")]


def test_ask_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ask", "308现在能走不", "--why", *county("songhe")) == 0
    told = capsys.readouterr().out
    assert "road.status" in told
    assert "省道308线" in told
    assert "1. " in told
    assert run("ask", "308现在能走不", "--json", *county("songhe")) == 0
    assert set(json.loads(capsys.readouterr().out)["decisions"][0]) == FORM


@pytest.mark.parametrize(
    ("more", "code"),
    [(["--knowledge", "nowhere"], 2), (["--at", "soon"], 2), (["--config", "nowhere.yaml"], 2)],
)
def test_misuse_is_said_and_is_2(more: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ask", "308", *county("songhe"), *more) == code
    assert capsys.readouterr().err.startswith("askbot ask: ")


def test_faulty_knowledge_is_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "k"
    folder.mkdir()
    (folder / "a.yaml").write_text("主题: 路\n部门: 局\n问答:\n  - 编号: a\n    问: 好吗\n", encoding="utf-8")
    assert run("ask", "308", "--knowledge", str(folder)) == 1
    assert "a.yaml:" in capsys.readouterr().err
