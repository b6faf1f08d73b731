"""Running services for the tests of this folder."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import served


@pytest.fixture(scope="session")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return served.schema_template(tmp_path_factory.mktemp("schema"))


@pytest.fixture
async def house(tmp_path: Path, sqlite_url: str, schema: Path) -> AsyncIterator[served.Served]:
    """A small county's service on SQLite, with one `standard` source that cannot post."""
    settings = served.settings_for(tmp_path, sqlite_url)
    async with served.open_served(settings, schema) as house:
        yield house
