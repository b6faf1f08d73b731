"""What all tests share: a sealed suite (loopback only, no ASKBOT_* variable of the machine) and real databases.

`sqlite_url` and `postgres_url` are the address of an empty database, `database_url` runs a test on both.
"""

import ipaddress
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import postgres

LOCAL_NAMES = {None, "", b"", "localhost", b"localhost"}
WATCHED = {"socket.connect", "socket.getaddrinfo", "socket.sendto"}


class OutsideError(BaseException):
    """A test tried to talk to another machine. No code under test may catch it as a failed delivery."""


def is_local(host: object) -> bool:
    if host in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host)).is_loopback
    except ValueError:
        return False


def seal(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook: every connection and every name that is looked up must be of this machine."""
    if event not in WATCHED:
        return
    place = arguments[0] if event == "socket.getaddrinfo" else arguments[1]
    host = place[0] if isinstance(place, tuple) else place
    if isinstance(place, str | bytes) and event != "socket.getaddrinfo":
        return  # the path of a socket on this machine
    if isinstance(place, int | None) or is_local(host):
        return
    raise OutsideError(f"{event} to {host!r}: tests talk to loopback only")


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
