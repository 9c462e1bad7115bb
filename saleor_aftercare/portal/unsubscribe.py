"""Stopping letters that nobody asked for: a page with one button, and the same for mail programs (RFC 8058)."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.mail import suppression
from saleor_aftercare.portal.visit import Visit, page


@csrf_exempt
@page("GET", "POST")
def unsubscribe(visit: Visit, token: str) -> HttpResponse:
    """GET asks and changes nothing, for scanners follow links; POST stops the letters, any number of times.

    A mail program that posts for its reader has no cookies, so there is no CSRF token to ask for: the link's own
    token, which only the letter's reader has, is the proof.
    """
    broken = InvalidInput(_("This link is not complete, or it is not valid any more."))
    try:
        letter = suppression.letter_of(token)
    except (InvalidInput, NotFound):
        raise broken from None
    if letter.shop_id != visit.shop.pk:
        raise broken
    visit.speak(letter.language)
    if visit.is_post:
        suppression.opt_out(token, at=visit.at)
    return visit.render("unsubscribe.html", done=visit.is_post)
