"""The install handshake, from the manifest to the end."""

from __future__ import annotations

import json

import httpx
import pytest

from saleor_aftercare.sandbox import Installer, InstallError, set_active, uninstall

MANIFEST = "https://listener.test/manifest"
SELF = "{ app { id identifier permissions { code } webhooks { name targetUrl asyncEvents { name } } } }"


@pytest.fixture
def installer(shop, hooks, listener):
    return Installer(shop, httpx.Client(transport=httpx.MockTransport(listener)))


def test_the_handshake_is_saleors(shop, hooks, listener, installer):
    app = installer.install(MANIFEST)
    hooks.pump()

    assert [r.headers["Saleor-Schema-Version"] for r in listener.manifest_requests] == ["3.23"] * 2
    register = listener.registrations[0]
    assert json.loads(register.content) == {"auth_token": app.token}
    assert len(app.token) == 30
    assert register.headers["Saleor-Api-Url"] == "https://shop.test/graphql/"
    assert register.headers["Saleor-Domain"] == "shop.test"
    assert "Saleor-Signature" not in register.headers
    assert listener.events == ["APP_INSTALLED"]


def test_the_token_opens_the_api_until_the_app_is_removed(shop, hooks, app, listener, ask):
    assert ask(SELF, token=app.token)["data"]["app"]["id"] == app.id

    uninstall(shop, app)
    hooks.pump()

    refused = ask(SELF, token=app.token)
    assert refused["data"] == {"app": None}
    assert refused["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"
    assert "AUTHENTICATED_APP" in refused["errors"][0]["message"]
    assert listener.events == ["APP_DELETED"]
    assert listener.payloads[0]["app"]["isActive"] is False


def test_a_second_install_gives_a_new_id_and_token(shop, app, installer):
    again = installer.install(MANIFEST)

    assert (again.id, again.token) != (app.id, app.token)
    assert shop.installed("listener") is again
    assert shop.app_by_token(app.token) is None


def test_a_refused_registration_leaves_nothing_behind(shop, app, installer, listener):
    listener.register_answer = httpx.Response(403, json={"error": {"message": "nope: not allowed"}})

    with pytest.raises(InstallError, match=r"^nope: not allowed$"):
        installer.install(MANIFEST)

    assert shop.installed("listener") is app
    assert shop.app_by_token(app.token) is app


def test_one_bad_subscription_fails_the_installation(shop, installer, listener):
    shop.version = "3.22.67"
    listener.manifest["webhooks"][0]["query"] = "subscription { event { ... on CustomerDeleted { user { id } } } }"

    with pytest.raises(InstallError, match="CustomerDeleted"):
        installer.install(MANIFEST)

    assert shop.installed("listener") is None


def test_an_inactive_app_is_refused_and_told_only_that(shop, hooks, app, listener, ask):
    set_active(shop, app, active=False)
    hooks.pump()

    assert ask(SELF, token=app.token)["data"] == {"app": None}
    assert listener.events == ["APP_STATUS_CHANGED"]


def test_an_app_changes_its_own_webhooks(shop, app, ask):
    created = ask(
        "mutation($i: WebhookCreateInput!) { webhookCreate(input: $i) {"
        " webhook { id asyncEvents { eventType } } errors { code } } }",
        token=app.token,
        i={
            "name": "More",
            "targetUrl": "https://listener.test/more",
            "query": "subscription { event { ... on OrderUpdated { order { id } } } }",
        },
    )["data"]["webhookCreate"]
    hook = created["webhook"]["id"]
    assert created["webhook"]["asyncEvents"] == [{"eventType": "ORDER_UPDATED"}]

    changed = ask(
        "mutation($id: ID!, $i: WebhookUpdateInput!) { webhookUpdate(id: $id, input: $i) {"
        " webhook { isActive } errors { code message } } }",
        token=app.token,
        id=hook,
        i={"isActive": False},
    )["data"]["webhookUpdate"]
    assert changed == {"webhook": {"isActive": False}, "errors": []}

    ask("mutation($id: ID!) { webhookDelete(id: $id) { errors { code } } }", token=app.token, id=hook)
    assert [w.name for w in app.webhooks] == ["All"]
