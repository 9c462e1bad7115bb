"""What mail programs write above what they quote, in the languages of a shop's customers.

Three shapes: a sentence (``On … wrote:``), a rule with words (``-----Original Message-----``), and a block of header
fields (Outlook's ``From: … Sent: …``). The tables hold words; :mod:`.quotes` holds the rules.
"""

from __future__ import annotations

import re
from typing import Final

from .phrases import any_of, words

#: The longest attribution: characters, and lines over which programs break it.
MAX_ATTRIBUTION: Final = 400
MAX_ATTRIBUTION_LINES: Final = 5

_VERBS: Final = any_of(r"""
    wrote|writes|sent|said|schrieb(?: .{1,80})?|schreibt|a [ée]crit|escribi[óo]|ha scritto|scrisse|schreef(?: .{1,80})?
    het volgende geschreven|følgende|đã viết|menulis|เขียนว่า
    escreveu|napisa[łl](?:\(a\)|a)?|pisze|napsal(?:\(a\)|a)?|nap[ií]sal\(a\)|skrev(?: .{1,80})?|kirjoitti
    написал(?:\(а\)|а)?|пишет|написав(?:\(ла\))?|yazd[ıi]|şunu yazdı|[íi]rta(?: .{1,40})?|a scris|έγραψε|כתב[הת]?
    كتب|写道|寫道|写到|於.{1,80}寫道|(?:님이)?\s?작성(?:하였습니다|한 글)?|のメール|さんのメール|さんは書きました
    さんが書きました|は書きました|さん wrote|さんから|が書きました|様からのメール|さんは言いました|からのメッセージ
""")
_WROTE: Final = re.compile(rf"{_VERBS}\s*(?:\([^)]{{0,40}}\)\s*)?[:：]\s*\Z", re.IGNORECASE)
#: Zoho has no colon: ``---- On Wed, 24 Feb 2021 14:02:50 +0530 ada@example.com wrote ----``.
_WROTE_PLAIN: Final = re.compile(r"[>\s]*(?:-{2,}\s*)?On .{6,250}@.{1,100} wrote\s*(?:-{2,})?\s*\Z")
#: Between dashes even without an address: Android's ``---- Ada wrote ----``.
_WROTE_DASHED: Final = re.compile(r"\s*-{2,}\s*\S.{0,250}\s(?:wrote|schrieb|a écrit|escribió)\s*-{2,}\s*\Z")
#: An attribution behind an answer on the same line: ``Yes. On Mon, 2 Nov 2026 at 9:00, Ada <a@x.example> wrote:``.
_WROTE_BEHIND: Final = re.compile(
    r"(?<=\S)[ \t]+(?:-{2,}[ \t]*)?On (?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*,? )?(?:\d|[A-Z][a-z]{2,8}\.? \d)"
    r".{4,200}\d.{2,200} wrote:\s*\Z"
)
#: How sentences begin; without it a line that ends in a verb is a customer's own ("You wrote:").
_OPENING: Final = re.compile(
    r"(?:[>＞|\s]*)(?:-{1,4}\s*)?(?:\(?(?:On|At|Le|Am|El|Il|Op|Em|Dnia|W dniu|Dne|Den|På|Pe|Στις|בתאריך|No dia|Data"
    r"|Date|In|Mon|Tue|Wed|Thu|Fri|Sat|Sun|lun|mar|mer|jeu|ven|sam|dim)\b|\(?\d|[\"'<]?\S+@|.{0,80}<[^<>\s]{3,}@)",
    re.IGNORECASE,
)
_DATE: Final = re.compile(
    r"\d{4}\s?[年년/.-]\s?\d{1,2}\s?[月월/.-]\s?\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}:\d{2}|\b(?:19|20)\d{2}\b"
)
_ADDRESS: Final = re.compile(r"[^\s<>()\[\]]{1,100}@[^\s<>()\[\]]{2,100}")
#: A date and an address, closed by a colon: Gmail's Japanese and Chinese have no verb.
_DATED_SENDER: Final = re.compile(
    r".{0,120}(?:\d{4}\s?[年년/.-]\s?\d{1,2}\s?[月월/.-]\s?\d{1,2}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\b(?:19|20)\d{2}\b)"
    r".{0,200}[<＜\[(（]\s?[^\s<>]{1,100}@[^\s<>]{1,100}\s?[>＞\])）]{1,2}\s*[:：]\s*\Z"
)
_ENDS_IN_ADDRESS: Final = re.compile(r"[>＞\])）]\s*[:：]\s*\Z")
_DATED_WROTE_JA: Final = re.compile(
    r"(?:[>＞|\s]*)\(?\d{4}\s?[年/.-]\s?\d{1,2}\s?[月/.-]\s?\d{1,2}.{0,200}?(?:のメール|書きました|さん|様|氏|wrote|from)\s*[:：]\s*\Z"
)

