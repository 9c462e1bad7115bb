"""What single rules of the reader promise."""

import json
import struct

import pytest

from saleor_aftercare.mail.reading.addresses import Address, read_addresses
from saleor_aftercare.mail.reading.charset_names import codec_for
from saleor_aftercare.mail.reading.charsets import decode
from saleor_aftercare.mail.reading.guesses import MAX_GUESSES, Guesses
from saleor_aftercare.mail.reading.message import Reading, read
from saleor_aftercare.mail.reading.names import MAX_NAME_BYTES, safe_name
from saleor_aftercare.mail.reading.quotes import new_text
from saleor_aftercare.mail.reading.reports import permanence
from saleor_aftercare.mail.reading.threading import read_ids, subject_key
from saleor_aftercare.mail.reading.tnef import read_tnef

TOKEN = "0123456789abcdef0123456789abcdef.fedcba9876543210"


def mail(body: str = "hello", **headers: str) -> Reading:
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return read(f"{head}\r\n{body}".encode())


# -- charsets ------------------------------------------------------------------------------------------------------

SENTENCES = {
    "Japanese": ("お世話になっております。商品が届きました。", ("utf-8", "cp932", "euc_jp", "iso2022_jp")),
    "German": ("Schöne Grüße aus München, das Paket ist beschädigt.", ("utf-8", "cp1252")),
    "French": ("J’ai reçu le colis, mais il était abîmé", ("utf-8", "cp1252")),
    "Russian": ("Здравствуйте, посылка не пришла", ("utf-8", "cp1251", "koi8-r")),
    "Chinese": ("您好，我的订单还没有收到", ("utf-8", "gb18030")),
    "Taiwanese": ("您好，我的訂單還沒有收到", ("utf-8", "cp950")),
    "Korean": ("안녕하세요 주문한 상품이 아직 오지 않았습니다", ("utf-8", "cp949")),
    "Polish": ("Zażółć gęślą jaźń, paczka", ("utf-8", "cp1250")),
}


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("declared", [None, "us-ascii", "utf-8", "x-unknown"])
def test_a_sentence_is_read_whatever_the_label_says(language: str, declared: str | None):
    sentence, codecs = SENTENCES[language]

    for codec in codecs:
        assert decode(sentence.encode(codec), declared, where="", guesses=Guesses()) == sentence


SHORT = (
    "返品 交換 修理 山田太郎 佐藤花子 鈴木 お問い合わせ ご注文の件 不良品 領収書 見積書 写真 請求書.pdf",
    "商品が届かない テスト キャンセル 渡邊 斎藤 見積 配送状況 住所変更 電話番号 ありがとう 株式会社 東京都 納品書",
    "一覧表.xlsx 壊れた鍋 保証書",
)
EUROPEAN = "Müller Grüße größe déjà señor ação Ångström Øystein “Hallo” 5€"


@pytest.mark.parametrize("word", [word for line in SHORT for word in line.split()])
@pytest.mark.parametrize("declared", [None, "utf-8", "shift_jis", "euc-jp", "iso-2022-jp"])
def test_a_single_japanese_word_is_read_whatever_the_label_says(word: str, declared: str | None):
    for codec in ("utf-8", "cp932", "euc_jp"):
        assert decode(word.encode(codec), declared, where="", guesses=Guesses()) == word


@pytest.mark.parametrize("word", EUROPEAN.split())
@pytest.mark.parametrize("declared", [None, "utf-8", "iso-8859-1", "us-ascii"])
def test_a_single_european_word_is_read_whatever_the_label_says(word: str, declared: str | None):
    for codec in ("utf-8", "cp1252"):
        assert decode(word.encode(codec), declared, where="", guesses=Guesses()) == word


@pytest.mark.parametrize(
    "label", ["rot13", "zlib", "idna", "punycode", "unicode_escape", "undefined", "hex", "\0", "é"]
)
def test_no_transformation_of_python_is_a_charset(label: str):
    assert codec_for(label) in {None, ""}


