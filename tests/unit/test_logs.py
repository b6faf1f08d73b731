"""Logs: facts with ids and numbers; chat text, names, secrets and values of tracebacks never get in."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from askbot.logs import ALLOWED, FORBIDDEN, set_up_logs

TEXT = "我的身份证号是110101199001011234"


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    before = logging.getLogger().handlers, logging.getLogger().level
    set_up_logs(stream)
    yield stream
    logging.getLogger().handlers, level = before
    logging.getLogger().setLevel(level)
    structlog.reset_defaults()


def lines(out: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_an_event_is_one_line_of_json(out: io.StringIO) -> None:
    structlog.get_logger().info(
        "reply.said", reply="r_1", askers=3, seconds=0.5, good=True, files=["a.yaml"], messages=2
    )
    (line,) = lines(out)
    assert line.pop("timestamp")
    assert line == {
        "event": "reply.said",
        "level": "info",
        "reply": "r_1",
        "askers": 3,
        "seconds": 0.5,
        "good": True,
        "files": ["a.yaml"],
        "messages": 2,
    }


@pytest.mark.parametrize(
    "name", [*FORBIDDEN, "user_name", "reply_text", "webhook_signature", "X-Token", "Body", "reply_url"]
)
def test_fields_that_may_hold_words_or_secrets_are_dropped(out: io.StringIO, name: str) -> None:
    structlog.get_logger().warning("hook.refused", **{name: TEXT}, code="x")
    (line,) = lines(out)
    assert TEXT not in json.dumps(line, ensure_ascii=False)
    assert line["dropped_fields"] == [name]
    assert line["code"] == "x"


@pytest.mark.parametrize("value", ["长" * 201, {"a": TEXT}, [[TEXT]], object(), b"bytes", ValueError(TEXT)])
def test_values_that_are_not_plain_are_dropped(out: io.StringIO, value: object) -> None:
    structlog.get_logger().info("thing.happened", detail=value)
    assert TEXT not in out.getvalue()
    assert lines(out)[0]["dropped_fields"] == ["detail"]


def test_a_traceback_names_places_and_no_values(out: io.StringIO) -> None:
    def breaks(chat: str) -> None:
        raise ValueError(chat)

    try:
        try:
            breaks(TEXT)
        except ValueError as error:
            raise RuntimeError(TEXT) from error
    except RuntimeError:
        structlog.get_logger().exception("request.failed", method="POST")
    (line,) = lines(out)
    assert TEXT not in out.getvalue()
    assert line["error"] == "RuntimeError < ValueError"
    assert any("test_logs.py" in str(place) for place in line["places"])  # type: ignore[attr-defined]


def test_what_libraries_log_is_told_by_its_place_and_once_in_a_while(out: io.StringIO) -> None:
    for _ in range(50):
        logging.getLogger("somelib").error("could not insert %s", TEXT)
    logging.getLogger("somelib").info("chatter")
    (line,) = lines(out)
    assert (line["event"], line["logger"], line["level"]) == ("library.logged", "somelib", "error")
    assert TEXT not in out.getvalue()


def test_the_allowed_fields_are_ids_and_numbers() -> None:
    assert {"message_id", "messages"} == ALLOWED
