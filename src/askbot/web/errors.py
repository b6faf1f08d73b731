"""Errors as JSON: one middleware turns what askbot raises into statuses, and everything else into a bare 500.

The body is `{"error": code, "message": …}`, for conflicts with `details`. Nothing of a defect's inside is told.
"""

import json
from collections.abc import Mapping

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from askbot import errors

LOG = structlog.get_logger(__name__)

STATUSES: Mapping[type[errors.AskbotError], int] = {
    errors.SignatureError: 401,
    errors.ForbiddenError: 403,
    errors.NotFoundError: 404,
    errors.ConflictError: 409,
    errors.InputError: 422,
    errors.TooLongError: 422,
    errors.KnowledgeError: 503,
    errors.StoreError: 503,
}
"""Where the class alone tells the status; the others carry their own."""
HTTP_CODES: Mapping[int, str] = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "timeout",
    411: "length_required",
    413: "too_large",
    415: "unsupported_media_type",
    417: "expectation_failed",
    426: "upgrade_required",
}
"""The code of what the web library refuses by itself."""


class UnauthorizedError(errors.AskbotError):
    """No caller, or one that is not known (any more)."""

    code = "unauthorized"


def error_response(
    status: int,
    code: str,
    message: str,
    *,
    details: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """The one form of an error."""
    body: dict[str, object] = {"error": code, "message": message}
    if details:
        body["details"] = details
    return web.Response(
        status=status,
        body=json.dumps(body, ensure_ascii=False, default=str).encode("utf-8", "replace"),
        content_type="application/json",
        headers=headers,
    )


def refusal(error: errors.AskbotError) -> web.Response:
    """What the caller of a failed request gets."""
    match error:
        case UnauthorizedError():
            return error_response(401, error.code, error.message, headers={"WWW-Authenticate": "Bearer"})
        case errors.PayloadError():
            return error_response(error.status, error.code, error.message)
        case errors.OverloadError():
            headers = {"Retry-After": str(error.retry_after)}
            return error_response(error.status, error.code, error.message, headers=headers)
        case errors.StoreError():
            return error_response(503, error.code, error.message, headers={"Retry-After": "1"})
        case errors.ConflictError():
            return error_response(409, error.code, error.message, details=error.details)
        case _:
            return error_response(STATUSES.get(type(error), 500), error.code, error.message)


@web.middleware
async def errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Map errors; keep what the library refuses in the same form, with its Allow header."""
    try:
        return await handler(request)
    except errors.AskbotError as error:
        return refusal(error)
    except web.HTTPException as error:
        if error.status < 400:  # noqa: PLR2004 (a redirect is no error)
            raise
        kept = {name: value for name, value in error.headers.items() if name.lower() == "allow"}
        code = HTTP_CODES.get(error.status, "refused")
        return error_response(error.status, code, error.reason, headers=kept)
    except ConnectionResetError:
        raise
    except Exception:
        route = request.match_info.route.resource
        LOG.exception("request.failed", method=request.method, route=route.canonical if route else "")
        return error_response(500, "internal", "something went wrong on our side; it is logged")
