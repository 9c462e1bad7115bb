"""Mailboxes by IMAP (RFC 3501): UIDs only grow within one UIDVALIDITY, and that is what the cursor rests on."""

from __future__ import annotations

import imaplib
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import CapabilityError, IMAPClientError, LoginError

from saleor_aftercare.core import outside
from saleor_aftercare.core.errors import ProviderError, ProviderUnavailable
from saleor_aftercare.providers.credentials import Credential, CredentialsRejected
from saleor_aftercare.providers.mail_servers import (
    MailServer,
    as_problem,
    connect,
    secured,
    server_fields,
    server_of,
    tls_context,
)

from .base import MAX_MAIL_BYTES, Batch, Cursor, Findings

#: What becomes of a mail in the mailbox once it is ours.
AFTER: Final = ("keep", "seen", "move")
_TIMEOUT: Final = SocketTimeout(connect=10, read=60)
#: Mails, and bytes, that are fetched at once.
_BATCH: Final = 50
_BATCH_BYTES: Final = 8 * 1024 * 1024
#: Sizes asked for at once.
_LISTED: Final = 500
#: Mails that the server could not give, tried again at every visit; more than so many are not remembered.
_MOST_LATE: Final = 50
#: RFC 5530: why a server refuses now and may not in a while.
_PASSING: Final = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "OVERQUOTA"})
_FAILURES: Final = (IMAPClientError, imaplib.IMAP4.error, OSError)


