"""LINE: the Messaging API (developers.line.biz/en/reference/messaging-api).

An answer goes out by the reply token of what the customer wrote while it lives, which costs the shop nothing, and by
push otherwise, which counts towards the account's monthly quota. A push bears ``X-Line-Retry-Key``: LINE takes it once
within a day however often it is sent. A reply bears none, but its token works once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final, NoReturn

import httpx
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from saleor_aftercare.core.errors import ProviderError, ProviderUnavailable
from saleor_aftercare.providers.credentials import Credential, Credentials, CredentialsRejected

from .base import (
    Account,
    Content,
    ContentGone,
    Fetched,
    MaybeSent,
    Outgoing,
    OutgoingFile,
    Profile,
    RawEvent,
    RecipientGone,
    Told,
)
from .line_events import SIGNATURE, check_signature, read_event, read_events

API: Final = "https://api.line.me"
DATA: Final = "https://api-data.line.me"
TIMEOUT: Final = httpx.Timeout(20.0, connect=5.0)
#: LINE counts a text's length in UTF-16 code units.
MAX_TEXT: Final = 5000
MAX_MESSAGES: Final = 5
_PICTURES: Final = frozenset({"image/jpeg", "image/png"})
_MAX_PICTURE_BYTES: Final = 10 * 1024 * 1024


class Line:
    """A LINE Official Account."""

    slug: ClassVar[str] = "line"
    wants: ClassVar[tuple[Credential, ...]] = (
        Credential(
            name="channel_secret",
            label=gettext_noop("Channel secret"),
            secret=True,
            help=gettext_noop("LINE Developers → your channel → Basic settings"),
        ),
        Credential(
            name="access_token",
            label=gettext_noop("Channel access token (long-lived)"),
            secret=True,
            help=gettext_noop("LINE Developers → your channel → Messaging API"),
        ),
    )

    def __init__(self, credentials: Mapping[str, str], transport: httpx.BaseTransport | None = None) -> None:
        values = Credentials(values=credentials).check(self.wants)
        self.check(values)
        self._secret, token = values["channel_secret"], values["access_token"]
        self._api, self._data = settings.LINE_API_URL or API, settings.LINE_API_URL or DATA
        self._http = httpx.Client(
            transport=transport,
            timeout=TIMEOUT,
            follow_redirects=False,
            headers={"Authorization": f"Bearer {token}", "User-Agent": "SaleorAftercare"},
        )

    @staticmethod
    def check(values: Mapping[str, str]) -> None:
        """Refuse what cannot stand in a header; raises CredentialsRejected."""
        if not re.fullmatch(r"[\x21-\x7e]{1,1000}", values.get("access_token", "x")):
            raise CredentialsRejected(_("This is no channel access token."), "access_token")

    def events(self, headers: Mapping[str, str], body: bytes) -> Sequence[RawEvent]:
        """The events, once their signature was found to be of this channel."""
        check_signature(headers.get(SIGNATURE, ""), self._secret, body)
        return read_events(body)

    def read(self, document: Mapping[str, Any]) -> Told:
        """What an event says."""
        return read_event(document)

    def profile(self, person: str) -> Profile:
        """Name and language; LINE tells nothing of people who blocked the account."""
        answer = self._ask("GET", f"{self._api}/v2/bot/profile/{_segment(person)}")
        if answer.status_code == 404:
            return Profile()
        data = _json(_good(answer))
        return Profile(_text(data.get("displayName")), _text(data.get("language")))

    def fetch(self, content: Content, *, limit_bytes: int) -> Fetched:
        """The bytes; LINE keeps them for a while only, and prepares recordings for some seconds."""
        if content.url:
            # Somebody else's server: what it serves now need not be what was sent, and who asks is told.
            raise ContentGone(_("The file lies on another server: %(address)s") % {"address": content.url[:200]})
        url = f"{self._data}/v2/bot/message/{_segment(content.reference)}/content"
        try:
            with self._http.stream("GET", url) as answer:
                if answer.status_code in {404, 410}:
                    raise ContentGone(_("LINE does not have the file any more."))
                if answer.status_code == 202:
                    raise ProviderUnavailable(_("LINE is still preparing the file."), retry_after_s=10)
                if answer.status_code != 200:
                    answer.read()
                    _refuse(answer)
                data = bytearray()
                for part in answer.iter_bytes():
                    data += part
                    if len(data) > limit_bytes:
                        raise ContentGone(_("The file is larger than %(size)d MB.") % {"size": limit_bytes >> 20})
                return Fetched(bytes(data), answer.headers.get("content-type", "application/octet-stream"))
        except httpx.HTTPError as error:
            raise ProviderUnavailable(_silent(error)) from None

    def is_repeatable(self, message: Outgoing, *, at: datetime) -> bool:
        """A push is, for a day after its first try; a reply is not."""
        return not _reply_token(message, at, parts=_parts(message))

    def send(self, message: Outgoing, *, at: datetime) -> str:
        """Reply while the token lives and everything fits one call, else push."""
        parts = _parts(message)
        token = _reply_token(message, at, parts=parts)
        if token:
            answer = self._deliver(f"{self._api}/v2/bot/message/reply", {"replyToken": token, "messages": parts[0]})
            if answer.status_code != 400 or "reply token" not in _reason(answer).lower():
                return _reference(_good(answer))
        reference = ""
        for number, part in enumerate(parts):
            answer = self._deliver(
                f"{self._api}/v2/bot/message/push",
                {"to": message.recipient, "messages": part},
                {"X-Line-Retry-Key": message.part_key(number)},
            )
            accepted = answer.status_code == 409 and answer.headers.get("x-line-accepted-request-id")
            reference = reference or (str(accepted) if accepted else _reference(_good(answer)))
        return reference

    def verify(self, *, webhook_url: str) -> Account:
        """The account's name, and whether its webhook leads to us."""
        data = _json(_good(self._ask("GET", f"{self._api}/v2/bot/info")))
        problems = []
        hook = self._ask("GET", f"{self._api}/v2/bot/channel/webhook/endpoint")
        set_to = _json(_good(hook)) if hook.status_code != 404 else {}
        if webhook_url and _text(set_to.get("endpoint")) != webhook_url:
            problems.append(_("The webhook URL at LINE is another one: enter ours and use “Verify” there."))
        elif webhook_url and set_to.get("active") is not True:
            problems.append(_("At LINE, “Use webhook” is switched off."))
        if data.get("chatMode") == "chat":
            problems.append(
                _("In LINE Official Account Manager, chat is switched on: answers given there are not seen.")
            )
        return Account(_text(data.get("displayName")), _text(data.get("basicId")), tuple(problems))

    def _ask(self, method: str, url: str) -> httpx.Response:
        try:
            return self._http.request(method, url)
        except httpx.HTTPError as error:
            raise ProviderUnavailable(_silent(error)) from None

    def _deliver(
        self, url: str, content: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        try:
            answer = self._http.post(url, json=content, headers=dict(headers or {}))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise ProviderUnavailable(_silent(error)) from None
        except httpx.HTTPError as error:
            raise MaybeSent(_silent(error)) from None
        if answer.status_code >= 500:
            raise MaybeSent(_("LINE answered with an error (%(status)d).") % {"status": answer.status_code})
        return answer


def _parts(message: Outgoing) -> list[list[dict[str, Any]]]:
    """The message objects, five in a call."""
    texts = split(message.text) if message.text else []
    pictures, links = [], []
    for file in message.files:
        if _is_picture(file):
            preview = file.thumbnail_url or file.url
            pictures.append({"type": "image", "originalContentUrl": file.url, "previewImageUrl": preview})
        else:
            links.append("\n".join(filter(None, (file.caption or file.name, _link(file.url), file.until))))
    objects = [{"type": "text", "text": text} for text in texts + [one for link in links for one in split(link)]]
    objects += pictures
    return [objects[n : n + MAX_MESSAGES] for n in range(0, len(objects), MAX_MESSAGES)]


def _link(url: str) -> str:
    """The address as LINE opens it in the phone's own browser (line.me URL scheme): its built-in one saves no files."""
    return f"{url}{'&' if '?' in url else '?'}openExternalBrowser=1"


def _is_picture(file: OutgoingFile) -> bool:
    return file.content_type in _PICTURES and file.size_bytes <= _MAX_PICTURE_BYTES and file.url.startswith("https://")


def split(text: str, limit: int = MAX_TEXT) -> list[str]:
    """The text in pieces of at most ``limit`` UTF-16 code units, cut between paragraphs, lines or words if possible.

    >>> split("one two three", limit=8), split("", limit=8)
    (['one two', 'three'], [])
    """
    pieces: list[str] = []
    rest = text.strip()
    while rest:
        most = _fitting(rest, limit)
        if most == len(rest):
            return [*pieces, rest]
        cut = next((at for mark in ("\n\n", "\n", "。", " ") if (at := _end_of(rest, mark, most)) > most // 2), most)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return pieces


def _fitting(text: str, limit: int) -> int:
    """How many characters fit; never half of a surrogate pair."""
    units = 0
    for count, character in enumerate(text):
        units += 2 if ord(character) > 0xFFFF else 1
        if units > limit:
            return max(1, count)
    return len(text)


def _end_of(text: str, mark: str, most: int) -> int:
    found = text.rfind(mark, 0, most + (1 if mark == " " else 0))
    return found + (len(mark) if mark == "。" else 0) if found > 0 else 0


def _reply_token(message: Outgoing, at: datetime, *, parts: Sequence[object]) -> str:
    """The token, while it lives and one call is enough."""
    token, until = message.reply_with.get("token"), message.reply_with.get("until")
    if not token or not until or len(parts) != 1 or at >= datetime.fromisoformat(until):
        return ""
    return str(token)


def _good(answer: httpx.Response) -> httpx.Response:
    if answer.status_code != 200:
        _refuse(answer)
    return answer


def _refuse(answer: httpx.Response) -> NoReturn:
    """Tell what LINE said in our own errors."""
    status, reason = answer.status_code, _reason(answer)
    if status in {401, 403}:
        raise CredentialsRejected(_("LINE does not accept the channel access token."), "access_token")
    if status == 429:
        if "monthly limit" in reason.lower():
            raise ProviderError(_("The LINE account has used up its messages of this month."))
        wait = answer.headers.get("retry-after", "")
        raise ProviderUnavailable(
            _("LINE asks us to wait: too many requests."), retry_after_s=min(int(wait), 3600) if wait.isdigit() else 60
        )
    if status >= 500:
        raise ProviderUnavailable(_("LINE answered with an error (%(status)d).") % {"status": status})
    if status in {400, 404} and ("'to'" in reason or "`to`" in reason or "Failed to send messages" in reason):
        raise RecipientGone(_("LINE does not know this person, or they have blocked the account."))
    raise ProviderError(_("LINE refused: %(reason)s") % {"reason": reason or status})


def _reason(answer: httpx.Response) -> str:
    """LINE's own words, which name properties and hold no content."""
    try:
        data = answer.json()
    except (ValueError, RecursionError):
        return ""
    if not isinstance(data, dict):
        return ""
    details = data.get("details")
    first = details[0] if isinstance(details, list) and details and isinstance(details[0], dict) else {}
    more = f" ({_text(first.get('property'))}: {_text(first.get('message'))})" if first else ""
    return (_text(data.get("message")) + more)[:250]


def _reference(answer: httpx.Response) -> str:
    try:
        sent = _json(answer).get("sentMessages")
    except ProviderError:
        sent = None  # it was accepted, whatever the body says
    if isinstance(sent, list) and sent and isinstance(sent[0], dict) and _text(sent[0].get("id")):
        return _text(sent[0].get("id"))
    return str(answer.headers.get("x-line-request-id", ""))[:200]


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        data = answer.json()
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise ProviderError(_("LINE sent something that is no JSON object."))
    return data


def _segment(value: str) -> str:
    """A part of an address; ids are letters and digits."""
    if not value.isascii() or not value.isalnum():
        raise ProviderError(_("LINE knows no such id."))
    return value


def _text(value: object) -> str:
    return value.replace("\x00", "")[:300] if isinstance(value, str) else ""


def _silent(error: Exception) -> str:
    return _("LINE did not answer (%(why)s).") % {"why": type(error).__name__}
