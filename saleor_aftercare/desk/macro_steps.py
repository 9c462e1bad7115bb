"""What a step of a macro may be, what it would do to a conversation, and doing it: by the same verbs as buttons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core import liquid
from saleor_aftercare.core.errors import AftercareError, InvalidInput, PermissionDenied
from saleor_aftercare.core.events import Actor
from saleor_aftercare.core.languages import LANGUAGES
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.money import Money
from saleor_aftercare.core.texts import one_line, paragraphs
from saleor_aftercare.inbox import actions
from saleor_aftercare.inbox.actions.queues import set_team
from saleor_aftercare.inbox.actions.tags import tag_key
from saleor_aftercare.inbox.models import STAFF_ACTIONS, FieldDefinition, Priority, Tag, Ticket
from saleor_aftercare.team.access import Access
from saleor_aftercare.team.models import Team

from .macro_cases import CASES, CaseStep
from .macro_money import GIFTS, carry_out, checked_amount, look
from .macro_texts import priority_words, state_words, text_for

MAX_VALUES: Final = 20
MAX_SNOOZE_H: Final = 24 * 365
ME: Final = "me"
#: Steps by which somebody gets money.
MONEY: Final = frozenset({"settle_return", *GIFTS})
#: Steps that may ask Saleor, which no transaction waits for.
OUTSIDE: Final = frozenset({*CASES, *GIFTS})


@dataclass(frozen=True)
class Step:
    """One step: what is done, with which values, and in which words."""

    do: str
    values: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)  #: by language, Markdown with Liquid

    def to_json(self) -> dict[str, Any]:
        """The document of a row."""
        return {"do": self.do, "values": list(self.values), "texts": dict(self.texts)}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Step:
        """Read what :meth:`to_json` wrote."""
        return cls(document["do"], tuple(document["values"]), document["texts"])


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A conversation, who acts on it, and what they may."""

    ticket: Ticket
    staff: StaffMember
    actor: Actor
    access: Access
    may_pay: bool  #: Saleor lets them handle payments
    at: datetime


@dataclass(frozen=True, kw_only=True)
class StepPlan:
    """What a step would do, in words."""

    do: str
    summary: str
    detail: str = ""  #: the whole text of an answer or a note
    amount: Money | None = None  #: that somebody gets
    before: Money | None = None  #: that was given for the conversation before, by steps like this one
    problem: str = ""  #: why it cannot be done
    fingerprint: str = ""  #: of what the case's own room worked out
    case: int | None = None  #: the key of the case that it would be done to

    @property
    def moves_money(self) -> bool:
        """Whether somebody gets money by it."""
        return self.do in MONEY


#: What each step takes: least and most values, and whether it needs words.
SHAPES: Final[Mapping[str, tuple[int, int, bool]]] = {
    "reply": (0, 0, True),
    "note": (0, 0, True),
    "state": (1, 1, False),
    "snooze": (1, 1, False),
    "tag": (1, MAX_VALUES, False),
    "untag": (1, MAX_VALUES, False),
    "assign": (1, 1, False),
    "team": (1, 1, False),
    "priority": (1, 1, False),
    "field": (2, 2, False),
    **{name: (0, 0, one.needs_words) for name, one in CASES.items()},
    **dict.fromkeys(GIFTS, (2, 2, False)),
}


def checked_step(shop: Shop, step: Step, where: str) -> Step:
    """The step in one spelling, when it makes sense in this shop; raises InvalidInput naming what does not."""
    if step.do not in SHAPES:
        raise InvalidInput(_("There is no such step."), f"{where}.do")
    low, high, needs_words = SHAPES[step.do]
    place = f"{where}.values"
    if not low <= len(step.values) <= high:
        raise InvalidInput(_("Please fill in this field."), place)
    values = tuple(one_line(one, place, limit=200, required=step.do != "field") for one in step.values)
    texts = _texts(step.texts, f"{where}.texts") if needs_words else {}
    if step.do in GIFTS:
        values = checked_amount(values, place)
    _check_values(shop, step.do, values, place)
    return Step(step.do, values, texts)


def _texts(given: Mapping[str, str], where: str) -> dict[str, str]:
    kept: dict[str, str] = {}
    for language, text in given.items():
        name = f"{where}.{language}"
        if language not in LANGUAGES:
            raise InvalidInput(_("Not a language of this app."), name)
        words = paragraphs(text, name, limit=liquid.MAX_SOURCE, required=False)
        liquid.check(words, name)
        if words:
            kept[language] = words
    if not kept:
        raise InvalidInput(_("Please write the text in one language at least."), where)
    return kept


