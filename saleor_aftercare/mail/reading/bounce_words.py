"""How mail servers say that a letter was not delivered, where they write no report (RFC 3464) or one without sense.

Phrases are looked for in the explanation, in front of the returned mail; they count only beside a sign that a machine
wrote (:mod:`.kinds`), for people quote them too.
"""

from __future__ import annotations

import re
from typing import Final

from .phrases import any_of

_WHO: Final = "(?:user|recipient|address|mailbox|host|domain|account|alias|box|addressee)"
_IS_NO_MORE: Final = any_of(r"""
    unknown|not found|does ?n(?:o|')t exist|not exist|not listed|invalid|not known|disabled|inactive|no longer|not local
    not (?:been )?recogni[sz]ed|name is not|not a valid|did not .{0,10}match|isn't|not in (?:the )?directory
""")
_TAKES_NOTHING: Final = "(?:is full|unavailable|rejected|over ?quota|exceeded|suspended|not accept|blocked|closed)"
_NO_SUCH: Final = any_of(r"""
    unknown|invalid|no such|bad|nonexistent|non-existent|illegal|unrouteable|unroutable|disabled|ambiguous
""")
_THING: Final = any_of(r"""
    user|recipient|address|mailbox|host|domain|alias|account|e-?mail|mail|destination|addressee|person|name
""")
_NOBODY: Final = f"{_WHO}.{{0,25}}{_IS_NO_MORE}|{_NO_SUCH} (?:local )?{_THING}"

_FAILED_WORDS: Final = any_of(r"""
    (?:returned|undeliver(?:ed|able)|undelivered|rejected|bounced?) (?:e-?)?(?:mail|message)|undeliverable
    undelivered|(?:mail|message) (?:delivery|system|transport) (?:fail|error|problem|notif)|failure notice
    failure delivery|non[- ]?delivery|nondeliverable|delivery (?:status )?notification
    delivery (?:status|report|error|problem)|failed (?:mail|delivery|recipient)|can(?:no|')t (?:deliver|send)
    could(?: not|n't) (?:deliver|send|be delivered)|unable to deliver|user unknown|unknown user
    mail (?:could not|not) (?:be )?(?:delivered|sent)
    (?:your )?(?:message|mail|e-?mail) (?:to .{1,80} )?(?:could not|couldn't|was not|wasn't|cannot|has not|can't) be
    (?:your )?(?:message|mail) (?:was|has been) (?:rejected|returned|blocked|not delivered)|dsn:|ndn:|ndr:
    returned to sender|(?:email|mail) (?:delivery )?(?:failure|error)|permanent delivery failure
    address not found|message (?:not|undelivered)|recipient (?:address )?(?:not found|rejected|unknown)
    mailbox (?:full|unavailable|over quota)|unzustellbar|unzustellbare|mail konnte nicht|nicht zugestellt
    zustellung fehlgeschlagen|fehlgeschlagene zustellung|remise (?:impossible|différée)|non remis|échec de
    message non distribué|courrier non|no se (?:puede|ha podido) entregar|no entregado|correo no entregado
    impossibile recapitare|mancato recapito|non recapitabile|niet bezorgd|onbestelbaar|não entregue
    não foi possível entregar|niedostarczon|nie dostarczono|nedoručiteln|недоставлен|не доставлено
    teslim edilemedi
    .{0,20}(?:メールエラー|エラー通知|配信不能|配信エラー|配送エラー|送信エラー|送信失敗|配信失敗|不達)
    .{0,20}(?:宛先不明|エラーメール|未達|送信できません|配信できません|配送できません|届けられません|届けできません|配信されません|戻りメール)
    退信|无法投递|系统退信|無法傳遞|無法寄達|전송 실패|반송|배달 실패|메일 전송
""")
_NOT_SENT: Final = "(?:fail(?:ed|ure)|undeliverable|not (?:be )?delivered|rejected|returned|error)"
FAILED_SUBJECT: Final = re.compile(
    rf"(?i)\s*(?:\[[^\]]{{1,40}}\]\s*|\*+\w+\*+\s*)?(?:(?:mail|e-?mail|message|delivery)\b.{{0,30}}\b{_NOT_SENT}|{_FAILED_WORDS})"
)

