"""Becoming an app of a Saleor, and noticing that we no longer are one."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx
import pytest
import time_machine
from django.test import Client

from saleor_aftercare.connection import client, install, reconcile, webhooks
from saleor_aftercare.connection.manifest import PERMISSIONS
from saleor_aftercare.connection.models import Order, ShopSettings
from saleor_aftercare.core import clock, jobs
from saleor_aftercare.core.errors import ProviderUnavailable
from saleor_aftercare.core.models import Job, JobState, Shop
from saleor_aftercare.sandbox import InstallError, PracticeShop, PracticeTransport, set_active, uninstall
from tests.make import make_shop

pytestmark = pytest.mark.django_db

API_URL = "https://shop.test/graphql/"
MANIFEST = "https://aftercare.test/saleor/manifest.json"


def register(body: object = None, *, api_url: str = API_URL, **kwargs) -> httpx.Response:
    data = body if isinstance(body, (str, bytes)) else json.dumps(body or {"auth_token": "x" * 30})
    return Client().post(
        "/saleor/register", data, content_type="application/json", headers={"Saleor-Api-Url": api_url}, **kwargs
    )


def answering(**answers: object) -> httpx.MockTransport:
    """A Saleor: ``api`` for its API, ``jwks`` for its keys; each a response or an error."""

    def serve(request: httpx.Request) -> httpx.Response:
        answer = answers["jwks" if request.url.path.endswith("jwks.json") else "api"]
        if isinstance(answer, Exception):
            raise answer
        return answer

    return httpx.MockTransport(serve)


NOBODY = httpx.Response(
    200,
    json={
        "data": {"app": None},
        "errors": [{"message": "No.", "path": ["app"], "extensions": {"exception": {"code": "PermissionDenied"}}}],
    },
)


# -- installing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["3.22.67", "3.23.28", "3.24.0"])
def test_the_whole_handshake_makes_a_tenant(version, house_of):
    with house_of(version) as house:
        shop = house.shop

        assert (shop.saleor_api_url, shop.handle, shop.saleor_version) == (API_URL, "shop-test", version)
        assert shop.permissions == sorted(PERMISSIONS)
        assert shop.connected
        assert shop.app_token == house.saleor.installed("saleor.aftercare").token
        assert shop.jwks == house.saleor.keys.jwks()
        assert ShopSettings.objects.get().carrier_secret.startswith("acc_")


@pytest.fixture
def house_of():
    """Build a house with a Saleor of a version."""
    from saleor_aftercare.sandbox import fill
    from tests.house import build_house

    def build(version):
        saleor = PracticeShop(version=version)
        fill(saleor, orders=False)
        return build_house(saleor)

    return build


def test_installing_again_keeps_the_tenant_and_all_that_is_in_it(house):
    customer = next(u for u in house.saleor.state.users if not u.is_staff)
    house.sell([("KETTLE-KAZE-BLK", 1)])
    before, settings = house.shop, ShopSettings.objects.get()
    ShopSettings.objects.update(sender_name="Kaze & Kettle")

    house.installer.install(MANIFEST)
    house.settle()

    after = house.shop
    assert after.pk == before.pk
    assert (after.handle, Shop.objects.count()) == (before.handle, 1)
    assert after.app_id != before.app_id
    assert after.app_token != before.app_token
    assert ShopSettings.objects.get().sender_name == "Kaze & Kettle"
    assert ShopSettings.objects.get().carrier_secret == settings.carrier_secret
    assert Order.objects.get().user_id == customer.id
    house.sell([("KETTLE-KAZE-BLK", 1)])
    assert Order.objects.count() == 2


def test_a_new_installation_is_reconciled_a_minute_later(house):
    job = Job.objects.get(kind="connection.reconcile")

    assert timedelta(seconds=50) < job.due_at - clock.now() <= timedelta(minutes=1)


@pytest.mark.parametrize(
    "api_url",
    [
        "https://evil.test/graphql/", "http://shop.test/graphql/", "https://shop.test/graphql", "https://shop.test.evil/",
        "https://shop.test@evil.test/graphql/", "http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:5432/",
        "file:///etc/passwd", "gopher://shop.test/", "//shop.test/graphql/", "https://[::1/graphql/", "https://shop.test:99999/",
        "", "shop.test", "https://shop.test/graphql/#x", "https://shop.test/graphql/ ", "HTTPS://SHOP.TEST/graphql/",
    ],
)  # fmt: skip
def test_only_an_allowed_address_is_ever_asked(api_url):
    calls = []
    transport = httpx.MockTransport(lambda request: calls.append(request) or httpx.Response(200, json={}))
    with client.using_transport(transport):
        response = register(api_url=api_url)

    assert response.status_code in {400, 403}
    error = response.json()["error"]
    assert error["field"] == "Saleor-Api-Url"
    assert error["message"]
    assert calls == []
    assert Shop.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    [b"", b"nonsense", b"[]", b'"x"', b"{}", b'{"auth_token": ""}', b'{"auth_token": "\xc3\xa9"}', b"[" * 100_000,
     json.dumps({"auth_token": "x" * 501}).encode()],
)  # fmt: skip
def test_a_registration_without_a_usable_token_is_refused(body):
    response = register(body)

    assert (response.status_code, response.json()["error"]["field"]) == (400, "auth_token")
    assert Shop.objects.count() == 0


def test_a_token_that_saleor_does_not_know_makes_no_tenant(saleor):
    with client.using_transport(PracticeTransport(saleor)):
        response = register({"auth_token": "stolen" * 5})

    assert response.status_code == 400
    assert "does not know this token" in response.json()["error"]["message"]
    assert Shop.objects.count() == 0


@pytest.mark.parametrize(
    ("saleor_is", "status"),
    [
        ({"api": httpx.ConnectError("refused")}, 503),
        ({"api": httpx.ReadTimeout("slow")}, 503),
        ({"api": httpx.Response(500)}, 503),
        ({"api": httpx.Response(429, headers={"Retry-After": "9"})}, 503),
        ({"api": httpx.Response(302, headers={"Location": "http://127.0.0.1/"})}, 503),
        ({"api": NOBODY}, 400),
        ({"api": httpx.Response(200, json={"data": {"app": None, "shop": {}}})}, 400),
    ],
)
def test_a_saleor_that_does_not_confirm_us_makes_no_tenant(saleor_is, status):
    with client.using_transport(answering(jwks=httpx.Response(500), **saleor_is)):
        response = register()

    assert (response.status_code, Shop.objects.count()) == (status, 0)


@pytest.mark.parametrize("jwks", [httpx.Response(404), httpx.Response(200, text="<html>"), httpx.Response(200, json=[]),
                                  httpx.Response(200, json={"keys": []}), httpx.ConnectError("no")])  # fmt: skip
def test_without_saleors_keys_there_is_no_tenant(jwks):
    me = httpx.Response(
        200, json={"data": {"app": {"id": "QXBwOjE=", "permissions": []}, "shop": {"version": "3.23.28"}}}
    )
    with client.using_transport(answering(api=me, jwks=jwks)):
        response = register()

    assert response.status_code in {400, 503}
    assert Shop.objects.count() == 0


def test_the_person_who_installs_reads_why_not(house, settings):
    settings.ALLOWED_SALEOR_URLS = ("https://elsewhere.test/graphql/",)

    with pytest.raises(InstallError, match="Add its API URL to ALLOWED_SALEOR_URLS"):
        house.installer.install(MANIFEST)

    assert house.shop.connected


def test_registrations_cannot_be_tried_without_end():
    statuses = [register(b"nonsense").status_code for _ in range(31)]

    assert statuses[-1] == 429
    assert set(statuses[:30]) == {400}


def test_a_failed_registration_leaves_the_present_installation_alone(house):
    before = house.shop

    with client.using_transport(answering(api=NOBODY, jwks=httpx.Response(500))):
        assert register().status_code == 400

    after = house.shop
    assert (after.app_id, after.app_token, after.connected) == (before.app_id, before.app_token, True)


# -- the end, and coming back ----------------------------------------------------------------------------------------


def test_an_uninstalled_shop_is_disconnected_and_its_token_forgotten(house):
    uninstall(house.saleor, house.saleor.installed("saleor.aftercare"))

    house.settle()

    shop = house.shop
    assert not shop.connected
    assert shop.app_token == ""
    assert reconcile.run_all() == 0
    with pytest.raises(client.TokenRejected):
        client.call(shop, "installation")


def test_saleor_3_22_says_nothing_at_the_end_and_reconciling_notices(house_of):
    with house_of("3.22.67") as house:
        house.settle()
        uninstall(house.saleor, house.saleor.installed("saleor.aftercare"))
        house.settle()
        assert house.shop.connected

        assert reconcile.run_all() == 0

        assert not house.shop.connected


def test_a_deactivated_app_rests_and_comes_back_by_itself(house):
    app = house.saleor.installed("saleor.aftercare")
    token = house.shop.app_token
    set_active(house.saleor, app, active=False)
    house.settle()
    assert not house.shop.connected

    set_active(house.saleor, app, active=True)
    webhooks.forget_shops()
    house.settle()

    assert house.shop.connected
    assert house.shop.app_token == token
    house.sell([("KETTLE-KAZE-BLK", 1)])
    assert Order.objects.count() == 1


def test_an_app_that_came_back_unheard_is_found_by_the_next_round(house):
    app = house.saleor.installed("saleor.aftercare")
    house.hooks.disorder.lose = {"APP_STATUS_CHANGED"}
    set_active(house.saleor, app, active=False)
    reconcile.run_all()
    assert not house.shop.connected
    set_active(house.saleor, app, active=True)

    assert reconcile.run_all() == 1

    assert house.shop.connected


def test_a_shop_that_is_gone_for_a_month_is_asked_no_more(house):
    app = house.saleor.installed("saleor.aftercare")
    set_active(house.saleor, app, active=False)
    house.settle()

    with time_machine.travel(clock.now() + timedelta(days=31)):
        assert list(reconcile.shops_to_ask(at=clock.now())) == []


def test_the_end_of_an_older_installation_is_not_the_end_of_the_present_one(house):
    old = house.saleor.installed("saleor.aftercare")
    house.installer.install(MANIFEST)

    uninstall(house.saleor, old)
    house.settle()
    install.uninstall(house.shop, app_id=old.id, at=clock.now())

    assert house.shop.connected
    assert house.shop.app_token


def test_a_saleor_that_is_away_does_not_disconnect_us(house):
    for how in ("500", "timeout"):
        house.saleor.faults.add(how)
        with pytest.raises(ProviderUnavailable):
            install.check_connection(house.shop, at=clock.now())

    assert house.shop.connected


def test_permissions_that_the_merchant_took_back_are_noticed(house):
    house.saleor.installed("saleor.aftercare").permissions.remove("HANDLE_PAYMENTS")

    assert install.check_connection(house.shop, at=clock.now())

    assert install.missing_permissions(house.shop) == ["HANDLE_PAYMENTS"]


def test_shops_of_one_host_get_handles_of_their_own():
    make_shop(handle="shop-test")
    make_shop(handle="shop-test-2")

    from saleor_aftercare.connection.shop import free_handle

    assert free_handle(API_URL) == "shop-test-3"
    assert free_handle("https://店.example/graphql/") == "example"
    assert free_handle("http://127.0.0.1:8000/graphql/") == "127-0-0-1"


def test_one_shop_in_trouble_does_not_keep_another_from_being_reconciled(house):
    make_shop(saleor_api_url="https://away.test/graphql/")

    assert reconcile.run_all() == 1
    assert reconcile.schedule_all(at=clock.now()) == 2
    jobs.run_due()

    assert not Job.objects.filter(state=JobState.FAILED).exists()
