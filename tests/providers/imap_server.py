"""A small IMAP server in a thread: as much of RFC 3501 as a mailbox is asked for, and the moods that servers have."""

from __future__ import annotations

import base64
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

USER, PASSWORD, TOKEN = "care@shop.test", "open-sesame", "good-token"


@dataclass
class Mail:
    """One mail in a folder."""

    raw: bytes
    arrived: datetime
    flags: set[str] = field(default_factory=set)


@dataclass
class Post:
    """What the server keeps, and how it is disposed."""

    folders: dict[str, dict[int, Mail]] = field(default_factory=lambda: {"INBOX": {}, "Done": {}, "返品": {}})
    validity: int | None = 7
    next_uid: int = 1
    capabilities: str = "IMAP4rev1 AUTH=XOAUTH2 MOVE UIDPLUS"
    #: UIDs that a FETCH fails on.
    broken: set[int] = field(default_factory=set)
    #: Commands that the server hangs up at, or refuses with these words.
    hangs_up_at: str = ""
    refuses: dict[str, str] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    port: int = 0

    def deliver(self, raw: bytes, *, at: datetime, folder: str = "INBOX") -> int:
        """A mail arrives."""
        uid, self.next_uid = self.next_uid, self.next_uid + 1
        self.folders[folder][uid] = Mail(raw, at)
        return uid


@contextmanager
def imap_server() -> Iterator[Post]:
    """A server on a free port of this machine, for as long as the block runs."""
    post = Post()

    class Handler(_Talk):
        kept = post

    with _Server(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        post.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield post
        finally:
            server.shutdown()


class _Server(socketserver.ThreadingTCPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that speaks TLS, or hangs up in the middle, is the test's own doing."""


class _Talk(socketserver.StreamRequestHandler):
    kept: Post

    def handle(self) -> None:
        self.folder: dict[int, Mail] = {}
        self.say(b"* OK ready")
        while line := self.rfile.readline():
            text = line.decode().rstrip("\r\n")
            while match := re.search(r"\{(\d+)\}$", text):
                self.say(b"+ go on")
                text = text[: match.start()] + '"' + self.rfile.read(int(match[1])).decode() + '"'
                text += self.rfile.readline().decode().rstrip("\r\n")
            tag, _space, command = text.partition(" ")
            self.kept.commands.append(command)
            name = " ".join(command.split(" ")[: 2 if command.upper().startswith("UID ") else 1]).upper()
            if name == self.kept.hangs_up_at:
                return
            if name in self.kept.refuses:
                self.say(f"{tag} NO {self.kept.refuses[name]}".encode())
                continue
            rest = command[len(name) :].strip()
            if not self.answer(tag, name, rest):
                return

    def say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")

    def answer(self, tag: str, name: str, rest: str) -> bool:
        act = getattr(self, "do_" + name.lower().replace(" ", "_"), None)
        said = act(rest) if act else "BAD unknown"
        self.say(f"{tag} {said or 'OK done'}".encode())
        return name != "LOGOUT"

    def do_capability(self, _rest: str) -> None:
        self.say(f"* CAPABILITY {self.kept.capabilities}".encode())

    def do_login(self, rest: str) -> str:
        user, password = (one.strip('"') for one in rest.split(" ", 1))
        return "OK in" if (user, password) == (USER, PASSWORD) else "NO [AUTHENTICATIONFAILED] wrong for you"

    def do_authenticate(self, rest: str) -> str:
        assert rest.startswith("XOAUTH2")
        self.say(b"+ ")
        given = base64.b64decode(self.rfile.readline()).decode()
        if given == f"user={USER}\x01auth=Bearer {TOKEN}\x01\x01":
            return "OK in"
        self.say(b"+ " + base64.b64encode(b'{"status":"400"}'))
        self.rfile.readline()
        return "NO [AUTHENTICATIONFAILED] bad token"

    def do_list(self, _rest: str) -> None:
        self.say(b'* LIST (\\Noselect) "/" "[All]"')
        for name in self.kept.folders:
            # RFC 3501's UTF-7 of the one name that needs it.
            shown = {"返品": "&j9RUwQ-"}.get(name, name)
            self.say(f'* LIST () "/" "{shown}"'.encode())

    def do_select(self, rest: str) -> str | None:
        name = {"&j9RUwQ-": "返品"}.get(rest.strip('"'), rest.strip('"'))
        if name not in self.kept.folders:
            return "NO [NONEXISTENT] there is none"
        self.folder = self.kept.folders[name]
        self.say(f"* {len(self.folder)} EXISTS".encode())
        if self.kept.validity is not None:
            self.say(f"* OK [UIDVALIDITY {self.kept.validity}] valid".encode())
            self.say(f"* OK [UIDNEXT {self.kept.next_uid}] next".encode())
        return None

    do_examine = do_select

    def do_uid_search(self, rest: str) -> None:
        if match := re.search(r"UID (\d+|\*)(?::\*)?", rest):
            newest = max(self.folder, default=0)
            first = newest if match[1] == "*" else int(match[1])
            found = {uid for uid in self.folder if uid >= first} | ({newest} if newest else set())
        else:
            match = re.search(r"SINCE (\S+)", rest)
            assert match
            day = datetime.strptime(match[1].strip('"'), "%d-%b-%Y").replace(tzinfo=UTC).date()
            found = {uid for uid, mail in self.folder.items() if mail.arrived.date() >= day}
        self.say(f"* SEARCH {' '.join(map(str, sorted(found)))}".rstrip().encode())

    def uids(self, text: str) -> list[int]:
        found: list[int] = []
        for part in text.split(","):
            low, _colon, high = part.partition(":")
            found += range(int(low), int(high or low) + 1)
        return [uid for uid in found if uid in self.folder]

    def do_uid_fetch(self, rest: str) -> str | None:
        which, _space, items = rest.partition(" ")
        for number, uid in enumerate(self.uids(which), 1):
            if uid in self.kept.broken and "BODY" in items:
                return "NO [SERVERBUG] this mail is broken"
            mail = self.folder[uid]
            found = [b"UID %d" % uid]
            if "RFC822.SIZE" in items:
                found.append(b"RFC822.SIZE %d" % len(mail.raw))
            if "INTERNALDATE" in items:
                found.append(mail.arrived.strftime('INTERNALDATE "%d-%b-%Y %H:%M:%S +0000"').encode())
            if match := re.search(r"BODY\.PEEK\[\](?:<0\.(\d+)>)?", items):
                data = mail.raw[: int(match[1])] if match[1] else mail.raw
                label = b"BODY[]<0>" if match[1] else b"BODY[]"
                found.append(label + b" {%d}\r\n" % len(data) + data)
            self.say(b"* %d FETCH (" % number + b" ".join(found) + b")")
        return None

    def do_uid_store(self, rest: str) -> None:
        which, flags = rest.split(" ", 1)
        for uid in self.uids(which):
            self.folder[uid].flags |= set(re.findall(r"\\\w+", flags))

    def do_uid_move(self, rest: str) -> str | None:
        which, name = rest.rsplit(" ", 1)
        if name.strip('"') not in self.kept.folders:
            return "NO [TRYCREATE] there is none"
        for uid in self.uids(which):
            mail = self.folder.pop(uid)
            self.kept.folders[name.strip('"')][self.kept.next_uid] = mail
            self.kept.next_uid += 1
        return None

    def do_logout(self, _rest: str) -> None:
        self.say(b"* BYE bye")
