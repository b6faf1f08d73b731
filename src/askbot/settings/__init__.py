"""The configuration (配置): config/askbot.yaml and the environment, read once into frozen values."""

from askbot.settings.loading import DEFAULT_CONFIG, load_county, load_settings
from askbot.settings.values import County, Rate, Server, Settings, Source

__all__ = ["DEFAULT_CONFIG", "County", "Rate", "Server", "Settings", "Source", "load_county", "load_settings"]
