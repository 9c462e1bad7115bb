"""LINE on a customer's telephone, LINE's own API, and the shop's telephone."""

from __future__ import annotations

import httpx
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from saleor_aftercare.sandbox.aftercare import AftercareError
from saleor_aftercare.sandbox.current import current
from saleor_aftercare.sandbox.messenger import CALLS
from saleor_aftercare.sandbox.records import User

from .look import show, words

MAX_TEXT = 5_000


@require_safe
def line(request: HttpRequest, user_id: str = "") -> HttpResponse:
    """Whose telephone to take, and what it shows."""
    person = _customer(user_id) if user_id else None
    return show(
        request,
        "line.html",
        people=[u for u in current().shop.state.users if not u.is_staff],
        person=person,
        said=current().messenger.talk_with(person) if person else (),
    )


@require_POST
def say(request: HttpRequest, user_id: str) -> HttpResponse:
    """Write to the shop."""
    person = _customer(user_id)
    text = request.POST.get("text", "").strip()[:MAX_TEXT]
    problem = {}
    if text:
        try:
            current().messenger.say(person, text)
        except AftercareError as error:
            problem = {"problem": str(error)}
    return HttpResponseRedirect(f"/line/{person.id}/?{urlencode(problem)}#end")


@require_POST
def call(request: HttpRequest) -> HttpResponse:
    """Call the shop."""
    number, ends = request.POST.get("number", "").strip()[:40], request.POST.get("ends", "")
    if ends not in CALLS:
        raise Http404
    try:
        current().telephone.call(number, ends=ends)
        said = {"notice": words(request, "The telephone system told Aftercare of the call.")}
    except AftercareError as error:
        said = {"problem": str(error)}
    return HttpResponseRedirect(f"/control/?{urlencode(said)}#telephone")


@csrf_exempt
def line_api(request: HttpRequest, path: str) -> HttpResponse:
    """LINE's Messaging API."""
    headers = {name: value for name, value in request.headers.items() if name.lower() != "content-length"}
    asked = httpx.Request(
        request.method or "GET", f"https://line.invalid/{path}", headers=headers, content=request.body
    )
    answer = current().messenger.answer(asked)
    response = HttpResponse(answer.content, status=answer.status_code)
    for name in ("content-type", "x-line-request-id", "x-line-accepted-request-id"):
        if name in answer.headers:
            response[name] = answer.headers[name]
    return response


def _customer(user_id: str) -> User:
    found = current().shop.user(user_id)
    if found is None or found.is_staff:
        raise Http404
    return found
