"""The chat window: a page of the portal, a frame for the shop's other pages, and the doors that both talk to.

The window proves itself by a token that it was given once (``Authorization: Bearer``), never by a cookie: no other
page can speak in a visitor's name, and the frame works where browsers keep no cookies in frames.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Concatenate, Final, ParamSpec
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.translation import get_language, ngettext
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from saleor_aftercare.channels import chat
from saleor_aftercare.channels.accounts import values_of
from saleor_aftercare.channels.models import ChannelAccount, ChatSession
from saleor_aftercare.connection import shop as shops
from saleor_aftercare.core import clock, files
from saleor_aftercare.core.errors import AftercareError, InvalidInput, NotFound, RateLimited, Unauthenticated
from saleor_aftercare.core.headers import client_ip
from saleor_aftercare.core.models import Shop, StoredFile
from saleor_aftercare.inbox import chatting
from saleor_aftercare.inbox.models import MessageKind, TicketMessage
from saleor_aftercare.portal import errors
from saleor_aftercare.portal.messages import body_html
from saleor_aftercare.portal.responses import secure
from saleor_aftercare.portal.visit import Visit, origin_of, page, speak, spoken_language, visit_of

P = ParamSpec("P")
MAX_BODY: Final = 20_000
DEFAULT_COLOR: Final = "#1c2333"
_WIDGET: Final = "aftercare_portal/chat-widget.js"


# -- pages ---------------------------------------------------------------------------------------------------------


@page("GET")
def window(visit: Visit) -> HttpResponse:
    """The chat as a page of the portal."""
    account = chat.chat_account(visit.shop)
    return visit.render("chat.html", greeting=_greeting(account), framed=False)


@require_GET
@xframe_options_exempt
def frame(request: HttpRequest, handle: str) -> HttpResponse:
    """The same for a frame on the shop's storefronts, and on nobody else's pages."""
    try:
        visit = visit_of(request, handle)
        account = chat.chat_account(visit.shop)
    except AftercareError as error:
        return secure(errors.page_for(request, error))
    speak(request, request.GET.get("lang", ""))
    response = visit.render("chat_frame.html", greeting=_greeting(account), framed=True)
    origins = " ".join(filter(None, map(origin_of, visit.settings.allowed_origins))) or "'none'"
    policy = response["Content-Security-Policy"]
    response["Content-Security-Policy"] = policy.replace("frame-ancestors 'none'", f"frame-ancestors {origins}")
    return response


@require_GET
def widget(request: HttpRequest, handle: str) -> HttpResponse:
    """The one script that a storefront names: it puts a button on the page, and opens the frame when it is pressed."""
    try:
        shop = _shop(handle)
        account = chat.chat_account(shop)
    except AftercareError:
        return HttpResponse("", content_type="text/javascript; charset=utf-8", status=404)
    color = values_of(account, "chat").get("color") or DEFAULT_COLOR
    words = {}
    for language in ("en", "ja"):
        with translation.override(language):
            words[language] = {
                "open": str(translation.gettext("Chat with us")),
                "close": str(translation.gettext("Close the chat")),
                "title": str(translation.gettext("Chat")),
            }
    config = {
        "frame": f"{settings.PUBLIC_URL}/portal/{shop.handle}/chat/frame/",
        "color": color,
        "ink": _ink_on(color),
        "words": words,
        "fallback": account.language or shop.settings.default_language,
    }
    script = f"window.__aftercareChat={json.dumps(config)};\n{_script()}"
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "public, max-age=300"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@functools.cache
def _script() -> str:
    return Path(str(finders.find(_WIDGET))).read_text(encoding="utf-8")


def _ink_on(color: str) -> str:
    """Black or white, whichever is read better (WCAG relative luminance).

    >>> _ink_on("#1c2333"), _ink_on("#ffd400")
    ('#ffffff', '#000000')
    """
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000000" if (luminance + 0.05) ** 2 > 0.05 * 1.05 else "#ffffff"


def _greeting(account: ChannelAccount) -> str:
    return values_of(account, "chat").get(f"greeting_{get_language() or 'en'}", "")


# -- doors ---------------------------------------------------------------------------------------------------------

Door = Callable[Concatenate[HttpRequest, Shop, P], HttpResponse]


def door(method: str) -> Callable[[Door[P]], Callable[..., HttpResponse]]:
    """Make a view of a function of the shop; our own errors become JSON that names the field."""

    def decorate(view: Door[P]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @functools.wraps(view)
        def answer(request: HttpRequest, handle: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method != method:
                return secure(JsonResponse({"errors": [_problem("Send it otherwise.", "METHOD")]}, status=405))
            speak(request, request.headers.get("X-Chat-Language", ""))
            try:
                return secure(view(request, _shop(handle), *args, **kwargs))
            except AftercareError as error:
                status = errors.status_of(error)
                response = JsonResponse({"errors": [_problem(error.message, error.code, error.field)]}, status=status)
                if isinstance(error, RateLimited):
                    response["Retry-After"] = str(error.retry_after_s)
                return secure(response)

        return answer

    return decorate


def _problem(message: str, code: str, field: str | None = None) -> dict[str, str | None]:
    return {"message": message, "code": code, "field": field}


def _shop(handle: str) -> Shop:
    if "\x00" in handle:
        raise NotFound(translation.gettext("There is no such page."))
    return shops.shop_by_handle(handle)


def _session(request: HttpRequest, shop: Shop, *, at: datetime) -> ChatSession:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated(translation.gettext("This chat has ended."))
    return chat.chat_of(shop, token.strip(), at=at)


@door("POST")
def open_door(request: HttpRequest, shop: Shop) -> HttpResponse:
    """``{"page"?, "name"?}`` → the token of a new session, and how things stand."""
    at, body = clock.now(), _json(request)
    token, session = chat.open_chat(
        chat.chat_account(shop),
        language=spoken_language(request.headers.get("X-Chat-Language", "")) or get_language() or "en",
        page_url=_text(body, "page", 2000),
        name=_text(body, "name", 200),
        ip=client_ip(request),
        at=at,
    )
    return JsonResponse({"token": token, **_standing(session, at=at)}, status=201)


@door("GET")
def standing_door(_request: HttpRequest, shop: Shop) -> HttpResponse:
    """Whether somebody is here, before anything was said: looking costs no session."""
    return JsonResponse({"here": chatting.is_anybody_here(chat.chat_account(shop), at=clock.now())})


@door("GET")
def news_door(request: HttpRequest, shop: Shop) -> HttpResponse:
    """What came after ``after``; 204 without a body when all is as the window says in ``v``."""
    at = clock.now()
    session = _session(request, shop, at=at)
    after = _number(request, "after")
    chat.note_sign(session, shown=_number(request, "shown"), typing=request.GET.get("typing") == "1", at=at)
    found = chatting.news(session, after=after, at=at)
    version = f"{found.newest}.{int(found.typing)}{int(found.here)}{int(session.email_verified_at is not None)}"
    if not found.messages and request.GET.get("v") == version:
        return HttpResponse(status=204)
    lines = [_line(one, session, shop) for one in found.messages]
    return JsonResponse({"v": version, "lines": lines, "typing": found.typing, "here": found.here, **_known(session)})


@door("POST")
def say_door(request: HttpRequest, shop: Shop) -> HttpResponse:
    """A form with ``text``, ``key`` and up to six ``files``."""
    at = clock.now()
    session = _session(request, shop, at=at)
    uploads = [one for one in request.FILES.getlist("files") if one.name]
    if len(uploads) > files.MAX_FILES:
        most = files.MAX_FILES
        words = ngettext("You can add %(count)d file at most.", "You can add %(count)d files at most.", most)
        raise InvalidInput(words % {"count": most}, "files")

    def keep() -> Sequence[StoredFile]:
        return [files.store_attachment(shop, one, at=at, field="files") for one in uploads]

    text, key = request.POST.get("text", ""), request.POST.get("key", "")
    message = chatting.say(session, text, key=key, keep_files=keep, at=at)
    return JsonResponse({"line": _line(message, session, shop)}, status=201)


@door("POST")
def email_door(request: HttpRequest, shop: Shop) -> HttpResponse:
    """``{"email", "name"?}``: where answers go when the visitor has left; a code is mailed there."""
    at, body = clock.now(), _json(request)
    session = chat.give_email(
        _session(request, shop, at=at), _text(body, "email", 254), name=_text(body, "name", 200), at=at
    )
    return JsonResponse(_known(session))


@door("POST")
def code_door(request: HttpRequest, shop: Shop) -> HttpResponse:
    """``{"code"}``: the address is theirs."""
    at, body = clock.now(), _json(request)
    session = chatting.prove_email(_session(request, shop, at=at), _text(body, "code", 20), at=at)
    return JsonResponse(_known(session))


@door("POST")
def transcript_door(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Mail the conversation to the proved address."""
    at = clock.now()
    chatting.send_transcript(_session(request, shop, at=at), at=at)
    return HttpResponse(status=204)