def _check_values(shop: Shop, do: str, values: tuple[str, ...], place: str) -> None:
    if do == "state" and values[0] not in STAFF_ACTIONS:
        raise InvalidInput(_("Unknown action."), place)
    if do == "priority" and values[0] not in {str(one) for one in Priority.values}:
        raise InvalidInput(_("There is no such choice."), place)
    if do == "snooze" and (not _is_number(values[0]) or not 1 <= int(values[0]) <= MAX_SNOOZE_H):
        raise InvalidInput(_("A whole number from %(low)d to %(high)d.") % {"low": 1, "high": MAX_SNOOZE_H}, place)
    if do == "assign" and values[0] != ME:
        _named(StaffMember, shop, values[0], place)
    if do == "team":
        _named(Team, shop, values[0], place)
    if do == "field" and not _field(shop, values[0]):
        raise InvalidInput(_("There is no such field."), place)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _named(model: Any, shop: Shop, key: str, place: str) -> Any:
    found = model.objects.filter(shop=shop, pk=int(key)).first() if _is_number(key) else None
    if found is None:
        raise InvalidInput(_("What this step names does not exist any more."), place)
    return found


def _field(shop: Shop, key: str) -> FieldDefinition | None:
    return FieldDefinition.objects.filter(shop=shop, key=key, archived_at=None).first()


# -- before --------------------------------------------------------------------------------------------------------


def plan_step(step: Step, scene: Scene) -> StepPlan:
    """What the step would do now; nothing is changed."""
    if step.do in CASES:
        return _plan_case(CASES[step.do], step, scene)
    if step.do in GIFTS:
        return _plan_gift(step, scene)
    try:
        summary, detail = _SUMMARIES[step.do](step, scene)
    except AftercareError as error:
        return StepPlan(do=step.do, summary=_TITLES[step.do](), problem=error.message)
    return StepPlan(do=step.do, summary=summary, detail=detail)


def _plan_case(kind: CaseStep, step: Step, scene: Scene) -> StepPlan:
    words = ""
    try:
        if kind.needs_words:
            words = text_for(step.texts, scene.ticket, scene.staff)
        case = kind.find(scene.ticket, None)
        if case is None:
            return StepPlan(do=step.do, summary=kind.title(), detail=words, problem=kind.nothing())
        seen = kind.look(case, scene.at)
    except AftercareError as error:
        return StepPlan(do=step.do, summary=kind.title(), detail=words, problem=error.message)
    return StepPlan(
        do=step.do,
        summary=seen.summary,
        detail=words,
        amount=seen.amount,
        problem=seen.problem if seen.amount is None else _may_not_pay(scene) or seen.problem,
        fingerprint=seen.fingerprint,
        case=case.pk,
    )


def _plan_gift(step: Step, scene: Scene) -> StepPlan:
    try:
        seen = look(step.do, step.values, scene.ticket, at=scene.at)
    except AftercareError as error:
        return StepPlan(do=step.do, summary=GIFTS[step.do].title(), problem=error.message)
    return StepPlan(
        do=step.do,
        summary=seen.summary,
        amount=seen.amount,
        before=seen.before,
        problem=_may_not_pay(scene) or seen.problem,
        fingerprint=seen.fingerprint,
    )


def _may_not_pay(scene: Scene) -> str:
    return "" if scene.may_pay else _("You need the permission %(code)s.") % {"code": "HANDLE_PAYMENTS"}


_Summary = Callable[[Step, Scene], tuple[str, str]]


def _sum_reply(step: Step, scene: Scene) -> tuple[str, str]:
    return _("Answer %(name)s") % {"name": scene.ticket.customer_name or scene.ticket.customer_email}, text_for(
        step.texts, scene.ticket, scene.staff
    )


def _sum_note(step: Step, scene: Scene) -> tuple[str, str]:
    return _("Add a note"), text_for(step.texts, scene.ticket, scene.staff)


def _sum_assign(step: Step, scene: Scene) -> tuple[str, str]:
    return _("Give it to %(name)s") % {"name": _member(step, scene).display_name}, ""


def _sum_team(step: Step, scene: Scene) -> tuple[str, str]:
    team = _named(Team, scene.ticket.shop, step.values[0], "values")
    return _("Put it into the queue of %(name)s") % {"name": team.name}, ""


def _sum_field(step: Step, scene: Scene) -> tuple[str, str]:
    definition = _field(scene.ticket.shop, step.values[0])
    if definition is None:
        raise InvalidInput(_("There is no such field."), "values")
    label = str(definition.labels.get("en") or next(iter(definition.labels.values()), definition.key))
    return _("Set %(field)s to “%(value)s”") % {"field": label, "value": step.values[1]}, ""


_SUMMARIES: Final[Mapping[str, _Summary]] = {
    "reply": _sum_reply,
    "note": _sum_note,
    "state": lambda step, _scene: (state_words(step.values[0]), ""),
    "snooze": lambda step, _scene: (_("Put it off for %(hours)s hours") % {"hours": step.values[0]}, ""),
    "tag": lambda step, _scene: (_("Mark it with %(tags)s") % {"tags": ", ".join(step.values)}, ""),
    "untag": lambda step, _scene: (_("Take off the marks %(tags)s") % {"tags": ", ".join(step.values)}, ""),
    "assign": _sum_assign,
    "team": _sum_team,
    "priority": lambda step, _scene: (priority_words(step.values[0]), ""),
    "field": _sum_field,
}
_TITLES: Final[Mapping[str, Callable[[], str]]] = {
    "reply": lambda: _("Answer the customer"),
    "note": lambda: _("Add a note"),
    "state": lambda: _("Move it"),
    "snooze": lambda: _("Put it off"),
    "tag": lambda: _("Mark it"),
    "untag": lambda: _("Take marks off"),
    "assign": lambda: _("Give it to somebody"),
    "team": lambda: _("Put it into a queue"),
    "priority": lambda: _("Change its priority"),
    "field": lambda: _("Fill in a field"),
}


