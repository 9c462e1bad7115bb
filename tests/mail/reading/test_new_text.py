"""What is new in a mail: whatever program quoted the rest, and without losing what was answered between quotes."""

import pytest

from saleor_aftercare.mail.reading.message import read
from saleor_aftercare.mail.reading.quotes import new_text

#: What programs write above what they quote, in the languages of a shop's customers.
ATTRIBUTIONS = [
    "On Fri, Nov 20, 2026 at 10:00 AM Green Shop <s@shop.example> wrote:",
    "On Fri, 20 Nov 2026 10:00:00 +0900\nGreen Shop <s@shop.example> wrote:",
    "On 2026/11/20 10:00, Green Shop wrote:",
    "Am Fr., 20. Nov. 2026 um 10:00 Uhr schrieb Green Shop <s@shop.example>:",
    "Le ven. 20 nov. 2026 à 10:00, Green Shop <s@shop.example> a écrit :",
    "El vie, 20 nov 2026 a las 10:00, Green Shop (<s@shop.example>) escribió:",
    "Il giorno ven 20 nov 2026 alle ore 10:00 Green Shop <s@shop.example> ha scritto:",
    "Op 20-nov.-2026, om 10:00 heeft Green Shop <s@shop.example> het volgende geschreven:",
    "Em sex., 20 de nov. de 2026 às 10:00, Green Shop <s@shop.example> escreveu:",
    "Den fre 20 nov. 2026 kl 10:00 skrev Green Shop <s@shop.example>:",
    "tir. 20. nov. 2026 kl. 10:00 skrev Green Shop <s@shop.example\n>:",
    "pt., 20 lis 2026 o 10:00 Green Shop <s@shop.example> napisał(a):",
    "пт, 20 нояб. 2026 г. в 10:00, Green Shop <s@shop.example>:",
    "20 Kas 2026 Cum 10:00 tarihinde Green Shop <s@shop.example> şunu yazdı:",
    "Vào Th 6, 20 thg 11, 2026 vào lúc 10:00 Green Shop <s@shop.example> đã viết:",
    "Pada tanggal Jum, 20 Nov 2026 pukul 10.00 Green Shop <s@shop.example> menulis:",
    "2026年11月20日(金) 10:00 Green Shop <s@shop.example>:",
    "2026年11月20日 10:00、Green Shop <s@shop.example>のメール:",
    "2026/11/20 10:00、Green Shop さんのメール:",
    "Green Shop <s@shop.example> 于2026年11月20日周五 10:00写道：",
    "2026년 11월 20일 (금) 오전 10:00, Green Shop <s@shop.example>님이 작성:",
    "---- Green Shop wrote ----",
    "------On 11/20/2026 10:00 AM, Green Shop wrote-----",
]
#: The head of the original as Outlook and its like copy it.
BLOCKS = [
    "From: Green Shop <s@shop.example>\nSent: Friday, November 20, 2026 10:00 AM\nTo: Ada\nSubject: RE: x",
    "*From:* Green Shop <s@shop.example>\n*Sent:* Friday, November 20, 2026 10:00 AM\n*To:* Ada\n*Subject:* x",
    "Von: Green Shop <s@shop.example>\nGesendet: Freitag, 20. November 2026 10:00\nAn: Ada\nBetreff: AW: x",
    "De : Green Shop <s@shop.example>\nEnvoyé : vendredi 20 novembre 2026 10:00\nÀ : Ada\nObjet : RE: x",
    "差出人: Green Shop <s@shop.example>\n送信日時: 2026年11月20日 10:00\n宛先: 山田\n件名: RE: x",
    "发件人: Green Shop <s@shop.example>\n发送时间: 2026年11月20日 10:00\n收件人: Ada\n主题: x",
    "От: Green Shop\nОтправлено: \u200e20\u200e \u200eноября\u200e 2026 г. \u200e10\u200e:\u200e00\nКому: Ada",
    "Message du : 20/11/2026 10:00\nDe : Green Shop <s@shop.example>\nA : ada@x.example\nCopie à : \nSujet : x",
]


@pytest.mark.parametrize("marked", [True, False], ids=["marked", "unmarked"])
@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_what_stands_under_an_attribution_is_old(attribution: str, *, marked: bool):
    mark = "> " if marked else ""

    assert new_text(f"Thanks, it works.\n\n{attribution}\n\n{mark}Please send\n{mark}a photo.\n") == "Thanks, it works."


