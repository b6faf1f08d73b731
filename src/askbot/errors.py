"""Every error that askbot raises on purpose, in one tree; imports nothing.

AskbotError
├── KnowledgeError      no good knowledge to serve (the faults are in .faults)
├── SettingsError       the configuration is wrong (all faults in .faults)
├── SignatureError      a webhook is not from whom it says (401)
├── PayloadError        a webhook's body is not what its platform sends (415/422, see .status)
├── OverloadError       no room left: come back later (429/503, see .status and .retry_after)
├── StoreError          the database cannot be reached or has the wrong schema (503)
├── DeliveryError       a reply did not leave; .permanent says whether trying again makes sense
├── NotFoundError       no such room, ticket, entry … (404)
├── ConflictError       somebody was first, or the move is not allowed now (409)
├── InputError          a caller's value is wrong (422)
├── ForbiddenError      the caller's role does not allow it (403)
└── TooLongError        a wording does not fit the channel however it is shortened

Adapters translate foreign exceptions into these; one middleware maps them to HTTP, the command line to exit codes.
The message is for people and never holds a secret or chat text; `code` is for programs.
"""


class AskbotError(Exception):
    """Root of the tree. `code` is the stable word that an API client or a test can rely on."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class KnowledgeError(AskbotError):
    """No good knowledge to serve; `faults` are domain.faults.Fault values."""

    code = "knowledge"

    def __init__(self, message: str, faults: tuple[object, ...] = ()) -> None:
        super().__init__(message)
        self.faults = faults


class SettingsError(AskbotError):
    """The configuration is wrong; `faults` are domain.faults.Fault values, all of them."""

    code = "settings"

    def __init__(self, message: str, faults: tuple[object, ...] = ()) -> None:
        super().__init__(message)
        self.faults = faults


class SignatureError(AskbotError):
    """A webhook's signature is missing, malformed, wrong or too old. Says nothing about what would be right."""

    code = "bad_signature"


class PayloadError(AskbotError):
    """A verified body is not what its platform sends; nothing of it is taken. `status` is 413, 415 or 422."""

    code = "bad_payload"

    def __init__(self, message: str, *, code: str | None = None, status: int = 422) -> None:
        super().__init__(message, code=code)
        self.status = status


class OverloadError(AskbotError):
    """The source is over its limit (429) or the service is full (503); `retry_after` in seconds."""

    code = "overloaded"

    def __init__(self, message: str, *, code: str | None = None, status: int = 503, retry_after: int = 1) -> None:
        super().__init__(message, code=code)
        self.status = status
        self.retry_after = retry_after


class StoreError(AskbotError):
    """The database cannot be reached, is locked for too long, or has not the schema that this version needs."""

    code = "store_unavailable"


class DeliveryError(AskbotError):
    """A reply did not leave. `permanent`: the platform refused it for good, so trying again is useless."""

    code = "delivery"

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


class NotFoundError(AskbotError):
    """There is no such thing."""

    code = "not_found"


class ConflictError(AskbotError):
    """Somebody else was first, or the state does not allow the move. `details` tell who and what stands now."""

    code = "conflict"

    def __init__(self, message: str, *, code: str | None = None, details: dict[str, object] | None = None) -> None:
        super().__init__(message, code=code)
        self.details = details or {}


class InputError(AskbotError):
    """A caller's value is wrong."""

    code = "invalid"


class ForbiddenError(AskbotError):
    """The caller is known, but may not do this."""

    code = "forbidden"


class TooLongError(AskbotError):
    """A wording does not fit its channel, even without its source and with its list cut."""

    code = "too_long"
