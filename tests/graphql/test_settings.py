"""Settings and health over the API."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_aftercare.connection.models import ShopSettings, WebhookState
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.models import JobState, Shop
from tests.graphql.api import Answer, as_staff, shop_with_key
from tests.make import DAY, NOON, make_job, make_shop, make_webhook

pytestmark = pytest.mark.django_db

FIELDS = """version senderName senderEmail replyToEmail dashboardUrl defaultLanguage timeZone
  returnAddress { name company street1 street2 city postalCode countryArea country phone }
  estimatedDeliveryDays arrivalCheckDays arrivalCheckEnabled answerWithinHours allowedOrigins"""
READ = f"{{ settings {{ {FIELDS} }} }}"
SAVE = f"""mutation ($i: ShopSettingsInput!) {{ settingsUpdate(input: $i) {{
  settings {{ {FIELDS} }} errors {{ code field message }} }} }}"""

ADDRESS = {
    "name": "Returns desk",
    "company": "Komorebi Coffee",
    "street1": "1-2-3 Minamiaoyama",
    "street2": "",
    "city": "Minato-ku",
    "postalCode": "107-0062",
    "countryArea": "Tokyo",
    "country": "JP",
    "phone": "+81 3 1234 5678",
}


def save(shop: Shop, **change: Any) -> Answer:
    return as_staff(shop).ask(SAVE, i={"version": 1} | change)


def test_settings_are_read_whole():
    shop = shop_with_key(settings={"allowed_origins": ["https://store.test"]})

    seen = as_staff(shop, ("MANAGE_ORDERS",)).ask(READ).data["settings"]

    assert seen == {
        "version": 1,
        "senderName": "Komorebi Coffee",
        "senderEmail": "care@komorebi.test",
        "replyToEmail": "",
        "dashboardUrl": shop.settings.dashboard_url,
        "defaultLanguage": "en",
        "timeZone": "UTC",
        "returnAddress": ADDRESS,
        "estimatedDeliveryDays": 4,
        "arrivalCheckDays": 3,
        "arrivalCheckEnabled": True,
        "answerWithinHours": 24,
        "allowedOrigins": ["https://store.test"],
    }


def test_a_shop_without_an_address_shows_an_empty_one():
    shop = shop_with_key(settings={"return_address": {}})

    assert as_staff(shop).ask(READ).data["settings"]["returnAddress"] == dict.fromkeys(ADDRESS, "")


def test_what_is_given_is_saved_and_the_rest_stays():
    shop = shop_with_key()

    saved = save(shop, timeZone="Asia/Tokyo", returnAddress=ADDRESS | {"city": "Shibuya-ku"}).payload("settingsUpdate")[
        "settings"
    ]

    assert (saved["version"], saved["timeZone"], saved["senderName"]) == (2, "Asia/Tokyo", "Komorebi Coffee")
    assert saved["returnAddress"] == ADDRESS | {"city": "Shibuya-ku"}
    assert as_staff(shop).ask(READ).data["settings"] == saved


def test_an_address_keeps_the_parts_that_the_form_does_not_have():
    shop = shop_with_key()
    row = ShopSettings.objects.get(shop=shop)
    row.return_address = row.return_address | {"city_area": "Aoyama"}
    row.save()

    save(shop, returnAddress=ADDRESS | {"name": "Desk 2"}).payload("settingsUpdate")

    row.refresh_from_db()
    assert (row.return_address["name"], row.return_address["city_area"]) == ("Desk 2", "Aoyama")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"senderName": "x" * 101}, "senderName"),
        ({"senderEmail": "nobody"}, "senderEmail"),
        ({"replyToEmail": "a@"}, "replyToEmail"),
        ({"dashboardUrl": "javascript:alert(1)"}, "dashboardUrl"),
        ({"defaultLanguage": "tlh"}, "defaultLanguage"),
        ({"timeZone": "Mars/Olympus"}, "timeZone"),
        ({"estimatedDeliveryDays": -1}, "estimatedDeliveryDays"),
        ({"arrivalCheckDays": 61}, "arrivalCheckDays"),
        ({"answerWithinHours": 0}, "answerWithinHours"),
        ({"allowedOrigins": ["https://a.test/path"]}, "allowedOrigins"),
        ({"allowedOrigins": [f"https://a{n}.test" for n in range(51)]}, "allowedOrigins"),
        ({"returnAddress": ADDRESS | {"country": "XX"}}, "returnAddress.country"),
        ({"returnAddress": ADDRESS | {"street1": "x" * 300}}, "returnAddress.street1"),
        ({"senderName": None}, "senderName"),
    ],
)
def test_what_cannot_be_saved_is_named_and_nothing_is(change: dict[str, Any], field: str):
    shop = shop_with_key()

    answer = save(shop, answerWithinHours=48, **change) if "answerWithinHours" not in change else save(shop, **change)

    assert answer.refusal("settingsUpdate") == ("INVALID", field)
    row = ShopSettings.objects.get(shop=shop)
    assert (row.version, row.answer_within_hours) == (1, 24)


def test_the_second_of_two_editors_is_told():
    shop = shop_with_key()
    save(shop, senderName="One").payload("settingsUpdate")

    answer = save(shop, senderName="Two")

    assert answer.refusal("settingsUpdate") == ("CONFLICT", "version")
    assert ShopSettings.objects.get(shop=shop).sender_name == "One"


@pytest.mark.parametrize("permission", ["MANAGE_APPS", "MANAGE_SETTINGS"])
def test_either_permission_lets_somebody_save(permission: str):
    shop = shop_with_key()

    answer = as_staff(shop, (permission,)).ask(
        "mutation ($i: ShopSettingsInput!) { settingsUpdate(input: $i) { settings { senderName } errors { code } } }",
        i={"version": 1, "senderName": "New"},
    )

    assert answer.payload("settingsUpdate")["settings"] == {"senderName": "New"}


HEALTH = """{ connectionHealth { connectedSince saleorVersion missingPermissions lastWebhookAt failedWebhooks
  failedJobs { id kind error at } } }"""


def test_health_shows_the_shops_own_trouble_only():
    shop = shop_with_key(permissions=["MANAGE_ORDERS"])
    job = make_job(shop, kind="mail.send", state=JobState.FAILED, error="refused", finished_at=NOON)
    make_job(shop)
    make_job(make_shop(), state=JobState.FAILED)
    make_webhook(shop, state=WebhookState.FAILED)
    make_webhook(shop, received_at=NOON - DAY)
    make_webhook(make_shop(), state=WebhookState.FAILED)

    seen = as_staff(shop).ask(HEALTH).data["connectionHealth"]

    assert seen == {
        "connectedSince": shop.connected_at.isoformat(),
        "saleorVersion": "3.23.28",
        "missingPermissions": ["HANDLE_PAYMENTS", "MANAGE_USERS", "MANAGE_GIFT_CARD", "MANAGE_PRODUCTS"],
        "lastWebhookAt": "2025-06-02T12:00:00+00:00",
        "failedWebhooks": 1,
        "failedJobs": [
            {
                "id": to_global_id("Job", job.pk),
                "kind": "mail.send",
                "error": "refused",
                "at": "2025-06-02T12:00:00+00:00",
            }
        ],
    }


def test_failed_work_is_put_back_to_work_once():
    shop = shop_with_key()
    job = make_job(shop, state=JobState.FAILED)
    staff = as_staff(shop)
    query = "mutation ($id: ID!) { jobRetry(id: $id) { errors { code field } } }"
    id = to_global_id("Job", job.pk)  # noqa: A001

    staff.ask(query, id=id).payload("jobRetry")

    job.refresh_from_db()
    assert job.state == JobState.PENDING
    assert staff.ask(query, id=id).refusal("jobRetry") == ("CONFLICT", "id")
