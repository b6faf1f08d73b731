"""askbot: answers a county's live-stream chat from its own YAML knowledge, and queues the rest for people."""

__version__ = "0.1.0"
