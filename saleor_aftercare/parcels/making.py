"""Getting a label, once, however often a worker dies or an answer is lost.

Before a provider is asked for money the row says so (``asked_at``). Who finds that mark on a parcel without a label
asks "did you sell it?" before asking again; where a provider can neither be asked that nor deduplicates, a person
looks. So a label is never bought twice, and one that was paid for is never forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import OrderLine, ShopSettings
from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import AftercareError, InvalidInput, ProviderError, ProviderUnavailable
from saleor_aftercare.core.events import SYSTEM, Actor
from saleor_aftercare.core.files import store
from saleor_aftercare.core.jobs import schedule
from saleor_aftercare.core.models import Shop, StoredFile
from saleor_aftercare.providers import registry
from saleor_aftercare.providers.credentials import CredentialsRejected
from saleor_aftercare.providers.labels.base import Awaited, From, Label, LabelProvider, LabelRequest, MaybeBought, Payer

from .accounts import note_accepted, note_rejected, provider_for
from .contents import commodities_of, contents_of, known_weight_of, weight_of
from .events import ParcelAwaitsLabel, ParcelFailed, ParcelNeedsStaff, ParcelReady
from .measures import box_of
from .models import Handover, Parcel, ParcelState
from .queries import printed_number
from .sheets import Papers, language_of, papers_of, sender_of
from .telling import tell

log = structlog.get_logger(__name__)

#: Tries while a provider is away: with the jobs' backoff that is about an hour and a half. Then staff choose.
MAX_TRIES = 10
#: When a label that can be tracked is first asked about.
FIRST_POLL = timedelta(hours=6)


def want_label(parcel: Parcel, *, at: datetime) -> None:
    """Have the label made by a job; in the caller's transaction."""
    key = f"parcel-label:{parcel.pk}"
    schedule("parcels.make_label", key=key, shop=parcel.shop, due_at=at, payload={"parcel": parcel.pk}, again=True)


def make_label(parcel: Parcel, *, tries: int, at: datetime) -> None:
    """Get the label of a parcel that wants one, or find out what became of an earlier attempt.

    Calls out: not inside a transaction. ``tries`` counts from 1.

    Raises ProviderUnavailable when the job should come again.
    """
    if parcel.state not in {ParcelState.WANTED, ParcelState.UNKNOWN}:
        return
    kind = None
    try:
        kind = registry.label_provider_kind(parcel.provider)
        provider, request = provider_for(parcel.shop, parcel.provider), label_request(parcel)
        if kind.capabilities.exports:
            provider.buy(request)  # costs nothing, and says whether a list could hold it; it waits for the next one
            return
        answer = _ask(parcel, provider, request, at=at)
    except ProviderUnavailable as error:
        _note_unavailable(parcel, error, kind, tries=tries, at=at)
        return
    except AftercareError as error:
        if isinstance(error, CredentialsRejected):
            note_rejected(parcel.shop, parcel.provider, error, at=at)
        _give_up(parcel, error.message, at=at)
        return
    if answer is None:
        return
    note_accepted(parcel.shop, parcel.provider, at=at)
    if isinstance(answer, Awaited):
        _await(parcel, answer, at=at)
    else:
        keep_label(parcel, answer, at=at)


def _ask(parcel: Parcel, provider: LabelProvider, request: LabelRequest, *, at: datetime) -> Label | Awaited | None:
    """Buy, or find what was bought; None where a person has to look, or somebody else is faster."""
    able = provider.capabilities
    rows = Parcel.objects.filter(pk=parcel.pk)
    first = rows.filter(state=ParcelState.WANTED, asked_at=None).update(asked_at=at) == 1
    if not first and not rows.filter(state__in=[ParcelState.WANTED, ParcelState.UNKNOWN]).exists():
        return None
    if not first and able.finds:
        found = provider.find(request.reference)
        if found is not None:
            return found
    elif not first and not able.deduplicates:
        _lose_answer(parcel, _("Whether a label was bought is not known."), needs_staff=True, at=at)
        return None
    try:
        return provider.buy(request)
    except MaybeBought:
        raise
    except ProviderUnavailable:
        if first:
            # Nothing was bought, so that the next try need not ask.
            rows.filter(state=ParcelState.WANTED).update(asked_at=None)
        raise