_NOT_DELIVERED: Final = any_of(r"""
    could ?n(?:o|')t be (?:delivered|sent|completed|found)|cannot be delivered|can(?:no|')t (?:be )?deliver
    was(?: not|n't) delivered|were not delivered|has not been delivered
    (?:not|n't) (?:been )?(?:able to )?(?:reach|deliver)|undeliver(?:able|ed)|unable to deliver
    delivery (?:to .{0,120}|attempt )?(?:has )?(?:failed|is not possible|failure)|delivery error
    deliver(?:y|ing) .{0,60}failed|failed (?:permanently|to deliver|recipient|for the following|address)
    permanent (?:fatal )?(?:delivery )?(?:error|failure)|fatal error|(?:mail|message|letter) has been returned
    quota (?:exceeded|exceed)
    over (?:its |the |their )?(?:disk )?quota|mailbox full|mailfull|returned (?:mail|to sender|message)
    return(?:ed)? to (?:you|sender)|message (?:was |has been )?(?:rejected|refused|blocked|bounced|returned)
    rejected (?:your|the|by)|non-?delivery|did ?n(?:o|')t (?:reach|arrive)|does not like recipient|giving up
    gave up|retry time(?:out)?|too many hops|relay(?:ing)? (?:access )?(?:denied|not permitted|prohibited)
    access denied|not (?:our|a) customer|errors? occurred|no (?:valid )?mx|name service error
    connection (?:refused|timed out)|reason (?:for|of) (?:the )?(?:failure|bounce|return)
    delivery status notification|size limit|too large|too big|spam|policy
    n(?:icht|icht zu)(?:ge)?(?: )?(?:zugestellt|zustellbar)|unzustellbar|empfänger unbekannt
    n['’]a pas pu être (?:remis|distribu)|destinataire inconnu
    no (?:se )?(?:ha )?(?:podido|pudo) (?:ser )?entreg|desconocid|não foi possível entregar
    impossibile (?:recapitare|consegnare)|niet (?:worden )?(?:bezorgd|afgeleverd)
    не (?:удалось|может быть) доставл|не доставлено|пользовател.{0,20}не найден
    (?:送信|配信|配送|送達|お届け|届け|転送)(?:が)
    (?:は|する(?:こと(?:が|は))?|に)?(?:でき(?:ません|なかった|ず)|され(?:ません|なかった)|失敗|不能|エラー)
    宛先(?:が|は|の)?.{0,30}(?:不明|見つかり|存在し|間違|ありません|誤)
    あて先(?:が|は|の)?.{0,20}(?:不明|見つかり|存在し|誤)|エラーのため|ユーザ(?:ー)?が(?:存在|見つか)
    メールアドレスが.{0,20}(?:存在し|見つかり|間違|正しく)|受信(?:を)?(?:拒否|制限)
    容量(?:が|を)?.{0,10}(?:超|一杯|いっぱい)|不達|届きませんでした|お届けできません
    (?:投递|发送|傳送|寄送)(?:失败|失敗)|无法(?:送达|投递|发送)|無法(?:傳|寄|送)|不存在|전송되지|전송 실패|반송
    존재하지
""")
FAILED_TEXT: Final = re.compile(f"(?i)(?:{_NOBODY}|{_WHO}.{{0,25}}{_TAKES_NOTHING}|{_NOT_DELIVERED})")

#: A letter that is late, not lost: RFC 3463 class 4 while the server still tries.
DELAYED_SUBJECT: Final = re.compile(
    r"(?i)"
    + any_of(r"""
    \bdelay(?:ed)?\b|\bwarning\b.{0,40}(?:could not send|still|delivery|message)
    still (?:being )?(?:retried|trying)|not yet|zustellung verzögert|verzögert|remise (?:retardée|différée)
    retard|retrasad|in ritardo|遅延|遅れ
""")
)

