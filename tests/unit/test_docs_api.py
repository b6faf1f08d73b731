"""The docs name every route, error code, metric, setting and variable that the program has."""

import re
from pathlib import Path

import pytest
from aiohttp import web

import served
from askbot import errors
from askbot.bootstrap import clock, keys
from askbot.platforms import PLATFORMS
from askbot.settings.sources import COMMON
from askbot.settings.table import SECTIONS, SETTINGS
from askbot.web.errors import HTTP_CODES

ROOT = Path(__file__).parents[2]
API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
ROOMS_WITH_CODES = ("web", "platforms", "services", "store", "bootstrap", "errors.py")


async def test_every_route_is_documented(tmp_path: Path, sqlite_url: str) -> None:
    async with served.open_served(served.settings_for(tmp_path, sqlite_url)) as house:
        routes = [route for route in house.running.app.router.routes() if route.resource is not None]
        paths = {route.resource.canonical for route in routes if route.resource is not None}
    assert {path for path in paths if f"{path}`" not in API} == set()
    assert isinstance(house.running.app, web.Application)


async def test_every_metric_is_documented(tmp_path: Path, sqlite_url: str) -> None:
    async with served.open_served(served.settings_for(tmp_path, sqlite_url)) as house:
        await house.say("滨河路封了吗", "路灯坏了找谁")
        await house.api("GET", "/api/v1/rooms")
        async with house.session.get(house.url + "/metrics") as response:
            text = await response.text()
    names = set(re.findall(r"^# TYPE (\w+) ", text, re.MULTILINE))
    assert len(names) > 20
    missing = {name for name in names if not name.startswith("askbot_process_") and not name.endswith("_created")}
    missing = {name for name in missing if f"`{name}`" not in API and f"`{name}_total`" not in API}
    assert missing == set()


def codes() -> set[str]:
    tree = [errors.AskbotError, *errors.AskbotError.__subclasses__()]
    found = {error.code for error in tree} | set(HTTP_CODES.values())
    for name in ROOMS_WITH_CODES:
        place = ROOT / "src" / "askbot" / name
        for file in [place] if place.is_file() else place.rglob("*.py"):
            found |= set(re.findall(r'\bcode="(\w+)"', file.read_text(encoding="utf-8")))
            found |= set(re.findall(r'error_response\(\d+, "(\w+)"', file.read_text(encoding="utf-8")))
    return found - {"bad_clock"}  # a fault of the configuration, told at its place


def test_every_error_code_is_documented() -> None:
    assert {code for code in codes() if f"`{code}`" not in API} == set()


@pytest.mark.parametrize("name", sorted(key.name for key in SETTINGS.keys))
def test_every_section_is_documented(name: str) -> None:
    if name not in SECTIONS:
        assert f"`{name}`" in CONFIGURATION
        return
    missing = [key.name for key in SECTIONS[name].keys if f"`{name}.{key.name}`" not in CONFIGURATION]
    assert missing == []


def test_every_key_of_a_source_is_documented() -> None:
    platforms = [key.name for platform in PLATFORMS.values() for key in platform.keys]
    missing = [key for key in [*(key.name for key in COMMON), *platforms] if f"`{key}`" not in CONFIGURATION]
    assert missing == []


@pytest.mark.parametrize("name", [clock.VARIABLE, keys.VARIABLE])
def test_every_variable_is_documented(name: str) -> None:
    assert f"`{name}`" in CONFIGURATION
