"""What decides at this moment: a matcher over one version of the knowledge, swapped whole at a reload."""

from collections.abc import Callable

from askbot.matching import Matcher

Brain = Callable[[], Matcher]
"""Gives the matcher in force; a caller that decides several messages together asks once."""
