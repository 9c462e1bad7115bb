"""Mailboxes without a password: only the browser that began may finish, once; two workers fetch one fresh token."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.db import connection
from django.test import Client

from saleor_aftercare.channels import oauth
from saleor_aftercare.channels.account_values import read_secrets, write_secrets
from saleor_aftercare.channels.models import ChannelAccount
from saleor_aftercare.core import clock, outside
from saleor_aftercare.core.errors import InvalidInput, ProviderUnavailable
from saleor_aftercare.core.models import Job
from saleor_aftercare.providers.credentials import CredentialsRejected
from tests.make import make_shop, make_staff
from tests.make.channels import IMAP, make_channel_account

pytestmark = pytest.mark.django_db


class Keeper:
    """Plays Google's and Microsoft's token service."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.urls: list[str] = []
        self.status = 200
        self.answer: dict[str, Any] = {"access_token": "fresh", "refresh_token": "r2", "expires_in": 3600}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.urls.append(str(request.url))
        self.asked.append({name: values[0] for name, values in parse_qs(request.content.decode()).items()})
        return httpx.Response(self.status, content=json.dumps(self.answer))


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    played = Keeper()
    with outside.using_transport(httpx.MockTransport(played)):
        yield played


def google_account(**tokens: Any) -> ChannelAccount:
    account = make_channel_account(
        make_shop(),
        outgoing="",
        config={"imap": {**IMAP, "auth": "google"}, "google": {"client_id": "shops-client"}},
        hidden={"google": {"client_secret": "shops-secret"}},
    )
    if tokens:
        kept = {"authority": "google", "access": "stale", "refresh": "r1", **tokens}
        account.secrets = write_secrets(read_secrets(account) | {"tokens": kept})
        account.save()
    return account


def begin(account: ChannelAccount) -> str:
    """The state of a sign-in that staff have just begun."""
    url = oauth.begin(account, member=make_staff(account.shop), at=clock.now())
    return url.split("/")[-2]


def in_minutes(minutes: int) -> str:
    return (clock.now() + timedelta(minutes=minutes)).isoformat()


def test_a_mailbox_is_connected_in_the_browser_that_began(keeper, client):
    account = google_account()
    assert not oauth.is_connected(account)
    state = begin(account)

    gone = client.get(f"/channels/oauth/start/{state}/", secure=True)
    query = {name: values[0] for name, values in parse_qs(urlsplit(gone["Location"]).query).items()}
    back = client.get("/channels/oauth/callback/", {"state": query["state"], "code": "c0de"}, secure=True)

    assert gone["Location"].startswith("https://accounts.google.com/o/oauth2/v2/auth?")
    assert (query["client_id"], query["code_challenge_method"], query["login_hint"]) == (
        "shops-client",
        "S256",
        account.address,
    )
    assert query["redirect_uri"] == "https://aftercare.test/channels/oauth/callback/"
    assert (back.status_code, account.address in back.content.decode()) == (200, True)
    assert keeper.asked[0]["code"] == "c0de"
    assert keeper.asked[0]["client_secret"] == "shops-secret"
    assert len(keeper.asked[0]["code_verifier"]) == 64
    account.refresh_from_db()
    assert oauth.is_connected(account)
    assert oauth.access_token(account, at=clock.now()) == "fresh"
    assert Job.objects.filter(kind="channels.poll").count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT secrets FROM aftercare_channelaccount WHERE id = %s", [account.pk])
        assert "fresh" not in cursor.fetchone()[0]


def test_another_browser_cannot_finish_what_somebody_else_began(keeper):
    account = google_account()
    state = begin(account)
    Client().get(f"/channels/oauth/start/{state}/", secure=True)

    back = Client().get("/channels/oauth/callback/", {"state": state, "code": "c0de"}, secure=True)

    assert back.status_code == 400
    assert keeper.asked == []
    account.refresh_from_db()
    assert not oauth.is_connected(account)


def test_a_sign_in_is_finished_once_and_an_earlier_one_not_at_all(keeper, client):
    account = google_account()
    first, second = begin(account), begin(account)
    assert client.get(f"/channels/oauth/start/{first}/", secure=True).status_code == 400
    oauth.finish(second, "c0de", at=clock.now())

    with pytest.raises(InvalidInput, match="used"):
        oauth.finish(second, "c0de", at=clock.now())

    assert len(keeper.asked) == 1


