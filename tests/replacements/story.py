"""An exchange as it goes through the house: bought, asked back, approved, received, settled."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from saleor_aftercare.compensation.events import SettlementStarted
from saleor_aftercare.connection.models import CommandState, ShopCommand
from saleor_aftercare.core import clock, jobs
from saleor_aftercare.core.events import Actor, publish
from saleor_aftercare.core.models import ActorKind, Event, Job, JobState
from saleor_aftercare.core.money import Money
from saleor_aftercare.inbox.models import TicketMessage
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.policies.models import Resolution
from saleor_aftercare.replacements import actions, queries
from saleor_aftercare.replacements.models import Replacement
from saleor_aftercare.returns.actions import UnitsAsked, approve_return, request_return
from saleor_aftercare.returns.models import Return, ReturnReason
from tests.house import House

MEI = Actor(ActorKind.STAFF, "Mei Tanaka", 1)
BLACK, CREAM, LID = "KETTLE-KAZE-BLK", "KETTLE-KAZE-CRM", "PART-KAZE-LID"
KNIFE = "KNIFE-GYUTO-21"
#: What :func:`promised` takes for a sale to Jade.
JADE: dict[str, Any] = {"sale": {"email": "jade.guerrero@example.com"}}


def variant(house: House, sku: str) -> Any:
    """A variant of the practice shop."""
    found = house.saleor.variant(sku=sku)
    assert found is not None
    return found


def sell_out(house: House, sku: str) -> None:
    """Nothing of it is left."""
    variant(house, sku).stock = {}


def asked_back(house: House, *, sku: str = BLACK, wish: str = CREAM, quantity: int = 1, **case: Any) -> Return:
    """Bought, shipped, and asked back for something else; nobody has decided."""
    placed = house.sell([(sku, quantity)], **case.pop("sale", {}))
    ours = house.order(placed)
    return request_return(
        ours,
        units=[
            UnitsAsked(
                ours.lines.get(),
                case.pop("back", quantity),
                ReturnReason.TOO_SMALL,
                resolution=Resolution.EXCHANGE,
                exchange_variant_id=variant(house, wish).id if wish != sku else "",
                exchange_name=wish,
            )
        ],
        note="",
        at=clock.now(),
        actor=MEI,
        source="staff",
        **case,
    )


def promised(house: House, **case: Any) -> tuple[Return, Replacement]:
    """The same, approved: the goods are promised."""
    ret = asked_back(house, **case)
    approve_return(ret, at=clock.now(), actor=MEI)
    house.settle()
    row = queries.current_exchange(house.shop, "return", ret.pk)
    assert row is not None
    return ret, row


def started(house: House, **case: Any) -> Replacement:
    """The goods are back, and the replacement is to be ordered; nothing was sent yet."""
    _ret, row = promised(house, **case)
    return actions.start_replacement(row, at=clock.now(), actor=MEI)


def plan(
    house: House, *, worth: str = "139.00", credit: str = "139.00", quantity: int = 1, **values: Any
) -> Replacement:
    """A promise without a return around it: ``quantity`` cream kettles for ``credit``."""
    placed = house.sell([(BLACK, 1)], email="jade.guerrero@example.com") if "order" not in values else None
    order = values.pop("order", None) or house.order(placed)
    line = actions.ReplacementLine(
        variant_id=variant(house, values.pop("sku", CREAM)).id,
        quantity=quantity,
        name="Kettle Cream",
        worth=Money(Decimal(worth), order.currency),
    )
    key = values.pop("key", f"plan:{Replacement.objects.count()}")
    return actions.plan_replacement(
        order,
        lines=[line],
        credit=Money(Decimal(credit), order.currency),
        subject=("return", values.pop("subject_id", 1)),
        case_number=values.pop("case_number", "RMA-9001"),
        advance=False,
        key=key,
        at=clock.now(),
        actor=MEI,
        **values,
    )


def made_orders(house: House) -> list[Any]:
    """The orders and drafts that we made in the practice shop."""
    return [o for o in house.saleor.state.orders if (o.external_reference or "").startswith("aftercare:")]


def total(order: Any) -> Decimal:
    """What an order of the practice shop costs."""
    return sum((line.total for line in order.lines), Decimal(0)) + order.shipping_price


def let_minutes_pass() -> None:
    """What is under way has ended, leases have run out, and everything that waits is due."""
    past = clock.real_now() - timedelta(minutes=10)
    ShopCommand.objects.filter(state__in=[CommandState.SENDING, CommandState.UNKNOWN]).update(state_since=past)
    Job.objects.filter(state=JobState.RUNNING).update(lease_until=past)
    jobs.take_back_expired_leases()
    Job.objects.filter(state=JobState.PENDING, attempts__gt=0).update(due_at=past)


def come_to_rest(house: House) -> None:
    """Let workers and Saleor do all they have to do, however often something is tried again."""
    for _round in range(20):
        house.settle()
        tried = Job.objects.filter(state=JobState.PENDING, attempts__gt=0)
        if not tried.exists() and not Job.objects.filter(state=JobState.RUNNING).exists():
            return
        let_minutes_pass()


def start(row: Replacement) -> Replacement:
    """Have it ordered."""
    return actions.start_replacement(row, at=clock.now(), actor=MEI)


def again(row: Replacement) -> Replacement:
    """As it stands in the database."""
    return Replacement.objects.select_related("shop", "order").get(pk=row.pk)


def current(house: House, ret: Return) -> Replacement | None:
    """What is promised for a return now."""
    return queries.current_exchange(house.shop, "return", ret.pk)


def draft_of(house: House, row: Replacement) -> Any:
    """Let the worker die after the draft was made."""
    house.saleor.faults.add("500", operation="AftercareDraftUpdate", times=100)
    start(row)
    house.settle()
    house.saleor.faults.clear()
    (draft,) = made_orders(house)
    assert draft.status == "DRAFT"
    return draft


def settle(house: House, ret: Return, *, exchange: str) -> None:
    """Staff settle the return: the money part is told, and the exchange reacts."""
    publish(
        SettlementStarted(1, "return", ret.pk, refund="0", credit="0", exchange=exchange, currency=ret.order.currency),
        shop=house.shop,
        at=clock.now(),
        actor=MEI,
    )
    come_to_rest(house)


def events(row: Replacement) -> list[str]:
    """What happened to it, in order."""
    rows = Event.objects.filter(subject="replacement", subject_id=row.pk).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def letters(kind: str) -> list[OutboundMessage]:
    """The letters about replacements of this kind."""
    return list(OutboundMessage.objects.filter(kind=f"replacements/{kind}").order_by("pk"))


def told(row: Replacement) -> list[str]:
    """The lines of the shop's tickets that are about replacements."""
    rows = TicketMessage.objects.filter(shop=row.shop, event__startswith="replacement.").order_by("pk")
    return list(rows.values_list("event", flat=True))
