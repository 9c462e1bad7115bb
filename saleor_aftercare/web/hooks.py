"""The doors at which messengers and telephone systems tell what happened; the address holds the account's secret.

An answer says whether we have it: whoever gets 200 may forget it, whoever gets anything else may send it again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from saleor_aftercare.channels import messengers
from saleor_aftercare.channels.accounts import account_at_hook
from saleor_aftercare.channels.calls import take_in_call
from saleor_aftercare.channels.models import ChannelAccount, ChannelKind
from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import AftercareError, NotFound, ProviderError, Unauthenticated

_STATUS: Final[tuple[tuple[type[AftercareError], int], ...]] = (
    (Unauthenticated, 401),
    (NotFound, 404),
    (ProviderError, 503),  # the account's settings have to be mended first: it may be sent again until then
)


@csrf_exempt
@require_POST
def line(request: HttpRequest, key: str) -> HttpResponse:
    """LINE's webhooks. An account that is switched off hears too: what was written must not be lost."""
    return _take(request, key, ChannelKind.LINE, _take_in_events)


@csrf_exempt
@require_POST
def calls(request: HttpRequest, key: str) -> HttpResponse:
    """What a telephone system tells of calls; ``docs/channels.md`` has the shape."""
    return _take(request, key, ChannelKind.PHONE, _take_in_call)


def _take_in_call(account: ChannelAccount, request: HttpRequest) -> dict[str, int]:
    return {"call": take_in_call(account, request.headers, request.body, at=clock.now()).pk}


def _take_in_events(account: ChannelAccount, request: HttpRequest) -> dict[str, int]:
    return {"events": messengers.take_in_events(account, request.headers, request.body, at=clock.now())}


def _take(
    request: HttpRequest,
    key: str,
    kind: ChannelKind,
    take: Callable[[ChannelAccount, HttpRequest], dict[str, int]],
) -> HttpResponse:
    """Find the account and let ``take`` have what came; our own errors name the field at fault."""
    try:
        account = account_at_hook(key)
        if account.kind != kind:
            raise NotFound("There is no such door.")
        return JsonResponse(take(account, request))
    except AftercareError as error:
        problem = {"field": error.field, "message": error.message, "code": error.code}
        status = next((status for kind_, status in _STATUS if isinstance(error, kind_)), 400)
        return JsonResponse({"errors": [problem]}, status=status)
