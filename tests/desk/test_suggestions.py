"""Which canned replies are suggested: how often the right one is, in English and Japanese, and how fast."""

from __future__ import annotations

import pytest

from saleor_aftercare.desk import canned
from saleor_aftercare.desk.canned import CannedDraft
from saleor_aftercare.desk.models import CannedReply
from saleor_aftercare.desk.similarity import rank
from saleor_aftercare.inbox.search import tokens
from tests.make import NOON, make_message, make_shop, make_staff, make_ticket

from .test_canned import save

pytestmark = pytest.mark.django_db

TEXTS = {
    "tracking": (
        "Where is my parcel",
        "荷物の追跡",
        "Your parcel left on Monday; here is the tracking number.",
        "お荷物は発送済みです。追跡番号はこちらです。",
    ),
    "late": (
        "Delivery is late",
        "配送の遅延",
        "We are sorry that the delivery is delayed.",
        "配送が遅れており、申し訳ございません。",
    ),
    "size": (
        "Exchange for another size",
        "サイズ交換",
        "Of course you can exchange it for a larger or smaller size.",
        "大きいサイズ・小さいサイズへの交換を承ります。",
    ),
    "refund": (
        "When is the refund paid",
        "返金の時期",
        "The refund goes to your card within five days.",
        "返金は五日以内にカードへ行われます。",
    ),
    "cancel": (
        "Cancel an order",
        "注文のキャンセル",
        "We cancelled the order before it was shipped.",
        "発送前のため、ご注文をキャンセルしました。",
    ),
    "broken": (
        "Arrived damaged",
        "破損して届いた",
        "We are sorry that it arrived broken. Please send a photo of the damage.",
        "破損してお届けし申し訳ございません。破損箇所の写真をお送りください。",
    ),
    "warranty": (
        "Warranty and repair",
        "保証と修理",
        "The warranty covers the repair for two years.",
        "保証期間は二年で、修理は無料です。",
    ),
    "invoice": (
        "Invoice or receipt",
        "領収書の発行",
        "Here is the invoice with your company name.",
        "宛名を入れた領収書を発行いたしました。",
    ),
    "address": (
        "Change the delivery address",
        "届け先の変更",
        "We changed the address of your order.",
        "ご注文のお届け先を変更いたしました。",
    ),
    "stock": ("Back in stock", "再入荷", "It will be in stock again next month.", "来月再入荷の予定です。"),
    "coupon": (
        "Discount code does not work",
        "クーポンが使えない",
        "The discount code was typed with a space.",
        "クーポンコードは半角でご入力ください。",
    ),
    "password": (
        "Cannot sign in",
        "ログインできない",
        "Please reset your password by the link.",
        "パスワードを再設定してください。",
    ),
}
QUESTIONS = [
    ("Hi, where is my package? The tracking says nothing.", "tracking"),
    ("Can you send me the tracking number of my parcel please", "tracking"),
    ("It should have been delivered last week, why the delay?", "late"),
    ("The shoes are too small. Can I exchange them for a bigger size?", "size"),
    ("I sent it back ten days ago and still have no refund on my card", "refund"),
    ("Please cancel my order, I ordered twice by accident", "cancel"),
    ("The mug arrived broken in two pieces", "broken"),
    ("The box was damaged and the kettle has a dent", "broken"),
    ("My grinder stopped after a year. Is that covered by the warranty?", "warranty"),
    ("I need an invoice for my company", "invoice"),
    ("I moved house, please change my delivery address", "address"),
    ("When will the blue one be back in stock?", "stock"),
    ("My discount code is not accepted at checkout", "coupon"),
    ("I forgot my password and cannot sign in", "password"),
    ("荷物がまだ届きません。追跡番号を教えてください。", "tracking"),
    ("配送が遅れているようですが、いつ届きますか。", "late"),
    ("靴が小さかったので、大きいサイズに交換したいです。", "size"),
    ("返品しましたが、返金はいつになりますか。", "refund"),
    ("間違えて二回注文したので、一つキャンセルしてください。", "cancel"),
    ("届いたカップが破損していました。", "broken"),
    ("一年で動かなくなりました。修理は保証の対象ですか。", "warranty"),
    ("会社名で領収書を発行してもらえますか。", "invoice"),
    ("引っ越したので届け先を変更したいのですが。", "address"),
    ("青色の再入荷の予定はありますか。", "stock"),
    ("クーポンコードが使えません。", "coupon"),
    ("ログインできません。パスワードを忘れました。", "password"),
]


#: Questions that nobody looked at when the way of comparing was chosen.
FURTHER_QUESTIONS = [
    ("Has my order shipped yet? I'd like to follow it online.", "tracking"),
    ("No tracking email so far, how do I track my parcels?", "tracking"),
    ("Still waiting for the delivery, it's a week late", "late"),
    ("The sneakers don't fit, need a size larger", "size"),
    ("Could I swap the jacket for a medium? Wrong size.", "size"),
    ("When will I get my money back? The refund hasn't shown up.", "refund"),
    ("I'd like to cancel before you ship it", "cancel"),
    ("It came with a crack and broken handle, damaged in transit", "broken"),
    ("The machine needs repairs, is it still under warranty?", "warranty"),
    ("Could you email a receipt for tax purposes?", "invoice"),
    ("Wrong street in my address - can you update the delivery?", "address"),
    ("Do you expect more stock of the green teapot?", "stock"),
    ("voucher code rejected, discount not applied", "coupon"),
    ("My login fails, password reset mail never comes", "password"),
    ("荷物は今どこにありますか", "tracking"),
    ("発送されましたか？追跡したいです", "tracking"),
    ("予定日を過ぎても配達されません。遅延していますか", "late"),
    ("Mサイズに替えてもらうことはできますか", "size"),
    ("返金がまだカードに反映されていません", "refund"),
    ("注文を取り消したい。まだ発送していなければキャンセルで", "cancel"),
    ("箱がつぶれていて中身が割れて破損してました", "broken"),
    ("電源が入らないので修理をお願いしたい", "warranty"),
    ("領収書をください", "invoice"),
    ("お届け先の住所を間違えました", "address"),
    ("次の入荷はいつですか", "stock"),
    ("割引クーポンを入力してもエラーになります", "coupon"),
    ("パスワードを再設定できません", "password"),
]


