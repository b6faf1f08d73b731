"""A secret that does not show itself: not in repr, not in str, not in a message made from it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret text. `reveal` is the one way to it, so that every use can be found."""

    _text: str = field(repr=False)

    def reveal(self) -> str:
        """The text itself; for signing and connecting, never for showing."""
        return self._text

    def __str__(self) -> str:
        return "***"

    def __repr__(self) -> str:
        return "Secret(***)"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __bool__(self) -> bool:
        return bool(self._text)
