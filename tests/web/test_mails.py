"""The page that shows the HTML of a mail: it can do nothing, and only the shop's Dashboard may show it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox import html_views
from saleor_aftercare.inbox.models import TicketMessage
from tests.make import NOON, make_file, make_message, make_shop, make_ticket

pytestmark = pytest.mark.django_db


def make_mail(shop: Shop | None = None) -> TicketMessage:
    """A message with HTML, a picture of its own, one of somebody else's and one elsewhere."""
    ticket = make_ticket(shop=shop or make_shop(), language="ja")
    picture, foreign = make_file(ticket.shop, name="a.png", content_type="image/png"), make_file()
    html = (
        f'<p>Hi</p><img src="aftercare-file:{picture.pk}"><img src="aftercare-file:{foreign.pk}">'
        '<img src="https://t.example/p.gif" alt="logo">'
    )
    message = make_message(
        ticket,
        html=make_file(ticket.shop, data=html.encode(), name="mail.html", content_type="text/html"),
        has_remote_content=True,
    )
    message.attachments.add(picture)
    return message


def get(client: Client, message: TicketMessage, *, remote: bool = False):
    path = html_views.signed_url(message, remote=remote).removeprefix("https://aftercare.test")
    return client.get(path, secure=True)


def directives(response) -> dict[str, str]:
    parts = (one.strip().partition(" ") for one in response["Content-Security-Policy"].split(";"))
    return {name: value for name, _space, value in parts}


def test_the_page_may_do_nothing_but_show_our_own_pictures(client: Client):
    response = get(client, make_mail())

    policy = directives(response)
    assert response.status_code == 200
    assert policy["default-src"] == policy["form-action"] == policy["base-uri"] == "'none'"
    assert policy["img-src"] == "https://aftercare.test data:"
    assert policy["sandbox"] == "allow-popups allow-popups-to-escape-sandbox"
    assert "script-src" not in policy
    assert (response["X-Content-Type-Options"], response["Referrer-Policy"]) == ("nosniff", "no-referrer")
    assert "X-Frame-Options" not in response
    html = response.content.decode()
    assert '<html lang="ja">' in html
    assert 'src="https://aftercare.test/files/' in html
    assert "t.example" not in html


def test_pictures_elsewhere_are_fetched_by_the_address_that_says_so(client: Client):
    response = get(client, make_mail(), remote=True)

    assert directives(response)["img-src"] == "https://aftercare.test data: https: http:"
    assert 'src="https://t.example/p.gif"' in response.content.decode()


def test_html_names_no_file_of_another_message(client: Client):
    assert get(client, make_mail()).content.decode().count("/files/") == 1


def test_only_the_shops_dashboard_may_show_it(client: Client):
    shop = make_shop(
        saleor_api_url="https://api.shop.test/graphql/", settings={"dashboard_url": "https://admin.shop.test/d/"}
    )

    ancestors = directives(get(client, make_mail(shop)))["frame-ancestors"]

    assert ancestors == "'self' https://admin.shop.test https://api.shop.test"


def test_addresses_end_and_forged_ones_open_nothing(client: Client):
    message = make_mail()
    with time_machine.travel(NOON, tick=False):
        url = html_views.signed_url(message, remote=False).removeprefix("https://aftercare.test")
    with time_machine.travel(NOON + timedelta(minutes=16), tick=False):
        assert client.get(url, secure=True).status_code == 410

    assert client.get("/mails/forged/", secure=True).status_code == 410
    without = make_message(message.ticket)
    assert get(client, without).status_code == 404
