"""The application: routes of all handlers, the middleware of errors, headers that every answer has."""

from aiohttp import web
from aiohttp.typedefs import Handler

from askbot.web.errors import errors_as_json
from askbot.web.health import Health
from askbot.web.hooks import Hooks
from askbot.web.parts import PARTS, Parts

MOST_BYTES = 256 * 1024
GUARDED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Nothing that we answer may be sniffed, kept, or tell where a link was followed from."""
    response = await handler(request)
    if not response.prepared:
        for name, value in GUARDED.items():
            response.headers.setdefault(name, value)
    return response


def build_app(parts: Parts) -> web.Application:
    """The application on these parts; whoever made them starts and stops them."""
    app = web.Application(middlewares=[guarded, errors_as_json], client_max_size=MOST_BYTES)
    app[PARTS] = parts
    hooks, health = Hooks(parts), Health(parts)
    app.router.add_post("/hooks/{source}", hooks.handle)
    app.router.add_post("/hooks/{source}/{path_key}", hooks.handle)
    for path in ("/healthz", "/-/healthy"):
        app.router.add_get(path, health.healthz)
    for path in ("/readyz", "/-/ready"):
        app.router.add_get(path, health.readyz)
    app.router.add_get("/metrics", health.metrics)
    return app
