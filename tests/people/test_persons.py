"""Who somebody is: known by addresses, numbers and accounts, and never made twice."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_aftercare.core.errors import Conflict, InvalidInput
from saleor_aftercare.core.models import Shop
from saleor_aftercare.people import actions, queries
from saleor_aftercare.people.models import Identity, IdentityKind, Person, PersonMerge
from tests.make import DAY, NOON, make_order, make_shop

pytestmark = pytest.mark.django_db

EMAIL, PHONE, SALEOR = IdentityKind.EMAIL, IdentityKind.PHONE, IdentityKind.SALEOR
HOME = {"country": "JP", "phone": "090-1234-5678", "postal_code": "150-0001", "street1": "1-2-3 Jingumae"}


def person_of(shop: Shop, value: str, kind: IdentityKind = EMAIL, **given: Any) -> Person:
    return actions.person_of(shop, kind=kind, value=value, **({"at": NOON} | given))


def sends_spam(address: str) -> bool:
    return Identity.objects.get(kind=EMAIL, value=address).spam_since is not None


def known_by(person: Person) -> list[tuple[str, str]]:
    return [(one.kind, one.value) for one in queries.identities_of(person)]


def test_the_same_address_is_the_same_person_whatever_its_case():
    shop = make_shop()

    first = person_of(shop, "Mei@Example.test", name="Mei  Tanaka", language="ja")
    second = person_of(shop, " mei@example.TEST ", name="M. T.", language="en")

    assert first == second
    assert (second.name, second.language) == ("Mei Tanaka", "ja")
    assert known_by(first) == [("email", "mei@example.test")]


def test_what_was_not_known_is_learnt_from_the_next_message():
    shop = make_shop()
    person_of(shop, "mei@example.test")

    person_of(shop, "mei@example.test", name="Mei", language="ja", verified_at=NOON)

    held = Person.objects.get()
    assert (held.name, held.language) == ("Mei", "ja")
    assert held.identities.get().verified_at == NOON


def test_one_address_is_two_persons_in_two_shops():
    assert person_of(make_shop(), "mei@example.test") != person_of(make_shop(), "mei@example.test")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (EMAIL, "nobody"),
        (EMAIL, "two words@example.test"),
        (EMAIL, "a" * 250 + "@b.test"),
        (PHONE, "090-1234-5678"),
        (PHONE, "+0123456"),
        (IdentityKind.LINE, " "),
        (SALEOR, "x" * 255),
        (EMAIL, "a\0b@example.test"),
    ],
)
def test_what_cannot_be_an_identity_is_refused_and_nobody_is_made(kind: IdentityKind, value: str):
    with pytest.raises(InvalidInput) as refused:
        person_of(make_shop(), value, kind)

    assert refused.value.field == "value"
    assert not Person.objects.exists()


def test_addresses_that_japanese_phones_had_are_addresses():
    assert known_by(person_of(make_shop(), "mei..love.@docomo.ne.jp")) == [("email", "mei..love.@docomo.ne.jp")]


@pytest.mark.django_db(transaction=True)
def test_two_messages_at_once_from_somebody_new_make_one_person(at_once: Any):
    shop = make_shop()

    found = at_once([lambda: person_of(shop, "mei@example.test").pk] * 4)

    assert len(set(found)) == 1
    assert Person.objects.count() == Identity.objects.count() == 1


# -- orders and accounts -----------------------------------------------------------------------------------------


def test_an_order_tells_the_address_the_account_and_the_number_of_its_customer():
    order = make_order(email="mei@example.test", user_id="VXNlcjox", customer_name="Mei Tanaka", shipping_address=HOME)

    person = actions.person_of_order(order, at=NOON)

    assert person is not None
    assert known_by(person) == [("saleor", "VXNlcjox"), ("email", "mei@example.test"), ("phone", "+819012345678")]
    assert person.identities.get(kind=EMAIL).verified_at == order.placed_at
    assert person.identities.get(kind=PHONE).verified_at is None
    assert queries.person_of_order(order) == person
    assert list(queries.orders_of(person)) == [order]


def test_a_guest_who_makes_an_account_stays_one_person():
    shop = make_shop()
    guest = person_of(shop, "mei@example.test", name="Mei")

    person = actions.person_of_customer(shop, email="mei@example.test", user_id="VXNlcjox", at=NOON)

    assert person == guest
    assert known_by(guest) == [("email", "mei@example.test"), ("saleor", "VXNlcjox")]
    assert not PersonMerge.objects.exists()


def test_a_guest_whom_saleor_puts_under_a_known_account_is_merged_into_its_owner():
    shop = make_shop()
    owner = actions.person_of_customer(shop, email="mei@work.test", user_id="VXNlcjox", name="Mei", at=NOON)
    guest = person_of(shop, "mei@home.test")

    person = actions.person_of_customer(shop, email="mei@home.test", user_id="VXNlcjox", at=NOON + DAY)

    assert person == owner
    assert queries.get_person(shop, guest.pk) == owner
    assert PersonMerge.objects.get().by_name == "Saleor"


def test_two_accounts_with_one_address_stay_two_persons():
    shop = make_shop()
    first = actions.person_of_customer(shop, email="family@example.test", user_id="VXNlcjox", at=NOON)

    second = actions.person_of_customer(shop, email="family@example.test", user_id="VXNlcjoy", at=NOON)

    assert first != second
    assert second is not None
    assert known_by(second) == [("saleor", "VXNlcjoy")]


def test_a_number_that_somebody_is_known_by_stays_theirs():
    shop = make_shop()
    first = person_of(shop, "+819012345678", PHONE)
    order = make_order(shop=shop, email="son@example.test", user_id="", shipping_address=HOME)

    son = actions.person_of_order(order, at=NOON)

    assert son is not None
    assert son != first
    assert known_by(son) == [("email", "son@example.test")]


# -- spam --------------------------------------------------------------------------------------------------------


def test_a_spammer_is_marked_everywhere_and_cleared_again():
    shop = make_shop()
    spammer = person_of(shop, "win@casino.test")

    assert actions.mark_spam(spammer, at=NOON)
    assert sends_spam("win@casino.test")

    actions.unmark_spam(spammer)
    assert not sends_spam("win@casino.test")


def test_a_customer_who_ordered_is_never_taken_for_a_spammer():
    order = make_order(email="mei@example.test")
    person = actions.person_of_order(order, at=NOON)
    assert person is not None

    assert not actions.mark_spam(person, at=NOON)

    assert not sends_spam("mei@example.test")


def test_a_spammer_who_proves_their_address_is_heard_again():
    shop = make_shop()
    actions.mark_spam(person_of(shop, "mei@example.test"), at=NOON)

    person_of(shop, "mei@example.test", verified_at=NOON)

    assert not sends_spam("mei@example.test")


# -- by hand -----------------------------------------------------------------------------------------------------


def test_an_address_of_somebody_else_is_not_taken_from_them():
    shop = make_shop()
    mei, ken = person_of(shop, "mei@example.test"), person_of(shop, "ken@example.test")

    with pytest.raises(InvalidInput, match="merge them") as refused:
        actions.add_identity(mei, kind=EMAIL, value="KEN@example.test", at=NOON)

    assert refused.value.field == "value"
    assert known_by(ken) == [("email", "ken@example.test")]
    assert actions.add_identity(mei, kind=PHONE, value="+819012345678", at=NOON).person == mei


def test_nobody_loses_the_last_thing_they_are_known_by_nor_their_account():
    shop = make_shop()
    mei = actions.person_of_customer(shop, email="mei@example.test", user_id="VXNlcjox", at=NOON)
    assert mei is not None
    account, address = mei.identities.get(kind=SALEOR), mei.identities.get(kind=EMAIL)

    with pytest.raises(Conflict, match="Saleor"):
        actions.remove_identity(account)
    actions.remove_identity(address)
    alone = person_of(shop, "ken@example.test").identities.get()
    with pytest.raises(Conflict, match="recognise"):
        actions.remove_identity(alone)

    assert known_by(mei) == [("saleor", "VXNlcjox")]


def test_staff_describe_a_person_and_what_cannot_be_is_named():
    mei = person_of(make_shop(), "mei@example.test")

    held = actions.describe(
        mei, at=NOON, name=" Mei\nTanaka ", note="Prefers calls.\r\nMornings.", is_vip=True, language="JA"
    )
    with pytest.raises(InvalidInput) as refused:
        actions.describe(mei, at=NOON, language="Japanese")

    assert (held.name, held.note, held.is_vip, held.language) == (
        "Mei Tanaka",
        "Prefers calls.\nMornings.",
        True,
        "ja",
    )
    assert refused.value.field == "language"


# -- finding -----------------------------------------------------------------------------------------------------


def test_people_are_found_by_address_number_and_words_of_their_name():
    shop = make_shop()
    mei = person_of(shop, "mei@example.test", name="Mei Tanaka")
    actions.add_identity(mei, kind=PHONE, value="+819012345678", at=NOON)
    ken = person_of(shop, "ken@example.test", name="Ken Tanaka")
    person_of(make_shop(), "mei@example.test", name="Mei Tanaka")

    assert queries.find_people(shop, "MEI@exa") == [mei]
    assert queries.find_people(shop, "０９０-1234-5678", region="JP") == [mei]
    assert queries.find_people(shop, "tanaka") == [ken, mei]
    assert queries.find_people(shop, "tanaka mei") == [mei]
    assert queries.find_people(shop, "a\0b") == queries.find_people(shop, " ") == []


def test_who_has_the_same_name_and_number_may_be_the_same_and_who_has_only_the_name_is_not():
    shop = make_shop()
    first = make_order(shop=shop, email="mei@work.test", customer_name="Mei Tanaka", shipping_address=HOME)
    second = make_order(shop=shop, email="mei@home.test", customer_name="Mei Tanaka", billing_address=HOME)
    mei = actions.person_of_order(first, at=NOON)
    again = actions.person_of_order(second, at=NOON)
    person_of(shop, "other@example.test", name="Mei Tanaka")
    assert mei is not None

    assert queries.look_alikes(mei) == [again]


def test_who_lives_at_the_same_place_under_the_same_name_may_be_the_same():
    shop = make_shop()
    place = HOME | {"phone": ""}
    first = make_order(shop=shop, email="mei@work.test", customer_name="Mei Tanaka", shipping_address=place)
    second = make_order(
        shop=shop,
        email="mei@home.test",
        customer_name="Mei Tanaka",
        shipping_address=place | {"street1": "1-2-3 JINGUMAE"},
    )
    mei = actions.person_of_order(first, at=NOON)
    again = actions.person_of_order(second, at=NOON)
    assert mei is not None

    assert queries.look_alikes(mei) == [again]
