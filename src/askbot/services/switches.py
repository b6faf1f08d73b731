"""The stop switches (暂停自动回复、停用一条、屏蔽观众): durable, and obeyed by whatever leaves after the commit.

A switch takes its rooms' locks, so it falls before or after a message or a sending as a whole, in every process.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from askbot.domain.replies import Mode
from askbot.ports import Clock
from askbot.ports.storage import Row, Store, UnitOfWork
from askbot.services.brain import Brain
from askbot.services.effects import Register
from askbot.services.withdrawal import withdraw


@dataclass(frozen=True, slots=True, kw_only=True)
class _SetMode:
    room: str
    mode: Mode
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _SetMuted:
    entry: str
    muted: bool
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _SetBlocked:
    source: str
    user_id: str
    blocked: bool
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchBoard:
    """Sets the switches. `rooms` are all configured rooms."""

    store: Store
    rooms: Collection[str]
    clock: Clock
    brain: Brain
    register: Register

    async def set_mode(self, room: str, mode: Mode, *, by: str) -> None:
        """Set a room's mode; but for `auto`, what the bot has waiting becomes tickets at once."""
        await self.store.write(self._set_modes, _SetMode(room=room, mode=mode, by=by), rooms=(room,))

    async def set_muted(self, entry: str, *, muted: bool, by: str) -> None:
        """Mute or unmute an entry in all rooms; what waits of a muted one becomes tickets at once."""
        await self.store.write(self._set_muted, _SetMuted(entry=entry, muted=muted, by=by), rooms=self.rooms)

    async def set_blocked(self, source: str, user_id: str, *, blocked: bool, by: str) -> None:
        """Block or unblock a viewer: blocked, the lines are kept but make no tickets."""
        command = _SetBlocked(source=source, user_id=user_id, blocked=blocked, by=by)
        await self.store.write(self._set_blocked, command, rooms=self.rooms)

    def _set_modes(self, uow: UnitOfWork, commands: Sequence[_SetMode]) -> list[None]:
        for command in commands:
            room, mode = command.room, command.mode
            uow.switches.set_mode(room, mode, by=command.by, at=self.clock())
            uow.events.append(room, "mode", room, {"mode": mode.value, "by": command.by})
            if mode is not Mode.AUTO:
                self._withdraw(uow, uow.replies.waiting(room=room), "suggested")
        return [None] * len(commands)

    def _set_muted(self, uow: UnitOfWork, commands: Sequence[_SetMuted]) -> list[None]:
        for command in commands:
            uow.switches.set_muted(command.entry, command.muted, by=command.by, at=self.clock())
            for room in self.rooms:
                uow.events.append(room, "entry", command.entry, {"muted": command.muted, "by": command.by})
            if command.muted:
                self._withdraw(uow, uow.replies.waiting(entry=command.entry), "muted")
        return [None] * len(commands)

    def _set_blocked(self, uow: UnitOfWork, commands: Sequence[_SetBlocked]) -> list[None]:
        for command in commands:
            uow.switches.set_blocked(command.source, command.user_id, command.blocked, by=command.by, at=self.clock())
        return [None] * len(commands)

    def _withdraw(self, uow: UnitOfWork, rows: Sequence[Row], cause: str) -> None:
        askers = uow.replies.askers([row["id"] for row in rows])
        for row in rows:
            withdraw(
                uow,
                row,
                askers[row["id"]],
                cause=cause,
                matcher=self.brain(),
                register=self.register,
                at=self.clock(),
            )
