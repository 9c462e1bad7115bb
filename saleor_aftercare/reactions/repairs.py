"""Returns and repairs meet: what is to be mended is handed over, for the customer or for the shop that keeps it.

A line whose customer chose a repair becomes one when the return is approved, and is checked in when the warehouse
inspects its units; nobody is asked to send what is here. Units that the shop keeps and inspects as "to be repaired"
become a repair of the shop's own, of which no customer hears.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from saleor_aftercare.connection.shop import settings_of, speaking_to_staff
from saleor_aftercare.core import clock
from saleor_aftercare.core.events import Actor, reacts_to
from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.core.models import ActorKind, Event
from saleor_aftercare.policies.models import Resolution
from saleor_aftercare.policies.queries import reason_of
from saleor_aftercare.repairs.actions import check_in_repair, take_back_repair
from saleor_aftercare.repairs.handover import Found, HandOver, take_over
from saleor_aftercare.repairs.models import RepairFor, RepairRequest, RepairState
from saleor_aftercare.returns.actions import take_over as note_on_line
from saleor_aftercare.returns.events import InspectionVoided, ReturnHandedToRepair, ReturnInspected
from saleor_aftercare.returns.goods import Disposition, Grade, Inspection
from saleor_aftercare.returns.inspection import note_repair
from saleor_aftercare.returns.models import Return, ReturnLine
from saleor_aftercare.returns.queries import get_return

#: Repairs that units may still join.
OPEN = (RepairState.REQUESTED, RepairState.ACCEPTED, RepairState.CHECKED_IN)


@reacts_to(ReturnHandedToRepair)
def have_it_repaired(event: Event) -> None:
    """One repair for each line, accepted already: whoever approved the return decided that."""
    for line in event.data["lines"]:
        _hand_over_line(get_return(event.shop, event.subject_id), line, event)


@transaction.atomic
def _hand_over_line(ret: Return, pk: int, event: Event) -> None:
    line = _locked(ret, pk)
    if not line.repair_number:
        units = line.quantity if line.quantity_approved is None else line.quantity_approved
        made = take_over(_for_the_customer(ret, line, units), found=None, at=clock.now(), actor=_actor(event))
        note_on_line(line, repair_number=made.number)


@reacts_to(ReturnInspected)
def take_units_to_the_workshop(event: Event) -> None:
    """The units are here. Who gets them back decides whose repair it is."""
    if event.data["disposition"] == Disposition.REPAIR:
        _hand_over_inspected(get_return(event.shop, event.subject_id), event)


@transaction.atomic
def _hand_over_inspected(ret: Return, event: Event) -> None:
    rows = Inspection.objects.select_for_update(of=("self",)).select_related("shop", "line")
    inspection = rows.get(shop=event.shop, pk=event.data["inspection"])
    if inspection.voided_at is not None or inspection.repair_number:
        return
    line = _locked(ret, inspection.line_id)
    at, actor = clock.now(), _actor(event)
    found = Found(
        findings=_findings(inspection),
        serial_numbers=inspection.serial_numbers,
        photos=list(inspection.photos.all()),
    )
    if line.resolution != Resolution.REPAIR:
        repair = take_over(_for_the_shop(ret, line, inspection), found=found, at=at, actor=actor)
    elif (known := _open_repair(line)) is not None:
        repair = check_in_repair(
            known,
            findings=found.findings,
            serial_numbers=found.serial_numbers,
            photos=found.photos,
            at=at,
            actor=actor,
        )
    else:
        key = f"inspection:{inspection.pk}" if line.repair_number else ""
        units = _for_the_customer(ret, line, inspection.quantity, key=key)
        repair = take_over(units, found=found, at=at, actor=actor)
        if not line.repair_number:
            note_on_line(line, repair_number=repair.number)
    note_repair(inspection, repair_number=repair.number, at=at, actor=actor)


@reacts_to(InspectionVoided)
def take_units_back_from_the_workshop(event: Event) -> None:
    """The judgement was wrong: a repair of the shop's own ends with it; what is the customer's stays to be repaired."""
    inspection = Inspection.objects.get(shop=event.shop, pk=event.data["inspection"])
    rows = RepairRequest.objects.filter(shop=event.shop, handover_key=f"inspection:{inspection.pk}")
    made = rows.filter(for_whom=RepairFor.SHOP, state=RepairState.CHECKED_IN).select_related("shop").first()
    if made is not None:
        take_back_repair(made, at=clock.now(), actor=_actor(event))


def _locked(ret: Return, pk: int) -> ReturnLine:
    rows = ReturnLine.objects.select_for_update(of=("self",)).select_related("order_line__order__shop")
    return rows.get(ret=ret, pk=pk)


def _open_repair(line: ReturnLine) -> RepairRequest | None:
    shop = line.order_line.order.shop
    return RepairRequest.objects.filter(shop=shop, number=line.repair_number, state__in=OPEN).first()


def _for_the_customer(ret: Return, line: ReturnLine, units: int, *, key: str = "") -> HandOver:
    return HandOver(
        key=key or f"return-line:{line.pk}",
        return_number=ret.number,
        order_line=line.order_line,
        quantity=units,
        for_whom=RepairFor.RECIPIENT if ret.is_gift else RepairFor.CUSTOMER,
        name=ret.contact_name,
        email=ret.contact_email,
        language=ret.contact_language,
        description=_told(ret, line, units, supported_language(ret.contact_language)),
        photos=list(line.photos.all()),
    )


def _for_the_shop(ret: Return, line: ReturnLine, inspection: Inspection) -> HandOver:
    language = settings_of(ret.shop).default_language
    return HandOver(
        key=f"inspection:{inspection.pk}",
        return_number=ret.number,
        order_line=line.order_line,
        quantity=inspection.quantity,
        for_whom=RepairFor.SHOP,
        name="",
        email="",
        language=language,
        description=_told(ret, line, inspection.quantity, language),
        photos=list(line.photos.all()),
    )


def _told(ret: Return, line: ReturnLine, units: int, language: str) -> str:
    """What the customer said of it: the reason, the answers to its questions, and their own words."""
    bought = line.order_line
    name = " ".join(filter(None, (bought.product_name, bought.variant_name)))
    with translation.override(language):
        first = _("From return %(number)s, %(units)d × %(name)s.")
        parts = [first % {"number": ret.number, "units": units, "name": name}]
    reason = reason_of(ret.shop, line.reason, language)
    told = [reason.label, *reason.told(line.answers)] if reason is not None else []
    return "\n\n".join(filter(None, (*parts, "\n".join(told), line.note, ret.note)))


def _findings(inspection: Inspection) -> str:
    """What the warehouse found, in the shop's own language."""
    with speaking_to_staff(inspection.shop):
        grade = _("Grade %(grade)s: %(meaning)s")
        first = grade % {"grade": inspection.grade, "meaning": Grade(inspection.grade).label}
    return "\n".join(filter(None, (first, inspection.note)))


def _actor(event: Event) -> Actor:
    return Actor(ActorKind(event.actor_kind), event.actor_name)
