"""Charsets that lie: what would be rubbish under its label is read as what it is, and every such guess is told."""

import pytest

from saleor_aftercare.mail.reading.message import Reading, read

JAPANESE = "山田です。コーヒーミルの件でご連絡しました。よろしくお願いいたします。"
RUSSIAN = "Здравствуйте, моя кофемолка сломалась вчера."
KOREAN = "안녕하세요. 그라인더가 고장났어요. 교환해 주세요."


def mail(data: bytes, charset: str) -> Reading:
    """What is read of plain text with a label."""
    return read(f"From: ada@x.example\nContent-Type: text/plain; charset={charset}\n\n".encode() + data)


@pytest.mark.parametrize(
    "label", ["iso-8859-1", "windows-1252", "iso-8859-15", "us-ascii", "utf-8", "big5", "x-made-up"]
)
@pytest.mark.parametrize(
    ("text", "codec"),
    [(JAPANESE, "cp932"), (JAPANESE, "euc_jp"), (JAPANESE, "iso2022_jp"), (JAPANESE, "utf-8")],
    ids=["shift_jis", "euc-jp", "iso-2022-jp", "utf-8"],
)
def test_japanese_is_read_whatever_it_is_called(text: str, codec: str, label: str):
    reading = mail(text.encode(codec), label)

    assert reading.text == text
    assert [guess.where for guess in reading.guesses] == ([] if codec == label else ["mail"])


@pytest.mark.parametrize(
    ("text", "codec", "label"),
    [
        (RUSSIAN, "cp1251", "iso-8859-1"),
        (RUSSIAN, "koi8-r", "windows-1252"),
        (KOREAN, "euc_kr", "iso-8859-1"),
        ("Dzień dobry, prosiłem o „nowy” młynek — ś ź ą", "cp1250", "iso-8859-2"),
        ("“Hi” – it costs 5 €", "cp1252", "iso-8859-1"),
        ("5 € – “ja”, größer", "cp1252", "iso-8859-15"),
        (JAPANESE, "cp932", "gb2312"),
    ],
)
def test_mail_of_elsewhere_is_read_under_the_wrong_label(text: str, codec: str, label: str):
    reading = mail(text.encode(codec), label)

    assert (reading.text, len(reading.guesses)) == (text, 1)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Grüße aus München, die Mühle ist kaputt", "iso-8859-1"),
        ("ÄÖÜ", "iso-8859-1"),
        ("J'ai reçu le colis, mais il était abîmé", "iso-8859-1"),
        ("GRÖSSE FÜR ÖFEN: ÄÖÜ ÄÖÜ", "iso-8859-1"),
        ("5 € à côté", "iso-8859-15"),
        ("Dzień dobry, młynek się zepsuł", "iso-8859-2"),
        ("Kırık değirmen, çok üzgünüm", "iso-8859-9"),
        ("Καλημέρα, ο μύλος χάλασε", "iso-8859-7"),
        ("שלום, המטחנה לא עובדת", "iso-8859-8"),
        ("مرحبا المطحنة لا تعمل", "windows-1256"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN.upper(), "windows-1251"),
        ("สวัสดีครับ เครื่องบดเสีย", "tis-620"),
        ("您好，我的磨豆机坏了，请帮我换一个。", "gb2312"),
        ("您好，我的磨豆機壞了，請幫我換一個。", "big5"),
        (KOREAN, "euc-kr"),
    ],
)
def test_a_label_that_is_right_is_believed(text: str, label: str):
    reading = mail(text.encode(label), label)

    assert (reading.text, reading.guesses) == (text, ())
