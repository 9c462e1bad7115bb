"""Who is asking: only what a token proves, and only to the shop and the app that it was made for."""

from __future__ import annotations

import json
import time
from typing import Any

import jwt
import pytest
import time_machine
from jwt.api_jws import PyJWS

from saleor_aftercare.connection import auth, client, jwks
from saleor_aftercare.connection.auth import Customer, Guest, Staff
from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import PermissionDenied, ProviderUnavailable, Unauthenticated
from saleor_aftercare.core.models import ActorKind, Shop
from saleor_aftercare.sandbox import PracticeTransport, access_token, app_user_token, refresh_token, set_active
from saleor_aftercare.sandbox.tokens import KeyPair
from tests.make import make_order, make_shop

API_URL = "https://shop.test/graphql/"


@pytest.fixture
def staff(house):
    return next(user for user in house.saleor.state.users if user.is_staff)


@pytest.fixture
def customer(house):
    return next(user for user in house.saleor.state.users if not user.is_staff)


@pytest.fixture
def app(house):
    return house.saleor.installed("saleor.aftercare")


def verify(token: str, api_url: str | None = API_URL) -> Staff | Customer:
    return auth.verify_staff_or_customer(token, api_url=api_url)


def resigned(house, token: str, /, *, key: Any = None, alg: str = "RS256", header: Any = None, **claims: Any) -> str:
    """The token with other claims and headers (None takes one out), signed again."""
    told = jwt.decode(token, options={"verify_signature": False}) | claims
    headers = {"kid": house.saleor.keys.kid} | (header or {})
    return PyJWS().encode(
        json.dumps({name: value for name, value in told.items() if value is not None}).encode(),
        house.saleor.keys.private if key is None else key,
        alg,
        headers={name: value for name, value in headers.items() if value is not None},
    )


# -- staff -------------------------------------------------------------------------------------------------------------


def test_the_dashboards_token_proves_a_member_of_staff_with_all_their_permissions(house, staff, app):
    somebody = verify(app_user_token(house.saleor, staff, app))

    assert isinstance(somebody, Staff)
    assert somebody.shop == house.shop
    assert somebody.permissions == frozenset(staff.permissions)
    assert somebody.may("MANAGE_SETTINGS")  # the person's, although the app was not granted it
    member = StaffMember.objects.get()
    assert (member.user_id, member.email, member.name) == (staff.id, staff.email, "Emma Lindqvist")
    assert (somebody.actor.kind, somebody.actor.name, somebody.actor.staff_id) == (
        ActorKind.STAFF,
        "Emma Lindqvist",
        member.pk,
    )


def test_what_staff_may_not_do_is_told_by_its_permission(house, app):
    aki = house.saleor.user(email="aki@kaze-kettle.example")

    somebody = verify(app_user_token(house.saleor, aki, app))

    somebody.need("MANAGE_ORDERS")
    with pytest.raises(PermissionDenied, match="HANDLE_PAYMENTS"):
        somebody.need("HANDLE_PAYMENTS")


def test_a_member_of_staff_is_met_once_and_followed_when_the_address_changes(house, staff, app):
    for _ in range(2):
        verify(app_user_token(house.saleor, staff, app))
    staff.email = "emma@elsewhere.example"
    verify(app_user_token(house.saleor, staff, app))

    assert list(StaffMember.objects.values_list("email", flat=True)) == ["emma@elsewhere.example"]


def test_a_name_that_saleor_does_not_tell_is_the_address(house, staff, app):
    house.saleor.faults.add("500", operation="AftercareMe")

    assert verify(app_user_token(house.saleor, staff, app)).actor.name == "emma"


def test_japanese_staff_are_called_by_their_family_name_first(house, staff, app):
    staff.first_name, staff.last_name = "太郎", "山田"

    assert verify(app_user_token(house.saleor, staff, app)).actor.name == "山田 太郎"


STAFF_WRONGS = {
    "of type refresh": {"type": "refresh"},
    "of type confirm-email-change": {"type": "confirm-email-change"},
    "of no type": {"type": None},
    "of a type that is a list": {"type": ["thirdparty"]},
    "for another app": {"app": "QXBwOjk5OTk="},
    "for no app": {"app": None},
    "of another Saleor": {"iss": "https://evil.test/graphql/"},
    "of no Saleor": {"iss": None},
    "of two Saleors": {"iss": [API_URL]},
    "without an end": {"exp": None},
    "ended": {"exp": int(time.time()) - 11},
    "without a beginning": {"iat": None},
    "of tomorrow": {"iat": int(time.time()) + 86_400},
    "of a customer": {"is_staff": False},
    "of staff in words": {"is_staff": "true"},
    "of staff by omission": {"is_staff": None},
    "without permissions": {"user_permissions": None},
    "with permissions in one word": {"user_permissions": "MANAGE_ORDERS"},
    "of nobody": {"user_id": None},
    "of an empty name": {"user_id": ""},
}


