"""Words that conversations are marked with."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core import texts
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.events import publish
from saleor_aftercare.core.jobs import schedule
from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox.events import TicketTagged
from saleor_aftercare.inbox.models import Tag, Ticket, TicketTag
from saleor_aftercare.inbox.revision import revision

from .thread import actor_of, change, lock

MAX_NAME: Final = 60
MAX_PER_TICKET: Final = 30
MAX_TAGS: Final = 2000
#: The hues of the Dashboard's pills.
COLORS: Final = ("", "info", "success", "warning", "attention", "error")


def tag_key(name: str) -> str:
    """What makes two names one: neither case, nor width, nor spaces around them.

    >>> tag_key(" Ｇａｒａｎｔｉｅ "), tag_key("STRASSE") == tag_key("straße"), tag_key("ｶﾞﾗｽ  割れ")
    ('garantie', True, 'ガラス 割れ')
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def find_or_create_tag(shop: Shop, name: str) -> Tag:
    """The tag of this name, whatever its case; made when there is none, taken out of the archive when it is there.

    Raises InvalidInput("name").
    """
    shown, key = _checked(name)
    tag = Tag.objects.filter(shop=shop, key=key).first()
    if tag is None:
        if Tag.objects.filter(shop=shop).count() >= MAX_TAGS:
            raise InvalidInput(_("At most %(limit)d tags.") % {"limit": MAX_TAGS}, "name")
        tag, _is_new = Tag.objects.get_or_create(shop=shop, key=key, defaults={"name": shown})
    elif tag.archived_at is not None:
        tag.archived_at = None
        tag.save(update_fields=["archived_at"])
    return tag


def _checked(name: str) -> tuple[str, str]:
    shown = texts.one_line(unicodedata.normalize("NFC", name), "name", limit=MAX_NAME, required=True)
    key = tag_key(shown)
    if not key or len(key) > MAX_NAME or "," in key or '"' in key:
        raise InvalidInput(
            _("A tag has up to %(limit)d characters, no commas and no quotes.") % {"limit": MAX_NAME}, "name"
        )
    return shown, key


@transaction.atomic
def change_tags(
    ticket: Ticket,
    *,
    add: Iterable[Tag] = (),
    remove: Iterable[Tag] = (),
    at: datetime,
    staff: StaffMember | None,
) -> Ticket:
    """Mark a conversation with some tags and take others off; what is so already stays so.

    A tag named twice is taken off. Raises InvalidInput("tags") for more than 30, and for tags of another shop.
    """
    locked = lock(ticket)
    off = {one.pk for one in remove}
    on = {one.pk: one for one in add if one.pk not in off}
    if any(one.shop_id != locked.shop_id for one in on.values()):
        raise InvalidInput(_("There is no such tag."), "tags")
    held = set(TicketTag.objects.filter(ticket=locked).values_list("tag_id", flat=True))
    added, removed = sorted(on.keys() - held), sorted(off & held)
    if len(held) + len(added) - len(removed) > MAX_PER_TICKET:
        raise InvalidInput(_("At most %(limit)d tags.") % {"limit": MAX_PER_TICKET}, "tags")
    if not added and not removed:
        return locked
    TicketTag.objects.filter(ticket=locked, tag__in=removed).delete()
    TicketTag.objects.bulk_create([TicketTag(ticket=locked, tag_id=pk) for pk in added])
    # What is promised may depend on tags, which are no columns of the ticket.
    locked.is_unheard = True
    change(locked, at=at)
    event = TicketTagged(locked.pk, added=added, removed=removed)
    publish(event, shop=locked.shop, at=at, actor=actor_of(staff))
    return locked


# -- the tags themselves ---------------------------------------------------------------------------------------


@transaction.atomic
def edit_tag(tag: Tag, *, name: str | None = None, color: str | None = None, at: datetime) -> Tag:
    """Call a tag otherwise, or give it another hue; every open inbox shows it anew.

    Raises InvalidInput("name" or "color"); for a name that another tag has, merge the two.
    """
    held = Tag.objects.select_for_update().get(pk=tag.pk)
    was = held.name
    if name is not None:
        held.name, held.key = _checked(name)
        if Tag.objects.filter(shop=held.shop_id, key=held.key).exclude(pk=held.pk).exists():
            raise InvalidInput(_("There is a tag of this name already. Merge the two instead."), "name")
    if color is not None:
        if color not in COLORS:
            raise InvalidInput(_("One of: %(choices)s.") % {"choices": ", ".join(COLORS[1:])}, "color")
        held.color = color
    held.save(update_fields=["name", "key", "color"])
    _show_anew([held.pk], at=at)
    if held.name != was:
        _find_by_its_name(held, at=at)
    return held


def archive_tag(tag: Tag, *, archived: bool, at: datetime) -> Tag:
    """Offer a tag no more, or again; conversations keep it."""
    if (tag.archived_at is not None) != archived:
        tag.archived_at = at if archived else None
        tag.save(update_fields=["archived_at"])
    return tag


@transaction.atomic
def merge_tags(keep: Tag, drop: Tag, *, at: datetime) -> Tag:
    """Two tags meant the same: whatever bears ``drop`` bears ``keep``, and ``drop`` is gone. Cannot be undone.

    Raises InvalidInput("id") for one tag twice, or tags of two shops.
    """
    if keep.pk == drop.pk or keep.shop_id != drop.shop_id:
        raise InvalidInput(_("Choose two tags."), "id")
    rows = Tag.objects.select_for_update().filter(pk__in=[keep.pk, drop.pk]).order_by("pk")
    held = {one.pk: one for one in rows}
    if len(held) != 2:
        raise InvalidInput(_("There is no such tag."), "id")
    _show_anew([drop.pk], at=at)
    bearers = TicketTag.objects.filter(tag=drop.pk)
    both = TicketTag.objects.filter(tag=keep.pk, ticket__in=bearers.values("ticket")).values_list("ticket", flat=True)
    bearers.exclude(ticket__in=list(both)).update(tag=keep.pk)
    held[drop.pk].delete()
    _find_by_its_name(held[keep.pk], at=at)
    return held[keep.pk]


def _find_by_its_name(tag: Tag, *, at: datetime) -> None:
    """Whatever bears the tag is found by the name that it has now, once a job has seen to it."""
    schedule("search.tag", key=f"search.tag:{tag.pk}:0", shop=tag.shop, due_at=at, payload={"tag": tag.pk}, again=True)


def _show_anew(tags: Collection[int], *, at: datetime) -> None:
    marked = TicketTag.objects.filter(tag__in=tags).values("ticket")
    Ticket.objects.filter(pk__in=marked).update(updated_at=at, revision=revision())