class ImapMailbox:
    """One folder of a mailbox."""

    slug: ClassVar[str] = "imap"
    wants: ClassVar[tuple[Credential, ...]] = (
        *server_fields(port="993", host_help="imap.example.com"),
        Credential(name="folder", label=gettext_noop("Folder"), required=False, help="INBOX"),
        Credential(name="after", label=gettext_noop("Once a mail was taken in"), required=False, choices=AFTER),
        Credential(name="move_to", label=gettext_noop("Folder for mails that were taken in"), required=False),
        Credential(
            name="history_days", label=gettext_noop("Days of older mails to begin with"), required=False, help="0"
        ),
    )

    def __init__(self, values: Mapping[str, str], *, access_token: str = "") -> None:
        check(values)
        self._server = server_of(values, access_token=access_token)
        self._folder = values.get("folder") or "INBOX"
        self._after = values.get("after") or "keep"
        self._move_to = values.get("move_to", "")
        self._history = timedelta(days=int(values.get("history_days") or 0))
        self._client: Any = None
        self._selected: Mapping[bytes, Any] = {}
        self._sizes: dict[int, int] = {}

    # -- the protocol ------------------------------------------------------------------------------------------------

    def batches(self, cursor: Cursor, *, since: datetime) -> Iterator[Batch]:
        """See the protocol. The cursor is ``{"box", "validity", "last", "late"}``."""
        with _in_words(self._server):
            self._open()
            known = cursor if self._is_known(cursor) else {}
            wanted, position = self._wanted(known, since - self._history)
            late = set(known.get("late", []))
            reached = int(known.get("last", 0))
            kept: Cursor = cursor
            for uids in self._portions(wanted):
                found, missing = self._fetch(uids)
                late = {*late.difference(uids), *missing}
                reached = max(reached, uids[-1])
                kept = position | {"last": reached, "late": sorted(late)[:_MOST_LATE]}
                yield Batch(mails=tuple(found.values()), cursor=kept, marks=tuple(found))
            ended = position | {"late": sorted(late)[:_MOST_LATE]}
            if kept != ended:
                yield Batch(mails=(), cursor=ended)

    def finish(self, batch: Batch) -> None:
        """See the protocol."""
        if not batch.marks or self._after == "keep":
            return
        with _in_words(self._server):
            self._client.add_flags(batch.marks, [b"\\Seen"], silent=True)
            if self._after == "move":
                self._move(batch.marks)

    def verify(self) -> Findings:
        """See the protocol."""
        try:
            with _in_words(self._server):
                self._open()
                folders = tuple(
                    str(name) for flags, _separator, name in self._client.list_folders() if _selectable(flags)
                )
                if self._after == "move" and self._move_to not in folders:
                    raise CredentialsRejected(_("There is no such folder."), "move_to")
                return Findings(folders[:200], int(self._selected.get(b"EXISTS", 0)))
        finally:
            self.close()

    def close(self) -> None:
        """See the protocol."""
        client, self._client = self._client, None
        if client is None:
            return
        try:
            client.logout()
        except _FAILURES:
            _hang_up(client)

    # -- steps -------------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        if self._client is not None:
            return
        self._client = client = _Client(self._server)
        if self._server.security == "starttls":
            try:
                client.starttls(tls_context())
            except (CapabilityError, imaplib.IMAP4.abort) as error:
                raise CredentialsRejected(_("The server offers no STARTTLS at this port."), "security") from error
        self._sign_in(client)
        try:
            self._selected = client.select_folder(self._folder, readonly=self._after == "keep")
        except IMAPClientError as error:
            if isinstance(error, imaplib.IMAP4.abort):
                raise
            raise CredentialsRejected(_("There is no such folder."), "folder") from error

    def _sign_in(self, client: Any) -> None:
        server = self._server
        try:
            if server.access_token:
                client.oauth2_login(server.username, server.access_token)
            else:
                client.login(server.username, server.password)
        except LoginError as error:
            if (code := _code_of(error)) in _PASSING:
                message = _("The mail server does not let us in at present (%(said)s).")
                raise ProviderUnavailable(message % {"said": code}) from error
            raise server.rejected(code) from error
        except CapabilityError as error:
            raise CredentialsRejected(_("The server does not offer this way of signing in."), "auth") from error

    @property
    def _box(self) -> str:
        return f"{self._server.username}@{self._server.host}/{self._folder}"

    def _is_known(self, cursor: Cursor) -> bool:
        """Whether the UIDs of a cursor still mean the same mails."""
        validity = self._selected.get(b"UIDVALIDITY")
        return bool(validity) and cursor.get("box") == self._box and cursor.get("validity") == validity

    def _wanted(self, known: Cursor, since: datetime) -> tuple[list[int], dict[str, Any]]:
        """The UIDs to fetch, in order, and where the cursor stands when all of them are."""
        position = {"box": self._box, "validity": self._selected.get(b"UIDVALIDITY")}
        end = int(self._selected.get(b"UIDNEXT", 0)) - 1
        if known:
            last = int(known["last"])
            # "n:*" names the newest mail even where nothing is newer than n.
            newer = sorted(uid for uid in self._client.search(["UID", f"{last + 1}:*"]) if uid > last)
            return [*sorted(known.get("late", [])), *newer], position | {"last": max([last, end, *newer])}
        # A day earlier: the server compares dates without times, in its own time zone.
        found = sorted(self._client.search(["SINCE", (since - timedelta(days=1)).date()]))
        arrived: dict[int, datetime] = {}
        for at in range(0, len(found), _LISTED):
            listed = self._client.fetch(found[at : at + _LISTED], [b"INTERNALDATE"])
            arrived |= {uid: one[b"INTERNALDATE"] for uid, one in listed.items() if b"INTERNALDATE" in one}
        newer = [uid for uid in found if uid in arrived and arrived[uid] >= since]
        if end < 0:
            end = max(self._client.search(["UID", "*"]), default=0)
        return newer, position | {"last": max([end, 0, *found])}

    def _portions(self, uids: Sequence[int]) -> Iterator[list[int]]:
        """The UIDs in portions that fit into memory; those of mails that are gone meanwhile are left in, harmlessly."""
        portion: list[int] = []
        size = 0
        for at in range(0, len(uids), _LISTED):
            listed = self._client.fetch(uids[at : at + _LISTED], [b"RFC822.SIZE"])
            self._sizes = {uid: int(one.get(b"RFC822.SIZE", 0)) for uid, one in listed.items()}
            for uid in uids[at : at + _LISTED]:
                weight = self._sizes.get(uid, 0)
                if portion and (len(portion) >= _BATCH or size + weight > _BATCH_BYTES):
                    yield portion
                    portion, size = [], 0
                portion.append(uid)
                size += weight
        if portion:
            yield portion

    def _fetch(self, uids: Sequence[int]) -> tuple[dict[int, bytes], list[int]]:
        """The mails by UID, and the UIDs of those that the server has and cannot give."""
        try:
            return self._fetch_at_once(uids), []
        except imaplib.IMAP4.abort:
            raise
        except IMAPClientError as error:
            if len(uids) == 1:
                return {}, list(uids)
            refused = error
        found: dict[int, bytes] = {}
        missing: list[int] = []
        for uid in uids:
            one, late = self._fetch([uid])
            found |= one
            missing += late
        if len(missing) == len(uids):
            # Not one mail is broken, but the mailbox.
            raise refused
        return found, missing

    def _fetch_at_once(self, uids: Sequence[int]) -> dict[int, bytes]:
        # A mail that is too large is more than a batch: it comes alone.
        cut = f"<0.{MAX_MAIL_BYTES}>" if self._sizes.get(uids[0], 0) > MAX_MAIL_BYTES else ""
        answer = self._client.fetch(uids, [f"BODY.PEEK[]{cut}".encode()])
        found = {}
        for uid in uids:
            raw = answer.get(uid, {}).get(b"BODY[]<0>" if cut else b"BODY[]")
            # None: somebody deleted it meanwhile.
            if raw is not None:
                found[uid] = bytes(raw)
        return found

    def _move(self, uids: Sequence[int]) -> None:
        try:
            if self._client.has_capability("MOVE"):
                self._client.move(uids, self._move_to)
            else:
                self._client.copy(uids, self._move_to)
                self._client.delete_messages(uids, silent=True)
                self._client.uid_expunge(uids) if self._client.has_capability("UIDPLUS") else self._client.expunge()
        except IMAPClientError as error:
            if isinstance(error, imaplib.IMAP4.abort):
                raise
            raise CredentialsRejected(_("Mails cannot be moved to this folder."), "move_to") from error


