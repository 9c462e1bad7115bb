"""One request to the portal: which shop, who is there, in which language; and what every answer carries."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Concatenate, Final, ParamSpec
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saleor_aftercare.access import actions as access
from saleor_aftercare.access.models import CustomerSession
from saleor_aftercare.channels.chat import find_chat
from saleor_aftercare.connection import shop as shops
from saleor_aftercare.connection.models import Order, ShopSettings
from saleor_aftercare.connection.orders import order_by_number
from saleor_aftercare.core import clock, limits
from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import AftercareError, NotFound, Unauthenticated
from saleor_aftercare.core.headers import client_ip
from saleor_aftercare.core.languages import LANGUAGES
from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox.contact import find_form
from saleor_aftercare.policies import queries as policies
from saleor_aftercare.policies.models import ReturnPolicy
from saleor_aftercare.portal import errors
from saleor_aftercare.portal.responses import COOKIE_PATH, redirect, secure, set_cookie
from saleor_aftercare.portal.words import Words
from saleor_aftercare.withdrawals import queries as withdrawals

P = ParamSpec("P")

SESSION_COOKIE: Final = "aftercare_session"
NOTICE_COOKIE: Final = "aftercare_notice"

#: Forms that one session, or one address without a session, may send; a person needs a tenth of that.
POSTS: Final = 120
POSTS_PER: Final = timedelta(minutes=10)

#: What a page says once after something was done; the code travels in a cookie for the next page only.
NOTICES: Final = {
    "signed_out": gettext_lazy("You are signed out."),
    "signed_in": gettext_lazy("You are signed in."),
    "delivery_confirmed": gettext_lazy("Thank you. We have noted that the parcel arrived."),
    "return_sent": gettext_lazy("Your return request has been sent."),
    "return_canceled": gettext_lazy("The return has been cancelled."),
    "return_answered": gettext_lazy("Thank you. Your answer has been sent."),
    "return_photos_added": gettext_lazy("Thank you. We have added it to your return."),
    "return_marked_sent": gettext_lazy("Thank you. We have noted that the parcel is on its way."),
    "return_renewed": gettext_lazy("Your return is open again. The new label follows in a moment."),
    "return_handover_chosen": gettext_lazy("This is how you hand the parcel in. You can still change it."),
    "return_label_wanted": gettext_lazy("One more label is being made. We also send it to you by e-mail."),
    "gift_shared": gettext_lazy("The gift link is ready."),
    "gift_revoked": gettext_lazy("The gift link is closed."),
    "repair_sent": gettext_lazy("Your repair request has been sent."),
    "repair_canceled": gettext_lazy("The repair request has been cancelled."),
    "spare_part_sent": gettext_lazy("Your spare part request has been sent."),
    "spare_part_canceled": gettext_lazy("The spare part request has been cancelled."),
    "message_sent": gettext_lazy("Your message has been sent. We will answer by e-mail."),
    "session_needed": gettext_lazy("Please sign in to go on. For your safety you are signed out after 30 minutes."),
}


@dataclass
class Visit:
    """A request whose shop is known, and perhaps its customer."""

    request: HttpRequest
    shop: Shop
    settings: ShopSettings
    session: CustomerSession | None
    at: datetime

    @property
    def words(self) -> Words:
        """Dates and money as this reader expects them, in the shop's time zone."""
        return Words(translation.get_language() or "en", self.settings.time_zone)

    @property
    def is_post(self) -> bool:
        """Something is to be done, not only shown."""
        return self.request.method == "POST"

    def speak(self, language: str) -> None:
        """Go on in ``language`` unless the reader chose one by the switch; one we do not speak changes nothing."""
        if not chosen_language(self.request):
            speak(self.request, language)

    @property
    def who(self) -> str:
        """Whose requests are counted together: a session's, or an address's while nobody is signed in."""
        return f"session {self.session.pk}" if self.session else f"address {client_ip(self.request)}"

    def url(self, name: str, **kwargs: Any) -> str:
        """The address of a page of this shop."""
        return reverse(f"portal:{name}", kwargs={"handle": self.shop.handle, **kwargs})

    @property
    def home(self) -> str:
        """The front page: a guest's door, or the orders of whoever is signed in."""
        return self.url("start")

    @functools.cached_property
    def withdraw_url(self) -> str:
        """The statutory withdrawal function, which every page leads to; "" where no country of the shop knows it."""
        policy: ReturnPolicy | None = self.__dict__.get("policy")  # where the page has looked at it anyway
        offered = withdrawals.is_offered(policy) if policy else withdrawals.offers_the_right(self.shop)
        return self.url("withdraw") if offered else ""

    @functools.cached_property
    def contact_url(self) -> str:
        """The contact form; "" where the shop has none."""
        return self.url("contact") if find_form(self.shop) is not None else ""

    @functools.cached_property
    def chat_url(self) -> str:
        """The chat window; "" where the shop has none."""
        return self.url("chat") if find_chat(self.shop) is not None else ""

    @functools.cached_property
    def policy(self) -> ReturnPolicy:
        """The shop's promises in force now."""
        return policies.policy_of(self.shop)

    def require_session(self) -> CustomerSession:
        """The session; raises Unauthenticated when nobody is signed in, which leads to the sign-in page."""
        if self.session is None:
            raise Unauthenticated(_("Please sign in to go on."))
        return self.session

    def order(self, number: str) -> Order:
        """An order of whoever is signed in; raises NotFound for one that is theirs to no one's knowledge."""
        session = self.require_session()
        order = session.order
        if order is None or order.number != number:
            order = order_by_number(self.shop, number)
        if order is None or not session.covers(order):
            raise NotFound(_("There is no such order."))
        order.shop = self.shop
        return order

    def returning(self, number: str) -> Order:
        """An order of which whoever is there may send something back: its customer, or the recipient of a gift."""
        session = self.require_session()
        order = session.order
        if order is not None and order.number == number and session.covers_gift(order):
            order.shop = self.shop
            return order
        return self.order(number)

    @property
    def is_gift(self) -> bool:
        """The recipient of a gift is there, who sees no prices."""
        return self.session is not None and self.session.gift_id is not None

    def may_act_on(self, order: Order | None) -> bool:
        """Whether somebody is signed in whose order this is."""
        return order is not None and self.session is not None and self.session.covers(order)

    def render(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """A page of the portal."""
        request = self.request
        notice = NOTICES.get(request.COOKIES.get(NOTICE_COOKIE, ""))
        response = render(
            request,
            f"aftercare/portal/{template}",
            {"visit": self, "shop_name": self.shop_name, "notice": notice, **context},
            status=status,
        )
        if NOTICE_COOKIE in request.COOKIES:
            response.delete_cookie(NOTICE_COOKIE, path=COOKIE_PATH, samesite="Lax")
        return secure(response, pictures=origin_of(self.shop.saleor_api_url))

    @property
    def shop_name(self) -> str:
        """What the shop calls itself towards customers."""
        return self.settings.sender_name or self.shop.name or self.shop.handle

    @property
    def return_address(self) -> tuple[str, ...]:
        """Where parcels go back to, line by line; empty while the shop has not said."""
        if not self.settings.return_address:
            return ()
        address = PostalAddress.from_json(self.settings.return_address)
        return address.lines(translation.get_language() or "en")

    def redirect(self, url: str, *, notice: str = "") -> HttpResponse:
        """Lead on with GET, so that a reload repeats nothing."""
        response = redirect(url)
        if notice:
            set_cookie(response, NOTICE_COOKIE, notice, max_age=60)
        return response

    def nothing(self) -> HttpResponse:
        """204: done, and there is nothing to show; for scripts."""
        return secure(HttpResponse(status=204))

    def sign_in_url(self, *, back_to: str, order: str = "") -> str:
        """The guest's door, which leads back afterwards."""
        query = {"next": back_to} | ({"order": order} if order else {})
        return f"{self.url('start')}?{urlencode(query)}"


View = Callable[Concatenate[Visit, P], HttpResponse]


def page(*methods: str) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """Make a view of a function of a Visit; our own errors become pages that say what to do."""

    def decorate(view: View[P]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def answer(request: HttpRequest, handle: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in {*methods, "HEAD"}:
                return secure(HttpResponseNotAllowed(methods))
            visit: Visit | None = None
            try:
                visit = visit_of(request, handle)
                if visit.is_post:
                    limits.hit("portal-post", visit.who, limit=POSTS, per=POSTS_PER)
                return view(visit, *args, **kwargs)
            except Unauthenticated:
                if visit is None:
                    raise
                back = request.get_full_path() if request.method != "POST" else visit.url("start")
                return visit.redirect(visit.sign_in_url(back_to=back), notice="session_needed")
            except AftercareError as error:
                name = visit.shop_name if visit else ""
                home = visit.url("start") if visit else ""
                return secure(errors.page_for(request, error, shop_name=name, home=home))

        return answer

    return decorate


def visit_of(request: HttpRequest, handle: str) -> Visit:
    """Find the shop and the session; raises NotFound for a handle that no shop has."""
    if "\x00" in request.path:
        raise NotFound(_("There is no such page."))  # the database cannot even be asked for it
    at = clock.now()
    session = current_session(request, at)
    if session is not None and session.shop.handle != handle:
        session = None  # of another shop: here it is a stranger's
    shop = session.shop if session is not None else shops.shop_by_handle(handle)
    if session is not None:
        access.extend_session(session, at=at)
    visit = Visit(request, shop, shop.settings, session, at)
    if session is not None:
        visit.speak(session.language)
    return visit


def current_session(request: HttpRequest, at: datetime) -> CustomerSession | None:
    """The session of the cookie, if it is alive, with its shop."""
    token = request.COOKIES.get(SESSION_COOKIE, "")
    if not token:
        return None
    try:
        return access.session_for(token, at=at)
    except Unauthenticated:
        return None


def chosen_language(request: HttpRequest) -> str:
    """What the reader chose by the switch, or nothing."""
    return request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")


def spoken_language(code: str) -> str:
    """``ja`` for ``ja-JP``; empty for a language that we do not speak."""
    primary = code.lower().replace("_", "-").partition("-")[0]
    return primary if primary in LANGUAGES else ""


def speak(request: HttpRequest, language: str) -> None:
    """Activate ``language`` for the rest of this request, if we speak it."""
    spoken = spoken_language(language)
    if spoken:
        translation.activate(spoken)
        request.LANGUAGE_CODE = spoken


def origin_of(url: str) -> str:
    """``https://shop.example`` of any address there; empty when it is none."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return ""
    return f"{parts.scheme}://{parts.netloc}"


def own_path(visit: Visit, path: str) -> str:
    """``path`` if it leads into this shop's portal, else its front page: nobody is led elsewhere by a link."""
    home = visit.url("start")
    safe = path.startswith(home) and not any(c in path for c in "\\\r\n\t") and "//" not in path.partition("?")[0]
    return path if safe and len(path) <= 1000 else visit.url("start")