DELAYED_TEXT: Final = re.compile(
    r"(?i)"
    + any_of(r"""
    this is a warning message only|do(?: not|n't) need to (?:resend|send|re-send|do anything)
    will (?:be retried|keep trying|continue to (?:try|be attempted)|try again|retry)|has not yet been delivered
    not yet been delivered|delivery attempts will continue|still trying to|is delayed|has been delayed
    no action is required|(?:is|are) still (?:being )?(?:queued|retried)|once every few hours|配信が遅れ
    配信を続け|再送を(?:試み|続け)|再試行(?:します|を行います)|まだ配信されて
""")
)

#: Said at the end of the tries, beside words that also stand in a warning.
GIVEN_UP: Final = re.compile(
    r"(?i)"
    + any_of(r"""
    giving up|gave up|given up|too long|permanent|fatal|retry timeout exceeded|failed to deliver
    unable to deliver|could not be delivered to one or more|could not be delivered\.|will not be retried
    no further attempts|message expired|expired
""")
)

_GONE: Final = any_of(r"""
    not a valid|address not found|wasn't found|couldn't be found|not recogni[sz]ed|not listed in
    no matches to nameserver|55\d[^\n]{0,60}(?:mailbox unavailable|recipient rejected|address rejected)
    empfänger unbekannt|destinataire inconnu|desconocid|宛先.{0,20}(?:不明|見つかり|存在し|間違)
    あて先.{0,20}(?:不明|見つかり|存在し)|(?:ユーザ|メールアドレス).{0,20}(?:存在し|見つかり)|不存在|존재하지
""")
#: Nobody is there, and nobody will be.
PERMANENT: Final = re.compile(f"(?i)(?:{_NOBODY}|{_GONE})")

#: Somebody is there, and cannot take it now.
TEMPORARY: Final = re.compile(
    r"(?i)"
    + any_of(r"""
    quota|mailbox (?:is )?full|mailfull|is full|storage (?:limit|exceeded)
    exceed(?:ed|s) .{0,20}(?:limit|size|storage)|timed? ?out|retry time|connection refused|too long|temporar
    try again|unreachable|not reachable|greylist|deferred|not responding|not delivered within|connection reset
    no route to host|unable to connect|failing for a long time|postponed|busy|too many (?:connections|messages)
    容量|一杯|いっぱい|満杯|混み合|一時的
""")
)

_COPY_TITLE: Final = any_of(r"""
    below this line is a copy|this is a copy of|included is a copy|copy of the (?:original )?message
    (?:the )?(?:headers?|transcript of the (?:message|mail)|body|text) of (?:the|your) (?:original )?(?:message|mail)
    message headers? follows?|original headers|start of (?:the )?(?:original|returned) (?:message|mail)
    the (?:original|following) message (?:headers?|follows)|bounced e-?mail
    returned mail(?: follows)?|message header follows
    元のメッセージ|元のメール|以下は.{0,20}(?:コピー|メール)|送信(?:され)?たメール
""")
#: Words that are a title between dashes or alone on a line, and else part of the explanation.
_COPY_NAME: Final = (
    r"(?:the )?(?:unsent|original|returned|your|undelivered) (?:message|mail|text)"
    r"(?:'s)?(?: (?:headers?|follows|below|text))?"
)
_DASHES: Final = r"(?:-{2,80}|_{3,80}|={3,80}|\*{3,80})"
#: What stands between the explanation and the returned mail.
COPY_BEGINS: Final = re.compile(
    rf"(?im)^(?:[ \t>*]{{0,20}}{_DASHES}?[ \t]{{0,20}}(?:{_COPY_TITLE}[^\n]{{0,80}}|{_COPY_NAME}[ \t:.]{{0,20}})"
    rf"|[ \t>*]{{0,20}}{_DASHES}[ \t]{{0,20}}{_COPY_NAME}[^\n]{{0,80}}"
    r"|(?:Received|Return-Path|Message-ID|X-[A-Za-z-]+|MIME-Version):[ \t][^\n]*)$"
)

