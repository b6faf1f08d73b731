"""The application: routes of all handlers, the middleware of errors, headers that every answer has."""

from aiohttp import web
from aiohttp.typedefs import Handler

from askbot.web.api_desk import DESK_OPERATIONS
from askbot.web.api_rooms import ROOM_OPERATIONS
from askbot.web.api_tickets import TICKET_OPERATIONS
from askbot.web.errors import errors_as_json
from askbot.web.events import Events
from askbot.web.health import Health
from askbot.web.hooks import MOST_BYTES, Hooks
from askbot.web.openapi import document
from askbot.web.operations import handler_of, json_response
from askbot.web.parts import PARTS, Parts

OPERATIONS = (*ROOM_OPERATIONS, *TICKET_OPERATIONS, *DESK_OPERATIONS)
GUARDED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Server": "askbot",
}
INDEX = """askbot

/healthz              the process lives
/readyz               it can serve
/metrics              for Prometheus; from this machine, or with a token
/api/v1/openapi.json  the API's description
POST /hooks/<source>  signed webhooks
"""


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Nothing that we answer may be sniffed, kept, or tell where a link was followed from."""
    response = await handler(request)
    if not response.prepared:
        headers = response.headers
        for name, value in GUARDED.items():
            headers[name] = value
    return response


async def index(request: web.Request) -> web.Response:
    """What there is."""
    del request
    return web.Response(text=INDEX)


def build_app(parts: Parts) -> web.Application:
    """The application on these parts; whoever made them starts and stops them."""
    app = web.Application(middlewares=[guarded, errors_as_json], client_max_size=MOST_BYTES)
    app[PARTS] = parts
    hooks, health = Hooks(parts), Health(parts)
    router = app.router
    router.add_post("/hooks/{source}", hooks.handle)
    router.add_post("/hooks/{source}/{path_key}", hooks.handle)
    router.add_get("/", index)
    for path in ("/healthz", "/-/healthy"):
        router.add_get(path, health.healthz)
    for path in ("/readyz", "/-/ready"):
        router.add_get(path, health.readyz)
    router.add_get("/metrics", health.metrics)
    for operation in OPERATIONS:
        router.add_route(operation.method, operation.path, handler_of(operation, parts))
    router.add_get("/api/v1/events", Events(parts).handle, allow_head=False)
    described = document(OPERATIONS)

    async def openapi(request: web.Request) -> web.Response:
        del request
        return json_response(described)

    router.add_get("/api/v1/openapi.json", openapi)

    async def close_streams(app: web.Application) -> None:
        del app
        parts.live.close()

    app.on_shutdown.append(close_streams)
    return app
