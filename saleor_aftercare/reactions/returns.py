"""Returns: tell the customer, tell Saleor, and go on to what comes next."""

from __future__ import annotations

from saleor_aftercare.connection.models import Fulfillment
from saleor_aftercare.connection.notes import note_on_order
from saleor_aftercare.connection.shop import speaking_to_staff
from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import Refused
from saleor_aftercare.core.events import SYSTEM, Actor, reacts_to
from saleor_aftercare.core.models import ActorKind, Event
from saleor_aftercare.parcels.events import (
    OutboundReturned,
    ParcelArrived,
    ParcelExpired,
    ParcelInTransit,
    ParcelLost,
    ParcelReady,
    ParcelReturned,
)
from saleor_aftercare.parcels.models import Parcel, ParcelState
from saleor_aftercare.returns import letters, words
from saleor_aftercare.returns.actions import (
    mark_arrived,
    mark_came_back,
    mark_label_expired,
    mark_lost,
    mark_sent,
    record_undeliverable,
)
from saleor_aftercare.returns.events import (
    ReturnApproved,
    ReturnArrived,
    ReturnCameBack,
    ReturnCanceled,
    ReturnDeclined,
    ReturnExpired,
    ReturnHandedToRepair,
    ReturnKept,
    ReturnLabelExpired,
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
from saleor_aftercare.returns.models import Hitch, Return, ReturnState
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
        if ret.state in {S.APPROVED, S.IN_TRANSIT, S.LOST}:
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


@reacts_to(ReturnLabelExpired)
def say_that_the_label_expired(event: Event) -> None:
    """The last one that could be used; a new one may be asked for."""
    ret = _return(event)
    if ret.hitch == Hitch.LABEL_EXPIRED:
        letters.write_label_expired(ret, at=clock.now())


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
    """By its first parcel. One that was given up is not brought back to life, except when it had only expired.

    What the carrier has brought back meanwhile is with the customer, in whatever order the news is worked off.
    """
    if event.data["case"] == "return":
        ret = get_return(event.shop, event.data["case_id"])
        back = Parcel.objects.filter(shop=event.shop, pk=event.subject_id, state=ParcelState.RETURNED).exists()
        if ret.state in {S.APPROVED, S.EXPIRED} and not back:
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


@reacts_to(ParcelReturned)
def note_that_the_goods_are_with_the_customer_again(event: Event) -> None:
    """The return once no other parcel of it is on its way, or here; the letter for each parcel, which wants a label."""
    if event.data["case"] != "return":
        return
    mark_came_back(get_return(event.shop, event.data["case_id"]), at=clock.now(), actor=_actor(event))
    ret = get_return(event.shop, event.data["case_id"])
    parcel = Parcel.objects.get(shop=event.shop, pk=event.subject_id)
    if ret.state in {S.APPROVED, S.IN_TRANSIT, S.LOST, S.EXPIRED} and parcel.state == ParcelState.RETURNED:
        letters.write_came_back(ret, parcel, at=clock.now())


@reacts_to(ParcelExpired)
def note_that_no_label_is_left(event: Event) -> None:
    """Once no other label of it can be used."""
    if event.data["case"] == "return":
        mark_label_expired(get_return(event.shop, event.data["case_id"]), at=clock.now(), actor=_actor(event))


@reacts_to(OutboundReturned)
def expect_what_could_not_be_delivered(event: Event) -> None:
    """A parcel of ours comes back: a return that nobody asked for. Told again, there is nothing left in it."""
    parcel = Fulfillment.objects.select_related("shop", "order").get(shop=event.shop, pk=event.subject_id)
    try:
        record_undeliverable(parcel, arrived=False, at=clock.now(), actor=SYSTEM)
    except Refused:
        return


# -- Saleor's own timeline -----------------------------------------------------------------------------------------


@reacts_to(
    ReturnRequested,
    ReturnApproved,
    ReturnDeclined,
    ReturnCameBack,
    ReturnCanceled,
    ReturnExpired,
    ReturnRenewed,
    ReturnSent,
    ReturnArrived,
    ReturnLost,
    ReturnKept,
    ReturnLabelExpired,
    ReturnOverridden,
    ReturnResolutionChanged,
    ReturnHandedToRepair,
    ReturnReceived,
    ReturnResolved,
)
def tell_saleors_timeline(event: Event) -> None:
    """One note for each event, in the shop's language; a job of its own writes it, and may fail by itself."""
    ret = _return(event)
    with speaking_to_staff(event.shop):
        text = words.note_about(ret.number, event.kind)
    note_on_order(ret.order, text=text, reference=f"event:{event.pk}", subject=("return", ret.pk), at=clock.now())


def _return(event: Event) -> Return:
    return get_return(event.shop, event.subject_id)


def _actor(event: Event) -> Actor:
    return Actor(ActorKind(event.actor_kind), event.actor_name)
