"""The API against its own description: every operation, odd and hostile values, statuses and forms as described."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import served
from askbot.services.access import Role
from askbot.web.app import OPERATIONS
from askbot.web.openapi import document


class Elsewhere(threading.Thread):
    """A service on a loop in a thread of its own: the caller of this test is not asynchronous."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.folder = folder
        self.ready = threading.Event()
        self.end: asyncio.Event | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.url = self.token = self.ticket = ""
        self.house: served.Served | None = None

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self.loop, self.end = asyncio.get_running_loop(), asyncio.Event()
        configured = served.settings_for(self.folder, f"sqlite:///{self.folder / 'askbot.db'}")
        async with served.open_served(configured) as house:
            await house.say("路灯坏了找谁", "滨河路封了吗", "早上好")
            self.house = house
            self.url, self.token = house.url, await house.token(Role.ADMIN)
            _, page = await house.api("GET", "/api/v1/rooms/main/tickets")
            self.ticket = page["items"][0]["id"]
            self.ready.set()
            await self.end.wait()

    def version(self) -> int:
        """How often the ticket was moved."""
        assert self.loop is not None
        assert self.house is not None
        call = self.house.api("GET", f"/api/v1/tickets/{self.ticket}")
        _, card = asyncio.run_coroutine_threadsafe(call, self.loop).result(10)
        version: int = card["version"]
        return version

    def stop(self) -> None:
        assert self.loop is not None
        assert self.end is not None
        self.loop.call_soon_threadsafe(self.end.set)
        self.join(20)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:
    service = Elsewhere(tmp_path_factory.mktemp("openapi"))
    service.start()
    assert service.ready.wait(30)
    yield service
    service.stop()


def run(service: Elsewhere, *options: str) -> None:
    """Schemathesis as a reader of the description would use it; its report when something does not hold."""
    command = [
        sys.executable, "-m", "schemathesis.cli", "--config-file", str(service.folder / "schemathesis.toml"), "run",
        f"{service.url}/api/v1/openapi.json", "-H", f"Authorization: Bearer {service.token}", "--no-color", "--seed", "1",
        "--generation-database", "none", *options,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, cwd=service.folder)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "passed" in done.stdout


@pytest.mark.slow
def test_the_api_keeps_to_its_description(service: Elsewhere) -> None:
    (service.folder / "schemathesis.toml").write_text("", encoding="utf-8")
    run(service, "--checks", "all", "--max-examples", "15")


@pytest.mark.slow
def test_moves_of_a_ticket_that_is_there_keep_to_their_description(service: Elsewhere) -> None:
    """Without the check that what the schema allows is taken: that a due time lies ahead, no schema says."""
    (service.folder / "schemathesis.toml").write_text(
        f'[parameters]\n"path.ticket" = "{service.ticket}"\n', encoding="utf-8"
    )
    run(service, "--checks", "all", "--exclude-checks", "positive_data_acceptance", "--max-examples", "15",
        "--include-path-regex", "/tickets/", "--phases", "coverage,fuzzing")  # fmt: skip
    assert service.version() > 1, "the moves did not reach the ticket"


def test_the_description_is_whole() -> None:
    raw = document(OPERATIONS)
    assert raw["openapi"].startswith("3.1")
    routed = {(operation.method.lower(), operation.path) for operation in OPERATIONS}
    assert {(method, path) for path, methods in raw["paths"].items() for method in methods} == routed
    for form in raw["components"]["schemas"].values():
        Draft202012Validator.check_schema(form)
    for methods in raw["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert {"200", "401", "403", "503"} <= set(operation["responses"])