def test_a_pictogram_of_au_is_a_geta_mark_and_one_of_docomo_is_kept():
    au, docomo = b"\x1b$B%F%9%H\x75\x41\x1b(B", "テスト".encode("cp932") + b"\xf8\x9f"

    assert decode(au, "iso-2022-jp", where="", guesses=Guesses()) == "テスト〓"
    assert decode(docomo, "Shift_JIS", where="", guesses=Guesses()) == "テスト\ue63e"


def test_a_character_cut_in_utf_8_does_not_spoil_the_rest():
    assert decode("あい".encode() + b" \xe3\x81 end", "utf-8", where="", guesses=Guesses()) == "あい � end"


def test_a_guess_is_told_once_and_not_without_end():
    guesses = Guesses()
    for number in range(300):
        guesses.add("mail", declared=str(number // 2), used="", why="x")

    assert len(guesses.all()) == MAX_GUESSES + 1
    assert guesses.all()[-1].why.endswith("further guesses are left out.")


# -- headers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ada@example.com", [Address("", "ada@example.com")]),
        ("Ada <ada@example.com>, Bob <b@x>", [Address("Ada", "ada@example.com"), Address("Bob", "b@x")]),
        ('"ada@example.com" <ada@example.com>', [Address("", "ada@example.com")]),
        ("'Ada' <mailto:ada@example.com>", [Address("Ada", "ada@example.com")]),
        ("<@a.example,@b.example:ada@example.com>", [Address("", "ada@example.com")]),
        ("Ada <ada@example.com", [Address("Ada", "ada@example.com")]),
        ("Pete(A nice \\) chap) <pete(his account)@silly.test>", [Address("Pete", "pete@silly.test")]),
        ("a@x; b@x ;", [Address("", "a@x"), Address("", "b@x")]),
        ('"a b"@example.com', [Address("", '"a b"@example.com')]),
        ("nobody here", [Address("nobody here", "")]),
        ("<>", []),
        ("", []),
    ],
)
def test_addresses_are_read_as_people_and_programs_write_them(text: str, expected: list[Address]):
    assert list(read_addresses(text, where="", guesses=Guesses())) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<a@x> <b@x>", ["a@x", "b@x"]),
        ("<a@x><b@x>", ["a@x", "b@x"]),
        ("a@x", ["a@x"]),
        ("Your message of Sunday <a@x>", ["a@x"]),
        ("<a\t b@x>", ["ab@x"]),
        ("", []),
    ],
)
def test_ids_are_read(text: str, expected: list[str]):
    assert read_ids(text) == expected


@pytest.mark.parametrize(
    "subject",
    ["Kaputt", "Re: Kaputt", "AW: WG: kaputt", "RE[2]: Kaputt", "返信：Kaputt", "回复: 转发: Kaputt",
     "Re: [#1234] Kaputt", "[EXTERNAL] Re: Kaputt", "Fwd: Re: TR:  KAPUTT "],
)  # fmt: skip
def test_a_subject_is_the_same_behind_every_prefix(subject: str):
    assert subject_key(subject) == "kaputt"


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("=?utf-8?B?44GC44GE44GG", "あいう"),
        ("=?utf-8?Q?=3D=3Futf-8=3FB=3F44GC=3F=3D?=", "あ"),
        ("=?utf-8*ja?Q?=E3=81=82?=", "あ"),
        ("=?utf-8?Q?a?=   =?utf-8?Q?b?= c", "ab c"),
        ("1 =? 2 ?= 3", "1 =? 2 ?= 3"),
        ("=?iso-2022-jp?Q?=1B$B%F%9%H=1B(B?=", "テスト"),
        ("=?ISO-8859-1?Q?5_=80?=", "5 €"),
    ],
)
def test_encoded_words_are_read_as_programs_write_them(subject: str, expected: str):
    assert mail(Subject=subject).subject == expected


def test_a_comma_in_an_encoded_word_parts_no_addresses():
    found = read_addresses("=?utf-8?Q?Caf=C3=A9, Shop?= <s@x.example>, t@x", where="", guesses=Guesses())

    assert list(found) == [Address("Café, Shop", "s@x.example"), Address("", "t@x")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sun, 22 Nov 2026 10:00:00 +0900", "2026-11-22T10:00:00+09:00"),
        ("22 Nov 2026 10:00 +0900 (JST)", "2026-11-22T10:00:00+09:00"),
        ("Sun, 22 Nov 26 10:00:00 JST", "2026-11-22T10:00:00+09:00"),
        ("2026-11-22 10:00:00", "2026-11-22T10:00:00+00:00"),
        ("yesterday", None),
        ("Sun, 22 Nov 9999 10:00:00 +0900", None),
        ("Sun, 99 Nov 2026 99:00:00 +9900", None),
    ],
)
def test_dates_are_aware_or_none(text: str, expected: str | None):
    date = mail(Date=text).date

    assert (date.isoformat() if date else None) == expected