@pytest.mark.parametrize("claims", STAFF_WRONGS.values(), ids=STAFF_WRONGS)
def test_a_staff_token_with_one_thing_wrong_opens_nothing(house, staff, app, claims):
    token = resigned(house, app_user_token(house.saleor, staff, app), **claims)

    with pytest.raises(Unauthenticated):
        verify(token)
    assert StaffMember.objects.count() == 0


def test_a_token_of_an_earlier_installation_opens_nothing(house, staff, app):
    token = app_user_token(house.saleor, staff, app)
    house.installer.install("https://aftercare.test/saleor/manifest.json")

    with pytest.raises(Unauthenticated, match="another app"):
        verify(token)


# -- customers ---------------------------------------------------------------------------------------------------------


def test_a_storefronts_token_proves_a_customer(house, customer):
    somebody = verify(access_token(house.saleor, customer))

    assert somebody == Customer(house.shop, customer.id, customer.email)
    assert somebody.actor.kind == ActorKind.CUSTOMER
    assert StaffMember.objects.count() == 0


@pytest.mark.parametrize("audience", ["", "aftercare"])
def test_a_token_may_name_an_audience(house, customer, audience):
    assert isinstance(verify(access_token(house.saleor, customer, audience=audience)), Customer)


def test_staff_with_their_own_access_token_are_only_the_customer_that_they_are_too(house, staff):
    somebody = verify(access_token(house.saleor, staff))

    assert isinstance(somebody, Customer)
    assert not hasattr(somebody, "permissions")


def test_a_refresh_token_opens_nothing(house, customer):
    token, _csrf = refresh_token(house.saleor, customer)

    with pytest.raises(Unauthenticated, match="kind"):
        verify(token)


def test_an_expired_token_is_told_so_with_ten_seconds_of_grace(house, customer):
    assert verify(access_token(house.saleor, customer, ttl_s=-5))

    with pytest.raises(Unauthenticated, match="expired"):
        verify(access_token(house.saleor, customer, ttl_s=-15))


@pytest.mark.django_db
def test_people_cover_their_own_orders_only():
    shop, other = make_shop(), make_shop()
    mine, theirs = make_order(shop, user_id="User:1"), make_order(shop, user_id="User:2")
    of_a_guest, elsewhere = make_order(shop, user_id=""), make_order(other, user_id="User:1")
    orders = (mine, theirs, of_a_guest, elsewhere)

    assert [Customer(shop, "User:1", "a@x.test").covers(order) for order in orders] == [True, False, False, False]
    assert [Customer(shop, "", "a@x.test").covers(order) for order in orders] == [False] * 4
    assert [Guest(shop, of_a_guest, "a@x.test").covers(order) for order in orders] == [False, False, True, False]


# -- signatures --------------------------------------------------------------------------------------------------------


def test_a_token_that_saleor_did_not_sign_opens_nothing(house, customer):
    token = access_token(house.saleor, customer)
    head, body, signature = token.split(".")
    public = house.saleor.keys.jwks()["keys"][0]["n"]
    stranger = KeyPair.generate()
    forged = {
        "another key": resigned(house, token, key=stranger.private),
        "an unknown kid": resigned(house, token, key=stranger.private, header={"kid": stranger.kid}),
        "no kid": resigned(house, token, header={"kid": None}),
        "hs256 with the public key": resigned(house, token, key=public, alg="HS256"),
        "none": resigned(house, token, key="", alg="none"),
        "another body": f"{head}.{access_token(house.saleor, house.saleor.state.users[0]).split('.')[1]}.{signature}",
        "cut off": token[:-4],
        "no signature": f"{head}.{body}.",
        "two parts": f"{head}.{body}",
        "empty": "",
        "nonsense": "nonsense",
        "endless": "a" * 100_000,
        "é": "é.é.é",
    }

    for what, text in forged.items():
        for api_url in (API_URL, None):
            with pytest.raises(Unauthenticated):
                pytest.fail(f"{what}: {verify(text, api_url)}")


def test_the_shop_is_the_one_that_is_named_or_else_the_tokens_own(house, customer):
    token = access_token(house.saleor, customer)

    assert verify(token, None).shop == house.shop
    for api_url in ("https://evil.test/graphql/", "https://shop.test/graphql"):
        with pytest.raises(Unauthenticated, match="not installed"):
            verify(token, api_url)


def test_a_token_of_one_shop_opens_no_other_even_with_the_same_key(house, customer):
    make_shop(
        saleor_api_url="https://other.test/graphql/", jwks=house.shop.jwks, jwks_fetched_at=house.shop.jwks_fetched_at
    )

    with pytest.raises(Unauthenticated):
        verify(access_token(house.saleor, customer), "https://other.test/graphql/")


def test_a_disconnected_shop_lets_nobody_in(house, customer, app):
    set_active(house.saleor, app, active=False)
    house.settle()

    with pytest.raises(Unauthenticated):
        verify(access_token(house.saleor, customer))


