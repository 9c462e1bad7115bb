"""What each Saleor is told about us."""

import json

import pytest
from django.test import Client

from saleor_aftercare.connection.manifest import PERMISSIONS, build_manifest, parse_version, wanted_webhooks

VERSIONS = [(3, 22), (3, 23), (3, 24)]


def asked_by(version: str | None) -> dict:
    headers = {"Saleor-Schema-Version": version} if version is not None else {}
    response = Client().get("/saleor/manifest.json", headers=headers)
    assert response.status_code == 200
    assert response["Vary"].startswith("Saleor-Schema-Version")
    return json.loads(response.content)


def mounts(manifest: dict) -> set[str]:
    return {extension["mount"] for extension in manifest["extensions"]}


def test_saleor_3_22_is_told_nothing_that_would_stop_its_installation():
    manifest = asked_by("3.22")

    assert not mounts(manifest) & {"HOMEPAGE_WIDGETS", "SEARCH_ACTION"}
    assert all("identifier" not in one for one in manifest["extensions"] + manifest["webhooks"])
    assert "CustomerDeleted" not in json.dumps(manifest)
    assert "CUSTOMER_DELETED" not in json.dumps(manifest)


@pytest.mark.parametrize("version", ["3.23", "3.24", "3.25", "4.0", "", "nonsense", None])
def test_newer_ones_get_everything(version):
    manifest = asked_by(version)

    assert mounts(manifest) == {
        "NAVIGATION_CATALOG",
        "NAVIGATION_ORDERS", "ORDER_DETAILS_WIDGETS", "CUSTOMER_DETAILS_WIDGETS", "ORDER_DETAILS_MORE_ACTIONS",
        "HOMEPAGE_WIDGETS", "SEARCH_ACTION",
    }  # fmt: skip
    assert all(webhook["identifier"] for webhook in manifest["webhooks"])
    assert "CUSTOMER_DELETED" in json.dumps(manifest)


@pytest.mark.parametrize("version", VERSIONS)
def test_we_ask_for_what_we_use_and_never_for_the_management_of_apps(version):
    manifest = build_manifest(version)

    asked = ["MANAGE_ORDERS", "HANDLE_PAYMENTS", "MANAGE_USERS", "MANAGE_GIFT_CARD", "MANAGE_PRODUCTS"]
    assert manifest["permissions"] == list(PERMISSIONS) == asked
    assert all(set(one["permissions"]) <= set(PERMISSIONS) for one in manifest["extensions"])


@pytest.mark.parametrize("version", VERSIONS)
def test_addresses_are_of_the_kind_that_even_the_strictest_saleor_takes(version):
    manifest = build_manifest(version)

    assert manifest["appUrl"] == "https://aftercare.test"
    assert manifest["tokenTargetUrl"] == "https://aftercare.test/saleor/register"
    for extension in manifest["extensions"]:
        if extension["target"] == "WIDGET":
            assert extension["url"].startswith("https://aftercare.test/widgets/")
        else:
            assert extension["url"].startswith("/")
    assert all(len(extension["url"]) <= 200 for extension in manifest["extensions"])
    assert all(sum(key.endswith("Target") for key in e.get("options", {})) <= 1 for e in manifest["extensions"])


@pytest.mark.parametrize("version", VERSIONS)
def test_each_webhook_names_its_events_in_its_query(version):
    for webhook in build_manifest(version)["webhooks"]:
        for event in webhook["asyncEvents"]:
            type_name = "".join(word.capitalize() for word in event.split("_"))
            assert f"... on {type_name} " in webhook["query"]
        assert webhook["targetUrl"] == "https://aftercare.test/saleor/webhooks/"


@pytest.mark.parametrize("version", VERSIONS)
def test_webhooks_have_names_of_ours_that_differ(version):
    names = [webhook.name for webhook in wanted_webhooks(version)]

    assert len(names) == len(set(names))
    assert all(name.startswith("Aftercare ") for name in names)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("3.22", (3, 22)), ("3.23.28", (3, 23)), ("3.9", (3, 9)), ("3.24.0-alpha.1", (3, 24)), ("", (3, 24)),
        ("3", (3, 24)), ("three.four", (3, 24)), ("3.٤", (3, 24)), ("3.99999", (3, 24)), ("-3.22", (3, 24)),
    ],
)  # fmt: skip
def test_versions_are_compared_as_numbers(text, version):
    assert parse_version(text) == version


def test_the_manifest_is_only_read():
    assert Client().post("/saleor/manifest.json").status_code == 405


@pytest.mark.parametrize("version", VERSIONS)
def test_the_warehouse_has_an_entry_of_its_own_for_people_who_may_only_manage_products(version):
    extensions = build_manifest(version)["extensions"]

    (receiving,) = [one for one in extensions if one["mount"] == "NAVIGATION_CATALOG"]
    assert receiving == {
        "label": "Receiving",
        "mount": "NAVIGATION_CATALOG",
        "target": "APP_PAGE",
        "url": "/receiving",
        "permissions": ["MANAGE_PRODUCTS"],
    }
    assert all(one["permissions"] == ["MANAGE_ORDERS"] for one in extensions if one is not receiving)
