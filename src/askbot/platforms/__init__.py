"""The platforms that askbot speaks; each is a folder that can be understood alone, registered here by one line."""

from collections.abc import Mapping
from types import MappingProxyType

from askbot.platforms.base import Platform
from askbot.platforms.standard import STANDARD

PLATFORMS: Mapping[str, Platform] = MappingProxyType({platform.name: platform for platform in (STANDARD,)})
