"""The API against its own description: every operation, odd and hostile values, statuses and forms as described."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from jsonschema import Draft202012Validator

import served
from askbot.services.access import Role
from askbot.web.app import OPERATIONS


class Elsewhere(threading.Thread):
    """A service on a loop in a thread of its own: the caller of this test is not asynchronous."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.folder = folder
        self.ready = threading.Event()
        self.end: asyncio.Event | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.url = self.token = self.ticket = ""

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self.loop, self.end = asyncio.get_running_loop(), asyncio.Event()
        configured = served.settings_for(self.folder, f"sqlite:///{self.folder / 'askbot.db'}")
        async with served.open_served(configured) as house:
            await house.say("路灯坏了找谁", "滨河路封了吗", "早上好")
            self.url, self.token = house.url, await house.token(Role.ADMIN)
            _, page = await house.api("GET", "/api/v1/rooms/main/tickets")
            self.ticket = page["items"][0]["id"]
            self.ready.set()
            await self.end.wait()

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


@pytest.fixture
def described(service: Elsewhere) -> schemathesis.BaseSchema:
    headers = {"Authorization": f"Bearer {service.token}"}
    return schemathesis.openapi.from_url(f"{service.url}/api/v1/openapi.json", headers=headers)


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_api_keeps_to_its_description(case: schemathesis.Case, service: Elsewhere) -> None:
    if "ticket" in (case.path_parameters or {}) and len(str(case.path_parameters["ticket"])) == 12:
        case.path_parameters["ticket"] = service.ticket  # one that is there: random ones only meet the 404
    case.call_and_validate(headers={"Authorization": f"Bearer {service.token}"})


def test_the_description_is_whole(described: schemathesis.BaseSchema) -> None:
    raw = described.raw_schema
    assert raw["openapi"].startswith("3.1")
    routed = {(operation.method.lower(), operation.path) for operation in OPERATIONS}
    assert {(method, path) for path, methods in raw["paths"].items() for method in methods} == routed
    for form in raw["components"]["schemas"].values():
        Draft202012Validator.check_schema(form)
    for methods in raw["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert {"200", "401", "403", "503"} <= set(operation["responses"])
