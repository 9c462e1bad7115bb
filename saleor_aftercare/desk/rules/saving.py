"""What administrators decide about rules: each change makes a version, so that past runs stay explainable."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from saleor_aftercare.channels.models import ChannelAccount
from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core import liquid, texts
from saleor_aftercare.core.errors import Conflict, InvalidInput, NotFound
from saleor_aftercare.core.models import Shop
from saleor_aftercare.desk.models import Rule, RuleRun
from saleor_aftercare.team.models import Team

from .documents import MAX_RULES, REFERENCES, STEP_REFERENCES, RuleDocument

MAX_NAME = 100


def get_rule(shop: Shop, key: str) -> Rule:
    """The version in force of a rule; raises NotFound."""
    try:
        wanted = uuid.UUID(key)
    except ValueError:
        raise NotFound(_("There is no such rule."), "id") from None
    rule = Rule.objects.select_related("shop").filter(shop=shop, key=wanted, replaced_at=None).first()
    if rule is None:
        raise NotFound(_("There is no such rule."), "id")
    return rule


def check_document(shop: Shop, document: RuleDocument) -> RuleDocument:
    """The rule in one spelling, when it makes sense in this shop; raises InvalidInput naming the field."""
    document = document.checked()
    named: list[tuple[str, str, tuple[str, ...]]] = []
    for n, condition in enumerate(document.conditions):
        if condition.field in REFERENCES:
            named.append((REFERENCES[condition.field], f"conditions.{n}.values", condition.values))
    for n, step in enumerate(document.steps):
        if step.do in STEP_REFERENCES:
            named.append((STEP_REFERENCES[step.do], f"steps.{n}.values", step.values))
        if step.do in {"note", "reply"}:
            _check_text(step.values[0], f"steps.{n}.values")
    for kind, where, values in named:
        wanted = {int(value) for value in values if value.isdigit()}
        if wanted - _existing(shop, kind, wanted):
            raise InvalidInput(_("This is not there any more; please choose again."), where)
    return document


def _existing(shop: Shop, kind: str, keys: Iterable[int]) -> set[int]:
    rows = {
        "Team": Team.objects.filter(shop=shop, archived_at=None),
        "StaffMember": StaffMember.objects.filter(shop=shop),
        "ChannelAccount": ChannelAccount.objects.filter(shop=shop),
    }[kind]
    return set(rows.filter(pk__in=list(keys)).values_list("pk", flat=True))


def _check_text(text: str, where: str) -> None:
    try:
        liquid.check(text)
    except InvalidInput as error:
        raise InvalidInput(error.message, where) from None


@transaction.atomic
def save_rule(
    shop: Shop, *, key: str | None, version: int | None, name: str, document: RuleDocument, at: datetime
) -> Rule:
    """A new rule at the end of the list, or the next version of one.

    Raises InvalidInput, NotFound, or Conflict when ``version`` is no longer the one in force.
    """
    name = texts.one_line(name, "name", limit=MAX_NAME, required=True)
    document = check_document(shop, document)
    _hold(shop)
    if key is None:
        rows = Rule.objects.filter(shop=shop, replaced_at=None)
        if rows.count() >= MAX_RULES:
            raise InvalidInput(_("At most %(limit)d rules.") % {"limit": MAX_RULES}, "name")
        position = (rows.aggregate(last=Max("position"))["last"] or 0) + 1
        return _create(shop, uuid.uuid4(), 1, name, position, True, document, at)
    old = get_rule(shop, key)
    if old.version != version:
        raise Conflict(_("Somebody changed this meanwhile; reload and try again."), "version")
    Rule.objects.filter(pk=old.pk).update(replaced_at=at)
    return _create(shop, old.key, old.version + 1, name, old.position, old.enabled, document, at)


def _create(
    shop: Shop,
    key: uuid.UUID,
    version: int,
    name: str,
    position: int,
    enabled: bool,
    document: RuleDocument,
    at: datetime,
) -> Rule:
    return Rule.objects.create(
        shop=shop,
        key=key,
        version=version,
        name=name,
        position=position,
        enabled=enabled,
        document=document.to_json(),
        created_at=at,
    )


@transaction.atomic
def enable_rule(shop: Shop, *, key: str, enabled: bool) -> Rule:
    """Let a rule act, or rest; doing so twice changes nothing."""
    _hold(shop)
    rule = get_rule(shop, key)
    if rule.enabled != enabled:
        rule.enabled = enabled
        rule.save(update_fields=["enabled"])
    return rule


@transaction.atomic
def move_rule(shop: Shop, *, key: str, to: int) -> list[Rule]:
    """Put a rule at place ``to`` (1 is the first) and the others behind one another; returns all of them.

    Raises InvalidInput("to") for a place that is none.
    """
    _hold(shop)
    moved = get_rule(shop, key)
    rows = list(Rule.objects.filter(shop=shop, replaced_at=None).order_by("position", "pk"))
    if not 1 <= to <= len(rows):
        raise InvalidInput(_("A whole number from %(low)d to %(high)d.") % {"low": 1, "high": len(rows)}, "to")
    rest = [one for one in rows if one.pk != moved.pk]
    ordered = [*rest[: to - 1], moved, *rest[to - 1 :]]
    for position, rule in enumerate(ordered, start=1):
        rule.position = position
    Rule.objects.bulk_update(ordered, ["position"])
    return ordered


@transaction.atomic
def delete_rule(shop: Shop, *, key: str, at: datetime) -> None:
    """A rule is no more; its versions and runs stay, for whoever asks why."""
    _hold(shop)
    rule = get_rule(shop, key)
    Rule.objects.filter(pk=rule.pk).update(replaced_at=at, enabled=False)


def _hold(shop: Shop) -> None:
    """One at a time: positions and versions stay whole."""
    Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)


def runs_of(shop: Shop, *, key: str | None, limit: int) -> list[RuleRun]:
    """What rules did lately, newest first; with ``key`` what one rule did, in all its versions."""
    rows = RuleRun.objects.filter(shop=shop).select_related("rule", "ticket").order_by("-pk")
    if key is not None:
        rows = rows.filter(rule__key=get_rule(shop, key).key)
    return list(rows[:limit])
