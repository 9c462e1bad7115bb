"""Canned replies: kept, filled in, changed and counted."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_aftercare.core.errors import Conflict, InvalidInput, NotFound
from saleor_aftercare.core.models import Shop
from saleor_aftercare.desk import canned
from saleor_aftercare.desk.canned import CannedDraft
from saleor_aftercare.desk.models import CannedReply
from saleor_aftercare.inbox import actions
from saleor_aftercare.inbox.models import CaseKind
from tests.make import NOON, make_file, make_order, make_return, make_shop, make_staff, make_ticket

pytestmark = pytest.mark.django_db


def save(shop: Shop, shortcut: str = "hello", *, staff: Any = None, **values: Any) -> CannedReply:
    known = {name: values.pop(name) for name in ("canned", "version") if name in values}
    draft = {"title": shortcut.title(), "texts": {"en": "Hello {{ customer.name }}"}} | values
    return canned.save_canned(
        shop, CannedDraft(shortcut=shortcut, **draft), staff=staff or make_staff(shop), at=NOON, **known
    )


# -- keeping -----------------------------------------------------------------------------------------------------------


def test_shared_ones_are_everybodys_and_personal_ones_are_ones_own():
    shop = make_shop()
    mei, ken = make_staff(shop), make_staff(shop)
    shared = save(shop, "all", folder="B")
    own = save(shop, "mine", staff=mei, personal=True)
    save(make_shop(), "elsewhere")

    assert list(canned.visible_to(shop, mei)) == [own, shared]
    assert list(canned.visible_to(shop, ken)) == [shared]
    with pytest.raises(NotFound):
        canned.get_canned(shop, own.pk, staff=ken)


def test_a_shortcut_is_plain_and_stands_once_for_everybody_and_once_for_each():
    shop = make_shop()
    mei = make_staff(shop)
    assert save(shop, "/Ｓｏｒｒｙ-2 ").shortcut == "sorry-2"
    assert save(shop, "お詫び").shortcut == "お詫び"
    save(shop, "sorry-2", staff=mei, personal=True)

    for again in ({}, {"staff": mei, "personal": True}):
        with pytest.raises(InvalidInput) as refused:
            save(shop, "sorry-2", **again)
        assert refused.value.field == "shortcut"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"shortcut": "two words"}, "shortcut"),
        ({"shortcut": ""}, "shortcut"),
        ({"shortcut": "x" * 41}, "shortcut"),
        ({"title": " "}, "title"),
        ({"folder": "x" * 61}, "folder"),
        ({"texts": {}}, "texts"),
        ({"texts": {"en": " "}}, "texts"),
        ({"texts": {"fr": "Bonjour"}}, "texts.fr"),
        ({"texts": {"ja": "{{ customer.name"}}, "texts.ja"),
        ({"texts": {"en": "x" * 20_001}}, "texts.en"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_named(values: dict[str, Any], field: str):
    with pytest.raises(InvalidInput) as refused:
        save(make_shop(), **values)

    assert refused.value.field == field
    assert not CannedReply.objects.exists()


def test_who_edits_an_old_version_or_a_removed_one_is_told():
    shop = make_shop()
    row = save(shop)
    changed = save(shop, canned=row, version=1, title="Better")

    with pytest.raises(Conflict):
        save(shop, canned=row, version=1)
    canned.remove_canned(changed, version=2, at=NOON)
    with pytest.raises(Conflict):
        save(shop, canned=row, version=3)

    assert save(shop, "hello").pk != row.pk


def test_more_than_five_hundred_are_too_many():
    shop = make_shop()
    CannedReply.objects.bulk_create(
        CannedReply(shop=shop, shortcut=f"n{n}", title="N", texts={"en": {"body": "N"}}) for n in range(canned.MOST)
    )

    with pytest.raises(InvalidInput, match="500"):
        save(shop)


def test_uses_are_counted_once_per_answer():
    shop = make_shop()
    mei, ken = make_staff(shop), make_staff(shop)
    row, kens = save(shop), save(shop, "kens", staff=ken, personal=True)
    ticket = make_ticket(shop=shop)

    for _sent in range(2):
        message = actions.reply(
            ticket,
            body="Hello",
            last_seen_message_id=0,
            force=True,
            attachments=(),
            sending=actions.Sending(key="once"),
            at=NOON,
            staff=mei,
        )
    canned.note_used(shop, [row.pk, kens.pk], message=message, at=NOON)

    assert CannedReply.objects.get(pk=row.pk).used == 1
    assert CannedReply.objects.get(pk=kens.pk).used == 0


# -- filling in --------------------------------------------------------------------------------------------------------


def test_the_customers_language_is_taken_and_else_the_shops_and_else_any():
    shop = make_shop(settings={"default_language": "ja"})
    mei = make_staff(shop)
    both = save(shop, "both", texts={"en": "Hello", "ja": "こんにちは"})
    english = save(shop, "english", texts={"en": "Hello"})
    french = make_ticket(shop=shop, language="fr")
    british = make_ticket(shop=shop, language="en-GB")

    assert canned.fill(both, french, staff=mei).language == "ja"
    assert canned.fill(both, british, staff=mei).text == "Hello"
    assert canned.fill(english, french, staff=mei).language == "en"
    assert canned.fill(both, british, staff=mei, language="ja").text == "こんにちは"


def test_every_variable_has_a_value_where_the_conversation_has_what_it_names():
    order = make_order(language="ja", delivered=NOON)
    ret = make_return(order)
    ticket = make_ticket(order, about=(CaseKind.RETURN, ret.pk))
    mei = make_staff(order.shop, name="Mei Tanaka")
    text = (
        "{{ customer.name }}様 {{ order.number }} {{ order.placed_on | date }} {{ order.total }} "
        "{% for item in order.items %}{{ item.name }}×{{ item.quantity }}{% endfor %} "
        "{{ return.number }} {{ return.status_url }} {{ staff.name }} {{ shop.name }} {{ repair.number }}"
    )
    row = save(order.shop, texts={"ja": text})

    filled = canned.fill(row, ticket, staff=mei)

    assert filled.missing == ("repair.number",)
    assert filled.text.startswith(f"{order.customer_name}様 {order.number} ")
    assert "年" in filled.text
    assert f"{ret.number} " in filled.text
    assert f"/returns/{ret.number}/" in filled.text
    assert filled.text.endswith("Mei Tanaka Komorebi Coffee {{ repair.number }}")


def test_what_a_customer_calls_themselves_is_no_template():
    shop = make_shop()
    ticket = make_ticket(shop=shop, customer_name="{{ shop.name }}{% for")

    assert canned.fill(save(shop), ticket, staff=make_staff(shop)).text == "Hello {{ shop.name }}{% for"


def test_files_of_a_canned_reply_go_with_it():
    shop = make_shop()
    file = make_file(shop)

    assert list(save(shop, attachments=[file]).attachments.all()) == [file]