@pytest.mark.parametrize("rule", ["", "________________________________\n", "====\n\n", "-----Original Message-----\n"])
@pytest.mark.parametrize("block", BLOCKS)
def test_what_stands_under_the_copied_head_of_a_mail_is_old(block: str, rule: str):
    assert new_text(f"Thanks, it works.\n\n{rule}{block}\n\nPlease send a photo.\n") == "Thanks, it works."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("> Is it broken?\nYes.\n> Do you have a receipt?\nNo.", "Yes.\nNo."),
        ("> 交換でよろしいですか\n\nはい。\n\n> 注文番号は\n\n12345です。", "はい。\n\n12345です。"),
        ("On 20 Nov 2026 at 10:00, Shop <s@shop.example> wrote:\n\n> Photo?\n\nAttached.", "Attached."),
        ("Yes. On Fri, Nov 20, 2026 at 10:00 AM, s@shop.example wrote:\n> Is it broken?", "Yes."),
        ("2026/11/20 Ada <a@x.example>\n> Is it broken?\nYes.", "Yes."),
    ],
)
def test_answers_below_between_and_beside_quotes_stay(text: str, expected: str):
    assert new_text(text) == expected


def test_the_end_of_a_quoted_line_that_a_program_broke_off_is_no_answer():
    quoted = "> " + "The mill grinds as fine as you like, and the warranty covers every one of"

    assert new_text(f"Thanks.\n\n{quoted}\nits parts.\n> Your shop") == "Thanks."
    assert new_text(f"Thanks.\n\n{quoted}\nWhich parts?\n> Your shop") == "Thanks.\n\nWhich parts?"
    assert new_text("> Is it broken?\nyes.\n> Since when?\nmonday.") == "yes.\nmonday."


@pytest.mark.parametrize(
    "text",
    [
        "The label says:\nFrom: Tokyo\nTo: Osaka\nDate: tomorrow 10:00",
        "You wrote:\nit lasts for years. It does not.",
        "On Monday I wrote:\nplease call me. Nobody did.",
        "I paid on 2026-11-20.\n\n====\n\nThat is all.",
        ">>> SALE <<<\nis what the page said. It was none.",
        "Temperature is > 30 degrees\nand the motor stops.",
    ],
)
def test_what_only_looks_like_a_quote_stays(text: str):
    assert new_text(text) == text


def test_a_mail_that_is_passed_on_stays_whole_whatever_its_subject_says():
    words = (
        "See below.\n\n---------- Forwarded message ---------\nFrom: Carrier <c@carrier.example>\n"
        "Date: Fri, Nov 20, 2026\nSubject: Parcel\nTo: <a@x.example>\n\nIt is lost."
    )

    assert new_text(words, subject="My parcel") == words


def test_a_mail_that_was_passed_on_earlier_is_old_with_what_quotes_it():
    text = (
        "Thanks.\n\nOn Fri, 20 Nov 2026, Shop <s@shop.example> wrote:\n\n> ---------- Forwarded message ---------\n"
        "> From: Carrier <c@carrier.example>\n> Subject: Parcel\n>\n> It is lost.\n"
    )

    assert new_text(text) == "Thanks."


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "iPhoneから送信",
        "Outlook for iOS を入手",
        "Outlook for iOS<https://aka.ms/o0ukef>を入手してください",
        "Gesendet von Outlook für Android<https://aka.ms/x>",
    ],
)
def test_what_a_phone_adds_is_no_word_of_the_customer(line: str):
    assert new_text(f"壊れました。\n\n{line}\n") == "壊れました。"


def test_a_signature_goes_even_where_only_a_sign_stands_above_it():
    assert new_text("🎉\n\n-- \nAda\nada@x.example") == "🎉"


QUOTE = '<blockquote class="gmail_quote" style="border-left:1px solid">{}</blockquote>'


def test_answers_within_the_element_that_gmail_puts_around_the_original_are_new():
    deeper = QUOTE.format(f'Broken?<div class="gmail_quote">On Thu:{QUOTE.format("Hello.")}</div>Since when?')
    html = f'Hi.<div class="gmail_quote">On Fri:{deeper}<div>Yes.</div>{QUOTE.format("Else?")}<div>No.</div></div>'

    assert read(f"Content-Type: text/html; charset=utf-8\n\n{html}".encode()).new_text == "Hi.\n\nYes.\n\nNo."


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            f'<div class="gmail_attr">On Fri, x wrote:</div>{QUOTE.format("Broken?")}Yes.{QUOTE.format("Else?")}',
            "Yes.",
        ),
        (f"{QUOTE.format('Broken?')}<div>Yes.</div>{QUOTE.format('Receipt?')}<div>No.</div>", "Yes.\n\nNo."),
        (
            '<div>Thanks.</div><hr tabindex="-1"><div id="divRplyFwdMsg"><b>From:</b> Shop<br></div><div>Photo?</div>',
            "Thanks.",
        ),
        (
            "<p>Thanks.</p><div style='border:none;border-top:solid #E1E1E1 1pt'>From: Shop</div><p>Photo?</p>",
            "Thanks.",
        ),
        ('Thanks.<div class="moz-cite-prefix">Shop wrote:</div><blockquote type="cite">Photo?</blockquote>', "Thanks."),
    ],
)
def test_what_html_marks_as_quoted_is_old_and_answers_within_stay(html: str, expected: str):
    assert read(f"Content-Type: text/html; charset=utf-8\n\n{html}".encode()).new_text == expected
