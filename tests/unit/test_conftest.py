"""The suite itself: it is sealed, and its databases are real and empty."""

import os
import socket
import sqlite3

import psycopg
import pytest
from sqlalchemy.engine import make_url

from sealed import OutsideError, is_local

HOSTS = [
    ("127.0.0.1", True),
    ("127.8.8.8", True),  # the whole network is loopback
    ("::1", True),
    ("localhost", True),
    ("8.8.8.8", False),
    ("192.168.1.1", False),  # the neighbour is another machine
    ("example.org", False),
    ("localhost.example.org", False),
]


@pytest.mark.parametrize(("host", "local"), HOSTS)
def test_only_this_machine_is_local(host: str, local: bool) -> None:
    assert is_local(host) is local


def test_a_connection_to_another_machine_breaks_the_test() -> None:
    with socket.socket() as outside, pytest.raises(OutsideError):
        outside.connect(("192.0.2.1", 80))
    with pytest.raises(OutsideError):
        socket.getaddrinfo("example.org", 80)


def test_no_variable_of_the_machine_reaches_a_test() -> None:
    assert [name for name in os.environ if name.startswith("ASKBOT_")] == []


def test_each_database_is_real_and_empty(database_url: str) -> None:
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        with sqlite3.connect(url.database or "") as lite:
            assert lite.execute("SELECT name FROM sqlite_master").fetchall() == []
        lite.close()
        return
    with psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False)) as real:
        assert real.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").fetchall() == []
        assert "PostgreSQL" in str(real.execute("SELECT version()").fetchone())


def test_tests_do_not_see_each_others_tables(postgres_server: object, postgres_url: str) -> None:
    other = postgres_server.database()  # type: ignore[attr-defined]
    assert other != postgres_url
    postgres_server.drop(other)  # type: ignore[attr-defined]
