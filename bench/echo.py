"""The yardstick: aiohttp alone, on the same loop as askbot, answering a POST with what it got."""

import sys

import uvloop
from aiohttp import web


async def give_back(request: web.Request) -> web.Response:
    return web.Response(body=await request.read(), content_type="application/json")


def main() -> None:
    app = web.Application()
    app.router.add_post("/hooks/{source}", give_back)
    app.router.add_get("/", give_back)
    web.run_app(
        app,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        access_log=None,
        print=lambda *_: None,
        loop=uvloop.new_event_loop(),
    )


if __name__ == "__main__":
    main()