def _note_unavailable(
    parcel: Parcel,
    error: ProviderUnavailable,
    kind: registry.LabelProviderKind | None,
    *,
    tries: int,
    at: datetime,
) -> None:
    able = kind.capabilities if kind is not None else None
    lost = isinstance(error, MaybeBought) or parcel.state == ParcelState.UNKNOWN
    last = tries >= MAX_TRIES
    if lost:
        answerable = able is not None and (able.finds or able.deduplicates)
        _lose_answer(parcel, error.message, needs_staff=last or not answerable, at=at)
        if answerable and not last:
            raise error
        return
    if not last:
        Parcel.objects.filter(pk=parcel.pk).update(error=error.message[:500])
        raise error
    _give_up(parcel, error.message, at=at)


@transaction.atomic
def _lose_answer(parcel: Parcel, message: str, *, needs_staff: bool, at: datetime) -> None:
    locked = Parcel.objects.select_for_update(of=("self",)).select_related("shop").get(pk=parcel.pk)
    if locked.state == ParcelState.WANTED:
        locked.move("lose_answer", at=at, error=message[:500])
    elif locked.state != ParcelState.UNKNOWN:
        return
    if needs_staff:
        tell(ParcelNeedsStaff, locked, at=at)


@transaction.atomic
def _give_up(parcel: Parcel, message: str, *, at: datetime) -> None:
    """The provider said no. Of an unknown purchase a "no" tells nothing: a person looks."""
    locked = Parcel.objects.select_for_update(of=("self",)).select_related("shop").get(pk=parcel.pk)
    if locked.state == ParcelState.UNKNOWN:
        Parcel.objects.filter(pk=locked.pk).update(error=message[:500])
        tell(ParcelNeedsStaff, locked, at=at)
    elif locked.state in {ParcelState.WANTED, ParcelState.AWAITING_NUMBER}:
        locked.move("fail", at=at, error=message[:500], asked_at=None)
        tell(ParcelFailed, locked, at=at)


def refuse_label(parcel: Parcel, message: str, *, at: datetime) -> None:
    """The provider called back to say that there will be no label."""
    _give_up(parcel, message, at=at)


@transaction.atomic
def _await(parcel: Parcel, answer: Awaited, *, at: datetime) -> None:
    locked = Parcel.objects.select_for_update(of=("self",)).select_related("shop").get(pk=parcel.pk)
    if locked.state not in {ParcelState.WANTED, ParcelState.UNKNOWN}:
        return
    reference = answer.provider_reference[:200] or locked.provider_reference
    locked.move("export", at=at, provider_reference=reference, error="")
    if answer.source == From.STAFF:
        tell(ParcelAwaitsLabel, locked, at=at)


def keep_label(parcel: Parcel, label: Label, *, at: datetime, actor: Actor = SYSTEM) -> Parcel:
    """Store a label that was made, and tell; one that nobody wants any more goes back to the provider."""
    papers = papers_of(parcel, label, at=at)
    with transaction.atomic():
        locked = Parcel.objects.select_for_update(of=("self",)).select_related("shop", "order").get(pk=parcel.pk)
        bought = {
            "carrier": label.carrier,
            "tracking_number": label.tracking_number,
            "tracking_url": label.tracking_url,
            "provider_reference": label.provider_reference or locked.provider_reference,
            "cost": label.cost.amount if label.cost else None,
            "cost_currency": label.cost.currency if label.cost else "",
            "expires_on": label.expires_on,
        }
        if locked.state not in {ParcelState.WANTED, ParcelState.UNKNOWN, ParcelState.AWAITING_NUMBER}:
            _not_wanted_any_more(locked, bought, at=at)
            return locked
        tracks = bool(label.tracking_number) and _tracks(locked)
        locked.move(
            "make",
            at=at,
            **bought,
            **_filed(locked.shop, printed_number(locked), papers, at=at),
            dropoff_code=label.dropoff_code,
            error="",
            poll_at=at + FIRST_POLL if tracks else None,
        )
        tell(ParcelReady, locked, at=at, actor=actor)
        if tracks:
            schedule_poll(locked.shop, locked.provider, due_at=at + FIRST_POLL)
        if locked.expires_on is not None:
            schedule_expiry(locked)
    return locked


