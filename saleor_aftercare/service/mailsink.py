"""A mail server for the demo that delivers nothing: each mail becomes one ``.eml`` file."""

import time
import uuid
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class FileMailbox:
    """Writes what it is given into a folder; readers never see half a mail."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 aiosmtpd's
        """Store one mail under a name that sorts by arrival."""
        name = f"{time.time_ns():020d}-{uuid.uuid4().hex[:8]}"
        partial = self.folder / f".{name}.partial"
        content = envelope.original_content or b""
        partial.write_bytes(content)
        partial.replace(self.folder / f"{name}.eml")
        return "250 Stored"


def start_mail_sink(folder: Path, *, host: str, port: int) -> Controller:
    """Listen for mail in a thread of this process; the caller ends it with ``.stop()``."""
    folder.mkdir(parents=True, exist_ok=True)
    controller = Controller(FileMailbox(folder), hostname=host, port=port, data_size_limit=40 * 1024 * 1024)
    controller.start()
    return controller
