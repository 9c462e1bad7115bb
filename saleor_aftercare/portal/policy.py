"""The return policy in plain words, for everybody: no session, no order, a link for the storefront's footer."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import get_language

from saleor_aftercare.core.countries import COUNTRY_NAMES
from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.policies import queries
from saleor_aftercare.policies.words import policy_page
from saleor_aftercare.portal.visit import Visit, page


@page("GET")
def policy(visit: Visit) -> HttpResponse:
    """What holds now, from the rules that judge requests.

    ``?country=DE&channel=europe`` shows only what may hold there, for a storefront that knows; anything else in them
    is as if they were left out. Whoever is signed in with an order sees what may hold for it.
    """
    row = queries.policy_of(visit.shop)
    country, channel = visit.request.GET.get("country", "").upper(), visit.request.GET.get("channel", "")
    order = visit.session.order if visit.session is not None else None
    if not country and order is not None:
        country = str((order.shipping_address or order.billing_address or {}).get("country", ""))
        channel = channel or order.channel
    language = supported_language(get_language() or "", default=visit.settings.default_language)
    text = policy_page(
        queries.as_rules(row),
        language,
        country if country in COUNTRY_NAMES else None,
        channel=channel or None,
        reasons=queries.reason_labels(visit.shop, language),
    )
    return visit.render(
        "policy.html", sections=text.sections, since=visit.words.day(row.created_at), version=row.version
    )