@pytest.mark.parametrize("state", ["", "x", "a:b:c"])
def test_an_invented_state_leads_nowhere(keeper, client, state):
    assert client.get("/channels/oauth/callback/", {"state": state, "code": "c"}, secure=True).status_code == 400
    assert client.get(f"/channels/oauth/start/{state or 'y'}/", secure=True).status_code == 400
    assert keeper.asked == []


def test_whoever_says_no_connects_nothing(keeper, client):
    account = google_account()
    state = begin(account)
    client.get(f"/channels/oauth/start/{state}/", secure=True)

    back = client.get("/channels/oauth/callback/", {"state": state, "error": "access_denied"}, secure=True)

    assert (back.status_code, keeper.asked) == (400, [])


def test_a_sign_in_that_ends_within_the_hour_is_not_enough(keeper):
    keeper.answer = {"access_token": "short", "expires_in": 3600}

    with pytest.raises(CredentialsRejected, match="for longer"):
        oauth.finish(begin(google_account()), "c0de", at=clock.now())


def test_a_token_that_ends_soon_is_renewed_before_it_is_used(keeper):
    account = google_account(expires_at=in_minutes(1))
    keeper.answer = {"access_token": "fresh", "expires_in": 3600}

    assert oauth.access_token(account, at=clock.now()) == "fresh"
    account.refresh_from_db()
    assert oauth.access_token(account, at=clock.now()) == "fresh"

    assert [one["refresh_token"] for one in keeper.asked] == ["r1"]
    # Google gives no new one: the one that we have stays good.
    assert read_secrets(account)["tokens"]["refresh"] == "r1"


def test_a_consent_that_was_taken_back_has_to_be_given_again(keeper):
    account = google_account(expires_at=in_minutes(-1))
    keeper.status, keeper.answer = 400, {"error": "invalid_grant", "error_description": "hana@customer.test"}

    with pytest.raises(CredentialsRejected, match="connect it again") as raised:
        oauth.access_token(account, at=clock.now())

    assert (raised.value.field, "hana" in raised.value.message) == ("auth", False)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_authority_is_asked_again_later(keeper, status):
    keeper.status = status

    with pytest.raises(ProviderUnavailable, match=str(status)):
        oauth.access_token(google_account(expires_at=in_minutes(-1)), at=clock.now())


@pytest.mark.parametrize("answer", [{}, {"access_token": ""}, {"access_token": 7}, []])
def test_an_authority_that_answers_nonsense_breaks_nothing(keeper, answer):
    account = google_account(expires_at=in_minutes(-1))
    keeper.answer = answer

    with pytest.raises(ProviderUnavailable, match="do not understand"):
        oauth.access_token(account, at=clock.now())

    account.refresh_from_db()
    assert read_secrets(account)["tokens"]["refresh"] == "r1"


def test_a_tenant_leads_to_its_own_authority_and_to_no_other_address(keeper):
    account = make_channel_account(
        make_shop(),
        outgoing="",
        config={
            "imap": {**IMAP, "auth": "microsoft"},
            "microsoft": {"client_id": "c", "tenant": "contoso.onmicrosoft.com"},
        },
        hidden={},
    )
    oauth.finish(begin(account), "c0de", at=clock.now())
    assert keeper.urls == ["https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token"]

    account.config["microsoft"]["tenant"] = "evil.test/x?"
    account.save()
    with pytest.raises(InvalidInput) as raised:
        begin(account)
    assert raised.value.field == "microsoft.tenant"


def test_without_a_client_nothing_can_be_connected_and_this_servers_own_will_do(settings):
    account = google_account()
    account.config["google"] = {}
    account.save()
    with pytest.raises(InvalidInput) as raised:
        begin(account)
    assert raised.value.field == "google.client_id"

    settings.OAUTH_CLIENTS = {"google": ("servers-client", "s")}

    assert "servers-client" in oauth.consent_url(begin(account), at=clock.now())


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_find_a_stale_token_fetch_one(keeper):
    account = google_account(expires_at=in_minutes(-1))

    def work(_number: int) -> str:
        try:
            return oauth.access_token(ChannelAccount.objects.get(pk=account.pk), at=clock.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(work, range(4)))

    assert (found, len(keeper.asked)) == (["fresh"] * 4, 1)
