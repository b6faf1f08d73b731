"""The composition root: settings become a running service. Joins all rooms, decides nothing."""

from askbot.bootstrap.clock import clock_from
from askbot.bootstrap.serving import Running, running, serve
from askbot.bootstrap.wiring import knowledge_library, open_service, prepare_database

__all__ = ["Running", "clock_from", "knowledge_library", "open_service", "prepare_database", "running", "serve"]