def test_the_null_return_path_is_not_a_missing_one():
    assert mail(Return_Path="<>").return_path == ""
    assert mail(Return_Path="<ada@example.com>").return_path == "ada@example.com"
    assert mail(Subject="x").return_path is None


# -- threading -----------------------------------------------------------------------------------------------------


def test_tokens_are_verified_by_the_caller_and_genuine_ones_come_first():
    other = TOKEN.replace("0", "1")
    raw = f"To: s+{other}@shop.example\r\nIn-Reply-To: <{TOKEN.upper()}@shop.example>\r\n\r\nx".encode()

    keys = read(raw, verify=lambda token: token == TOKEN).keys

    assert [(key.kind, key.value, key.verified) for key in keys[:2]] == [
        ("token", TOKEN, True),
        ("token", other, False),
    ]
    assert {key.verified for key in read(raw).keys if key.kind == "token"} == {None}


def test_the_product_s_own_message_ids_are_tokens(settings):
    from saleor_aftercare.core.models import Shop
    from saleor_aftercare.mail.headers import is_ours, new_message_id

    shop = Shop(pk=7)
    stamped = new_message_id(shop, "support@shop.example")
    raw = f"References: {stamped}\r\n\r\nx".encode()

    key = read(raw, verify=lambda token: is_ours(shop, f"{token}@shop.example")).keys[0]

    assert (key.kind, key.verified) == ("token", True)


# -- kinds ---------------------------------------------------------------------------------------------------------


def test_a_mail_from_ourselves_is_never_answered_automatically():
    raw = b"From: Support@Shop.example\r\n\r\nx"

    assert read(raw, own_addresses=["support@shop.example"]).no_answer == "It comes from one of our own addresses."
    assert read(raw).no_answer == ""


@pytest.mark.parametrize(
    ("status", "diagnostic", "expected"),
    [
        ("5.1.1", "", True),
        ("4.2.2", "550 no", False),
        ("5.0.0", "452 4.2.2 full", False),
        ("", "host said: 550 unknown", True),
        ("", "port 2525 refused", None),
    ],
)
def test_permanence_follows_status_then_answer(status: str, diagnostic: str, expected: bool | None):
    assert permanence(status, diagnostic) is expected


@pytest.mark.parametrize(
    "subject",
    [
        "Re: Automatic reply: your order",
        "Automatic replies do not work",
        "Vacation plans",
        "Read: my review",
        "Auto: neue Felgen",
    ],
)
def test_people_may_write_about_absence(subject: str):
    assert mail(From="ada@example.com", Subject=subject).kind == "message"


@pytest.mark.parametrize("return_path", ["<>", "<bounces@carrier.example>"])
@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Delivery failed: parcel 1234", "Your parcel could not be delivered. Questions: help@carrier.example"),
        ("【ご不在連絡】お荷物をお届けできませんでした", "お届けできませんでした。再配達をご依頼ください。"),
        ("Delivery problem", "Recipient not found at this address. The package was returned to sender."),
    ],
)
def test_carriers_who_write_about_parcels_are_no_mail_servers(return_path: str, subject: str, body: str):
    raw = f"Return-Path: {return_path}\r\nFrom: no-reply@carrier.example\r\nSubject: {subject}\r\n\r\n{body}"

    assert read(raw.encode()).kind == "message"


def notification(**content: object) -> Reading:
    found = {"mail": {"headers": [{"name": "Message-ID", "value": "<our@shop.example>"}]}, **content}
    body = (
        json.dumps(found).replace('"headers"', '"head\n ers"') + "\n\n--\nIf you wish to stop receiving notifications"
    )
    return mail(body, From="SES <no-reply@sns.amazonaws.com>", Subject="AWS Notification Message")


