"""Accounts over the API: for administrators, secrets never shown, every problem by the name of its field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saleor_aftercare.channels.models import ChannelAccount
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.models import Job
from saleor_aftercare.team.models import Team
from tests.graphql.api import as_staff, shop_with_key
from tests.make.channels import make_channel_account
from tests.providers.imap_server import PASSWORD, USER, Post, imap_server

pytestmark = pytest.mark.django_db
EDITOR = ["MANAGE_ORDERS", "MANAGE_SETTINGS"]
CLERK = ["MANAGE_ORDERS"]
ACCOUNT = """id kind name address incoming outgoing version enabled isDefault language senderName autoReply teamId
  signatures { language text } values { section name value } doors { door url } problem sendingProblem connected"""
CREATE = f"""mutation ($input: ChannelAccountInput!) {{ channelAccountCreate(kind: "email", input: $input) {{
  account {{ {ACCOUNT} }} errors {{ field code message }} }} }}"""
UPDATE = f"""mutation ($id: ID!, $version: Int!, $input: ChannelAccountInput!) {{
  channelAccountUpdate(id: $id, version: $version, input: $input) {{
    account {{ {ACCOUNT} }} errors {{ field code message }} }} }}"""


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    settings.OUTBOUND_PRIVATE_ADDRESSES = True
    with imap_server() as server:
        yield server


def values(port: int = 993, security: str = "tls", password: str = PASSWORD) -> list[dict[str, str]]:
    told = {"host": "127.0.0.1", "port": str(port), "security": security, "username": USER, "password": password}
    return [{"section": "imap", "name": name, "value": value} for name, value in told.items()]


def mailbox(**changes: Any) -> dict[str, Any]:
    return {"name": "Support", "address": "care@shop.test", "incoming": "imap", "values": values(), **changes}


def test_a_mailbox_is_added_and_asked_at_once():
    shop = shop_with_key()
    team = Team.objects.create(shop=shop, name="Osaka")
    editor = as_staff(shop, permissions=EDITOR)

    payload = editor.ask(
        CREATE,
        input=mailbox(signatures=[{"language": "ja", "text": "{{ shop.name }}"}], teamId=to_global_id("Team", team.pk)),
    ).data["channelAccountCreate"]

    account = payload["account"]
    assert payload["errors"] == []
    assert (account["isDefault"], account["version"], account["signatures"]) == (
        True,
        1,
        [{"language": "ja", "text": "{{ shop.name }}"}],
    )
    assert {one["name"]: one["value"] for one in account["values"]} == {
        "host": "127.0.0.1",
        "port": "993",
        "security": "tls",
        "username": USER,
        "password": None,
    }
    assert ChannelAccount.objects.get().team == team
    assert Job.objects.filter(kind="channels.poll").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"address": "nobody"}, "address"),
        ({"incoming": "carrier pigeon"}, "incoming"),
        ({"teamId": "x"}, "teamId"),
        ({"signatures": [{"language": "xx", "text": "x"}]}, "signatures.xx"),
        ({"values": [{"section": "imap", "name": "port", "value": "x"}]}, "imap.host"),
        ({"values": [*values(), *values()]}, "values"),
        ({"senderName": "x" * 101}, "senderName"),
    ],
)
def test_what_is_wrong_names_its_field_and_adds_nothing(changes, field):
    editor = as_staff(shop_with_key(), permissions=EDITOR)

    payload = editor.ask(CREATE, input=mailbox(**changes)).data["channelAccountCreate"]

    assert [one["field"] for one in payload["errors"]] == [field]
    assert not ChannelAccount.objects.exists()


def test_a_stale_change_is_a_conflict():
    account = make_channel_account(shop_with_key())
    editor = as_staff(account.shop, permissions=EDITOR)
    ident = editor.ask("{ channelAccounts { id } }").data["channelAccounts"][0]["id"]

    first = editor.ask(UPDATE, id=ident, version=1, input={"name": "Care"}).data["channelAccountUpdate"]
    second = editor.ask(UPDATE, id=ident, version=1, input={"name": "Help"}).data["channelAccountUpdate"]

    assert (first["account"]["name"], first["account"]["version"]) == ("Care", 2)
    assert [one["code"] for one in second["errors"]] == ["CONFLICT"]


MUTATIONS = {
    "channelAccountCreate": 'kind: "email", input: {name: "x"}',
    "channelAccountUpdate": "id: $id, version: 1, input: {enabled: false}",
    "channelAccountDelete": "id: $id, version: 1",
    "channelAccountTest": "id: $id, input: {}",
    "channelAccountSendTest": "id: $id",
    "channelAccountPoll": "id: $id",
    "channelAccountConnect": "id: $id",
    "channelAccountDoorsRenew": "id: $id, version: 1",
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_only_administrators_change_accounts_and_only_those_of_their_shop(name):
    account = make_channel_account(shop_with_key())
    other = shop_with_key()
    reader = as_staff(account.shop, permissions=EDITOR)
    ident = reader.ask("{ channelAccounts { id } }").data["channelAccounts"][0]["id"]
    uses_id = "$id" in MUTATIONS[name]
    text = f"mutation{'($id: ID!)' if uses_id else ''} {{ {name}({MUTATIONS[name]}) {{ errors {{ code }} }} }}"
    variables = {"id": ident} if uses_id else {}

    clerk = as_staff(account.shop, permissions=CLERK).ask(text, **variables).data[name]
    assert [one["code"] for one in clerk["errors"]] == ["PERMISSION_DENIED"]
    if uses_id:
        stranger = as_staff(other, permissions=EDITOR).ask(text, **variables).data[name]
        assert [one["code"] for one in stranger["errors"]] == ["NOT_FOUND"]
    account.refresh_from_db()
    assert (account.version, account.enabled, account.archived_at) == (1, True, None)


def test_clerks_see_which_accounts_there_are_and_neither_values_nor_doors():
    account = make_channel_account(shop_with_key(), incoming="postmark", config={}, hidden={})

    (seen,) = (
        as_staff(account.shop, permissions=CLERK).ask(f"{{ channelAccounts {{ {ACCOUNT} }} }}").data["channelAccounts"]
    )
    (full,) = (
        as_staff(account.shop, permissions=EDITOR).ask(f"{{ channelAccounts {{ {ACCOUNT} }} }}").data["channelAccounts"]
    )

    assert (seen["values"], seen["doors"]) == ([], [])
    assert [one["door"] for one in full["doors"]] == ["inbound"]
    assert full["doors"][0]["url"].startswith("https://aftercare.test/channels/")


TEST = """mutation ($id: ID, $input: ChannelAccountInput!) { channelAccountTest(id: $id, input: $input) {
  incoming { problem field folders messages } outgoing { problem } errors { field message } } }"""


def test_a_mailbox_can_be_tried_before_it_is_saved(post):
    editor = as_staff(shop_with_key(), permissions=EDITOR)

    good = editor.ask(TEST, input=mailbox(values=values(post.port, "none"))).data["channelAccountTest"]
    bad = editor.ask(TEST, input=mailbox(values=values(post.port, "none", "wrong"))).data["channelAccountTest"]

    assert good == {
        "incoming": {"problem": "", "field": "", "folders": ["INBOX", "Done", "返品"], "messages": 0},
        "outgoing": None,
        "errors": [],
    }
    assert bad["incoming"]["field"] == "imap.password"
    assert bad["incoming"]["problem"].startswith("The server does not accept the user name or the password")
    assert not ChannelAccount.objects.exists()


def test_a_saved_mailbox_is_tried_with_its_saved_password_and_the_result_is_kept(post):
    shop = shop_with_key()
    config = {"host": "127.0.0.1", "port": str(post.port), "security": "none", "username": USER}
    make_channel_account(shop, outgoing="", config={"imap": config}, hidden={"imap": {"password": PASSWORD}})
    editor = as_staff(shop, permissions=EDITOR)
    ident = editor.ask("{ channelAccounts { id } }").data["channelAccounts"][0]["id"]

    seen = editor.ask(TEST, id=ident, input={}).data["channelAccountTest"]

    assert seen["incoming"]["problem"] == ""
    assert ChannelAccount.objects.get().verified_at is not None


def test_a_list_of_accounts_costs_one_query_however_many_there_are():
    shop = shop_with_key()
    editor = as_staff(shop, permissions=EDITOR)
    text = f"{{ channelAccounts {{ {ACCOUNT} }} }}"
    editor.ask(text)
    counts = []
    for more in (1, 4):
        for _account in range(more):
            make_channel_account(shop)
        with CaptureQueriesContext(connection) as queries:
            editor.ask(text)
        counts.append(sum("aftercare_channelaccount" in one["sql"] for one in queries.captured_queries))

    assert counts == [1, 1]


def test_adapters_say_what_they_want_in_the_asking_persons_language():
    editor = as_staff(shop_with_key(), permissions=EDITOR)

    rows = editor.ask(
        '{ channelAdapters(kind: "email") { slug hears sends polls doors incomingFields { name label } } }'
    ).data["channelAdapters"]

    by_slug = {row["slug"]: row for row in rows}
    assert (by_slug["imap"]["polls"], by_slug["smtp"]["hears"]) == (True, False)
    assert by_slug["mailgun"]["doors"] == ["inbound", "tracking"]
    assert [one["name"] for one in by_slug["mailgun"]["incomingFields"]] == ["webhook_signing_key"]


def test_a_signature_is_shown_as_its_reader_will_see_it_and_nothing_in_it_runs():
    shop = shop_with_key()
    shop.name = "Komorebi"
    shop.save()
    staff = as_staff(shop, permissions=CLERK)
    text = "query ($text: String!) { channelSignaturePreview(text: $text) }"

    seen = staff.ask(text, text="**{{ shop.name }}** <script>x</script>\n\n[here](javascript:x) {{ nobody.knows }}")

    assert seen.data["channelSignaturePreview"] == (
        "<p><strong>Komorebi</strong> &lt;script&gt;x&lt;/script&gt;</p>\n<p>[here](javascript:x)</p>\n"
    )
