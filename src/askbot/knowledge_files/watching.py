"""Notices that the knowledge folder changed, and has it reloaded; whatever way it was changed in.

The folder is watched, not its files: an editor that writes a new file and renames it over the old one, a ConfigMap
whose hidden folder is swapped, a folder that is replaced or gone for a moment. Where the system tells of no change
(network drives, a folder behind a swapped link) a look at the files' stamps every few seconds tells it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

import structlog
from watchfiles import awatch

from askbot.knowledge_files.library import ReloadResult
from askbot.knowledge_files.stamps import Stamps, stamps

LOOK_EVERY = 2.0
"""Seconds between looks at the files' stamps."""
MOST_LOOKS = 32
"""Looks between two tries of a reload that keeps failing."""
SETTLE = 300
"""Milliseconds in which further changes are taken together."""


async def watch(
    folder: Path,
    reload: Callable[[], Awaitable[ReloadResult]],
    stop: asyncio.Event,
    *,
    seen: Stamps,
    look_every: float = LOOK_EVERY,
) -> None:
    """Call `reload` after every change until `stop` is set. Survives errors, of the folder and of the reload.

    `seen` are the stamps from before the load that is in force, so that no change in between is missed. A reload that
    had a problem of its own (no memory, a full disk) is tried again without a change, less and less often.
    """
    log = structlog.get_logger("askbot.knowledge")
    looks = again = 0
    while not stop.is_set():
        try:
            now = await asyncio.to_thread(stamps, folder)
            if now == seen and not (again and looks >= again):
                looks += 1
                await _change(folder, stop, look_every)
                continue
            seen, looks, again = now, 0, min(again * 2 or 1, MOST_LOOKS)
            if (await reload()).problem is None:
                again = 0
        except Exception as error:  # noqa: BLE001 - whatever it is, the next change must still be noticed
            log.error("knowledge.watch_failed", error=type(error).__name__)  # noqa: TRY400 - locals stay out of the logs
            await _pause(stop, look_every)


async def _change(folder: Path, stop: asyncio.Event, look_every: float) -> None:
    """Wait until the system tells of a change, or it is time for a look."""
    if not await asyncio.to_thread(folder.is_dir):
        await _pause(stop, look_every)
        return
    watcher = awatch(
        folder, stop_event=stop, debounce=SETTLE, step=50, rust_timeout=int(look_every * 1000), yield_on_timeout=True
    )
    async with aclosing(watcher):
        async for _changes in watcher:
            return


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