def test_bounces_and_complaints_of_amazon_ses_are_read_from_their_json():
    ada = {"emailAddress": "ada@example.com"}
    full = {**ada, "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 user unknown"}

    hard = notification(notificationType="Bounce", bounce={"bounceType": "Permanent", "bouncedRecipients": [full]})
    soft = notification(notificationType="Bounce", bounce={"bounceType": "Transient", "bouncedRecipients": [ada]})
    angry = notification(notificationType="Complaint", complaint={"complainedRecipients": [ada]})
    fine = notification(notificationType="Delivery")

    assert (hard.kind, hard.bounce.recipient, hard.bounce.permanent) == ("bounce", "ada@example.com", True)
    assert (hard.bounce.diagnostic, hard.bounce.original_message_id) == ("550 5.1.1 user unknown", "our@shop.example")
    assert (soft.kind, soft.bounce.permanent) == ("bounce", False)
    assert (angry.kind, angry.complaint.recipient) == ("complaint", "ada@example.com")
    assert (fine.kind, fine.bounce) == ("auto_reply", None)
    assert notification(notificationType=["Bounce"]).kind == "message"
    inner = {"notificationType": "Bounce", "bounce": {"bouncedRecipients": [full]}}
    assert notification(Type="Notification", Message=json.dumps(inner)).bounce.status == "5.1.1"


def test_a_sender_of_nothing_but_brackets_is_a_mail_server():
    raw = b"From: <>\r\nSubject: Undeliverable: x\r\n\r\nDelivery failed\r\nnobody@x.example\r\nuser unknown"

    reading = read(raw)

    assert (reading.kind, reading.bounce.recipient, reading.bounce.permanent) == ("bounce", "nobody@x.example", True)


# -- words and files -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Dear shop,\nFrom: the beginning it was broken.\nThanks",
        "On Monday I wrote:\nplease answer",
        "2026/11/22 山田です。\n届きません。",
        "Prices: > 100 and < 200\nok",
        "- one\n- two\n\n----\nthree",
        "To: be honest\nSubject: to change",
        "From: Tokyo\nTo: Osaka\nDate: tomorrow\nplease",
    ],
)
def test_nothing_is_cut_from_what_only_looks_like_a_quote(text: str):
    assert new_text(text) == text


@pytest.mark.parametrize(
    "name", ["../../x", "a/b\\c", "\0\n", "CON", "x" * 5000, "あ" * 300 + ".pdf", "..", "\u202e\u2066"]
)
def test_a_safe_name_is_safe(name: str):
    safe = safe_name(name)

    assert len(safe.encode()) <= MAX_NAME_BYTES
    assert not set(safe) & set('/\\\0\n<>:"|?*\u202e')
    assert safe.upper() not in {"CON", ".", ".."}


def test_html_says_its_charset_where_its_part_does_not():
    html = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS"></head>返品 ﾃｽﾄ</html>'

    reading = read(b"Content-Type: text/html\r\n\r\n" + html.encode("cp932"))

    assert reading.text == "返品 ﾃｽﾄ"


def test_html_under_the_name_of_plain_text_is_html():
    assert mail("<html><body>a<br>b</body></html>", Content_Type="text/plain").text == "a\nb"


def test_a_plain_text_that_marks_no_quotes_is_cut_as_its_html_is():
    raw = (
        "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nnew words\nold words\n"
        '--b\nContent-Type: text/html\n\n<div>new words</div><div class="gmail_quote">old words</div>\n--b--\n'
    )

    assert read(raw.encode()).new_text == "new words"


def test_a_mail_in_outlook_s_envelope_gives_its_files_too():
    def attribute(kind: int, value: bytes) -> bytes:
        return struct.pack("<BHHI", 2, kind, 6, len(value)) + value + b"\0\0"

    def envelope(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack("<IH", 0x223E9F78, 1)
            + attribute(0x9002, b"")
            + attribute(0x8010, name)
            + attribute(0x800F, data)
        )

    found = read_tnef(envelope(b"mail", envelope(b"inner.txt", b"abc")), Guesses())

    assert found is not None
    assert [file.name for file in found.files] == ["mail", "inner.txt"]