def test_the_right_text_is_the_first_suggestion_for_nine_questions_in_ten_and_among_three_for_all():
    shop = make_shop()
    for shortcut, (title, japanese, english_body, japanese_body) in TEXTS.items():
        save(shop, shortcut, title=f"{title} / {japanese}", texts={"en": english_body, "ja": japanese_body})
    mei = make_staff(shop)
    first = three = 0
    missed = []
    for question, right in QUESTIONS:
        ticket = make_ticket(shop=shop, subject="Question", messages=(question,))
        found = [one.shortcut for one in canned.suggest(ticket, staff=mei)]
        first += found[:1] == [right]
        three += right in found
        if right not in found:
            missed.append((question, found))

    assert (three, missed) == (len(QUESTIONS), [])
    assert first >= 0.9 * len(QUESTIONS)


@pytest.mark.parametrize(("japanese", "least"), [(False, 11), (True, 13)])
def test_questions_that_nobody_had_seen_find_their_text_too(japanese: bool, least: int):
    shop = make_shop()
    for shortcut, (title, title_ja, body, body_ja) in TEXTS.items():
        save(shop, shortcut, title=f"{title} / {title_ja}", texts={"en": body, "ja": body_ja})
    mei = make_staff(shop)
    asked = [(words, right) for words, right in FURTHER_QUESTIONS if words.isascii() is not japanese]

    found = [
        (
            [one.shortcut for one in canned.suggest(make_ticket(shop=shop, subject="", messages=(words,)), staff=mei)],
            right,
        )
        for words, right in asked
    ]

    assert [right for names, right in found if right not in names] == []
    assert sum(names[0] == right for names, right in found) >= least


def test_words_of_one_language_find_texts_that_are_written_in_it_alone():
    shop = make_shop()
    save(shop, "size", title="Sizes", texts={"en": "Another size is possible."})
    save(shop, "saizu", title="サイズ交換", texts={"ja": "大きいサイズへの交換を承ります。"})
    mei = make_staff(shop)

    japanese = canned.suggest(make_ticket(shop=shop, subject="", messages=("サイズを交換したい",)), staff=mei)
    english = canned.suggest(make_ticket(shop=shop, subject="", messages=("Is another size possible?",)), staff=mei)

    assert [one.shortcut for one in japanese] == ["saizu"]
    assert [one.shortcut for one in english] == ["size"]


def test_somebody_elses_own_and_removed_ones_are_not_suggested():
    shop = make_shop()
    mei, ken = make_staff(shop, name="Mei"), make_staff(shop, name="Ken")
    draft = CannedDraft(shortcut="kens", title="Refund", personal=True, texts={"en": "Refund"})
    canned.save_canned(shop, draft, staff=ken, at=NOON)
    gone = save(shop, "gone", title="Refund", texts={"en": "Refund"})
    canned.remove_canned(gone, version=gone.version, at=NOON)
    save(make_shop(), "elsewhere", title="Refund", texts={"en": "Refund"})
    ticket = make_ticket(shop=shop, subject="Refund", messages=("My refund?",))

    assert canned.suggest(ticket, staff=mei) == []
    assert [one.shortcut for one in canned.suggest(ticket, staff=ken)] == ["kens"]


def test_nothing_is_suggested_for_words_that_no_text_shares():
    shop = make_shop()
    save(shop, "size", title="Sizes", texts={"en": "Another size is possible."})
    ticket = make_ticket(shop=shop, subject="Zebra", messages=("Quux blorp",))

    assert canned.suggest(ticket, staff=make_staff(shop)) == []


def test_the_last_words_of_the_customer_count_and_not_those_of_a_machine():
    shop = make_shop()
    for shortcut in ("size", "refund"):
        title, _ja, body, _ja_body = TEXTS[shortcut]
        save(shop, shortcut, title=title, texts={"en": body})
    ticket = make_ticket(shop=shop, subject="Hello", messages=("Which size?", "Forget it", "When comes my refund?"))
    make_message(ticket, body="Out of office: size size size", is_automatic=True)

    assert [one.shortcut for one in canned.suggest(ticket, staff=make_staff(shop))][:1] == ["refund"]


def test_suggestions_take_three_queries_and_little_time_with_five_hundred_texts(django_assert_max_num_queries):
    shop = make_shop()
    words = " ".join(tokens("Please send us a photo of the label and of the parts that are missing from the parcel"))
    CannedReply.objects.bulk_create(
        CannedReply(shop=shop, shortcut=f"n{n}", title="N", texts={"en": {"body": "N"}}, tokens=f"{words} word{n}")
        for n in range(canned.MOST)
    )
    ticket = make_ticket(shop=shop, messages=("word7 please",))
    mei = make_staff(shop)

    with django_assert_max_num_queries(3):
        assert canned.suggest(ticket, staff=mei)[0].shortcut == "n7"


def test_ties_keep_the_order_that_was_given():
    assert rank({"a"}, {"x": ["a"], "y": ["a"], "z": ["b"]}, limit=2) == ["x", "y"]
    assert rank(set(), {"x": ["a"]}, limit=2) == []
    assert rank({"a"}, {}, limit=2) == []
