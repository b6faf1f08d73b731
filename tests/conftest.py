"""What all tests share: a sealed suite (loopback only, no ASKBOT_* variable of the machine) and real databases.

`sqlite_url` and `postgres_url` are the address of an empty database, `database_url` runs a test on both.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import postgres
from sealed import seal


def pytest_configure() -> None:
    sys.addaudithook(seal)
    for name in [name for name in os.environ if name.startswith("ASKBOT_")]:
        del os.environ[name]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.PostgresServer]:
    """One server for each process that runs tests; every test has a database of its own in it."""
    server = postgres.start()
    yield server
    server.stop()


@pytest.fixture
def postgres_url(postgres_server: postgres.PostgresServer) -> Iterator[str]:
    url = postgres_server.database()
    yield url
    postgres_server.drop(url)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'askbot.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database: every test that asks for it runs on SQLite and on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url
