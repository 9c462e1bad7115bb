"""The Dashboard's frames: only the shop's own Dashboard may show them; they hold nothing but links to the bundle."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import saleor_aftercare
from saleor_aftercare.core import bundle
from tests.make import make_shop

pytestmark = pytest.mark.django_db

MANIFEST = {
    "src/app/main.tsx": {
        "file": "assets/app-AAAAAAAA.js",
        "css": ["assets/app-BBBBBBBB.css"],
        "imports": ["_shared.js"],
        "isEntry": True,
    },
    "src/app/widget.tsx": {"file": "assets/widget-CCCCCCCC.js", "imports": ["_shared.js"], "isEntry": True},
    "_shared.js": {"file": "assets/shared-DDDDDDDD.js", "css": ["assets/shared-EEEEEEEE.css"], "imports": ["_deep.js"]},
    "_deep.js": {"file": "assets/deep-FFFFFFFF.js", "imports": ["_shared.js"]},
}


@pytest.fixture(autouse=True)
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bundle of known names; the real one is another test's business."""
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps(MANIFEST))
    monkeypatch.setattr(bundle, "MANIFEST", manifest)
    return manifest


def ancestors(response: Any) -> str:
    policy: str = response["Content-Security-Policy"]
    return policy.rpartition("frame-ancestors ")[2]


ROUTES = Path(saleor_aftercare.__file__).parent / "dashboard" / "src" / "app" / "routes.tsx"
#: Every page that the app has, so that all of them can be reloaded and linked to.
APP_PAGES = sorted(re.sub(":[a-z]+", "12", path) for path in re.findall(r'<Route path="([^"]+)"', ROUTES.read_text()))
WIDGETS = ["/widgets/order", "/widgets/customer", "/widgets/home"]


@pytest.mark.parametrize("path", [*APP_PAGES, "/inbox/"])
def test_pages_load_the_app_with_all_that_it_imports(client: Client, path: str):
    response = client.get(path, secure=True)

    html = response.content.decode()
    assert response.status_code == 200
    assert '<script type="module" src="/static/aftercare/assets/app-AAAAAAAA.js"></script>' in html
    assert '<link rel="modulepreload" href="/static/aftercare/assets/shared-DDDDDDDD.js">' in html
    assert '<link rel="modulepreload" href="/static/aftercare/assets/deep-FFFFFFFF.js">' in html
    assert html.index("shared-EEEEEEEE.css") < html.index("app-BBBBBBBB.css")
    assert '<div id="root"></div>' in html
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", WIDGETS)
def test_widgets_load_their_own_small_bundle(client: Client, path: str):
    html = client.get(path, secure=True).content.decode()

    assert "widget-CCCCCCCC.js" in html
    assert "app-AAAAAAAA.js" not in html


@pytest.mark.parametrize("path", [*APP_PAGES, *WIDGETS])
def test_only_the_shops_dashboard_and_its_saleor_may_show_a_page(client: Client, path: str):
    shop = make_shop(
        saleor_api_url="https://api.shop.test/graphql/",
        settings={"dashboard_url": "https://admin.shop.test/dashboard/"},
    )
    make_shop()

    response = client.get(path, {"saleorApiUrl": shop.saleor_api_url}, secure=True)

    assert ancestors(response) == "https://admin.shop.test https://api.shop.test"
    assert "X-Frame-Options" not in response


@pytest.mark.parametrize(
    "api_url", ["", "https://unknown.test/graphql/", "x" * 600, "https://api.shop.test/graphql/; script-src *"]
)
def test_for_an_unknown_shop_nobody_may(client: Client, api_url: str):
    make_shop(saleor_api_url="https://api.shop.test/graphql/")

    assert ancestors(client.get("/inbox", {"saleorApiUrl": api_url}, secure=True)) == "'none'"


def test_for_a_shop_that_removed_the_app_nobody_may(client: Client):
    shop = make_shop(connected=False)

    assert ancestors(client.get("/inbox", {"saleorApiUrl": shop.saleor_api_url}, secure=True)) == "'none'"


def test_without_a_dashboard_in_the_settings_saleors_own_origin_may(client: Client):
    shop = make_shop(saleor_api_url="https://shop.test:8000/graphql/", settings={"dashboard_url": ""})

    assert (
        ancestors(client.get("/inbox", {"saleorApiUrl": shop.saleor_api_url}, secure=True)) == "https://shop.test:8000"
    )


def test_scripts_come_from_us_alone(client: Client):
    policy = client.get("/inbox", secure=True)["Content-Security-Policy"]

    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


def test_the_dashboard_opens_the_app_at_the_bare_address(client: Client, settings: Any):
    shop = make_shop()
    settings.DEMO_HOME_URL = "https://practice.test/"

    framed = client.get("/", {"saleorApiUrl": shop.saleor_api_url}, secure=True)
    bare = client.get("/", secure=True)

    assert "app-AAAAAAAA.js" in framed.content.decode()
    assert "'none'" not in ancestors(framed)
    assert bare.status_code == 302


def test_a_source_tree_without_a_bundle_says_what_to_do(client: Client, built: Path):
    built.unlink()

    response = client.get("/inbox", secure=True)

    assert response.status_code == 503
    assert "make dashboard" in response.content.decode()


def test_a_bundle_built_anew_is_served_at_once(client: Client, built: Path):
    client.get("/inbox", secure=True)
    built.write_text(json.dumps(MANIFEST).replace("AAAAAAAA", "ZZZZZZZZ"))

    assert "app-ZZZZZZZZ.js" in client.get("/inbox", secure=True).content.decode()


@pytest.mark.parametrize("path", ["/inbox", "/widgets/order", "/logo.png", "/privacy"])
def test_nothing_is_posted_to_a_page(path: str):
    assert Client().post(path, secure=True).status_code in (403, 405)


@pytest.mark.parametrize("path", ["/widgets/other", "/widgets/order/1", "/inboxes", "/popup/other"])
def test_other_addresses_do_not_exist(client: Client, path: str):
    assert client.get(path, secure=True).status_code == 404


def test_the_logo_is_a_square_picture(client: Client):
    from io import BytesIO

    from PIL import Image

    response = client.get("/logo.png", secure=True)

    assert response["Content-Type"] == "image/png"
    with Image.open(BytesIO(response.content)) as logo:
        assert logo.size == (256, 256)


def test_privacy_is_explained_in_both_languages(client: Client):
    english = client.get("/privacy", secure=True, headers={"Accept-Language": "en"}).content.decode()
    japanese = client.get("/privacy", secure=True, headers={"Accept-Language": "ja"}).content.decode()

    assert "Which personal data" in english
    assert '<html lang="ja">' in japanese
    assert "個人データ" in japanese
