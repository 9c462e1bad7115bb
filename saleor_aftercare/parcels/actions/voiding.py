"""Giving up a parcel that was not sent."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import ProviderError, ProviderUnavailable
from saleor_aftercare.core.events import Actor
from saleor_aftercare.core.jobs import cancel
from saleor_aftercare.core.models import Shop
from saleor_aftercare.parcels.accounts import note_accepted, provider_for
from saleor_aftercare.parcels.events import ParcelExpired, ParcelVoided, ParcelVoidFailed
from saleor_aftercare.parcels.making import schedule_void
from saleor_aftercare.parcels.models import UNSENT_STATES, Parcel, ParcelState
from saleor_aftercare.parcels.queries import locked_parcel
from saleor_aftercare.parcels.telling import tell
from saleor_aftercare.providers.labels.base import LabelProvider


@transaction.atomic
def void_parcel(parcel: Parcel, *, at: datetime, actor: Actor) -> Parcel:
    """Give a parcel up before it is sent.

    A label that its provider takes back is void once the provider says so (a job asks; ``error`` shows a refusal);
    any other at once, and so is one that expired, whatever its provider says. Raises Conflict once it was handed over.
    """
    locked = locked_parcel(parcel)
    if locked.state not in {*UNSENT_STATES, ParcelState.EXPIRED}:
        locked.move("void", at=at)  # raises, with the workflow's words
    provider = _provider_or_none(locked)
    takes_back = provider is not None and provider.capabilities.voids
    if locked.state == ParcelState.EXPIRED:
        # Nobody can use it any more; whether the money comes back is the provider's to say.
        locked.move("void", at=at, poll_at=None, void_wanted_at=at if takes_back else None)
        tell(ParcelVoided, locked, at=at, actor=actor)
        if takes_back:
            schedule_void(locked, at=at)
        return locked
    if locked.state == ParcelState.READY and takes_back:
        if locked.void_wanted_at is None:
            Parcel.objects.filter(pk=locked.pk).update(void_wanted_at=at, error="")
            locked.void_wanted_at, locked.error = at, ""
            schedule_void(locked, at=at)
        return locked
    locked.move("void", at=at, poll_at=None)
    tell(ParcelVoided, locked, at=at, actor=actor)
    return locked


def carry_out_void(parcel: Parcel, *, at: datetime) -> None:
    """Ask the provider to take a label back, as ``void_wanted_at`` says. Calls out: not inside a transaction.

    Raises ProviderUnavailable when the job should come again; a refusal is kept in ``error`` and told.
    """
    if parcel.void_wanted_at is None or parcel.state not in {*UNSENT_STATES, ParcelState.VOID}:
        return
    problem = ""
    try:
        provider = provider_for(parcel.shop, parcel.provider)
        if provider.capabilities.voids and parcel.provider_reference:
            provider.void(parcel.provider_reference)
            note_accepted(parcel.shop, parcel.provider, at=at)
        elif parcel.provider_reference:
            problem = _("This provider takes no labels back; it may be billed.")
    except ProviderUnavailable:
        raise
    except ProviderError as error:
        problem = error.message
    if problem:
        note_void_failed(parcel, problem, at=at)
        return
    with transaction.atomic():
        locked = locked_parcel(parcel)
        Parcel.objects.filter(pk=locked.pk).update(void_wanted_at=None, error="")
        if locked.state == ParcelState.READY:
            locked.move("void", at=at, poll_at=None, void_wanted_at=None)
            tell(ParcelVoided, locked, at=at)


@transaction.atomic
def note_void_failed(parcel: Parcel, problem: str, *, at: datetime) -> None:
    """The provider did not take the label back: staff see why, and may ask again."""
    locked = locked_parcel(parcel)
    Parcel.objects.filter(pk=locked.pk).update(void_wanted_at=None, error=problem[:500])
    tell(ParcelVoidFailed, locked, at=at)


@transaction.atomic
def expire_parcel(parcel: Parcel, *, today: date, at: datetime) -> Parcel:
    """The label's last day is over and it was not used; a new one can be asked for (C1.14)."""
    locked = locked_parcel(parcel)
    if locked.state == ParcelState.READY and locked.expires_on is not None and locked.expires_on < today:
        locked.move("expire", at=at, poll_at=None)
        tell(ParcelExpired, locked, at=at)
    return locked


def give_up_case(shop: Shop, subject: tuple[str, int], *, at: datetime, actor: Actor) -> int:
    """Void every parcel of a case that was not sent; returns how many. For cases that were canceled or declined."""
    kind, pk = subject
    parcels = list(Parcel.objects.filter(shop=shop, subject=kind, subject_id=pk, state__in=UNSENT_STATES))
    for parcel in parcels:
        cancel(shop, f"parcel-label:{parcel.pk}", at=at)
        void_parcel(parcel, at=at, actor=actor)
    return len(parcels)


def _provider_or_none(parcel: Parcel) -> LabelProvider | None:
    try:
        return provider_for(parcel.shop, parcel.provider)
    except ProviderError:
        return None
