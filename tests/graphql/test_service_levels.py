"""Service levels, satisfaction and handled contacts over the API."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.models import Shop
from saleor_aftercare.desk import handled
from saleor_aftercare.desk.models import HandledContact
from saleor_aftercare.inbox.sla.models import SlaPolicy
from saleor_aftercare.surveys.models import Survey
from saleor_aftercare.team.models import Team
from tests.desk.test_handled import one_of
from tests.graphql.api import as_staff, shop_with_key
from tests.graphql.test_query_counts import WHO, count
from tests.inbox.sla.rows import FRIDAY, say, write
from tests.make import DAY, HOUR, NOON, make_staff, make_ticket

pytestmark = pytest.mark.django_db

CALENDAR = """mutation ($id: ID, $i: BusinessCalendarInput!) { businessCalendarSave(id: $id, input: $i) {
  calendar { id version name isDefault timeZone alwaysOpen hours { day start end } holidayCountry holidaySubdivision
    holidayExceptions closures { first last start end name } openings { date start end name } }
  errors { code field } } }"""
POLICY = """mutation ($id: ID, $i: SlaPolicyInput!) { slaPolicySave(id: $id, input: $i) {
  policy { id version name calendar { id } channels priorities languages teamIds tags vip
    targets { target minutes inWorkingTime warnBeforeMinutes pauseOn } }
  errors { code field } } }"""
HOURS = {
    "name": "Office",
    "isDefault": True,
    "timeZone": "Asia/Tokyo",
    "alwaysOpen": False,
    "hours": [{"day": "mon", "start": "09:00", "end": "12:00"}, {"day": "mon", "start": "13:00", "end": "17:00"}],
    "holidayCountry": "JP",
    "holidayExceptions": ["Marine Day"],
    "closures": [{"first": "2026-12-29", "last": "2027-01-03", "name": "年末年始"}],
    "openings": [{"date": "2026-12-27", "start": "10:00", "end": "14:00", "name": ""}],
}
PROMISE: dict[str, Any] = {
    "name": "Mail",
    "channels": ["email"],
    "priorities": [],
    "languages": ["ja"],
    "teamIds": [],
    "tags": ["Broken"],
    "vip": None,
    "targets": [
        {
            "target": "FIRST_RESPONSE",
            "minutes": 240,
            "inWorkingTime": True,
            "warnBeforeMinutes": 30,
            "pauseOn": ["PENDING_CUSTOMER"],
        }
    ],
}
EVERYTHING = ("MANAGE_ORDERS", "MANAGE_SETTINGS")


def boss(shop: Shop) -> Any:
    return as_staff(shop, EVERYTHING)


def test_a_calendar_is_saved_read_and_taken_away():
    shop = shop_with_key()

    made = boss(shop).ask(CALENDAR, i=HOURS).payload("businessCalendarSave")["calendar"]
    read = boss(shop).ask("{ businessCalendars { id name version } }").data["businessCalendars"]

    assert read == [{"id": made["id"], "name": "Office", "version": 1}]
    assert made["hours"] == HOURS["hours"]
    assert (made["holidayCountry"], made["holidaySubdivision"], made["holidayExceptions"]) == (
        "JP",
        None,
        ["Marine Day"],
    )
    assert made["closures"] == [{**HOURS["closures"][0], "start": None, "end": None}]  # type: ignore[index]
    assert made["openings"] == HOURS["openings"]
    again = HOURS | {"version": 1, "alwaysOpen": True, "hours": [], "holidayCountry": None, "closures": []}
    changed = boss(shop).ask(CALENDAR, id=made["id"], i=again).payload("businessCalendarSave")["calendar"]
    assert (changed["version"], changed["alwaysOpen"], changed["hours"]) == (2, True, [])
    gone = "mutation ($id: ID!) { businessCalendarDelete(id: $id) { errors { code } } }"
    boss(shop).ask(gone, id=made["id"]).payload("businessCalendarDelete")
    assert boss(shop).ask("{ businessCalendars { id } }").data["businessCalendars"] == []


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"timeZone": "Mars"}, ("INVALID", "timeZone")),
        ({"hours": [{"day": "moon", "start": "09:00", "end": "12:00"}]}, ("INVALID", "hours.day")),
        ({"hours": [{"day": "mon", "start": "9", "end": "12:00"}]}, ("INVALID", "hours.mon[0].start")),
        ({"hours": [], "openings": []}, ("INVALID", "hours")),
        ({"closures": [{"first": "2026-02-30", "last": "2026-02-30"}]}, ("INVALID", "closures[0].date")),
        ({"name": ""}, ("INVALID", "name")),
    ],
)
def test_a_calendar_that_cannot_be_is_named(change: dict[str, Any], error: tuple[str, str]):
    assert boss(shop_with_key()).ask(CALENDAR, i=HOURS | change).refusal("businessCalendarSave") == error


def test_a_policy_is_saved_read_ordered_and_retired():
    shop = shop_with_key()
    team = Team.objects.create(shop=shop, name="Japan")
    boss(shop).ask(CALENDAR, i=HOURS).payload("businessCalendarSave")
    given = PROMISE | {"teamIds": [to_global_id("Team", team.pk)], "vip": True}

    made = boss(shop).ask(POLICY, i=given).payload("slaPolicySave")["policy"]
    other = boss(shop).ask(POLICY, i=PROMISE | {"name": "All"}).payload("slaPolicySave")["policy"]

    assert made == given | {"id": made["id"], "version": 1, "calendar": None}
    order = "mutation ($ids: [ID!]!) { slaPoliciesOrder(ids: $ids) { policies { name } errors { code field } } }"
    ordered = boss(shop).ask(order, ids=[other["id"], made["id"]]).payload("slaPoliciesOrder")
    assert [one["name"] for one in ordered["policies"]] == ["All", "Mail"]
    assert boss(shop).ask(order, ids=["x"]).refusal("slaPoliciesOrder") == ("INVALID", "ids")
    retire = "mutation ($id: ID!) { slaPolicyRetire(id: $id) { errors { code field } } }"
    boss(shop).ask(retire, id=made["id"]).payload("slaPolicyRetire")
    assert boss(shop).ask("{ slaPolicies { name } }").data["slaPolicies"] == [{"name": "All"}]
    assert boss(shop).ask(retire, id=made["id"]).refusal("slaPolicyRetire") == ("NOT_FOUND", "id")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"channels": ["fax"]}, ("INVALID", "when.channel")),
        ({"teamIds": [to_global_id("Team", 10**9)]}, ("INVALID", "when.team")),
        ({"teamIds": ["x"]}, ("INVALID", "teamIds")),
        ({"calendarId": to_global_id("BusinessCalendar", 10**9)}, ("NOT_FOUND", "calendarId")),
        ({"targets": PROMISE["targets"] * 2}, ("INVALID", "targets")),
        ({"targets": [PROMISE["targets"][0] | {"minutes": 0}]}, ("INVALID", "targets.firstResponse.workingMinutes")),
        (
            {"targets": [PROMISE["targets"][0] | {"pauseOn": ["SPAM"]}]},
            ("INVALID", "targets.firstResponse.pauseOn[0]"),
        ),
    ],
)
def test_a_policy_that_cannot_be_is_named(change: dict[str, Any], error: tuple[str, str]):
    shop = shop_with_key()
    boss(shop).ask(CALENDAR, i=HOURS).payload("businessCalendarSave")

    code, field = boss(shop).ask(POLICY, i=PROMISE | change).refusal("slaPolicySave")

    assert (code, field) == error
    assert not SlaPolicy.objects.exists()


def test_a_conversation_tells_its_clocks_and_why():
    shop = shop_with_key()
    boss(shop).ask(CALENDAR, i=HOURS).payload("businessCalendarSave")
    boss(shop).ask(POLICY, i=PROMISE | {"languages": [], "tags": []}).payload("slaPolicySave")
    ticket = write(shop, FRIDAY)
    staff = boss(shop)

    clocks = f"{{ ticket(number: {ticket.number}) {{ breachAt clocks {{ target state policyName dueAt }} }} }}"
    found = staff.ask(clocks).data["ticket"]
    why = "query ($id: ID!) { slaExplanation(ticketId: $id) { policyName calendarName timeZone targets { target state"
    why += (
        " minutes inWorkingTime dueAt intervals { start end seconds } pauses { standing } } daysOff { date name } } }"
    )
    told = staff.ask(why, id=to_global_id("Ticket", ticket.pk)).data["slaExplanation"]

    # Nothing on Friday; Marine Day is a Monday, and worked: three hours before lunch and one after it.
    due_at = "2025-07-21T05:00:00+00:00"
    clock = {"target": "FIRST_RESPONSE", "state": "RUNNING", "policyName": "Mail", "dueAt": due_at}
    assert found == {"breachAt": due_at, "clocks": [clock]}
    assert (told["policyName"], told["calendarName"], told["timeZone"]) == ("Mail", None, "Asia/Tokyo")
    first = told["targets"][0]
    assert (first["minutes"], first["inWorkingTime"], first["dueAt"]) == (240, True, due_at)
    assert [one["seconds"] for one in first["intervals"]] == [3 * 3600, 3600]


@pytest.mark.usefixtures("no_saleor")
def test_the_clocks_surveys_and_contacts_of_a_list_cost_the_same_however_long_it_is():
    shop = shop_with_key()
    asker = as_staff(shop, member=make_staff(shop))
    query = "{ tickets { edges { node { clocks { state } survey { score } handledContacts { channel } } } } }"

    def asked(n: int) -> int:
        for _n in range(n):
            say(write(shop, NOON), NOON + HOUR)
        return count(asker, query)

    assert asked(1) == asked(5)


def test_satisfaction_in_figures():
    shop = shop_with_key()
    mei = make_staff(shop)
    for number, score in enumerate((5, 3, None)):
        ticket = make_ticket(shop=shop)
        Survey.objects.create(
            shop=shop,
            subject="ticket",
            subject_id=ticket.pk,
            email=f"{number}@c.test",
            member=mei,
            channel="email",
            language="en",
            sent_at=NOON,
            closes_at=NOON,
            score=score,
            comment="Slow." if score == 3 else "",
            answered_at=NOON if score else None,
        )
    query = """query ($by: SurveyGrouping) {
      surveyFigures(firstDay: "2025-06-01", lastDay: "2025-06-30", by: $by) {
        key name asked answers satisfied share low high }
      surveyComments(firstDay: "2025-06-01", lastDay: "2025-06-30") { score comment member { name } ticket { number } }
    }"""

    total = boss(shop).ask(query).data["surveyFigures"]
    by_member = boss(shop).ask(query, by="MEMBER").data
    by_month = boss(shop).ask(query, by="MONTH").data["surveyFigures"]

    assert [(one["asked"], one["answers"], one["satisfied"], one["share"]) for one in total] == [(3, 2, 1, 0.5)]
    assert (round(total[0]["low"], 3), round(total[0]["high"], 3)) == (0.095, 0.905)
    assert by_member["surveyFigures"][0]["name"] == "Mei Tanaka"
    assert [one["comment"] for one in by_member["surveyComments"]] == ["Slow."]
    assert by_month[0]["key"] == "2025-06-01"


def test_a_month_is_read_exported_and_closed():
    shop = shop_with_key()
    row = one_of(shop, NOON - 20 * DAY)
    month = """{ handledMonths handledMonth(month: "2025-05-01") { total mayClose closedAt digestHolds
      tallies { member { id } teamName channel contacts void } } }"""

    read = boss(shop).ask(month).data
    export = 'mutation { handledContactsExport(month: "2025-05-01") { url errors { code } } }'
    url = boss(shop).ask(export).payload("handledContactsExport")["url"]
    close = 'mutation { handledMonthClose(month: "2025-05-01") { month { total digestHolds } errors { code field } } }'
    closed = boss(shop).ask(close).payload("handledMonthClose")["month"]
    void = 'mutation ($id: ID!) { handledContactVoid(id: $id, reason: "test") { errors { code field } } }'

    assert read["handledMonths"] == ["2025-05-01"]
    assert (read["handledMonth"]["total"], read["handledMonth"]["mayClose"]) == (1, True)
    assert read["handledMonth"]["tallies"] == [
        {
            "member": {"id": to_global_id("StaffMember", row.member_id)},
            "teamName": None,
            "channel": "email",
            "contacts": 1,
            "void": 0,
        }
    ]
    assert url.startswith("https://aftercare.test/exports/handled-contacts/")
    assert closed == {"total": 1, "digestHolds": True}
    assert boss(shop).ask(void, id=to_global_id("HandledContact", row.pk)).refusal("handledContactVoid")[0] == "REFUSED"
    assert handled.tallies(shop, date(2025, 5, 1))[0].void == 0


CONTACTS = """query ($month: Date!, $member: ID, $void: Boolean, $first: Int, $after: String) {
  handledContacts(month: $month, memberId: $member, void: $void, first: $first, after: $after) {
    edges { node { id channel answeredAt voidReason teamName ticketNumber subject member { id } } }
    pageInfo { hasNextPage endCursor } totalCount } }"""
VOID = """mutation ($id: ID!, $reason: String!) { handledContactVoid(id: $id, reason: $reason) {
  contact { id voidReason } errors { code field } } }"""


def test_the_contacts_of_a_month_are_listed_newest_answer_first_a_page_at_a_time():
    shop = shop_with_key()
    team = Team.objects.create(shop=shop, name="Berlin")
    old, new = one_of(shop, NOON - HOUR, team_id=team.pk), one_of(shop)
    one_of(shop, NOON - 40 * DAY)
    one_of(shop_with_key())

    page = boss(shop).ask(CONTACTS, month="2025-06-01", first=1).data["handledContacts"]
    rest = boss(shop).ask(CONTACTS, month="2025-06-01", first=1, after=page["pageInfo"]["endCursor"])

    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (2, True)
    assert [one["node"]["ticketNumber"] for one in page["edges"]] == [new.ticket.number]
    assert rest.data["handledContacts"]["pageInfo"]["hasNextPage"] is False
    assert rest.data["handledContacts"]["edges"][0]["node"] == {
        "id": to_global_id("HandledContact", old.pk),
        "channel": "email",
        "answeredAt": "2025-06-02T11:00:00+00:00",
        "voidReason": "",
        "teamName": "Berlin",
        "ticketNumber": old.ticket.number,
        "subject": "Grinder",
        "member": {"id": to_global_id("StaffMember", old.member_id)},
    }


def test_what_does_not_count_is_found_by_itself_and_put_back():
    shop = shop_with_key()
    row, other = one_of(shop), one_of(shop)
    pk = to_global_id("HandledContact", row.pk)

    voided = boss(shop).ask(VOID, id=pk, reason="duplicate").payload("handledContactVoid")["contact"]
    found = boss(shop).ask(CONTACTS, month="2025-06-01", void=True).data["handledContacts"]["edges"]
    counting = boss(shop).ask(CONTACTS, month="2025-06-01", void=False).data["handledContacts"]["edges"]
    by_member = boss(shop).ask(CONTACTS, month="2025-06-01", member=to_global_id("StaffMember", other.member_id))
    back = boss(shop).ask(VOID, id=pk, reason="").payload("handledContactVoid")["contact"]

    assert voided == {"id": pk, "voidReason": "duplicate"}
    assert [one["node"]["ticketNumber"] for one in found] == [row.ticket.number]
    assert [one["node"]["ticketNumber"] for one in counting] == [other.ticket.number]
    assert [one["node"]["ticketNumber"] for one in by_member.data["handledContacts"]["edges"]] == [other.ticket.number]
    assert back == {"id": pk, "voidReason": ""}
    assert boss(shop).ask(VOID, id=pk, reason="boring").refusal("handledContactVoid") == ("INVALID", "reason")


def test_a_page_of_contacts_costs_the_same_however_long_it_is():
    shop = shop_with_key()
    team = Team.objects.create(shop=shop, name="Berlin")
    asker = as_staff(shop, EVERYTHING, member=make_staff(shop))
    query = """{ handledContacts(month: "2025-06-01") {
      edges { node { ticketNumber subject teamName member { name } } } totalCount } }"""

    def asked(n: int) -> int:
        for _n in range(n):
            one_of(shop, team_id=team.pk)
        return count(asker, query) - WHO

    # The page; its conversations, people and teams; how many there are in all.
    assert (asked(1), asked(4)) == (5, 5)


SETTINGS = """mutation {
  surveySettingsSave(input: {version: 1, enabled: false, delayHours: 2, quietDays: 0, openDays: 7}) {
    settings { version enabled } errors { code field } } }"""


def test_who_may_not_change_settings_changes_nothing_here():
    shop = shop_with_key()
    row = one_of(shop)
    clerk = as_staff(shop, ("MANAGE_ORDERS",))

    assert clerk.ask(CALENDAR, i=HOURS).refusal("businessCalendarSave")[0] == "PERMISSION_DENIED"
    assert clerk.ask(POLICY, i=PROMISE).refusal("slaPolicySave")[0] == "PERMISSION_DENIED"
    assert clerk.ask(SETTINGS).refusal("surveySettingsSave")[0] == "PERMISSION_DENIED"
    close = 'mutation { handledMonthClose(month: "2025-06-01") { errors { code field } } }'
    assert clerk.ask(close).refusal("handledMonthClose")[0] == "PERMISSION_DENIED"
    void = 'mutation ($id: ID!) { handledContactVoid(id: $id, reason: "test") { errors { code field } } }'
    asked = clerk.ask(void, id=to_global_id("HandledContact", row.pk))
    assert asked.refusal("handledContactVoid")[0] == "PERMISSION_DENIED"
    assert HandledContact.objects.get().void_reason == ""
    assert boss(shop).ask(SETTINGS).payload("surveySettingsSave")["settings"] == {"version": 2, "enabled": False}
