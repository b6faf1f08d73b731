"""The order of what is shown: a reply that arrives before its question was read back is held until then."""

from collections.abc import Callable
from dataclasses import dataclass, field

from askbot.demonstration.receiver import Said


@dataclass(slots=True, kw_only=True)
class Order:
    """Passes replies on to `tell`, none before all the messages that it answers are shown."""

    tell: Callable[[Said], None]
    _shown: set[str] = field(default_factory=set)
    _held: list[Said] = field(default_factory=list)

    def reply(self, said: Said) -> None:
        """A reply arrived."""
        self._held.append(said)
        self._release()

    def shown(self, *messages: str) -> None:
        """These messages are shown now."""
        self._shown.update(messages)
        self._release()

    def end(self) -> None:
        """Nothing more will be shown: what is held is passed on all the same."""
        held, self._held = self._held, []
        for said in held:
            self.tell(said)

    def _release(self) -> None:
        ready = [said for said in self._held if self._shown.issuperset(said.in_reply_to)]
        self._held = [said for said in self._held if said not in ready]
        for said in ready:
            self.tell(said)