_RULE_WORDS: Final = any_of(r"""
    original message|original mail|original-nachricht|ursprüngliche nachricht|originalnachricht|message d['’]origine
    antwort nachricht
    message original|mensaje original|messaggio originale|oorspronkelijk bericht|mensagem original|wiadomość oryginalna
    oryginalna wiadomość|původní (?:e-mail|zpráva)|ursprungligt meddelande|oprindelig (?:meddelelse|besked)
    opprinnelig melding|alkuperäinen viesti|исходное сообщение|оригинальное сообщение|orijinal mesaj|eredeti üzenet
    mesaj original|αρχικό μήνυμα|元のメッセージ|オリジナルメッセージ|元メール|元のメール|受信メッセージ|受信メール
    original|引用元?|原始邮件|原始郵件|原邮件|원본 메시지|원본 메일|reply message|reply to message
""")
_RULE: Final = re.compile(
    rf"[>＞|\s]*(?:[-_=*─━―－]{{2,}}\s*){_RULE_WORDS}\s*(?:[-_=*─━―－]{{2,}})?\s*[:：]?\s*\Z", re.IGNORECASE
)
_RULE_BARE: Final = re.compile(r"[\s]*(?:元のメッセージ|Original Message|元メール)\s*[:：]?\s*\Z", re.IGNORECASE)

#: Field names of quoted headers, by what they mean.
_FIELDS: Final = {
    "from": """
        from von de da od van från fra lähettäjä от від kimden feladó expéditeur absender remitente mittente afzender
        差出人 送信者 送信元 発信元 開始 开始 发件人 寄件者 寄件人 보낸사람 보낸이
    """,
    "sent": """
        sent date gesendet datum envoyé enviado inviato verzonden wysłano data odesláno skickat sendt lähetetty
        отправлено дата gönderildi elküldve trimis fecha le 送信日時 日時 日付 送信日 受信日時 date/time 送信 送信時刻
        messagedu messagesent
        发送时间 日期 時間 寄件日期 传送时间 보낸날짜 날짜 보낸시간
    """,
    "to": """
        to an à a para aan do komu till til vastaanottaja кому kime címzett către pour 宛先 宛 あて先 送信先
        收件人 收件者 받는사람 받는이
    """,
    "cc": "cc copieà kopie copie copia kopia kopi kopio копия bilgi másolatot 抄送 副本 참조 ｃｃ",
    "subject": """
        subject betreff objet asunto oggetto onderwerp temat předmět ämne emne aihe тема konu tárgy subiect assunto
        sujet 件名 題名 タイトル 主题 主旨 제목
    """,
}
MEANINGS: Final = {name: meaning for meaning, names in _FIELDS.items() for name in words(names)}
_FIELD: Final = re.compile(r"[>＞|\s*]*([^\s:：*][^:：\n]{0,28}?)[\s*]*[:：]\s*\*?\s*(.*)\Z", re.DOTALL)


#: Marks of direction, which Windows Mail sprinkles over dates.
_MARKS: Final = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
#: A moment after a word that only mail programs write; people write of a parcel "From: …, To: …, Date: …" as well.
_SENT_AT: Final = re.compile(
    r"(?i)[>＞|\s*]*(?:sent|gesendet|envoyé|enviado|inviato|verzonden|wysłano|odesláno|skickat|sendt|lähetetty|отправлено"
    r"|送信日時|发送时间)[\s*]*[:：].{0,80}\d{1,2}\s?[:：時时.]\s?\d{2}"
)