def test_while_saleors_keys_cannot_be_fetched_a_new_key_is_not_believed(house, customer):
    jwks._silent_until.clear()
    house.saleor.keys = KeyPair.generate()
    Shop.objects.update(jwks_fetched_at=None)
    token, api_url = access_token(house.saleor, customer), house.saleor.api_url
    house.saleor.api_url = "https://away.test/graphql/"

    with pytest.raises(Unauthenticated, match="cannot be checked"):
        verify(token)

    jwks._silent_until.clear()
    house.saleor.api_url = api_url
    assert isinstance(verify(token), Customer)


# -- before money moves ------------------------------------------------------------------------------------------------


def test_somebody_who_is_still_signed_in_is_confirmed(house, staff, app):
    auth.confirm_staff(verify(app_user_token(house.saleor, staff, app)))


def test_a_deactivated_member_of_staff_is_found_out_before_money_moves(house, staff, app):
    somebody = verify(app_user_token(house.saleor, staff, app))
    staff.is_active = False

    assert verify(somebody.token)  # a signature cannot show it
    with pytest.raises(Unauthenticated, match="no longer"):
        auth.confirm_staff(somebody)


def test_somebody_who_signed_out_everywhere_is_found_out_before_money_moves(house, staff, app):
    somebody = verify(app_user_token(house.saleor, staff, app))
    staff.token_key = "another"

    with pytest.raises(Unauthenticated, match="no longer"):
        auth.confirm_staff(somebody)


def test_when_saleor_cannot_be_asked_no_money_moves(house, staff, app):
    somebody = verify(app_user_token(house.saleor, staff, app))
    house.saleor.faults.add("500")

    with pytest.raises(ProviderUnavailable):
        auth.confirm_staff(somebody)


def test_nobody_is_asked_for_a_token_of_a_known_key(house, customer):
    transport = PracticeTransport(house.saleor)
    with client.using_transport(transport):
        verify(access_token(house.saleor, customer))

    assert transport.calls == []


# -- a token that was seen before --------------------------------------------------------------------------------------


@pytest.fixture
def decoded(monkeypatch):
    """The tokens whose signatures were looked at."""
    jwks._seen.clear()
    looked_at: list[str] = []
    decode = jwt.decode

    def noted(token: str, *args: Any, **options: Any) -> Any:
        if "key" in options:
            looked_at.append(token)
        return decode(token, *args, **options)

    monkeypatch.setattr(jwks.jwt, "decode", noted)
    return looked_at


def test_the_signature_of_a_token_that_comes_again_is_not_looked_at_again(house, staff, app, decoded):
    token = app_user_token(house.saleor, staff, app)
    other = resigned(house, token, iat=int(time.time()) - 1)

    first = verify(token)
    assert [verify(token), verify(token)] == [first, first]
    assert verify(other).member == first.member
    assert decoded == [token, other]


def test_a_token_that_was_seen_expires_at_its_time(house, staff, app, decoded):
    now = int(time.time())
    token = resigned(house, app_user_token(house.saleor, staff, app), exp=now + 60)
    verify(token)

    with time_machine.travel(now + 60 + jwks.LEEWAY_S - 1, tick=False) as moment:
        verify(token)
        assert decoded == [token]
        moment.shift(1)
        with pytest.raises(Unauthenticated, match="expired"):
            verify(token)


def test_a_token_that_was_seen_is_not_believed_once_its_key_is_withdrawn(house, staff, app, decoded):
    token = app_user_token(house.saleor, staff, app)
    verify(token)
    house.saleor.keys = KeyPair.generate()
    Shop.objects.update(jwks={"keys": []}, jwks_fetched_at=None)

    with pytest.raises(Unauthenticated):
        verify(token)


def test_a_token_that_was_seen_in_one_shop_is_unknown_to_another_with_the_same_keys(house, staff, app, decoded):
    token = app_user_token(house.saleor, staff, app)
    verify(token)
    make_shop(
        saleor_api_url="https://other.test/graphql/", jwks=house.shop.jwks, jwks_fetched_at=house.shop.jwks_fetched_at
    )

    with pytest.raises(Unauthenticated):
        verify(token, "https://other.test/graphql/")
    assert decoded == [token, token]


def test_what_a_caller_does_to_the_claims_stays_with_the_caller(house, staff, app, decoded):
    token = app_user_token(house.saleor, staff, app)
    for _ in range(2):
        jwks.verify_token(house.shop, token)["user_permissions"] = ["EVERYTHING"]
    assert "EVERYTHING" not in jwks.verify_token(house.shop, token)["user_permissions"]


def test_tokens_that_were_seen_are_not_kept_without_end(house, staff, app, decoded, monkeypatch):
    monkeypatch.setattr(jwks, "MAX_SEEN", 3)
    token = app_user_token(house.saleor, staff, app)
    for n in range(9):
        verify(resigned(house, token, n=n))
        assert len(jwks._seen) <= 4
