"""Forms between their first and their last step, and the promise that one form makes one case."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.access.models import Draft
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core import files, tokens
from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.models import Shop, StoredFile

#: How long an unfinished form is kept; whoever signs in again meanwhile goes on where they were.
KEPT_FOR = timedelta(days=2)
#: Files in one form, however many lines it has.
MAX_FILES = 60
#: What :func:`new_key` makes, with room for other lengths.
KEY = re.compile(r"[A-Za-z0-9_-]{20,40}")


def new_key() -> str:
    """A key for a form that is about to be shown."""
    return tokens.random_token()


def open_draft(order: Order, *, kind: str, key: str, at: datetime) -> Draft:
    """The draft of this key, made now if it is new.

    Raises:
        NotFound: the key belongs to another order, or to another kind of form.
    """
    return _open(order.shop_id, order.pk, kind, key, at)


def open_public_draft(shop: Shop, *, kind: str, key: str, at: datetime) -> Draft:
    """The same for a form about no order, of somebody who has proved nothing but that they know the key."""
    return _open(shop.pk, None, kind, key, at)


def find_public_draft(shop: Shop, *, kind: str, key: str, at: datetime) -> Draft | None:
    """The draft of this key about no order; None when there is none, or it is too old."""
    if not KEY.fullmatch(key):
        return None
    return Draft.objects.filter(shop=shop, order=None, kind=kind, key=key, expires_at__gt=at).first()


def _open(shop_id: int, order_id: int | None, kind: str, key: str, at: datetime) -> Draft:
    if not KEY.fullmatch(key):
        raise NotFound(_("There is no such form."))
    draft, _new = Draft.objects.get_or_create(
        shop_id=shop_id,
        key=key,
        defaults={
            "kind": kind,
            "order_id": order_id,
            "created_at": at,
            "expires_at": at + KEPT_FOR,
        },
    )
    return _check(draft, order_id, kind, at)


def get_draft(order: Order, *, kind: str, key: str, at: datetime) -> Draft:
    """The draft of this key; raises NotFound when there is none for this order, or it is too old."""
    try:
        draft = Draft.objects.get(shop_id=order.shop_id, key=key)
    except Draft.DoesNotExist:
        raise NotFound(_("There is no such form.")) from None
    return _check(draft, order.pk, kind, at)


def unfinished(order: Order, *, kind: str, at: datetime) -> Draft | None:
    """The newest form of this kind that somebody began for the order and did not send."""
    rows = Draft.objects.filter(shop_id=order.shop_id, order=order, kind=kind, result="", expires_at__gt=at)
    return rows.exclude(data={}).order_by("-pk").first()


def _check(draft: Draft, order_id: int | None, kind: str, at: datetime) -> Draft:
    if draft.order_id != order_id or draft.kind != kind or at >= draft.expires_at:
        raise NotFound(_("There is no such form."))
    return draft


def keep(draft: Draft, *, data: dict[str, Any], at: datetime, if_unchanged: bool = False) -> None:
    """Remember what is filled in; nothing is checked here, so that half an answer can be kept too.

    ``if_unchanged`` is for what a script keeps in the background: it gives way to a form that was sent meanwhile.
    """
    rows = Draft.objects.filter(pk=draft.pk)
    if if_unchanged:
        rows = rows.filter(data=draft.data)
    draft.data = data
    draft.expires_at = at + KEPT_FOR
    rows.update(data=data, expires_at=draft.expires_at)


def add_photo(draft: Draft, upload: files.Upload, *, at: datetime, field: str) -> StoredFile:
    """Store one picture with the draft; raises InvalidInput for ``field`` when it is none, or too large."""
    return _add(draft, files.store_picture, upload, at, field)


def add_attachment(draft: Draft, upload: files.Upload, *, at: datetime, field: str) -> StoredFile:
    """Store one picture, PDF or text with the draft; raises InvalidInput for ``field`` otherwise."""
    return _add(draft, files.store_attachment, upload, at, field)


def _add(draft: Draft, store: Callable[..., StoredFile], upload: files.Upload, at: datetime, field: str) -> StoredFile:
    if draft.files.count() >= MAX_FILES:
        raise InvalidInput(_("A form can hold %(count)d files at most.") % {"count": MAX_FILES}, field)
    with transaction.atomic():
        file = store(draft.shop, upload, at=at, field=field)
        draft.files.add(file)
    return file


def carry_over(draft: Draft, *, kind: str, data: dict[str, Any], files: Sequence[StoredFile], at: datetime) -> Draft:
    """Begin a form of another kind with something of this one; ``files`` of this one move over."""
    with transaction.atomic():
        into = _open(draft.shop_id, draft.order_id, kind, new_key(), at)
        keep(into, data=data, at=at)
        into.files.add(*files)
        draft.files.remove(*files)
    return into


def drop_file(draft: Draft, pk: int) -> None:
    """Throw a file of this draft away; one that is not in it is left alone."""
    with transaction.atomic():
        file = draft.files.select_for_update().filter(pk=pk).first()
        if file is not None:
            draft.files.remove(file)
            file.delete()


def send_once(draft: Draft, send: Callable[[], str]) -> str:
    """Run ``send`` for the first one who asks, and give its result to everybody.

    ``send`` makes the case and returns its number, in the same transaction that marks the draft as sent: two
    presses at once wait for each other, and when ``send`` raises nothing has happened.
    """
    with transaction.atomic():
        row = Draft.objects.select_for_update().get(pk=draft.pk)
        if not row.result:
            row.result = send()
            row.save(update_fields=["result"])
            row.files.clear()
    draft.result = row.result
    return row.result


def purge(*, at: datetime) -> int:
    """Delete forms past their time together with files that went nowhere; returns how many forms."""
    count = 0
    for draft in Draft.objects.filter(expires_at__lt=at).order_by("pk")[:1000]:
        with transaction.atomic():
            left = [file.pk for file in draft.files.all()]
            draft.delete()
            StoredFile.objects.filter(pk__in=left).delete()
        count += 1
    return count
