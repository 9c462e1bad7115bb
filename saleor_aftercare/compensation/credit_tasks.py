"""Making the gift card of a store credit, once however often the job runs.

The code is ours and is written down before anything is sent, so Saleor itself refuses a second card; what became of
a request whose answer was lost is read back by that code.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.commands import carry_out, write_command
from saleor_aftercare.connection.effects import EFFECTS
from saleor_aftercare.connection.effects.gift_cards import REFERENCE
from saleor_aftercare.connection.models import CommandState, ShopCommand
from saleor_aftercare.connection.shop import speaking_to_staff
from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import ProviderUnavailable
from saleor_aftercare.core.jobs import MAX_ATTEMPTS, handles
from saleor_aftercare.core.models import Job

from . import actions, queries
from .actions.credits import new_code
from .models import StoreCredit, StoreCreditState
from .tasks import wait_for_what_is_under_way

#: Saleor's word for a code that another gift card has.
CODE_TAKEN = "ALREADY_EXISTS"


@handles("compensation.store_credit")
def run_store_credit(job: Job) -> None:
    """Take a store credit as far as it goes now."""
    credit = StoreCredit.objects.select_related("shop", "order__shop").get(pk=job.payload["credit"])
    # What goes wrong is written down for the shop's staff, in the shop's language.
    with speaking_to_staff(credit.shop):
        _take_further(credit, job, at=clock.now())


def _take_further(credit: StoreCredit, job: Job, *, at: datetime) -> None:
    if credit.state == StoreCreditState.PENDING and not _start(credit, job, at=at):
        return
    if credit.state != StoreCreditState.ISSUING:
        return
    try:
        _make_card(credit, at=at)
    except ProviderUnavailable:
        if job.attempts < MAX_ATTEMPTS:
            raise
        actions.ask_staff_about_credit(credit, reason=_("Saleor did not answer for a long time."), at=at)


def _start(credit: StoreCredit, job: Job, *, at: datetime) -> bool:
    """Judge the credit against what each order that pays for it still holds; False when it failed that test.

    Raises ProviderUnavailable for a while when something else is under way on the order's payments.
    """
    if not queries.may_issue_credit(credit.shop):
        actions.fail_credit(credit, reason=queries.why_no_credit(credit.shop), at=at)
        return False
    for order, value in queries.shares_of(credit):
        ledger, _answer = queries.read_money(order, at=at)
        left = queries.left_for_credit(credit, order, ledger)
        if left < value:
            wait_for_what_is_under_way(ledger, job)
            reason = _("Order %(number)s: only %(amount)s can still be given back.")
            blanks = {"number": order.number, "amount": f"{left.wire()} {left.currency}"}
            actions.fail_credit(credit, reason=reason % blanks, at=at)
            return False
    credit.move("start", at=at)
    return True


def _make_card(credit: StoreCredit, *, at: datetime) -> None:
    command = _command(credit, at=at)
    carry_out(command, at=at)
    if command.state == CommandState.FAILED and command.error_code == CODE_TAKEN:
        _settle_taken_code(credit, command, at=at)
    elif command.state == CommandState.FAILED:
        actions.fail_credit(credit, reason=command.error, at=at)
    else:
        actions.note_issued(credit, gift_card_id=command.response["gift_card"], at=at)


def _settle_taken_code(credit: StoreCredit, command: ShopCommand, *, at: datetime) -> None:
    """A card of our code exists: ours after all, or, once in the life of the universe, somebody else's."""
    effect = EFFECTS[command.kind]
    found = effect.found(command, effect.read(command))
    if found is not None:
        actions.note_issued(credit, gift_card_id=found["gift_card"], at=at)
        return
    with transaction.atomic():
        StoreCredit.objects.filter(pk=credit.pk).update(code=new_code())
        credit.refresh_from_db(fields=["code"])
        actions.fail_credit(credit, reason=command.error, at=at)


def _command(credit: StoreCredit, *, at: datetime) -> ShopCommand:
    """The command for the credit's present code; a new code is a new command."""
    reference = f"store_credit:{credit.pk}"
    tries = ShopCommand.objects.filter(shop=credit.shop, subject="store_credit", subject_id=credit.pk).order_by("-pk")
    newest = tries.first()
    if newest is not None and newest.secret == credit.code:
        newest.shop = credit.shop
        return newest
    command = write_command(
        credit.shop,
        kind="create_gift_card",
        reference=reference if newest is None else f"{reference}:{newest.pk}",
        subject=("store_credit", credit.pk),
        order_id=credit.order.saleor_id,
        request={"input": _input(credit)},
        secret=credit.code,
        at=at,
    )
    command.shop = credit.shop
    return command


def _input(credit: StoreCredit) -> dict[str, Any]:
    label = credit.order.number
    wanted: dict[str, Any] = {
        "balance": {"amount": credit.money.wire(), "currency": credit.currency},
        "isActive": True,
        "addTags": ["aftercare", f"aftercare-{credit.subject}-{credit.subject_id}"],
        "note": _("Store credit for order %(number)s") % {"number": label},
        "metadata": [{"key": REFERENCE, "value": f"{credit.subject}:{credit.subject_id}:{credit.pk}"}],
    }
    if credit.expires_on is not None:
        wanted["expiryDate"] = credit.expires_on.isoformat()
    if credit.assigned_to and credit.shop.schema_version >= (3, 23):
        wanted["assignedTo"] = credit.assigned_to
    return wanted