def _not_wanted_any_more(parcel: Parcel, bought: Mapping[str, object], *, at: datetime) -> None:
    """It was given up, or sent otherwise, while the provider was asked: paid, and not to be used."""
    if parcel.state == ParcelState.READY:
        return  # another worker was faster, with the same label
    log.info("label_not_wanted_any_more", parcel=parcel.pk)
    kept = {name: bought[name] for name in ("provider_reference", "cost", "cost_currency")}
    Parcel.objects.filter(pk=parcel.pk).update(**kept, void_wanted_at=at)
    schedule_void(parcel, at=at)


def schedule_void(parcel: Parcel, *, at: datetime) -> None:
    """Have the provider take the label back."""
    key = f"parcel-void:{parcel.pk}"
    schedule("parcels.void", key=key, shop=parcel.shop, due_at=at, payload={"parcel": parcel.pk}, again=True)


def schedule_poll(shop: Shop, provider: str, *, due_at: datetime) -> None:
    """Have a provider asked where its parcels are, then or sooner."""
    key = f"parcels-poll:{provider}"
    schedule("parcels.poll", key=key, shop=shop, due_at=due_at, payload={"provider": provider}, again=True)


def schedule_expiry(parcel: Parcel) -> None:
    """Look at the label again when its last day is over, by the shop's clock."""
    if parcel.expires_on is None:
        return
    zone = ZoneInfo(ShopSettings.objects.only("time_zone").get(shop=parcel.shop_id).time_zone)
    over = datetime.combine(parcel.expires_on + timedelta(days=1), datetime.min.time(), tzinfo=zone)
    key = f"parcel-expire:{parcel.pk}"
    schedule("parcels.expire", key=key, shop=parcel.shop, due_at=over, payload={"parcel": parcel.pk}, again=True)


def _filed(shop: Shop, number: str, papers: Papers, *, at: datetime) -> dict[str, StoredFile]:
    pdf, png = "application/pdf", "image/png"
    files = {
        "a6": (f"{number}-label.pdf", pdf, papers.a6),
        "a4": (f"{number}-label-A4.pdf", pdf, papers.a4),
        "slip": (f"{number}-packing-slip.pdf", pdf, papers.slip),
        "customs": (f"{number}-customs.pdf", pdf, papers.customs),
        "dropoff_image": (f"{number}-dropoff.png", png, papers.dropoff),
    }
    return {
        column: store(shop, name=name, content_type=kind, data=data, at=at)
        for column, (name, kind, data) in files.items()
        if data is not None
    }


def label_request(parcel: Parcel) -> LabelRequest:
    """What a provider is asked for.

    Raises InvalidInput or Refused for what no provider could work with: no sender, a return address that lacks
    something.
    """
    settings = ShopSettings.objects.get(shop=parcel.shop_id)
    contents = contents_of(parcel.contents)
    keys = [one.order_line for one in contents if one.order_line is not None]
    lines = {line.pk: line for line in OrderLine.objects.filter(order=parcel.order_id, pk__in=keys)}
    order = parcel.order
    try:
        recipient = PostalAddress.from_json(parcel.recipient)
    except InvalidInput as error:
        raise InvalidInput(_("The return address is not complete."), error.field) from None
    return LabelRequest(
        reference=parcel.reference,
        return_number=printed_number(parcel),
        sender=sender_of(parcel),
        recipient=recipient,
        payer=Payer(parcel.payer),
        language=language_of(parcel, settings),
        weight_g=parcel.weight_g or weight_of(contents, lines),
        usual_weight_g=max(settings.parcel_weight_g, known_weight_of(contents, lines)),
        box=box_of(parcel, settings),
        prefers_dropoff=parcel.handover == Handover.DROPOFF,
        sender_email=order.email if order is not None else "",
        order_number=order.number if order is not None else "",
        position=parcel.position,
        commodities=commodities_of(contents, lines, order.currency) if order is not None else (),
    )


def _tracks(parcel: Parcel) -> bool:
    try:
        return provider_for(parcel.shop, parcel.provider).capabilities.tracks
    except ProviderError:
        return False
