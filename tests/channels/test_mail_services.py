"""What mail services deliver: mails byte for byte, once; bounces and complaints; nothing without their signature."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from saleor_aftercare.channels import accounts
from saleor_aftercare.channels.models import ChannelAccount, InboundMessage
from saleor_aftercare.core.models import Event, Shop
from saleor_aftercare.mail.models import DeliveryState, OutboundMessage, Suppression
from saleor_aftercare.providers import registry
from saleor_aftercare.providers.mailboxes import hooks
from tests.make import make_letter, make_shop
from tests.make.channels import make_channel_account

pytestmark = [
    pytest.mark.django_db,
    # anymail has no account at SendGrid any more to try its part with, and says so whenever it is used.
    pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailNotSupportedWarning"),
]
#: What no JSON and no form can hold as text: a Japanese mail in Shift_JIS, eight bits wide.
RAW = "From: Hana <hana@customer.test>\r\nSubject: x\r\nMessage-ID: <1@customer.test>\r\n\r\n返品\r\n".encode(
    "shift_jis"
)
ASCII = b"From: Hana <hana@customer.test>\r\nSubject: Kettle\r\nMessage-ID: <1@customer.test>\r\n\r\nBroken.\r\n"


def account_with(service: str, **hidden: str) -> ChannelAccount:
    config = {"postal": {"api_url": "https://postal.test/api/v1/"}} if service == "postal" else {}
    return make_channel_account(
        make_shop(), incoming=service, outgoing=service, config=config, hidden={service: hidden}
    )


def door(account: ChannelAccount, name: str = "inbound") -> str:
    return accounts.hook_url(account, name).removeprefix("https://aftercare.test")


def taken_in(account: ChannelAccount) -> list[bytes]:
    rows = InboundMessage.objects.filter(account=account).select_related("raw__content").order_by("pk")
    return [bytes(one.raw.content.data) for one in rows if one.raw]


def multipart(fields: dict[str, bytes | str]) -> tuple[bytes, str]:
    parts = b""
    for name, value in fields.items():
        data = value if isinstance(value, bytes) else value.encode()
        parts += b'--B\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), data)
    return parts + b"--B--\r\n", "multipart/form-data; boundary=B"


def mailgun_signed(key: str, fields: dict[str, bytes | str]) -> dict[str, bytes | str]:
    signature = hmac.new(key.encode(), b"1700000000abc", hashlib.sha256).hexdigest()
    return {"timestamp": "1700000000", "token": "abc", "signature": signature, **fields}


def post_mailgun(client: Client, account: ChannelAccount, *, key: str = "signing", **fields: Any) -> Any:
    body, content_type = multipart(mailgun_signed(key, fields))
    return client.post(door(account), data=body, content_type=content_type, secure=True)


def test_a_raw_mail_of_mailgun_is_kept_byte_for_byte(client):
    account = account_with("mailgun", webhook_signing_key="signing", api_key="k")

    answer = post_mailgun(client, account, **{"body-mime": RAW, "recipient": account.address})

    assert (answer.status_code, answer.json()) == (200, {"taken": 1})
    assert taken_in(account) == [RAW]
    account.refresh_from_db()
    assert account.heard_at is not None


def test_a_mail_of_ten_megabytes_comes_whole(client):
    account = account_with("mailgun", webhook_signing_key="signing", api_key="k")
    large = ASCII + b"x" * 10_000_000

    assert post_mailgun(client, account, **{"body-mime": large}).status_code == 200

    assert [len(one) for one in taken_in(account)] == [len(large)]


def test_a_delivery_that_comes_again_is_no_second_mail_even_where_the_service_sends_parts(client):
    account = account_with("mailgun", webhook_signing_key="signing", api_key="k")
    headers = json.dumps([["From", "hana@customer.test"], ["Message-ID", "<1@customer.test>"], ["Subject", "Kettle"]])
    parts = {
        "message-headers": headers,
        "body-plain": "Broken 返品",
        "body-html": "<p>Broken</p>",
        "attachment-count": "0",
    }

    for _time in range(2):
        assert post_mailgun(client, account, **parts).status_code == 200

    (mail,) = taken_in(account)
    assert b"Message-ID: <1@customer.test>" in mail
    assert b"multipart/alternative" in mail


@pytest.mark.parametrize("key", ["wrong", ""])
def test_what_is_not_signed_with_the_key_is_not_believed(client, key):
    account = account_with("mailgun", webhook_signing_key="signing", api_key="k")

    answer = post_mailgun(client, account, key=key, **{"body-mime": RAW})

    assert answer.status_code == 401
    account.refresh_from_db()
    assert taken_in(account) == []
    assert account.problem == ""


def test_a_service_that_must_sign_is_not_believed_while_the_key_is_missing(client):
    account = account_with("mailgun", api_key="k")

    assert post_mailgun(client, account, **{"body-mime": RAW}).status_code == 503
    account.refresh_from_db()
    assert (taken_in(account), account.problem) == ([], "This field is needed.")


JSON_SERVICES = {
    "postmark": ({"server_token": "t"}, lambda: {"RawEmail": ASCII.decode(), "Headers": []}),
    "sparkpost": (
        {"api_key": "k"},
        lambda: [
            {
                "msys": {
                    "relay_message": {
                        "protocol": "smtp",
                        "content": {"email_rfc822": ASCII.decode(), "email_rfc822_is_base64": False},
                    }
                }
            }
        ],
    ),
}


@pytest.mark.parametrize("service", JSON_SERVICES)
def test_services_without_a_signature_are_known_by_the_address(client, service):
    hidden, body = JSON_SERVICES[service]
    account = account_with(service, **hidden)

    for _time in range(2):
        answer = client.post(door(account), data=json.dumps(body()), content_type="application/json", secure=True)
        assert (answer.status_code, answer.json()) == (200, {"taken": 1})

    (mail,) = taken_in(account)
    assert mail.replace(b"\r\n", b"\n") == ASCII.replace(b"\r\n", b"\n")


def test_sendgrids_raw_mail_is_kept_byte_for_byte(client):
    account = account_with("sendgrid", api_key="k")
    body, content_type = multipart(
        {"email": RAW, "envelope": '{"from": "hana@customer.test", "to": ["care@shop.test"]}'}
    )

    assert client.post(door(account), data=body, content_type=content_type, secure=True).status_code == 200
    assert taken_in(account) == [RAW]


def test_mandrills_signature_is_over_the_address(client):
    account = account_with("mandrill", webhook_key="key", api_key="k")
    events = json.dumps(
        [
            {
                "event": "inbound",
                "ts": 1700000000,
                "msg": {"raw_msg": ASCII.decode(), "email": "care@shop.test", "to": []},
            }
        ]
    )
    signed = accounts.hook_url(account, "inbound") + "mandrill_events" + events
    signature = base64.b64encode(hmac.new(b"key", signed.encode(), hashlib.sha1).digest()).decode()

    def deliver(signature: str) -> int:
        return client.post(
            door(account),
            data=urlencode({"mandrill_events": events}),
            content_type="application/x-www-form-urlencoded",
            secure=True,
            headers={"X-Mandrill-Signature": signature},
        ).status_code

    assert (deliver("AAAA"), deliver(signature)) == (401, 200)
    assert taken_in(account) == [ASCII]


def test_mailersends_raw_mail_is_signed_whole(client):
    account = account_with("mailersend", inbound_secret="s", api_token="t")
    body = json.dumps(
        {
            "type": "inbound.message",
            "data": {
                "raw": ASCII.decode(),
                "sender": {"email": "hana@customer.test"},
                "recipients": {"rcptTo": [{"email": "care@shop.test"}]},
            },
            "created_at": "2026-06-01T12:00:00.000000Z",
        }
    )
    right = hmac.new(b"s", body.encode(), hashlib.sha256).hexdigest()

    def deliver(signature: str) -> int:
        return client.post(
            door(account), data=body, content_type="application/json", secure=True, headers={"Signature": signature}
        ).status_code

    assert (deliver("0" * 64), deliver(right)) == (401, 200)
    assert taken_in(account) == [ASCII]


@pytest.mark.parametrize(("age_s", "status"), [(0, 200), (600, 401)])
def test_resends_signature_is_svixs_and_grows_old(client, age_s, status):
    key = base64.b64encode(b"a key of some length").decode()
    account = account_with("resend", api_key="k", signing_secret=f"whsec_{key}")
    body = json.dumps(
        {
            "type": "email.bounced",
            "created_at": "2026-06-01T12:00:00Z",
            "data": {"email_id": "r1", "to": ["hana@customer.test"]},
        }
    )
    sent_at = str(int(time.time()) - age_s)
    mac = hmac.new(b"a key of some length", f"msg_1.{sent_at}.{body}".encode(), hashlib.sha256).digest()
    headers = {"svix-id": "msg_1", "svix-timestamp": sent_at, "svix-signature": f"v1,{base64.b64encode(mac).decode()}"}

    answer = client.post(
        door(account, "tracking"), data=body, content_type="application/json", secure=True, headers=headers
    )

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b'{"RawEmail": 7}', "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"--B--", "multipart/form-data; boundary=B"),
        (b"x", "multipart/form-data"),
        (b"a=b", "application/x-www-form-urlencoded"),
        (b"x", "\xff"),
    ],
)
@pytest.mark.parametrize("service", ["postmark", "sparkpost", "sendgrid", "mailjet", "brevo", "postal", "mailtrap"])
def test_nonsense_is_no_error_of_ours_and_the_service_keeps_trying(client, service, body, content_type):
    account = account_with(service, **{one.name: "x" for one in registry.mail_service(service).sends})

    answer = client.post(door(account), data=body, content_type=content_type, secure=True)

    # An empty delivery of parts is an empty mail to some: kept as any other.
    assert answer.status_code in {200, 401, 503}


def test_nobody_knocks_at_a_door_that_is_not_there(client):
    account = account_with("postmark", server_token="t")
    imap = make_channel_account(account.shop)
    wrong = door(account)[:-12] + "0" * 3 + "/inbound/"

    for url in (wrong, door(imap), "/channels/1-/inbound/", "/channels/x/inbound/"):
        assert client.post(url, data=b"{}", content_type="application/json", secure=True).status_code == 404
    assert client.get(door(account), secure=True).status_code == 200
    assert client.head(door(account), secure=True).status_code == 200


def test_an_account_that_is_switched_off_still_hears(client):
    hidden, body = JSON_SERVICES["postmark"]
    account = account_with("postmark", **hidden)
    ChannelAccount.objects.filter(pk=account.pk).update(enabled=False)

    client.post(door(account), data=json.dumps(body()), content_type="application/json", secure=True)

    assert len(taken_in(account)) == 1


# -- what became of letters ------------------------------------------------------------------------------------------


def sent_letter(account: ChannelAccount, shop: Shop | None = None, **values: Any) -> OutboundMessage:
    return make_letter(
        shop or account.shop,
        account=account.pk,
        provider_reference="abc-1",
        state=DeliveryState.SENT,
        to_email="hana@customer.test",
        **values,
    )


def bounce(**changes: Any) -> dict[str, Any]:
    return {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "TypeCode": 1,
        "MessageID": "abc-1",
        "Email": "hana@customer.test",
        "BouncedAt": "2026-06-01T12:00:00Z",
        "Details": "smtp;550 5.1.1 <hana@customer.test> unknown",
        **changes,
    }


def tell(client: Client, account: ChannelAccount, body: Any) -> dict[str, int]:
    answer = client.post(door(account, "tracking"), data=json.dumps(body), content_type="application/json", secure=True)
    assert answer.status_code == 200
    return dict(answer.json())


def test_a_letter_that_came_back_is_known_by_the_services_name_for_it_once(client):
    account = account_with("postmark", server_token="t")
    letter = sent_letter(account)

    first, second = tell(client, account, bounce()), tell(client, account, bounce())

    letter.refresh_from_db()
    assert (first, second) == ({"taken": 1}, {"taken": 0})
    assert (letter.state, letter.error) == (DeliveryState.BOUNCED, "5.1.1")
    assert list(Suppression.objects.values_list("email", "reason")) == [("hana@customer.test", "bounced")]
    assert Event.objects.filter(kind="letter.bounced").count() == 1


def test_a_letter_that_may_arrive_later_closes_no_address(client):
    account = account_with("postmark", server_token="t")
    sent_letter(account)

    tell(client, account, bounce(Type="SoftBounce", TypeCode=4096, Details="smtp;452 4.2.2 full"))

    assert not Suppression.objects.exists()


def test_a_complaint_stops_what_nobody_asked_for(client):
    account = account_with("postmark", server_token="t")
    letter = sent_letter(account)

    tell(client, account, bounce(RecordType="SpamComplaint", Type="SpamComplaint", TypeCode=100001))

    letter.refresh_from_db()
    assert letter.state == DeliveryState.SENT
    assert list(Suppression.objects.values_list("reason", flat=True)) == ["complained"]


def test_nobody_says_anything_of_another_shops_letters(client):
    account = account_with("postmark", server_token="t")
    other = make_shop()
    letter = sent_letter(account, shop=other)

    assert tell(client, account, bounce()) == {"taken": 0}
    letter.refresh_from_db()
    assert letter.state == DeliveryState.SENT


def test_opened_letters_are_the_customers_own_business(client):
    account = account_with("postmark", server_token="t")
    sent_letter(account)

    assert tell(
        client,
        account,
        {
            "RecordType": "Open",
            "MessageID": "abc-1",
            "Recipient": "hana@customer.test",
            "ReceivedAt": "2026-06-01T12:00:00Z",
        },
    ) == {"taken": 0}


def test_every_service_that_hears_or_tells_has_a_view_that_can_be_made():
    for slug in registry.mail_services():
        service = registry.mail_service(slug)
        if not service.installed:
            continue
        values = {one.name: "x" for one in (*service.sends, *service.hears, *service.tells)}
        for name in ("inbound", "tracking"):
            path = getattr(service, name)
            if path and "webhook_verification_key" not in str(values):
                assert hooks._view(service, path, values, url="https://x.test/", door=name).esp_name