@door("POST")
def end_door(request: HttpRequest, shop: Shop) -> HttpResponse:
    """The visitor ends the conversation."""
    at = clock.now()
    chat.end_chat(_session(request, shop, at=at), at=at)
    return HttpResponse(status=204)


def _standing(session: ChatSession, *, at: datetime) -> dict[str, Any]:
    return {"here": chatting.is_anybody_here(session.account, at=at), **_known(session)}


def _known(session: ChatSession) -> dict[str, Any]:
    return {"email": session.visitor_email, "proved": session.email_verified_at is not None}


def _line(message: TicketMessage, session: ChatSession, shop: Shop) -> dict[str, Any]:
    mine = message.kind == MessageKind.CUSTOMER
    when = message.created_at.astimezone(ZoneInfo(shop.settings.time_zone))
    return {
        "id": message.pk,
        "mine": mine,
        "name": "" if mine else message.author_name,
        "html": body_html(message) if message.body else "",
        "at": message.created_at.isoformat(),
        "time": when.strftime("%H:%M"),
        "files": [
            {"name": one.name, "url": files.signed_url(one), "thumb": files.thumbnail_url(one)}
            for one in message.attachments.all()
        ],
    }


def _json(request: HttpRequest) -> dict[str, Any]:
    if len(request.body) > MAX_BODY:
        raise InvalidInput(f"The body may have {MAX_BODY} bytes at most.")
    try:
        data: Any = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        raise InvalidInput("The body is not JSON.") from None
    if not isinstance(data, dict):
        raise InvalidInput("The body must be a JSON object.")
    return data


def _text(body: dict[str, Any], name: str, limit: int) -> str:
    value = body.get(name, "")
    if not isinstance(value, str) or len(value) > limit or "\x00" in value:
        raise InvalidInput(f"Must be text of at most {limit} characters.", name)
    return value


def _number(request: HttpRequest, name: str) -> int:
    value = request.GET.get(name, "0")
    if not value.isascii() or not value.isdigit() or len(value) > 18:
        raise InvalidInput("Must be a whole number.", name)
    return int(value)
