"""What the operator's commands share: the configuration they read, and a store for the length of a command."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from askbot.errors import StoreError
from askbot.settings import DEFAULT_CONFIG, load_settings
from askbot.settings.values import Settings
from askbot.store import migrate
from askbot.store.sql_store import SqlStore, open_store

T = TypeVar("T")


def add_config(parser: argparse.ArgumentParser) -> None:
    """The option --config."""
    parser.add_argument(
        "--config", metavar="FILE", default=str(DEFAULT_CONFIG), help=f"配置文件（默认 {DEFAULT_CONFIG}）"
    )


def settings_of(args: argparse.Namespace) -> Settings:
    """The settings of --config. Raises SettingsError."""
    return load_settings(Path(args.config))


def now() -> datetime:
    """The operator's clock."""
    return datetime.now(UTC)


def with_store(settings: Settings, work: Callable[[SqlStore], Awaitable[T]]) -> T:
    """Do something with the database, also while the service runs on it. Raises StoreError."""
    url = settings.database.reveal()
    if url.startswith("sqlite"):
        migrate.upgrade(url)
    elif migrate.current(url) != migrate.head():
        raise StoreError("数据库的结构不是这个版本的，请先运行：askbot migrate")

    async def run() -> T:
        store = await open_store(url, clock=now)
        try:
            return await work(store)
        finally:
            await store.stop()

    return asyncio.run(run())