def is_sent_at(line: str) -> bool:
    """Whether a line of a quoted mail says when it was sent, in a mail program's words and with the time of day."""
    return _SENT_AT.match(_MARKS.sub("", line[:300])) is not None


def split_behind(line: str) -> str:
    """What stands on a line before an attribution that shares it; empty when none does."""
    found = _WROTE_BEHIND.search(line) if len(line) <= MAX_ATTRIBUTION else None
    return line[: found.start()].rstrip() if found else ""


def field_of(line: str) -> str:
    """Which header field a line of a quoted mail is (``from``, ``sent``, ``to``, ``cc``, ``subject``), or nothing.

    >>> field_of("差出人: 山田"), field_of("*Sent:* Monday"), field_of("Note: no field")
    ('from', 'sent', '')
    """
    found = _FIELD.match(_MARKS.sub("", line[:300]))
    if not found:
        return ""
    return MEANINGS.get(found[1].lower().replace(" ", "").replace("\u3000", ""), "")


def is_rule(line: str) -> bool:
    """Whether a line says "Original Message" between dashes, in any of the languages."""
    return len(line) <= 200 and (_RULE.match(line) is not None or _RULE_BARE.match(line) is not None)


def is_attribution(text: str) -> bool:
    """Whether a sentence, its lines joined, introduces what somebody wrote.

    >>> is_attribution("2026年11月22日(日) 10:00 山田太郎 <yamada@example.jp>:"), is_attribution("As you wrote:")
    (True, False)
    """
    if len(text) > MAX_ATTRIBUTION:
        return False
    if _WROTE_PLAIN.match(text):
        return bool(_DATE.search(text))
    if _WROTE_DASHED.match(text):
        return True
    if not text.rstrip().endswith((":", "：")):
        return False
    if (_ENDS_IN_ADDRESS.search(text[-40:]) and _DATED_SENDER.match(text)) or _DATED_WROTE_JA.match(text):
        return True
    if not _WROTE.search(text):
        return False
    return bool(_ADDRESS.search(text)) or (bool(_OPENING.match(text)) and bool(_DATE.search(text)))


def introduces(text: str) -> bool:
    """Whether a sentence that stands directly above quoted lines belongs to them; less is asked of it there."""
    if len(text) > MAX_ATTRIBUTION or not text.rstrip().endswith((":", "：", ">", "wrote", "…")):
        return False
    return (
        is_attribution(text)
        or bool(_WROTE.search(text))
        or (text.rstrip().endswith((":", "：", ">")) and bool(_DATE.search(text)) and bool(_ADDRESS.search(text)))
    )


#: What phones write under every mail.
DEVICE_LINE: Final = re.compile(
    any_of(r"""
    sent from (?:my|outlook|mail for|yahoo|samsung|the|proton|gmail|mailbox|aol|a |windows|ymail)\b.{0,80}
    get outlook for .{0,60}|outlook (?:for|on) .{0,40}を入手.{0,10}
    von meinem .{0,60} gesendet|gesendet (?:von|mit) .{0,60}
    enviado (?:desde|do|a partir) .{0,60}|envoyé (?:de(?:puis)?|à partir) .{0,60}
    inviato da .{0,60}|verzonden (?:vanaf|met) .{0,60}|skickat från .{0,60}
    wysłane z .{0,60}|отправлено (?:с|из) .{0,60}|yahoo!?メールアプリから送信
    (?:iphone|ipad|android|galaxy|xperia|スマートフォン|携帯)\s?から送信.{0,20}
    .{0,40}(?:iPhone|iPad|アプリ|スマホ|スマートフォン|Outlook.{0,20})から送信(?:されました|しました)?。?
    从我的.{0,30}发送|發自我的.{0,30}|나의 .{0,30}에서 보냄
""")
    + r"[\s.]*(?:<[^>]{0,200}>)?\s*\Z",
    re.IGNORECASE,
)