def check(values: Mapping[str, str]) -> None:
    """Raise CredentialsRejected(field) for what cannot be a mailbox."""
    server_of(values, access_token="")
    if not values.get("username"):
        raise CredentialsRejected(_("This field is needed."), "username")
    if values.get("after") == "move" and not values.get("move_to"):
        raise CredentialsRejected(_("This field is needed."), "move_to")
    if values.get("after") == "move" and values["move_to"] == (values.get("folder") or "INBOX"):
        raise CredentialsRejected(_("This is the folder that mails are taken from."), "move_to")
    days = values.get("history_days") or "0"
    if not days.isascii() or not days.isdigit() or int(days) > 365:
        raise CredentialsRejected(
            _("A whole number from %(low)d to %(high)d.") % {"low": 0, "high": 365}, "history_days"
        )
    for name in ("folder", "move_to"):
        if any(ord(char) < 0x20 for char in values.get(name, "")):
            raise CredentialsRejected(_("There are characters here that cannot be typed."), name)


class _Client(IMAPClient):  # type: ignore[misc]  # the package has no types
    """IMAPClient over a connection that goes only where merchants' connections may go."""

    def __init__(self, server: MailServer) -> None:
        self._mail_server = server
        super().__init__(server.host, server.port, ssl=server.security == "tls", timeout=_TIMEOUT)
        # Times with their zone, as the server gave them.
        self.normalise_times = False

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802  the package's name
        return _Connection(self._mail_server)


class _Connection(imaplib.IMAP4):
    """imaplib over that connection."""

    def __init__(self, server: MailServer) -> None:
        self._mail_server = server
        super().__init__(server.host, server.port)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        """What imaplib calls to be connected (the hook that IMAP4_SSL itself uses)."""
        plain = connect(self._mail_server, timeout_s=_TIMEOUT.connect)
        return secured(plain, self._mail_server) if self._mail_server.security == "tls" else plain


class _in_words:  # noqa: N801  used as a statement
    """Whatever goes wrong inside becomes an error of ours."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    def __enter__(self) -> None:
        return

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, outside.Forbidden):
            raise as_problem(error, self._server) from error
        if error is None or isinstance(error, ProviderError):
            return
        if isinstance(error, imaplib.IMAP4.abort | EOFError):
            message = _("%(host)s hung up (%(why)s); another port or security may be right.")
            words = {"host": self._server.host, "why": type(error).__name__}
            raise ProviderUnavailable(message % words, "port") from error
        if isinstance(error, imaplib.IMAP4.error):
            message = _("%(host)s could not do what we asked (%(why)s).")
            raise ProviderUnavailable(message % {"host": self._server.host, "why": _code_of(error)}) from error
        if isinstance(error, OSError | ssl.SSLError) or type(error).__module__.startswith("httpx"):
            raise as_problem(error, self._server) from error  # type: ignore[arg-type]


def _code_of(error: BaseException) -> str:
    """RFC 5530's code of a refusal: what else the server says may repeat the user's name, and is left out."""
    text = str(error)
    start, end = text.find("["), text.find("]")
    code = text[start + 1 : end].split(" ", maxsplit=1)[0] if 0 <= start < end else ""
    return code if code.isascii() and code.replace("-", "").isalpha() and code.isupper() else "NO"


def _selectable(flags: Sequence[bytes]) -> bool:
    return not {flag.lower() for flag in flags} & {b"\\noselect", b"\\nonexistent"}


def _hang_up(client: Any) -> None:
    try:
        client.shutdown()
    except _FAILURES:
        # The server was gone before us: the line is closed, which is what was wanted.
        return
