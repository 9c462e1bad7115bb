"""Accounts: what staff save, what is kept secret, which one letters leave by."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from saleor_aftercare.channels import accounts
from saleor_aftercare.channels.models import ChannelAccount
from saleor_aftercare.core.errors import Conflict, InvalidInput, NotFound
from saleor_aftercare.core.models import Shop
from tests.make import DAY, NOON, make_shop
from tests.make.channels import make_channel_account

pytestmark = pytest.mark.django_db

FIELDS = {
    ("imap", "host"): "imap.shop.test",
    ("imap", "port"): "993",
    ("imap", "security"): "tls",
    ("imap", "username"): "care@shop.test",
    ("imap", "password"): "quite secret",
    ("smtp", "host"): "smtp.shop.test",
    ("smtp", "port"): "465",
    ("smtp", "security"): "tls",
    ("smtp", "username"): "care@shop.test",
    ("smtp", "password"): "as secret",
}
MAILBOX = {"name": "Support", "address": "Care@Shop.test", "incoming": "imap", "outgoing": "smtp"}


def create(shop: Shop, **changes: object) -> ChannelAccount:
    return accounts.create_account(shop, kind="email", changes={**MAILBOX, **changes}, fields=FIELDS, at=NOON)


def test_a_mailbox_is_saved_with_its_secrets_encrypted():
    account = create(make_shop())

    account.refresh_from_db()
    assert account.address == "care@shop.test"
    assert account.config["imap"] == {
        "host": "imap.shop.test",
        "port": "993",
        "security": "tls",
        "username": "care@shop.test",
    }
    assert accounts.values_of(account, "imap")["password"] == "quite secret"
    with connection.cursor() as cursor:
        cursor.execute("SELECT secrets, config::text FROM aftercare_channelaccount WHERE id = %s", [account.pk])
        stored = " ".join(cursor.fetchone())
    assert "secret" not in stored


def test_the_first_account_of_a_kind_is_its_default_and_a_later_one_may_take_that_over():
    shop = make_shop()
    first, second = create(shop), create(shop, address="shop@shop.test")
    assert (first.is_default, second.is_default) == (True, False)

    accounts.change_account(second, version=second.version, changes={"is_default": True}, fields={}, at=NOON)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_default, second.is_default) == (False, True)
    assert accounts.sender_for(shop, "email") == second


def test_what_answers_is_the_account_that_was_written_to_as_long_as_it_is_switched_on():
    shop = make_shop()
    default, other = create(shop), create(shop, address="shop@shop.test")

    class Conversation:
        def __init__(self) -> None:
            self.shop, self.account_id = shop, other.pk

    assert accounts.sender_for(Conversation(), "email") == other
    accounts.change_account(other, version=1, changes={"enabled": False}, fields={}, at=NOON)
    assert accounts.sender_for(Conversation(), "email") == default


@pytest.mark.parametrize(
    ("changes", "fields", "field"),
    [
        ({"name": " "}, {}, "name"),
        ({"address": ""}, {}, "address"),
        ({"address": "care@"}, {}, "address"),
        ({"address": "care\x00@shop.test"}, {}, "address"),
        ({"incoming": "smtp"}, {}, "incoming"),
        ({"outgoing": "pigeon"}, {}, "outgoing"),
        ({"outgoing": "imap"}, {}, "outgoing"),
        ({"language": "tlh"}, {}, "language"),
        ({"signatures": {"fr": "À bientôt"}}, {}, "signatures.fr"),
        ({"signatures": {"en": "x" * 2001}}, {}, "signatures.en"),
        ({"signatures": {"en": "{{ shop.name"}}, {}, "signatures.en"),
        ({"enabled": None}, {}, "enabled"),
        ({"team": 999_999}, {}, "team"),
        ({}, {("imap", "host"): ""}, "imap.host"),
        ({}, {("imap", "host"): "im ap"}, "imap.host"),
        ({}, {("imap", "host"): "https://imap.test/"}, "imap.host"),
        ({}, {("imap", "port"): "0"}, "imap.port"),
        ({}, {("imap", "port"): "993x"}, "imap.port"),
        ({}, {("imap", "port"): "٩٩٣"}, "imap.port"),
        ({}, {("imap", "security"): "none"}, "imap.security"),
        ({}, {("imap", "security"): "ssl"}, "imap.security"),
        ({}, {("imap", "password"): ""}, "imap.password"),
        ({}, {("imap", "password"): "a\rb"}, "imap.password"),
        ({}, {("imap", "username"): ""}, "imap.username"),
        ({}, {("imap", "after"): "move"}, "imap.move_to"),
        ({}, {("imap", "history_days"): "400"}, "imap.history_days"),
        ({}, {("imap", "colour"): "blue"}, "imap.colour"),
        ({}, {("pigeon", "name"): "Ada"}, "pigeon.name"),
        ({}, {("smtp", "password"): "x" * 4001}, "smtp.password"),
        ({}, {("mail", "plus"): "perhaps"}, "mail.plus"),
    ],
)
def test_what_cannot_be_is_refused_by_the_name_of_its_field(changes, fields, field):
    shop = make_shop()

    with pytest.raises(InvalidInput) as raised:
        accounts.create_account(
            shop, kind="email", changes={**MAILBOX, **changes}, fields={**FIELDS, **fields}, at=NOON
        )

    assert raised.value.field == field
    assert not ChannelAccount.objects.filter(shop=shop).exists()


def test_two_accounts_of_a_shop_cannot_have_one_address_and_those_of_two_shops_can():
    create(make_shop())
    shop = make_shop()
    create(shop)

    with pytest.raises(InvalidInput, match="has this address") as raised:
        create(shop)

    assert raised.value.field == "address"


def test_a_field_that_is_left_out_stays_and_what_another_adapter_was_told_is_forgotten():
    account = create(make_shop())

    account = accounts.change_account(
        account,
        version=1,
        changes={"outgoing": "postmark"},
        fields={("postmark", "server_token"): "token"},
        at=NOON,
    )

    assert accounts.values_of(account, "imap")["password"] == "quite secret"
    assert accounts.values_of(account, "smtp") == {}
    assert accounts.values_of(account, "postmark") == {"server_token": "token"}


def test_whoever_saves_over_somebody_elses_change_is_told():
    account = create(make_shop())
    accounts.change_account(account, version=1, changes={"name": "Care"}, fields={}, at=NOON)

    with pytest.raises(Conflict, match="reload"):
        accounts.change_account(account, version=1, changes={"name": "Help"}, fields={}, at=NOON)

    account.refresh_from_db()
    assert (account.name, account.version) == ("Care", 2)


def test_a_change_of_how_it_is_reached_clears_the_problem_and_one_of_its_name_does_not():
    account = create(make_shop())
    assert accounts.note_problem(account, "No.", at=NOON) == 1
    assert accounts.note_problem(account, "Still no.", at=NOON + DAY) == 2
    assert (account.problem, account.problem_since) == ("Still no.", NOON)

    account = accounts.change_account(account, version=1, changes={"name": "Care"}, fields={}, at=NOON)
    assert account.failures == 2
    account = accounts.change_account(account, version=2, changes={}, fields={("imap", "password"): "new"}, at=NOON)

    assert (account.problem, account.problem_since, account.failures) == ("", None, 0)


def test_an_account_that_was_given_up_has_no_secrets_is_nowhere_listed_and_leaves_its_address():
    shop = make_shop()
    account = create(shop)

    accounts.give_up_account(account, version=1, at=NOON)

    account.refresh_from_db()
    assert (account.secrets, account.config, account.enabled, account.is_default) == ("", {}, False, False)
    assert accounts.accounts_of(shop) == []
    assert accounts.sender_for(shop, "email") is None
    with pytest.raises(NotFound):
        accounts.account_of(shop, account.pk)
    assert create(shop).is_default


def test_an_account_of_another_shop_does_not_exist():
    account = make_channel_account(make_shop())

    with pytest.raises(NotFound):
        accounts.account_of(make_shop(), account.pk)


def test_a_door_opens_for_its_whole_key_only_and_for_none_that_was_renewed():
    account = create(make_shop())
    key = accounts.hook_url(account, "inbound").split("/")[-3]
    assert accounts.account_at_hook(key) == account

    for wrong in (
        key[:-1],
        f"{account.pk}-",
        f"{account.pk + 1}{key[key.index('-') :]}",
        "",
        "-",
        "9" * 30 + "-x",
        "ä-ä",
    ):
        with pytest.raises(NotFound):
            accounts.account_at_hook(wrong)
    renewed = accounts.renew_hook(account, version=account.version, at=NOON)

    with pytest.raises(NotFound):
        accounts.account_at_hook(key)
    assert accounts.values_of(renewed, "imap")["password"] == "quite secret"


@pytest.mark.django_db(transaction=True)
def test_of_two_mailboxes_added_at_once_one_is_the_default():
    shop = make_shop()

    def add(name: str) -> None:
        try:
            create(shop, address=f"{name}@shop.test")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(add, ["a", "b"]))

    assert sorted(ChannelAccount.objects.values_list("is_default", flat=True)) == [False, True]
