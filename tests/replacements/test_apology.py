"""The letter that goes with a replacement: whose words it is in, and what is filled in."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.connection.shop import update_settings
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.files import content_of
from saleor_aftercare.replacements.apology import LetterText, fill, letter_for, print_letter
from saleor_aftercare.replacements.models import Replacement
from tests.make import NOON, WAREHOUSE, make_order, make_shop, serial
from tests.printing.papers import page_sizes, text_of

LINES = [{"variant_id": "v", "name": "Hand grinder Black", "sku": "G", "quantity": 2, "list_price": "1", "price": "0"}]


def make_replacement(**order: Any) -> Replacement:
    """A promised replacement of a shop that knows its own address."""
    shop = make_shop()
    ShopSettings.objects.filter(shop=shop).update(return_address=WAREHOUSE.to_json(), sender_name="Kaze & Kettle")
    n = serial()
    row = Replacement.objects.create(
        shop=shop,
        key=f"key-{n}",
        external_reference=f"reference-{n}",
        order=make_order(shop, **order),
        subject="return",
        subject_id=n,
        case_number=f"RMA-{n}",
        lines=LINES,
        currency="EUR",
        credit=0,
        due=0,
        state_since=NOON,
        created_at=NOON,
    )
    return Replacement.objects.select_related("shop", "order").get(pk=row.pk)


@pytest.mark.django_db
def test_our_own_words_name_the_customer_the_goods_and_the_shop():
    letter = letter_for(make_replacement())

    assert letter.subject == "Your replacement, and our apology"
    assert letter.body.startswith("Dear Ada Example,\n\n")
    assert "2 × Hand grinder Black" in letter.body
    assert letter.signature == "With kind regards\nKaze & Kettle"


@pytest.mark.django_db
def test_a_japanese_customer_gets_a_japanese_letter_on_paper():
    replacement = make_replacement(language="ja", customer_name="山田 花子")

    printed = content_of(print_letter(replacement, letter_for(replacement), at=NOON))

    assert page_sizes(printed) == [(210, 297)]
    for part in ("交換品のお届けとお詫び", "山田花子様", "心よりお詫び申し上げます", replacement.case_number):
        assert part in text_of(printed)


@pytest.mark.django_db
def test_a_shops_own_words_take_the_place_of_ours_and_only_known_blanks_are_filled():
    replacement = make_replacement()
    settings = ShopSettings.objects.get(shop=replacement.shop)
    own = {"en": {"subject": "Sorry, {customer}", "body": "For {case}: {goods} {unknown} {", "signature": ""}}
    update_settings(replacement.shop, version=settings.version, changes={"apology_letters": own}, at=NOON)

    letter = letter_for(replacement)

    assert letter.subject == "Sorry, Ada Example"
    assert letter.body == f"For {replacement.case_number}: 2 × Hand grinder Black {{unknown}} {{"
    assert letter.signature == "With kind regards\nKaze & Kettle"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("letters", "field"),
    [
        ({"fr": {"subject": "x"}}, "apology_letters"),
        ({"en": {"title": "x"}}, "apology_letters.en"),
        ({"en": {"subject": "x" * 161}}, "apology_letters.en.subject"),
        ({"en": {"body": "x" * 6001}}, "apology_letters.en.body"),
        (["en"], "apology_letters"),
    ],
)
def test_a_letter_that_no_paper_holds_is_refused_by_field(letters: Any, field: str):
    shop = make_shop()

    with pytest.raises(InvalidInput) as refused:
        update_settings(shop, version=1, changes={"apology_letters": letters}, at=NOON)

    assert refused.value.field == field


@pytest.mark.django_db
def test_a_letter_without_words_is_refused_and_nothing_is_stored():
    replacement = make_replacement()

    with pytest.raises(InvalidInput) as refused:
        print_letter(replacement, LetterText("en", "Subject", "  ", ""), at=NOON)

    assert refused.value.field == "body"


@given(st.dictionaries(st.sampled_from(["customer", "goods"]), st.text(max_size=20), min_size=1), st.text(max_size=60))
def test_what_is_filled_in_is_never_looked_at_again(blanks: dict[str, str], tail: str):
    name, value = next(iter(blanks.items()))

    assert (
        fill(f"{{{name}}}", {name: "{" + name + "}", **{k: v for k, v in blanks.items() if k != name}}) == f"{{{name}}}"
    )
    assert fill(tail.replace("{", ""), blanks) == tail.replace("{", "")
    assert fill(f"a{{{name}}}b", blanks) == f"a{value}b"
