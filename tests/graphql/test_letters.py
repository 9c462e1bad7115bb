"""Letters on paper over the API: what staff see before they print, and the shop's own words."""

from __future__ import annotations

import pytest
from django.test import Client

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core.ids import to_global_id
from tests.graphql.api import as_customer, as_staff, trust
from tests.graphql.test_papers import path_of
from tests.printing.papers import page_sizes, text_of
from tests.replacements.test_apology import make_replacement

pytestmark = pytest.mark.django_db

LETTER = "query ($id: ID!) { apologyLetter(replacementId: $id) { language subject body signature } }"
PRINT = """mutation ($id: ID!, $s: String!, $b: String!) {
  apologyLetterPrint(replacementId: $id, subject: $s, body: $b, signature: "Kaze") {
    file { name url } errors { code field } }
}"""
WORDS = "{ shopWords { version ownLetters apologyLetters { language subject } returnInstructions { language text } } }"
UPDATE = """mutation ($v: Int!, $l: [LetterTextInput!], $i: [ReturnInstructionsInput!]) {
  shopWordsUpdate(version: $v, apologyLetters: $l, returnInstructions: $i) {
    words { version ownLetters apologyLetters { language subject } returnInstructions { language text } }
    errors { code field }
  }
}"""


def test_staff_change_the_letter_before_it_is_printed(client: Client):
    replacement = make_replacement()
    trust(replacement.shop)
    staff, key = as_staff(replacement.shop), to_global_id("Replacement", replacement.pk)

    letter = staff.ask(LETTER, id=key).data["apologyLetter"]
    printed = staff.ask(PRINT, id=key, s=letter["subject"], b="We are truly sorry.").payload("apologyLetterPrint")

    assert letter["body"].startswith("Dear Ada Example,")
    pdf = client.get(path_of(printed["file"]["url"]), secure=True).content
    assert page_sizes(pdf) == [(210, 297)]
    assert "Wearetrulysorry." in text_of(pdf)
    assert "DearAda" not in text_of(pdf)


def test_an_empty_letter_is_refused_by_field():
    replacement = make_replacement()
    key = to_global_id("Replacement", replacement.pk)

    refused = as_staff(replacement.shop).ask(PRINT, id=key, s="", b="x")

    assert refused.refusal("apologyLetterPrint") == ("INVALID", "subject")


def test_another_shops_replacement_does_not_exist_and_customers_write_no_letters():
    replacement, other = make_replacement(), make_replacement()
    key = to_global_id("Replacement", other.pk)

    assert as_staff(replacement.shop).ask(LETTER, id=key).code == "NOT_FOUND"
    assert as_customer(other.order).ask(LETTER, id=key).code == "PERMISSION_DENIED"


def test_a_shop_gives_its_own_words_in_one_language_and_ours_stay_in_the_other():
    replacement = make_replacement()
    staff = as_staff(replacement.shop)
    before = staff.ask(WORDS).data["shopWords"]

    mine = {"language": "en", "subject": "Sorry!", "body": "Dear {customer}", "signature": ""}
    told = [{"language": "ja", "text": "封を切らずにお送りください。"}]
    after = staff.ask(UPDATE, v=before["version"], l=[mine], i=told).payload("shopWordsUpdate")["words"]

    assert before["ownLetters"] == []
    assert (after["ownLetters"], after["version"]) == (["en"], before["version"] + 1)
    assert after["apologyLetters"] == [
        {"language": "en", "subject": "Sorry!"},
        {"language": "ja", "subject": "交換品のお届けとお詫び"},
    ]
    assert after["returnInstructions"] == [
        {"language": "en", "text": ""},
        {"language": "ja", "text": "封を切らずにお送りください。"},
    ]


def test_two_editors_notice_each_other_and_an_unknown_language_is_refused():
    replacement = make_replacement()
    staff, version = as_staff(replacement.shop), ShopSettings.objects.get(shop=replacement.shop).version
    told = [{"language": "en", "text": "Keep the seal on."}]
    staff.ask(UPDATE, v=version, i=told).payload("shopWordsUpdate")

    assert staff.ask(UPDATE, v=version, i=told).refusal("shopWordsUpdate")[0] == "CONFLICT"
    french = staff.ask(UPDATE, v=version + 1, i=[{"language": "fr", "text": "x"}])
    assert french.refusal("shopWordsUpdate") == ("INVALID", "returnInstructions")


def test_words_are_changed_by_people_who_may_change_settings():
    replacement = make_replacement()
    staff = as_staff(replacement.shop, permissions=("MANAGE_ORDERS",))

    refused = staff.ask(UPDATE, v=1, i=[{"language": "en", "text": "x"}])

    assert refused.refusal("shopWordsUpdate")[0] == "PERMISSION_DENIED"
