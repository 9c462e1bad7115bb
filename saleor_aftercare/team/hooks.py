"""Posting notices where the team talks: addresses that take Slack's simplest message, as Mattermost's do too."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

import httpx
import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.shop import speaking_to_staff
from saleor_aftercare.core import outside, texts
from saleor_aftercare.core.errors import Conflict, InvalidInput, ProviderError, ProviderUnavailable
from saleor_aftercare.core.models import Shop

from .models import NoticeHook, NoticeKind, Team
from .words import link, sentence

MAX_HOOKS: Final = 20
MAX_NAME: Final = 100
MAX_SUBJECT: Final = 150


@transaction.atomic
def save_hook(
    shop: Shop,
    *,
    hook: NoticeHook | None,
    name: str,
    url: str | None,
    kinds: Collection[str],
    team: Team | None,
    at: datetime,
) -> NoticeHook:
    """A new address, or another word about one; without ``url`` the address itself stays.

    Raises InvalidInput ("name", "url", "kinds").
    """
    Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    name = texts.one_line(name, "name", limit=MAX_NAME, required=True)
    wanted = [kind for kind in NoticeKind.values if kind in set(kinds)]
    if not wanted or set(kinds) - set(NoticeKind.values):
        raise InvalidInput(_("Choose what is posted there."), "kinds")
    if hook is None:
        if NoticeHook.objects.filter(shop=shop).count() >= MAX_HOOKS:
            raise InvalidInput(_("At most %(limit)d addresses.") % {"limit": MAX_HOOKS}, "name")
        hook = NoticeHook(shop=shop, created_at=at)
        if not url:
            raise InvalidInput(_("Please fill in this field."), "url")
    if url:
        hook.url, hook.problem = outside.check_url(url, "url"), ""
    hook.name, hook.kinds, hook.team = name, wanted, team
    hook.save()
    return hook


def post(hook: NoticeHook, *, kind: str, data: Mapping[str, Any]) -> None:
    """Post one notice in the shop's language; what came of it stands at the hook.

    Raises:
        ProviderUnavailable: it may work later.
        ProviderError: it will not: the address is forbidden, gone, or refuses us.
    """
    with speaking_to_staff(hook.shop):
        text = _text(hook.shop, kind, data)
    _send(hook, text)


def test(hook: NoticeHook) -> None:
    """Post a sentence that says what it is; raises as :func:`post` does."""
    with speaking_to_staff(hook.shop):
        text = _("Saleor Aftercare can post here. Notices of your inbox will look like this.")
    _send(hook, _escaped(text))


def _text(shop: Shop, kind: str, data: Mapping[str, Any]) -> str:
    said, subject = _escaped(sentence(kind, data)), _escaped(str(data.get("subject", ""))[:MAX_SUBJECT])
    address = link(shop, data)
    about = f"<{address}|{subject}>" if address and subject else subject
    return f"{said} {about}".strip()


def _escaped(text: str) -> str:
    """Slack's own three characters, and the bar, which ends a link's address."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("|", "¦")


def _send(hook: NoticeHook, text: str) -> None:
    try:
        _post(hook.url, text)
    except ProviderError as error:
        _note(hook, error.message)
        raise
    _note(hook, "")


def _post(url: str, text: str) -> None:
    try:
        answer = outside.post(url, orjson.dumps({"text": text}), {"Content-Type": "application/json"})
    except httpx.HTTPError as error:
        raise ProviderUnavailable(_("Nobody answers there (%(why)s).") % {"why": type(error).__name__}) from error
    if 200 <= answer.status < 300:
        return
    words = _("The other side answered %(status)d.") % {"status": answer.status}
    if answer.status == 429 or answer.status >= 500:
        wait = answer.headers.get("retry-after", "")
        raise ProviderUnavailable(words, retry_after_s=min(int(wait), 3600) if wait.isdigit() else None)
    raise ProviderError(words)


def _note(hook: NoticeHook, problem: str) -> None:
    NoticeHook.objects.filter(pk=hook.pk).exclude(problem=problem[:300]).update(problem=problem[:300])
    hook.problem = problem[:300]


def delete_hook(hook: NoticeHook) -> None:
    """Nothing is posted there any more; raises Conflict when it is gone already."""
    if not NoticeHook.objects.filter(pk=hook.pk).delete()[0]:
        raise Conflict(_("This is gone already."), "id")
