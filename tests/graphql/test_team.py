"""Teams, roles, absences, notices and rules over the API."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.team.models import Absence, Notice, Role, RoleRule, Team
from tests.graphql.api import Asker, as_staff, shop_with_key
from tests.graphql.test_query_counts import WHO, count
from tests.make import HOUR, NOON, make_staff, make_ticket
from tests.make.team import make_agent, make_role, make_team

pytestmark = pytest.mark.django_db
ORDERS = "MANAGE_ORDERS"
TEAM = """mutation ($id: ID, $i: TeamInput!) { teamSave(id: $id, input: $i) {
  team { id name assignment reassignsOnBreach members { name } } errors { code field } } }"""


def gid(row: Any, kind: str) -> str:
    return to_global_id(kind, row.pk)


def test_a_team_is_made_changed_and_given_up():
    shop = shop_with_key()
    boss = as_staff(shop)
    mei = make_staff(shop)
    given = {"name": "Japan", "assignment": "ROUND_ROBIN", "memberIds": [gid(mei, "StaffMember")]}

    made = boss.ask(TEAM, i=given).payload("teamSave")["team"]
    assert (made["assignment"], made["members"]) == ("ROUND_ROBIN", [{"name": "Mei Tanaka"}])
    changed = boss.ask(TEAM, id=made["id"], i=given | {"name": "日本", "memberIds": []}).payload("teamSave")["team"]
    assert (changed["id"], changed["name"], changed["members"]) == (made["id"], "日本", [])
    boss.ask("mutation ($id: ID!) { teamArchive(id: $id) { errors { code } } }", id=made["id"]).payload("teamArchive")
    assert boss.ask("{ teams { name } }").data["teams"] == []
    assert boss.ask(TEAM, i=given).payload("teamSave")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"name": ""}, ("INVALID", "name")),
        ({"name": "x" * 101}, ("INVALID", "name")),
        ({"name": "Taken"}, ("INVALID", "name")),
        ({"memberIds": [to_global_id("StaffMember", 10**9)]}, ("INVALID", "memberIds")),
        ({"memberIds": ["x"]}, ("INVALID", "memberIds")),
    ],
)
def test_a_team_that_cannot_be_is_named(change: dict[str, Any], error: tuple[str, str]):
    shop = shop_with_key()
    make_team(shop, name="Taken")
    given = {"name": "Japan", "assignment": "MANUAL", "memberIds": []} | change

    assert as_staff(shop).ask(TEAM, i=given).refusal("teamSave") == error


def test_as_many_queries_however_many_teams():
    def asked(n: int) -> int:
        shop = shop_with_key()
        member = make_staff(shop)
        for _ in range(n):
            make_team(shop, make_staff(shop), make_staff(shop))
        return count(as_staff(shop, member=member), "{ teams { name members { name } } }") - WHO

    assert [asked(1), asked(5)] == [3, 3]


def test_as_many_queries_however_many_people():
    def asked(n: int) -> int:
        shop = shop_with_key()
        member = make_staff(shop)
        for _ in range(n):
            mei = make_agent(shop)
            Absence.objects.create(shop=shop, member=mei, starts_at=NOON, stand_in=member)
        query = "{ staffProfiles { member { name } skills absences { standIn { name } } } }"
        return count(as_staff(shop, member=member), query) - WHO

    assert [asked(1), asked(5)] == [3, 3]


ROLES = """mutation ($r: [RoleRuleInput!]!) { roleRulesSave(rules: $r) {
  rules { group role limit { amount currency } } errors { code field } } }"""


def test_roles_of_groups_are_decided_and_hold_at_once():
    shop = shop_with_key()
    partner = make_staff(shop, groups=["Partners"], groups_at=NOON)
    rules = [{"group": "Partners", "role": "OUTSOURCED", "limit": "20", "currency": "EUR"}]

    saved = as_staff(shop).ask(ROLES, r=rules).payload("roleRulesSave")["rules"]
    mine = as_staff(shop, (ORDERS,), member=partner).ask(
        "{ myAccess { role isAdministrator mayExport seesAllCustomers limits { amount currency } } }"
    )

    assert saved == [{"group": "Partners", "role": "OUTSOURCED", "limit": {"amount": "20.00", "currency": "EUR"}}]
    assert mine.data["myAccess"] == {
        "role": "OUTSOURCED",
        "isAdministrator": False,
        "mayExport": False,
        "seesAllCustomers": False,
        "limits": [{"amount": "20.00", "currency": "EUR"}],
    }
    assert as_staff(shop).ask("{ permissionGroups }").data["permissionGroups"] == ["Partners"]


@pytest.mark.parametrize(
    ("rules", "error"),
    [
        ([{"group": "", "role": "AGENT"}], ("INVALID", "rules.0.group")),
        ([{"group": "A", "role": "AGENT"}] * 2, ("INVALID", "rules.1.group")),
        ([{"group": "A", "role": "AGENT", "limit": "1"}], ("INVALID", "rules.0.limit")),
        ([{"group": "A", "role": "AGENT", "limit": "-1", "currency": "EUR"}], ("INVALID", "rules.0.limit")),
    ],
)
def test_roles_that_make_no_sense_are_named(rules: list[dict[str, Any]], error: tuple[str, str]):
    assert as_staff(shop_with_key()).ask(ROLES, r=rules).refusal("roleRulesSave") == error


def test_nobody_takes_the_key_away_from_themselves():
    shop = shop_with_key()
    boss = make_staff(shop, groups=["Full Access"], groups_at=NOON)

    answer = as_staff(shop, member=boss).ask(ROLES, r=[{"group": "Full Access", "role": "AGENT"}])

    assert answer.refusal("roleRulesSave") == ("CONFLICT", "rules")
    assert not RoleRule.objects.exists()


PROFILE = """mutation ($m: ID!, $i: StaffProfileInput!) { staffProfileSave(memberId: $m, input: $i) {
  profile { languages channels skills capacity takesTurns } errors { code field } } }"""


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({}, None),
        ({"channels": ["fax"]}, ("INVALID", "channels")),
        ({"capacity": -1}, ("INVALID", "capacity")),
        ({"skills": ["x" * 61]}, ("INVALID", "skills")),
        ({"languages": [""]}, ("INVALID", "languages")),
    ],
)
def test_what_somebody_knows_is_kept_in_one_spelling(change: dict[str, Any], error: Any):
    shop = shop_with_key()
    mei = gid(make_staff(shop), "StaffMember")
    given = {"languages": ["JA", "ja"], "channels": ["chat", "email"], "skills": ["Knives"], "capacity": 5}
    answer = as_staff(shop).ask(PROFILE, m=mei, i=given | {"takesTurns": True} | change)

    if error is None:
        assert answer.payload("staffProfileSave")["profile"] == {
            "languages": ["ja"],
            "channels": ["email", "chat"],
            "skills": ["Knives"],
            "capacity": 5,
            "takesTurns": True,
        }
    else:
        assert answer.refusal("staffProfileSave") == error


ABSENCE = """mutation ($id: ID, $i: AbsenceInput!) { absenceSave(id: $id, input: $i) {
  absence { id standIn { name } } errors { code field } } }"""


def test_everybody_says_when_they_are_away_and_only_administrators_say_it_for_others():
    shop = shop_with_key()
    mei, ken = make_staff(shop), make_staff(shop, name="Ken")
    agent = as_staff(shop, (ORDERS,), member=mei)
    given = {"startsAt": NOON.isoformat(), "standInId": gid(ken, "StaffMember")}

    made = agent.ask(ABSENCE, i=given).payload("absenceSave")["absence"]
    assert made["standIn"] == {"name": "Ken"}
    for_ken = {"startsAt": NOON.isoformat(), "memberId": gid(ken, "StaffMember")}
    assert agent.ask(ABSENCE, i=for_ken).refusal("absenceSave") == ("PERMISSION_DENIED", None)
    assert as_staff(shop).ask(ABSENCE, i=for_ken).payload("absenceSave")
    remove = "mutation ($id: ID!) { absenceDelete(id: $id) { errors { code } } }"
    other = as_staff(shop, (ORDERS,), member=ken).ask(remove.replace("{ code }", "{ code field }"), id=made["id"])
    assert other.refusal("absenceDelete") == ("PERMISSION_DENIED", None)
    assert agent.ask(remove, id=made["id"]).payload("absenceDelete")


@pytest.mark.parametrize(
    ("change", "field"),
    [({"endsAt": NOON.isoformat()}, "endsAt"), ({"standInId": "me"}, "standInId")],
)
def test_an_absence_that_cannot_be_is_named(change: dict[str, Any], field: str):
    shop = shop_with_key()
    mei = make_staff(shop)
    change = {key: gid(mei, "StaffMember") if value == "me" else value for key, value in change.items()}

    answer = as_staff(shop, member=mei).ask(ABSENCE, i={"startsAt": NOON.isoformat()} | change)

    assert answer.refusal("absenceSave") == ("INVALID", field)


def test_a_conversation_goes_into_another_queue_and_out_of_an_outsourced_persons_sight():
    shop = shop_with_key()
    partner = make_role(shop, "Partners", Role.OUTSOURCED)
    own, other = make_team(shop, partner), make_team(shop)
    ticket = make_ticket(shop=shop, team=own)
    asker = as_staff(shop, (ORDERS,), member=partner)
    query = """mutation ($id: ID!, $t: ID) { ticketTeamSet(id: $id, teamId: $t) {
      ticket { team { name } } errors { code field } } }"""

    moved = asker.ask(query, id=gid(ticket, "Ticket"), t=gid(other, "Team")).payload("ticketTeamSet")
    again = asker.ask(query, id=gid(ticket, "Ticket"), t=gid(own, "Team"))

    assert moved["ticket"]["team"] == {"name": other.name}
    assert again.refusal("ticketTeamSet") == ("NOT_FOUND", "id")
    foreign = as_staff(shop).ask(query, id=gid(ticket, "Ticket"), t=gid(make_team(), "Team"))
    assert foreign.refusal("ticketTeamSet") == ("NOT_FOUND", "teamId")


def test_notices_are_ones_own_and_read_when_seen():
    shop = shop_with_key()
    mei, ken = make_staff(shop), make_staff(shop)
    for n, member in enumerate((mei, mei, ken)):
        Notice.objects.create(
            shop=shop,
            member=member,
            kind="mention",
            subject="ticket",
            subject_id=1,
            source=f"{n}",
            data={"number": 1001, "subject": "Grinder", "by": "Ken"},
            created_at=NOON,
        )
    asker = as_staff(shop, (ORDERS,), member=mei)
    query = "{ noticeCount notices { edges { node { id text ticketNumber isRead } } } }"

    found = asker.ask(query).data
    nodes = [edge["node"] for edge in found["notices"]["edges"]]
    assert (found["noticeCount"], len(nodes)) == (2, 2)
    assert nodes[0] | {"id": ""} == {
        "id": "",
        "text": "Ken mentioned you in #1001.",
        "ticketNumber": 1001,
        "isRead": False,
    }
    read = "mutation ($ids: [ID!]) { noticesMarkRead(ids: $ids) { count errors { code } } }"
    assert asker.ask(read, ids=[nodes[0]["id"]]).payload("noticesMarkRead")["count"] == 1
    assert asker.ask(read).payload("noticesMarkRead")["count"] == 0


HOOK = """mutation ($i: NoticeHookInput!) { noticeHookSave(input: $i) {
  hook { id host kinds team { name } } errors { code field } } }"""


def test_an_address_is_a_secret():
    shop = shop_with_key()
    given = {"name": "Slack", "url": "https://hooks.slack.test/T1/secret", "kinds": ["BREACHED"]}

    made = as_staff(shop).ask(HOOK, i=given)

    assert made.payload("noticeHookSave")["hook"] | {"id": ""} == {
        "id": "",
        "host": "hooks.slack.test",
        "kinds": ["BREACHED"],
        "team": None,
    }
    assert "secret" not in str(made.body)
    assert as_staff(shop, (ORDERS,)).ask(HOOK, i=given).refusal("noticeHookSave")[0] == "PERMISSION_DENIED"


# -- rules -----------------------------------------------------------------------------------------------------

SAVE = """mutation ($id: ID, $v: Int, $i: RuleInput!) { ruleSave(id: $id, version: $v, name: "VIP", input: $i) {
  rule { id version when conditions { field op values } steps { do values } } errors { code field } } }"""


def vip(team: Team) -> dict[str, Any]:
    return {
        "when": ["OPENED"],
        "conditions": [
            {"field": "is_vip", "op": "is"},
            {"field": "team", "op": "none_of", "values": [gid(team, "Team")]},
        ],
        "steps": [{"do": "team", "values": [gid(team, "Team")]}, {"do": "notify", "values": ["team"]}],
    }


def test_a_rule_is_saved_with_the_ids_that_clients_know():
    shop = shop_with_key()
    team = make_team(shop)
    boss = as_staff(shop)

    made = boss.ask(SAVE, i=vip(team)).payload("ruleSave")["rule"]

    assert (made["version"], made["when"]) == (1, ["OPENED"])
    assert made["conditions"][1]["values"] == made["steps"][0]["values"] == [gid(team, "Team")]
    again = boss.ask(SAVE, id=made["id"], v=1, i=vip(team)).payload("ruleSave")["rule"]
    assert (again["id"], again["version"]) == (made["id"], 2)
    assert boss.ask(SAVE, id=made["id"], v=1, i=vip(team)).refusal("ruleSave") == ("CONFLICT", "version")
    assert [one["version"] for one in boss.ask("{ rules { version } }").data["rules"]] == [2]


def test_a_rule_is_tested_on_one_conversation_and_tried_on_past_ones(no_saleor: None):
    shop = shop_with_key()
    team = make_team(shop)
    boss = as_staff(shop)
    ticket = make_ticket(shop=shop, created_at=NOON - HOUR)
    tested = boss.ask(
        "mutation ($n: Int!, $i: RuleInput!) { ruleTest(number: $n, input: $i) { acts conditions errors { field } } }",
        n=ticket.number,
        i=vip(team),
    ).payload("ruleTest")
    started = boss.ask(
        """mutation ($i: RuleInput!) { ruleTrialStart(days: 7, input: $i) {
          trial { id state total lookedAt } errors { code field } } }""",
        i={"when": ["OPENED"], "steps": [{"do": "tag", "values": ["X"]}]},
    ).payload("ruleTrialStart")["trial"]

    assert (tested["acts"], tested["conditions"]) == (False, [False, True])
    assert started | {"id": ""} == {"id": "", "state": "RUNNING", "total": 1, "lookedAt": 0}
    read = "query ($id: ID!) { ruleTrial(id: $id) { state matched } }"
    assert boss.ask(read, id=started["id"]).data["ruleTrial"] == {"state": "RUNNING", "matched": 0}
    foreign: Asker = as_staff(shop_with_key())
    assert foreign.ask(read, id=started["id"]).code == "NOT_FOUND"
    assert ticket.tags.count() == 0


@pytest.mark.parametrize("name", ["ruleEnable", "ruleMove", "ruleDelete"])
@pytest.mark.parametrize("bad", ["x", "00000000-0000-4000-8000-000000000000", ""])
def test_a_rule_that_does_not_exist_is_not_there(name: str, bad: str):
    more = {"ruleEnable": ", enabled: true", "ruleMove": ", to: 1", "ruleDelete": ""}[name]
    query = f"mutation ($id: ID!) {{ {name}(id: $id{more}) {{ errors {{ code field }} }} }}"

    assert as_staff(shop_with_key()).ask(query, id=bad).refusal(name) == ("NOT_FOUND", "id")


def test_an_id_of_another_kind_in_a_rule_is_named():
    shop = shop_with_key()
    broken = vip(make_team(shop)) | {"steps": [{"do": "team", "values": ["everybody"]}]}

    assert as_staff(shop).ask(SAVE, i=broken).refusal("ruleSave") == ("INVALID", "steps.0.values")
