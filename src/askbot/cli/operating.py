"""What the operator's commands share: the configuration they read, and a store for the length of a command."""

import argparse
import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from askbot.bootstrap.clock import clock_from
from askbot.bootstrap.database import prepare_database
from askbot.logs import set_up_logs
from askbot.settings import DEFAULT_CONFIG, load_settings
from askbot.settings.values import Settings
from askbot.store.sql_store import SqlStore, open_store

T = TypeVar("T")


def add_config(parser: argparse.ArgumentParser) -> None:
    """The option --config."""
    parser.add_argument(
        "--config", metavar="FILE", default=str(DEFAULT_CONFIG), help=f"配置文件（默认 {DEFAULT_CONFIG}）"
    )


def settings_of(args: argparse.Namespace) -> Settings:
    """The settings of --config; warnings alone are logged, on standard error. Raises SettingsError."""
    set_up_logs(level=logging.WARNING)
    return load_settings(Path(args.config))


def now() -> datetime:
    """The clock that the service has too."""
    return clock_from(os.environ)()


def with_store(settings: Settings, work: Callable[[SqlStore], Awaitable[T]]) -> T:
    """Do something with the database, also while the service runs on it. Raises StoreError."""
    url = settings.database.reveal()
    prepare_database(url)

    async def run() -> T:
        store = await open_store(url, clock=now)
        try:
            return await work(store)
        finally:
            await store.stop()

    return asyncio.run(run())
