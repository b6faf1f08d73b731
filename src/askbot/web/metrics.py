"""What is counted in this process, for Prometheus; a registry of its own per application, so that tests are alone."""

from functools import lru_cache

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """Counters and histograms that handlers touch; what only has to be looked at is in health.py."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        ProcessCollector(namespace="askbot", registry=self.registry)
        self.hook_requests = self._counter(
            "askbot_hook_requests", "Webhook calls by source and by what they were told.", "source", "outcome"
        )
        self.hook_seconds = Histogram(
            "askbot_hook_seconds",
            "From a webhook's body to its durable 200, in seconds.",
            ["source"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.messages = self._counter(
            "askbot_hook_messages", "Messages in webhooks: taken, repeated, or repeated with a changed text.",
            "source", "outcome",
        )  # fmt: skip
        self.platform_events = self._counter(
            "askbot_platform_events", "What webhooks held beside chat, by a short name.", "source", "kind"
        )
        self.api_requests = self._counter(
            "askbot_api_requests", "API calls by operation and status.", "operation", "status"
        )
        self.api_seconds = Histogram(
            "askbot_api_seconds",
            "Time of API calls, in seconds.",
            ["operation"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.live_drops = self._counter(
            "askbot_live_drops", "Listeners whose queue overflowed and who had to catch up."
        )
        self.hook_outcome = lru_cache(maxsize=1024)(self.hook_requests.labels)
        self.hook_time = lru_cache(maxsize=256)(self.hook_seconds.labels)
        self.message_outcome = lru_cache(maxsize=1024)(self.messages.labels)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, registry=self.registry)