# -- doing it ------------------------------------------------------------------------------------------------------


def perform(step: Step, scene: Scene, *, key: str, fingerprint: str, case: int | None) -> None:
    """Do one step. ``key`` is its own for this run: what cannot be done twice is done once by it.

    ``case`` is the case that was shown: no other one of the conversation stands in for it.
    What somebody gets by it was found to be within the limits of ``scene.access``, see ``macros``.
    """
    ticket = Ticket.objects.select_related("shop", "order").get(pk=scene.ticket.pk)
    if step.do in MONEY and (problem := _may_not_pay(scene)):
        raise PermissionDenied(problem)
    if step.do in CASES:
        kind = CASES[step.do]
        found = kind.find(ticket, case)
        if found is None:
            raise InvalidInput(kind.nothing(), "id")
        words = text_for(step.texts, ticket, scene.staff) if kind.needs_words else ""
        limit = scene.access.money_limit(ticket.order.currency) if ticket.order else None
        kind.act(found, words=words, fingerprint=fingerprint, key=key, limit=limit, at=scene.at, actor=scene.actor)
        return
    if step.do in GIFTS:
        carry_out(step.do, step.values, ticket, fingerprint=fingerprint, key=key, at=scene.at, actor=scene.actor)
        return
    _ACTS[step.do](step, scene, ticket, key)


def _act_reply(step: Step, scene: Scene, ticket: Ticket, key: str) -> None:
    actions.reply(
        ticket,
        body=text_for(step.texts, ticket, scene.staff),
        last_seen_message_id=ticket.last_message_id,
        # What was new was shown with the plan; see its fingerprint.
        force=True,
        attachments=(),
        sending=actions.Sending(key=key),
        at=scene.at,
        staff=scene.staff,
    )


def _act_note(step: Step, scene: Scene, ticket: Ticket, key: str) -> None:
    actions.add_note(ticket, body=text_for(step.texts, ticket, scene.staff), key=key, at=scene.at, staff=scene.staff)


def _act_state(step: Step, scene: Scene, ticket: Ticket, _key: str) -> None:
    if ticket.workflow.led(step.values[0], ticket.state):
        return  # as after an answer, which waits for the customer by itself
    actions.move_ticket(ticket, step.values[0], at=scene.at, staff=scene.staff)


def _act_snooze(step: Step, scene: Scene, ticket: Ticket, _key: str) -> None:
    until = scene.at + timedelta(hours=int(step.values[0]))
    actions.snooze(ticket, until=until, at=scene.at, staff=scene.staff)


def _act_tag(step: Step, scene: Scene, ticket: Ticket, _key: str) -> None:
    tags = [actions.find_or_create_tag(ticket.shop, one) for one in step.values]
    actions.change_tags(ticket, add=tags, at=scene.at, staff=scene.staff)


def _act_untag(step: Step, scene: Scene, ticket: Ticket, _key: str) -> None:
    tags = list(Tag.objects.filter(shop=ticket.shop_id, key__in=[tag_key(one) for one in step.values]))
    actions.change_tags(ticket, remove=tags, at=scene.at, staff=scene.staff)


def _act_assign(step: Step, scene: Scene, ticket: Ticket, _key: str) -> None:
    actions.assign(ticket, assignee=_member(step, scene), at=scene.at, staff=scene.staff)


def _act_team(step: Step, scene: Scene, ticket: Ticket, _key: str) -> None:
    team = _named(Team, ticket.shop, step.values[0], "values")
    set_team(ticket, team, at=scene.at, staff=scene.staff)


def _act_priority(step: Step, scene: Scene, ticket: Ticket, _key: str) -> None:
    actions.set_priority(ticket, int(step.values[0]), at=scene.at, staff=scene.staff)


def _act_field(step: Step, scene: Scene, ticket: Ticket, _key: str) -> None:
    actions.set_fields(ticket, {step.values[0]: step.values[1]}, at=scene.at, staff=scene.staff)


def _member(step: Step, scene: Scene) -> StaffMember:
    if step.values[0] == ME:
        return scene.staff
    found: StaffMember = _named(StaffMember, scene.ticket.shop, step.values[0], "values")
    return found


_ACTS: Final[Mapping[str, Callable[[Step, Scene, Ticket, str], None]]] = {
    "reply": _act_reply,
    "note": _act_note,
    "state": _act_state,
    "snooze": _act_snooze,
    "tag": _act_tag,
    "untag": _act_untag,
    "assign": _act_assign,
    "team": _act_team,
    "priority": _act_priority,
    "field": _act_field,
}
