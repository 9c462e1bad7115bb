"""Parcels and providers: staff learn what needs a person, where they look."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from saleor_aftercare.connection import client
from saleor_aftercare.connection.models import Fulfillment
from saleor_aftercare.connection.notes import note_on_order
from saleor_aftercare.connection.shop import speaking_to_staff
from saleor_aftercare.core import clock
from saleor_aftercare.core.events import reacts_to
from saleor_aftercare.core.models import Event
from saleor_aftercare.inbox.actions import add_system_line, note_case_changed
from saleor_aftercare.inbox.models import CaseKind
from saleor_aftercare.parcels.events import (
    OutboundLost,
    ParcelAwaitsLabel,
    ParcelExpired,
    ParcelFailed,
    ParcelNeedsStaff,
    ParcelReady,
    ParcelReturned,
    ParcelVoided,
    ParcelVoidFailed,
    ProviderRejected,
    ProviderVerified,
)
from saleor_aftercare.providers import registry

#: Nothing goes on until somebody of the shop does something.
URGENT: Final = frozenset({ParcelFailed.kind, ParcelNeedsStaff.kind, ParcelAwaitsLabel.kind, ParcelReturned.kind})


@reacts_to(
    ParcelReady,
    ParcelFailed,
    ParcelNeedsStaff,
    ParcelAwaitsLabel,
    ParcelReturned,
    ParcelExpired,
    ParcelVoided,
    ParcelVoidFailed,
)
def tell_the_parcels_story(event: Event) -> None:
    """One line in the ticket of the case; the ticket is due where a person has to act."""
    case, case_id = event.data["case"], event.data["case_id"]
    if case not in CaseKind.values:
        return
    kind = CaseKind(case)
    add_system_line(
        event.shop,
        kind,
        case_id,
        event=event.kind,
        data={**event.data, "by": event.actor_name},
        source=f"event:{event.pk}",
        at=event.at,
        urgent=event.kind in URGENT,
    )
    note_case_changed(event.shop, kind, case_id, at=event.at)


@reacts_to(OutboundLost)
def note_the_loss_on_the_order(event: Event) -> None:
    """An outgoing parcel belongs to no case of ours; whoever looks at the order in Saleor reads it there."""
    sent = Fulfillment.objects.select_related("order__shop").get(shop=event.shop, pk=event.subject_id)
    with speaking_to_staff(event.shop):
        text = _("The carrier says that parcel %(number)s is lost.") % {"number": sent.tracking_number}
    note_on_order(
        sent.order, text=text, reference=f"event:{event.pk}", subject=("fulfillment", sent.pk), at=clock.now()
    )


@reacts_to(ProviderRejected)
def report_the_provider_to_saleor(event: Event) -> None:
    """Shown in Saleor's Dashboard beside the app, until the credentials work again."""
    name = registry.label_provider_kind(event.data["provider"]).name
    with speaking_to_staff(event.shop):
        message = _("%(provider)s does not accept the credentials for return labels. Enter them anew in the settings.")
        text = message % {"provider": _(name)}
    problem = {"key": _problem_key(event), "message": text, "criticalThreshold": 1}
    client.mutate(event.shop, "problem-create", input=problem)


@reacts_to(ProviderVerified)
def take_the_problem_back(event: Event) -> None:
    """The credentials work."""
    client.mutate(event.shop, "problem-dismiss", input={"byApp": {"keys": [_problem_key(event)]}})


def _problem_key(event: Event) -> str:
    return f"label-provider:{event.data['provider']}"
