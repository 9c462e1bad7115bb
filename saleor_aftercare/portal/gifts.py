"""The door for whoever was given something, and where the payer opens and closes it.

Behind it is the return form alone, without a price; what is asked for there stays between the recipient and the shop.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django import forms
from django.http import HttpResponse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from saleor_aftercare.access import actions as access
from saleor_aftercare.access import gifts
from saleor_aftercare.core import links
from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.headers import client_ip
from saleor_aftercare.portal.access import CodeForm
from saleor_aftercare.portal.forms import PortalForm
from saleor_aftercare.portal.responses import set_cookie
from saleor_aftercare.portal.visit import SESSION_COOKIE, Visit, page
from saleor_aftercare.portal.words import RETURN_STATES
from saleor_aftercare.returns import queries
from saleor_aftercare.returns.models import ReturnState

MAX_LINK = 1000


class LinkForm(PortalForm):
    """The link from the gift slip, or the part of it after the last slash."""

    link = forms.CharField(
        label=gettext_lazy("Gift link"),
        help_text=gettext_lazy("It stands on the gift slip in the parcel, or whoever gave it to you can share it."),
        max_length=MAX_LINK,
        error_messages={"required": gettext_lazy("Please paste the link of your gift.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )

    def clean_link(self) -> str:
        """The token, whatever stands around it."""
        return urlsplit(str(self.cleaned_data["link"]).strip()).path.rstrip("/").rpartition("/")[2]


class RecipientForm(PortalForm):
    """Whom to write to."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=200,
        error_messages={"required": gettext_lazy("Please enter your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy("We send a code there, and later what you get. Whoever gave you the gift is not told."),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Please enter your e-mail address."),
            "invalid": gettext_lazy("This is not an e-mail address, such as name@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


@page("GET", "POST")
def front(visit: Visit) -> HttpResponse:
    """Ask for the link; for a recipient who is in already, what they asked for so far."""
    session = visit.session
    if session is not None and session.gift_id is not None and session.order is not None:
        found = queries.gift_returns(session.order, session.email)
        rows = [
            {
                "number": ret.number,
                "url": visit.url("return_status", number=ret.number),
                "label": RETURN_STATES[ReturnState(ret.state)],
                "since": visit.words.day(ret.requested_at),
            }
            for ret in found
        ]
        return visit.render("gift_home.html", order=session.order, cases=rows, name=session.name)
    form = LinkForm(visit.request.POST or None)
    if not visit.is_post:
        return visit.render("gift_front.html", form=form)
    if form.is_valid():
        try:
            link = gifts.find_link(visit.shop, form.cleaned_data["link"])
        except NotFound as error:
            form.add_error("link", error.message)
        else:
            return visit.redirect(visit.url("gift_door", token=gifts.token_of(link)))
    return visit.render("gift_front.html", form=form, status=422)


@page("GET", "POST")
def door(visit: Visit, token: str) -> HttpResponse:
    """Ask the recipient for a name and an address of their own; the code goes there."""
    link = gifts.find_link(visit.shop, token)
    if visit.session is not None and visit.session.gift_id == link.pk:
        return visit.redirect(visit.url("gift"))
    if not visit.is_post:
        return visit.render("gift_door.html", form=RecipientForm())
    form = RecipientForm(visit.request.POST)
    if form.is_valid():
        try:
            challenge = access.request_gift_access(
                link,
                name=form.cleaned_data["name"],
                email=form.cleaned_data["email"],
                language=get_language() or "en",
                ip=client_ip(visit.request),
                at=visit.at,
            )
        except InvalidInput as error:
            form.blame(error)
        else:
            query = {"c": challenge} | ({"next": n} if (n := visit.request.GET.get("next", "")) else {})
            return visit.redirect(f"{visit.url('gift_code', token=token)}?{urlencode(query)}")
    return visit.render("gift_door.html", form=form, status=422)


@page("GET", "POST")
def code(visit: Visit, token: str) -> HttpResponse:
    """The right code opens a session for this gift, and nothing else."""
    gifts.find_link(visit.shop, token)
    challenge = visit.request.GET.get("c", "")
    if not challenge or len(challenge) > 100:
        return visit.redirect(visit.url("gift_door", token=token))
    form = CodeForm(visit.request.POST if visit.is_post else None)
    if not visit.is_post or not form.is_valid():
        return visit.render("gift_code.html", form=form, token=token, status=422 if visit.is_post else 200)
    try:
        session_token, _session = access.confirm_guest_access(
            visit.shop,
            challenge=challenge,
            code=form.cleaned_data["code"],
            ip=client_ip(visit.request),
            at=visit.at,
        )
    except InvalidInput as error:
        form.add_error("code", error.message)
        return visit.render("gift_code.html", form=form, token=token, status=422)
    response = visit.redirect(visit.url("gift"))
    set_cookie(response, SESSION_COOKIE, session_token)
    return response


@page("GET", "POST")
def share(visit: Visit, number: str) -> HttpResponse:
    """The payer's side: open a link for the recipient, show it, and close it again."""
    order = visit.order(number)
    if visit.is_post:
        if "revoke" in visit.request.POST:
            gifts.revoke(order, at=visit.at)
            return visit.redirect(visit.url("gift_share", number=number), notice="gift_revoked")
        if order.canceled:
            raise NotFound(_("There is nothing to return in a cancelled order."))
        gifts.share(order, at=visit.at)
        return visit.redirect(visit.url("gift_share", number=number), notice="gift_shared")
    link = gifts.link_of(order)
    url = links.gift(visit.shop, gifts.token_of(link)) if link else ""
    since = visit.words.day(link.created_at) if link else ""
    return visit.render("gift_share.html", order=order, link=url, since=since)
