"""Rules: what they say, when they act, and that they end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_aftercare.core.errors import Conflict, InvalidInput, NotFound
from saleor_aftercare.core.events import publish
from saleor_aftercare.core.jobs import run_due
from saleor_aftercare.core.models import Event, Job
from saleor_aftercare.desk.models import Rule, RuleRun
from saleor_aftercare.desk.rules import saving
from saleor_aftercare.desk.rules.documents import FIELDS, OPERATORS, Condition, Kind, RuleDocument, Step, When
from saleor_aftercare.desk.rules.engine import act_after_waiting, act_on
from saleor_aftercare.desk.rules.matching import Facts, holds
from saleor_aftercare.inbox.events import StaffAnswered, TicketOpened, TicketTagged
from saleor_aftercare.inbox.models import MessageKind, Tag, TicketState
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.team.models import Notice
from tests.make import DAY, HOUR, NOON, make_order, make_shop, make_ticket
from tests.make.team import make_agent, make_team

from .rules import BROKEN, WAITS, rule, save, tags, wrote

pytestmark = pytest.mark.django_db


FACTS = Facts(
    state="open",
    priority="1",
    channel="email",
    account="7",
    language="ja-JP",
    team="",
    assignee="3",
    tag=frozenset({"vip", "knives"}),
    case=frozenset({"return"}),
    subject="ＧＲＩＮＤＥＲ broken",
    text="ハンドルが壊れました",
    sender="Ada ada@customer.test",
    order_total=Decimal("99.50"),
    order_country="JP",
    order_channel="japan",
    earlier_tickets=Decimal(2),
    has_order=True,
    is_vip=False,
    in_working_hours=False,
)


@pytest.mark.parametrize(
    ("field", "op", "values", "expected"),
    [
        ("state", "any_of", ("new", "open"), True),
        ("state", "none_of", ("new",), True),
        ("language", "any_of", ("ja",), True),
        ("language", "any_of", ("en",), False),
        ("team", "any_of", ("",), True),
        ("team", "none_of", ("4",), True),
        ("tag", "any_of", ("VIP",), True),
        ("tag", "all_of", ("vip", "ＫＮＩＶＥＳ"), True),
        ("tag", "all_of", ("vip", "forks"), False),
        ("tag", "none_of", ("forks",), True),
        ("subject", "contains", ("grinder",), True),
        ("text", "contains", ("ﾊﾝﾄﾞﾙ",), True),
        ("text", "contains_not", ("返金",), True),
        ("from", "contains", ("@customer.test",), True),
        ("order_total", "at_least", ("99.5",), True),
        ("order_total", "at_most", ("99",), False),
        ("has_order", "is", (), True),
        ("is_vip", "is_not", (), True),
        ("in_working_hours", "is", (), False),
    ],
)
def test_a_condition_is_so_whatever_case_and_width(field: str, op: str, values: tuple[str, ...], expected: bool):
    assert holds(Condition(field, op, values), FACTS) is expected


def test_the_total_of_no_order_is_neither_large_nor_small():
    nothing = replace(FACTS, order_total=None)

    assert not holds(Condition("order_total", "at_least", ("0",)), nothing)
    assert not holds(Condition("order_total", "at_most", ("1000",)), nothing)


@given(st.sampled_from([name for name, kind in FIELDS.items() if kind in {Kind.CHOICE, Kind.SET}]), st.data())
def test_none_of_is_the_opposite_of_any_of(field: str, data: st.DataObject):
    values = tuple(data.draw(st.lists(st.text(max_size=5), min_size=1, max_size=3)))

    assert holds(Condition(field, "any_of", values), FACTS) != holds(Condition(field, "none_of", values), FACTS)


def test_every_kind_of_field_has_its_questions():
    assert {OPERATORS[kind] for kind in FIELDS.values()} == set(OPERATORS.values())


SOLVE = Step("state", ("solve",))


@pytest.mark.parametrize(
    ("document", "field"),
    [
        (RuleDocument(when=(), conditions=(), steps=(SOLVE,)), "when"),
        (rule(), "steps"),
        (rule(*[SOLVE] * 11), "steps"),
        (rule(SOLVE, wait_h=0), "waitHours"),
        (rule(SOLVE, since=When.TAGGED), "since"),
        (rule(SOLVE, conditions=(Condition("mood", "is", ()),)), "conditions.0.field"),
        (rule(SOLVE, conditions=(Condition("state", "contains", ("x",)),)), "conditions.0.op"),
        (rule(SOLVE, conditions=(Condition("state", "any_of", ()),)), "conditions.0.values"),
        (rule(SOLVE, conditions=(Condition("state", "any_of", ("merged",)),)), "conditions.0.values"),
        (rule(SOLVE, conditions=(Condition("order_total", "at_least", ("NaN",)),)), "conditions.0.values"),
        (rule(SOLVE, conditions=(Condition("order_total", "at_least", ("-1",)),)), "conditions.0.values"),
        (rule(SOLVE, conditions=(Condition("team", "any_of", ("x",)),)), "conditions.0.values"),
        (rule(SOLVE, conditions=(Condition("team", "any_of", ("999999999",)),)), "conditions.0.values"),
        (rule(SOLVE, conditions=(Condition("is_vip", "is", ()),) * 21), "conditions"),
        (rule(SOLVE, conditions=(Condition("search", "matches", ("is:flying",)),)), "conditions.0.values"),
        (rule(SOLVE, conditions=(Condition("search", "matches", ("a", "b")),)), "conditions.0.values"),
        (rule(SOLVE, Step("fly")), "steps.1.do"),
        (rule(Step("state", ("merge",))), "steps.0.values"),
        (rule(Step("assign", ("999999999",))), "steps.0.values"),
        (rule(Step("priority", ("9",))), "steps.0.values"),
        (rule(Step("snooze", ("1.5",))), "steps.0.values"),
        (rule(Step("note", ("",))), "steps.0.values"),
        (rule(Step("reply", ("{% for x in y %}",))), "steps.0.values"),
        (rule(Step("tag", ())), "steps.0.values"),
        (rule(Step("notify", ("everybody",))), "steps.0.values"),
        (rule(SOLVE, conditions=(Condition("text", "contains", ("x" * 201,)),)), "conditions.0.values"),
    ],
)
def test_a_rule_that_makes_no_sense_is_named(document: RuleDocument, field: str):
    with pytest.raises(InvalidInput) as refused:
        save(make_shop(), document)

    assert refused.value.field == field


def test_a_rule_of_another_shops_team_does_not_exist():
    team = make_team()

    with pytest.raises(InvalidInput) as refused:
        save(make_shop(), rule(Step("team", (str(team.pk),))))

    assert refused.value.field == "steps.0.values"


def test_every_step_is_done_and_told():
    shop = make_shop()
    mei, team = make_agent(shop), make_team(shop)
    steps = (
        Step("team", (str(team.pk),)),
        Step("assign", (str(mei.pk),)),
        Step("tag", ("Parcel", "Late")),
        Step("untag", ("Old",)),
        Step("priority", ("3",)),
        Step("note", ("{{ customer.name }} asks about #{{ ticket.number }}{{ order.number }}.",)),
        Step("reply", ("We look into it, {{ customer.name }}.",)),
        Step("notify", ("assignee", str(mei.pk))),
        Step("snooze", ("24",)),
    )
    saved = save(shop, rule(*steps), "Late parcels")
    ticket = make_ticket(shop=shop, state=TicketState.OPEN)
    ticket.tags.add(Tag.objects.create(shop=shop, name="Old", key="old"))

    act_on(wrote(ticket), at=NOON)

    ticket.refresh_from_db()
    assert (ticket.team, ticket.assignee, ticket.priority, ticket.state) == (team, mei, 3, TicketState.ON_HOLD)
    assert (tags(ticket), ticket.wake_at) == ({"Parcel", "Late"}, NOON + DAY)
    note, answer = ticket.messages.filter(is_automatic=True).order_by("pk")
    assert (note.kind, note.author_name) == (MessageKind.NOTE, "Late parcels")
    assert note.body == f"Ada Example asks about #{ticket.number}."
    assert (answer.kind, answer.body) == (MessageKind.STAFF, "We look into it, Ada Example.")
    letter = OutboundMessage.objects.get(pk=answer.outbound_id)
    assert (letter.to_email, letter.headers["Auto-Submitted"]) == (ticket.customer_email, "auto-replied")
    assert Notice.objects.get(kind="rule").member == mei
    run = RuleRun.objects.get()
    assert (run.rule, [one["problem"] for one in run.done]) == (saved, [""] * 9)


def test_an_automatic_answer_does_not_stop_the_clock():
    """C7: deadlines stop at the first answer of a person."""
    shop = make_shop()
    save(shop, rule(Step("reply", ("We have it.",))))
    ticket = make_ticket(shop=shop)

    act_on(wrote(ticket), at=NOON)

    ticket.refresh_from_db()
    assert (ticket.state, ticket.due_at) == (TicketState.NEW, NOON + DAY)


def test_a_step_that_cannot_be_done_is_told_and_the_others_are_done():
    shop = make_shop()
    save(shop, rule(Step("state", ("not_spam",)), Step("tag", ("Seen",))))
    ticket = make_ticket(shop=shop)

    act_on(wrote(ticket), at=NOON)

    first, second = RuleRun.objects.get().done
    assert first["problem"]
    assert (second["problem"], tags(ticket)) == ("", {"Seen"})


def test_rules_act_in_their_order_see_what_earlier_ones_did_and_one_may_end_it():
    shop = make_shop()
    first = save(shop, rule(Step("tag", ("First",))), "first")
    save(
        shop, rule(Step("tag", ("Second",)), conditions=(Condition("tag", "any_of", ("first",)),), stop=True), "second"
    )
    save(shop, rule(Step("tag", ("Third",))), "third")
    ticket = make_ticket(shop=shop)

    act_on(wrote(ticket), at=NOON)
    assert tags(ticket) == {"First", "Second"}

    saving.move_rule(shop, key=str(first.key), to=3)
    other = make_ticket(shop=shop)
    act_on(wrote(other), at=NOON)
    assert tags(other) == {"Third", "First"}


def test_one_event_is_acted_on_once_however_often_its_job_runs():
    shop = make_shop()
    save(shop, rule(Step("note", ("Look!",))))
    ticket = make_ticket(shop=shop)
    event = wrote(ticket)

    for _ in range(3):
        act_on(event, at=NOON)

    assert ticket.messages.filter(kind=MessageKind.NOTE).count() == 1
    assert RuleRun.objects.count() == 1


def test_rules_that_would_call_each_other_for_ever_end_after_one_round():
    shop = make_shop()
    save(shop, rule(Step("tag", ("Ping",)), Step("untag", ("Pong",)), when=When.TAGGED), "ping")
    save(shop, rule(Step("tag", ("Pong",)), Step("untag", ("Ping",)), when=When.TAGGED), "pong")
    ticket = make_ticket(shop=shop)
    tag = Tag.objects.create(shop=shop, name="Start", key="start")
    publish(TicketTagged(ticket.pk, added=[tag.pk]), shop=shop, at=NOON)

    assert run_due(limit=200) < 200

    runs = RuleRun.objects.filter(ticket=ticket)
    assert all(len(set(run.chain)) == len(run.chain) <= 2 for run in runs)
    # Both act on the start; each on what the other's two steps made of that; and nothing on what came of it.
    assert runs.count() <= 6


def test_a_program_that_writes_to_us_in_a_circle_is_not_answered_for_ever():
    shop = make_shop()
    save(shop, rule(Step("note", ("Again",))))
    ticket = make_ticket(shop=shop)

    for _ in range(25):
        act_on(wrote(ticket), at=NOON)

    assert RuleRun.objects.count() == 20


def test_what_a_rule_says_is_no_answer_of_staff():
    shop = make_shop()
    save(shop, rule(Step("tag", ("Answered",)), when=When.STAFF_ANSWERED))
    ticket = make_ticket(shop=shop)

    act_on(publish(StaffAnswered(ticket.pk, message=1, staff=None, is_first=False), shop=shop, at=NOON), at=NOON)
    assert tags(ticket) == set()
    act_on(publish(StaffAnswered(ticket.pk, message=1, staff=4, is_first=True), shop=shop, at=NOON), at=NOON)
    assert tags(ticket) == {"Answered"}


def waiting_job(saved: Rule, event: Event) -> Job:
    return Job.objects.get(key=f"rule:{saved.key}:{event.pk}")


def test_time_that_passed_without_an_answer_is_acted_on_once():
    shop = make_shop()
    saved = save(shop, WAITS)
    ticket = make_ticket(shop=shop)
    event = wrote(ticket)
    act_on(event, at=NOON)

    assert waiting_job(saved, event).due_at == NOON + 48 * HOUR
    for _ in range(2):
        act_after_waiting(shop, rule_key=str(saved.key), event_pk=event.pk, at=NOON + 48 * HOUR)
    assert (tags(ticket), RuleRun.objects.count()) == ({"Waiting"}, 1)


def test_time_counts_anew_when_it_happens_again_and_from_what_the_rule_says_by_then():
    shop = make_shop()
    saved = save(shop, WAITS)
    ticket = make_ticket(shop=shop)
    event = wrote(ticket)
    act_on(event, at=NOON)
    longer = saving.save_rule(
        shop, key=str(saved.key), version=1, name="Longer", document=replace(WAITS, wait_h=72), at=NOON
    )

    act_after_waiting(shop, rule_key=str(saved.key), event_pk=event.pk, at=NOON + 48 * HOUR)
    assert (longer.version, tags(ticket)) == (2, set())
    wrote(ticket)
    act_after_waiting(shop, rule_key=str(saved.key), event_pk=event.pk, at=NOON + 72 * HOUR)
    assert tags(ticket) == set()


def test_a_rule_that_rests_or_is_no_more_does_nothing():
    shop = make_shop()
    saved, gone = save(shop, rule(Step("tag", ("A",)))), save(shop, rule(Step("tag", ("B",))))
    saving.enable_rule(shop, key=str(saved.key), enabled=False)
    saving.delete_rule(shop, key=str(gone.key), at=NOON)
    ticket = make_ticket(shop=shop)

    act_on(wrote(ticket), at=NOON)

    assert tags(ticket) == set()
    with pytest.raises(NotFound):
        saving.get_rule(shop, str(gone.key))


def test_each_change_is_a_version_and_of_two_editors_one_is_told():
    shop = make_shop()
    saved = save(shop, rule(SOLVE))
    again = saving.save_rule(shop, key=str(saved.key), version=1, name="New name", document=rule(SOLVE), at=NOON)

    assert (again.key, again.version, again.position) == (saved.key, 2, saved.position)
    with pytest.raises(Conflict):
        saving.save_rule(shop, key=str(saved.key), version=1, name="Mine", document=rule(SOLVE), at=NOON)
    assert Rule.objects.filter(shop=shop).count() == 2


def test_facts_come_from_order_person_and_earlier_conversations():
    shop = make_shop()
    order = make_order(shop, total=Decimal(120))
    make_ticket(order)
    ticket = make_ticket(order)
    wanted = (
        Condition("has_order", "is", ()),
        Condition("order_total", "at_least", ("120",)),
        Condition("earlier_tickets", "at_least", ("1",)),
        Condition("in_working_hours", "is", ()),
        Condition("text", "contains", ("parcel",)),
    )
    save(shop, rule(Step("tag", ("Big",)), conditions=wanted))

    act_on(wrote(ticket), at=NOON)

    assert tags(ticket) == {"Big"}


@pytest.mark.parametrize("op", ["matches", "matches_not"])
def test_a_line_of_the_search_field_is_a_condition(op: str):
    shop = make_shop()
    urgent, other = make_ticket(shop=shop, priority=3), make_ticket(shop=shop)
    save(shop, rule(Step("tag", ("Found",)), conditions=(Condition("search", op, ("priority:urgent is:open",)),)))

    for ticket in (urgent, other):
        act_on(wrote(ticket), at=NOON)

    assert [bool(tags(urgent)), bool(tags(other))] == [op == "matches", op != "matches"]


def test_the_first_rule_of_a_new_conversation_sees_what_the_customer_wrote():
    shop = make_shop()
    save(shop, replace(BROKEN, when=(When.OPENED,)))
    ticket = make_ticket(shop=shop, messages=["Broken!"])

    act_on(publish(TicketOpened(ticket.pk, channel="email"), shop=shop, at=NOON - timedelta(seconds=1)), at=NOON)

    assert tags(ticket) == {"Broken"}