_ADDRESS: Final = r"([^\s<>;,:\"'()\[\]=]{1,100}@[^\s<>;,:\"'()\[\]=]{1,200})"
_HEADINGS: Final = any_of(r"""
    did not (?:reach|receive).{0,30}following.{0,20}:?|following recipients? did not receive.{0,30}:?
    following (?:\w+ )?(?:recipient|address|user)(?:\(e?s\)|e?s)? .{0,30}(?:failed|errors?|problems?|did not).{0,40}:?
    (?:not|n't) (?:be )?(?:delivered|able to deliver.{0,20}) to(?: the following.{0,40})?:?|undeliverable +to:?
    failed to these recipients.{0,40}|failed recipients?|undeliverable address(?:es)?:?|recipients failed\.?
    delivery failed \d+ attempts:?|addressed to(?: email address)?:?|intended recipients?:?
    deliver(?:y|ing)(?: of email)? to (?:the following|this) (?:recipient|address).{0,20}
    次の宛先.{0,40}|以下の(?:宛先|メールアドレス|アドレス).{0,40}
""")
#: What stands above a list of those who did not get it.
HEADING: Final = re.compile(f"(?i){_HEADINGS}")
#: An address on the heading's own line, and one that begins a line of the list.
HEADED: Final = re.compile(rf"\A[ \t:'\"<({{\[-]{{0,8}}{_ADDRESS}")
LISTED: Final = re.compile(rf"[ \t>*<'\"(\[-]{{0,20}}(?:[cC]=[^\n]{{0,200}}?SMTP=|mailto:|SMTP:|rfc822;)?{_ADDRESS}")
#: How servers title a receipt that says that they took nothing (RFC 5429).
REJECTED_SUBJECT: Final = re.compile(r"(?i)\s*automatically rejected (?:mail|message)")
_LABEL: Final = any_of(r"""
    failed|bad|unknown|invalid|intended|following|rejected|undeliver\w+|recipients?|recipient address|addressee|mailbox
    user|receiver|(?:mail )?address|宛先|あて先|受信者|送信先|收件人|수신
""")
_ANY_ADDRESS: Final = r"([^\s<>]{1,200}@[^\s<>]{1,200})"
_AFTER: Final = r"(?:\.\.\.|[ \t]*:|[ \t]*\(|[ \t]+[^\n]{0,200}|[ \t]*)"
#: Where an address that failed stands, the surest first.
RECIPIENTS: Final = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (
        rf"^[ \t]*(?:final-recipient|original-recipient):[ \t]*(?:rfc822|unknown|utf-8)?[ \t]*;?[ \t]*<?{_ADDRESS}",
        rf"^[ \t>*-]*(?:[45]\d\d[ -](?:#?[45]\.\d\.\d )?)?<{_ANY_ADDRESS}>{_AFTER}$",
        rf"{_LABEL}(?:[(（]?s?[)）]?| address(?:es)?)?[ \t]*[:：=][ \t]*(?:rfc822;)?[<\"']?{_ADDRESS}",
        rf"rcpt to:[ \t]*<?{_ADDRESS}",
        rf"^[ \t]*{_ADDRESS}[ \t]*(?::[^\n]*|\([^\n]*|- [^\n]*|\.{{3}}[^\n]*|;[^\n]*)?$",
        rf"(?:to|for|deliver|delivering|recipient|user|address|mailbox|reach|an)[ \t:]+[<\"'(\[]?{_ADDRESS}",
        rf"[<\[({{\"']{_ADDRESS}[>\])}}\"']",
        _ADDRESS,
    )
)
