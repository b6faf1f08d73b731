"""The HTTP side: webhooks, the API, live events, health and metrics. Knows the services, no store and no platform."""
