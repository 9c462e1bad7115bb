"""Returns: tell the customer, tell Saleor, and go on to what comes next."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Fulfillment
from saleor_aftercare.connection.notes import note_on_order
from saleor_aftercare.connection.shop import settings_of
from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import Refused
from saleor_aftercare.core.events import SYSTEM, Actor, reacts_to
from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.core.models import ActorKind, Event
from saleor_aftercare.parcels.events import OutboundReturned, ParcelArrived, ParcelInTransit, ParcelLost, ParcelReady
from saleor_aftercare.parcels.models import Parcel, ParcelState
from saleor_aftercare.repairs.actions import accept_repair, request_repair
from saleor_aftercare.returns import letters, words
from saleor_aftercare.returns.actions import (
    mark_arrived,
    mark_lost,
    mark_sent,
    record_undeliverable,
    take_over,
)
from saleor_aftercare.returns.events import (
    ReturnApproved,
    ReturnArrived,
    ReturnCanceled,
    ReturnDeclined,
    ReturnExpired,
    ReturnHandedToRepair,
    ReturnKept,
    ReturnLost,
    ReturnOverridden,
    ReturnQuestioned,
    ReturnReceived,
    ReturnRenewed,
    ReturnRequested,
    ReturnResolutionChanged,
    ReturnResolved,
    ReturnSent,
    SentBack,
)
from saleor_aftercare.returns.models import Return, ReturnLine, ReturnState
from saleor_aftercare.returns.queries import get_return

S = ReturnState


# -- letters -------------------------------------------------------------------------------------------------------


@reacts_to(ReturnRequested)
def confirm_the_request(event: Event) -> None:
    """A request that was approved at once gets the label letter instead."""
    ret = _return(event)
    if ret.state == S.REQUESTED:
        letters.write_requested(ret, at=clock.now())


@reacts_to(ParcelReady)
def send_the_label(event: Event) -> None:
    """Approved, and here is the label."""
    if event.data["case"] == "return":
        ret = get_return(event.shop, event.data["case_id"])
        if ret.state == S.APPROVED:
            letters.write_approved(ret, at=clock.now())


@reacts_to(ReturnQuestioned)
def ask_the_customer(event: Event) -> None:
    """The question, in the words of staff."""
    ret = _return(event)
    if ret.state == S.MORE_INFO:
        letters.write_question(ret, at=clock.now())


@reacts_to(ReturnDeclined)
def explain_why_not(event: Event) -> None:
    """The reason, in the words of staff."""
    ret = _return(event)
    if ret.state == S.DECLINED:
        letters.write_declined(ret, at=clock.now())


@reacts_to(ReturnCanceled)
def confirm_the_cancellation(event: Event) -> None:
    """Nothing needs to be sent."""
    letters.write_canceled(_return(event), at=clock.now())


@reacts_to(ReturnExpired)
def say_that_it_expired(event: Event) -> None:
    """No parcel came; a new label may be asked for."""
    ret = _return(event)
    if ret.state == S.EXPIRED:
        letters.write_expired(ret, at=clock.now())


@reacts_to(ReturnKept)
def say_that_nothing_needs_to_be_sent(event: Event) -> None:
    """You keep it, and are compensated all the same; what was lost on the way is told otherwise."""
    ret = _return(event)
    if ret.sent_at is None:
        letters.write_kept(ret, at=clock.now())


@reacts_to(ReturnSent)
def say_that_the_parcel_is_on_its_way(event: Event) -> None:
    """Only to who sent it: of parcels that came back undelivered the customer knows nothing."""
    ret = _return(event)
    if ret.state == S.IN_TRANSIT and ret.source != "warehouse":
        letters.write_sent(ret, at=clock.now())


@reacts_to(ReturnArrived)
def say_that_the_parcel_arrived(event: Event) -> None:
    """It is opened soon; once that has happened the letter says more than this one."""
    ret = _return(event)
    if ret.state == S.ARRIVED and ret.source != "warehouse":
        letters.write_arrived(ret, at=clock.now())


@reacts_to(ReturnLost)
def say_that_the_parcel_is_lost(event: Event) -> None:
    """The carrier does not have it any more."""
    ret = _return(event)
    if ret.state == S.LOST and ret.source != "warehouse":
        letters.write_lost(ret, at=clock.now())


@reacts_to(ReturnReceived)
def say_that_it_arrived(event: Event) -> None:
    """The parcel was opened."""
    letters.write_received(_return(event), at=clock.now())


@reacts_to(SentBack)
def say_that_it_comes_back(event: Event) -> None:
    """What was not accepted is on its way to the customer (C1.20)."""
    ret = _return(event)
    if any(line.quantity_rejected for line in ret.lines.all()):
        letters.write_sent_back(ret, at=clock.now())


# -- parcels -------------------------------------------------------------------------------------------------------


@reacts_to(ParcelInTransit)
def note_that_the_return_is_on_its_way(event: Event) -> None:
    """By its first parcel. One that was given up is not brought back to life, except when it had only expired."""
    if event.data["case"] == "return":
        ret = get_return(event.shop, event.data["case_id"])
        if ret.state in {S.APPROVED, S.EXPIRED}:
            mark_sent(ret, at=clock.now(), sent_at=event.at, actor=_actor(event))


@reacts_to(ParcelArrived)
def note_that_the_return_arrived(event: Event) -> None:
    """By its first parcel; opening it is another matter."""
    if event.data["case"] == "return":
        ret = get_return(event.shop, event.data["case_id"])
        if ret.state in {S.APPROVED, S.IN_TRANSIT, S.LOST, S.EXPIRED}:
            mark_arrived(ret, at=clock.now(), actor=_actor(event))


@reacts_to(ParcelLost)
def note_that_the_return_is_lost(event: Event) -> None:
    """Once no other parcel of it is on its way, or here."""
    if event.data["case"] != "return":
        return
    ret = get_return(event.shop, event.data["case_id"])
    others = Parcel.objects.filter(
        shop=event.shop,
        subject="return",
        subject_id=ret.pk,
        state__in=[ParcelState.READY, ParcelState.IN_TRANSIT, ParcelState.ARRIVED],
    )
    if ret.state == S.IN_TRANSIT and not others.exists():
        mark_lost(ret, at=clock.now(), actor=_actor(event))


@reacts_to(OutboundReturned)
def expect_what_could_not_be_delivered(event: Event) -> None:
    """A parcel of ours comes back: a return that nobody asked for. Told again, there is nothing left in it."""
    parcel = Fulfillment.objects.select_related("shop", "order").get(shop=event.shop, pk=event.subject_id)
    try:
        record_undeliverable(parcel, arrived=False, at=clock.now(), actor=SYSTEM)
    except Refused:
        return


# -- repairs -------------------------------------------------------------------------------------------------------


@reacts_to(ReturnHandedToRepair)
def have_it_repaired(event: Event) -> None:
    """One repair for each line, accepted already: whoever approved the return decided that."""
    ret = _return(event)
    for line in ret.lines.filter(pk__in=event.data["lines"]).select_related("order_line").order_by("pk"):
        _hand_over(ret, line, event)


@transaction.atomic
def _hand_over(ret: Return, line: ReturnLine, event: Event) -> None:
    if ReturnLine.objects.select_for_update().get(pk=line.pk).repair_number:
        return
    bought = line.order_line
    name = " ".join(filter(None, (bought.product_name, bought.variant_name)))
    units = line.quantity if line.quantity_approved is None else line.quantity_approved
    with translation.override(supported_language(ret.contact_language)):
        told = _("From return %(number)s, %(units)d × %(name)s.") % {"number": ret.number, "units": units, "name": name}
    repair = request_repair(
        ret.shop,
        order=ret.order,
        order_line=bought,
        product_name=name,
        serial_number="",
        description="\n\n".join(filter(None, (told, line.note, ret.note)))[:5000],
        photos=list(line.photos.all()),
        customer_name=ret.contact_name,
        customer_email=ret.contact_email,
        language=ret.contact_language,
        at=clock.now(),
        actor=_actor(event),
    )
    take_over(line, repair_number=repair.number)
    accept_repair(repair, at=clock.now(), actor=_actor(event))


# -- Saleor's own timeline -----------------------------------------------------------------------------------------


@reacts_to(
    ReturnRequested,
    ReturnApproved,
    ReturnDeclined,
    ReturnCanceled,
    ReturnExpired,
    ReturnRenewed,
    ReturnSent,
    ReturnArrived,
    ReturnLost,
    ReturnKept,
    ReturnOverridden,
    ReturnResolutionChanged,
    ReturnHandedToRepair,
    ReturnReceived,
    ReturnResolved,
)
def tell_saleors_timeline(event: Event) -> None:
    """One note for each event, in the shop's language; a job of its own writes it, and may fail by itself."""
    ret = _return(event)
    with translation.override(settings_of(event.shop).default_language):
        text = words.note_about(ret.number, event.kind)
    note_on_order(ret.order, text=text, reference=f"event:{event.pk}", subject=("return", ret.pk), at=clock.now())


def _return(event: Event) -> Return:
    return get_return(event.shop, event.subject_id)


def _actor(event: Event) -> Actor:
    return Actor(ActorKind(event.actor_kind), event.actor_name)
