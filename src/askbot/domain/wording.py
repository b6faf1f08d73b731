"""What is to be said (话术), before its channel's length is known: it can lose its source and shorten its list."""

from collections.abc import Callable
from dataclasses import dataclass

from askbot.errors import TooLongError

DEFAULT_LIMIT = 200
Measure = Callable[[str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class NameList:
    """Names that may be cut (`{名单:状态=封闭}`); cut, it reads 甲、乙等5处, the number being that of all."""

    names: tuple[str, ...]

    def shown(self, count: int) -> str:
        """The first `count` names, and how many there are in all when some are left out."""
        head = "、".join(self.names[:count])
        return head if count >= len(self.names) else f"{head}等{len(self.names)}处"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Fixed text and lists in their order, and the source (依据) that is appended when it fits."""

    parts: tuple[str | NameList, ...]
    source: str | None = None

    @staticmethod
    def plain(text: str, source: str | None = None) -> "Wording":
        """A wording without lists."""
        return Wording(parts=(text,), source=source)

    def full(self) -> str:
        """The text for the default length: what replay, eval and the API show."""
        try:
            return self.fitted(DEFAULT_LIMIT)
        except TooLongError:
            return self._text(self._longest())

    def fitted(self, limit: int, measure: Measure = len) -> str:
        """The longest form of at most `limit` as `measure` counts; TooLongError when there is none."""
        longest = self._longest()
        for count in range(longest, 0, -1):
            text = self._text(count)
            if self.source and measure(sourced := f"{text}（{self.source}）") <= limit and count == longest:
                return sourced
            if measure(text) <= limit:
                return text
        raise TooLongError(f"a text of {measure(self._text(1))} does not fit {limit}")

    def _longest(self) -> int:
        return max((len(p.names) for p in self.parts if isinstance(p, NameList)), default=1)

    def _text(self, count: int) -> str:
        return "".join(p if isinstance(p, str) else p.shown(count) for p in self.parts)
