"""Errors that somebody can act on.

Raise one of these for "cannot be done"; return a ``Decision`` for "what do the rules say". Anything else is
our bug: it is never caught outside the edges and is logged with its traceback.
"""

from __future__ import annotations

from typing import ClassVar


class AftercareError(Exception):
    """Somebody can act on it; ``message`` names cause and value and holds no personal data.

    ``field`` is the input at fault in the caller's spelling, or None; ``code`` is stable for machines.
    """

    code: ClassVar[str] = "INVALID"

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = str(message)
        self.field = field


class InvalidInput(AftercareError):
    """The caller sent something unusable."""

    code = "INVALID"


class NotFound(AftercareError):
    """Not in this shop; also when it is in another."""

    code = "NOT_FOUND"


class Refused(AftercareError):
    """The shop's rules say no; the message is shown to the customer."""

    code = "REFUSED"


class Conflict(AftercareError):
    """The row moved on; the caller reloads and decides again."""

    code = "CONFLICT"


class StaleThread(Conflict):
    """The conversation has newer messages than the writer had seen."""

    code = "STALE_THREAD"


class RateLimited(AftercareError):
    """Too many tries; ``retry_after_s`` says when the next one counts again."""

    code = "RATE_LIMITED"

    def __init__(self, message: str, field: str | None = None, *, retry_after_s: int) -> None:
        super().__init__(message, field)
        self.retry_after_s = retry_after_s


class PermissionDenied(AftercareError):
    """The asking person is known and may not do this."""

    code = "PERMISSION_DENIED"


class Unauthenticated(AftercareError):
    """Nobody is asking: the token is missing, expired, forged, or of another kind, app or shop."""

    code = "UNAUTHENTICATED"


class ProviderError(AftercareError):
    """Something outside failed and a retry is useless."""

    code = "PROVIDER_ERROR"


class ProviderUnavailable(ProviderError):
    """Something outside failed for now; ``retry_after_s`` is its own wish, None when it had none."""

    code = "PROVIDER_UNAVAILABLE"

    def __init__(self, message: str, field: str | None = None, *, retry_after_s: int | None = None) -> None:
        super().__init__(message, field)
        self.retry_after_s = retry_after_s
