"""What every page of the portal shows, whichever view or error made it."""

from __future__ import annotations

import re
from typing import Any, Final

from django import template
from django.urls import reverse

register = template.Library()

_SHOP: Final = re.compile(r"/portal/([-a-zA-Z0-9_]+)/")
#: Addresses under /portal/ that are no shop's.
_NOT_A_SHOP: Final = frozenset({"enter", "language", "session"})


@register.simple_tag(takes_context=True)
def withdraw_url(context: dict[str, Any]) -> str:
    """Where the statutory withdrawal function is, for any page of a shop, error pages included; "" where it is not.

    An error page knows no shop, and may not ask the database for one: it takes the handle from its own address.
    """
    visit = context.get("visit")
    if visit is not None:
        return str(visit.withdraw_url)
    request = context.get("request")
    found = _SHOP.match(request.path) if request is not None else None
    if found is None or found[1] in _NOT_A_SHOP:
        return ""
    return reverse("portal:withdraw", kwargs={"handle": found[1]})
