"""Names for attached files that are safe to show, to store under, and to hand to anybody's computer."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: In bytes of UTF-8: what file systems take.
MAX_NAME_BYTES: Final = 200
MAX_SUFFIX: Final = 12

#: The end of a name by content type, for files that come without one.
_SUFFIXES: Final = {
    "application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "image/jpg": "jpg", "image/pjpeg": "jpg",
    "image/gif": "gif", "image/heic": "heic", "image/heif": "heif", "image/webp": "webp", "image/bmp": "bmp",
    "image/tiff": "tiff", "image/svg+xml": "svg", "text/plain": "txt", "text/html": "html", "text/csv": "csv",
    "text/calendar": "ics", "application/ics": "ics", "text/vcard": "vcf", "text/x-vcard": "vcf",
    "text/directory": "vcf", "text/xml": "xml", "application/xml": "xml", "application/json": "json",
    "application/zip": "zip", "application/x-zip-compressed": "zip", "application/gzip": "gz",
    "application/x-gzip": "gz", "application/msword": "doc", "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt", "application/rtf": "rtf", "text/rtf": "rtf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "video/mp4": "mp4", "video/quicktime": "mov", "video/3gpp": "3gp", "video/webm": "webm", "audio/mpeg": "mp3",
    "audio/mp4": "m4a", "audio/amr": "amr", "audio/wav": "wav", "audio/x-wav": "wav", "audio/ogg": "ogg",
    "message/rfc822": "eml", "message/global": "eml", "message/delivery-status": "txt",
    "message/disposition-notification": "txt", "text/rfc822-headers": "txt", "message/feedback-report": "txt",
    "application/pkcs7-signature": "p7s", "application/x-pkcs7-signature": "p7s", "application/pkcs7-mime": "p7m",
    "application/x-pkcs7-mime": "p7m", "application/pgp-signature": "asc", "application/pgp-encrypted": "asc",
    "application/pgp-keys": "asc", "application/ms-tnef": "dat", "application/vnd.ms-tnef": "dat",
}  # fmt: skip
_STEMS: Final = {
    "text/calendar": "invite", "application/ics": "invite", "application/pkcs7-signature": "smime",
    "application/x-pkcs7-signature": "smime", "application/pkcs7-mime": "smime", "application/x-pkcs7-mime": "smime",
    "application/pgp-signature": "signature", "application/ms-tnef": "winmail", "application/vnd.ms-tnef": "winmail",
    "message/rfc822": "message", "message/global": "message", "message/delivery-status": "delivery-status",
    "text/rfc822-headers": "headers", "message/feedback-report": "feedback-report",
    "message/disposition-notification": "receipt",
}  # fmt: skip

#: Windows keeps these for devices, with whatever suffix.
_RESERVED: Final = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)\Z")
_FORBIDDEN: Final = re.compile(r'[<>:"|?*]')
_HIDDEN: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))


def safe_name(name: str) -> str:
    """A file name without path, control and direction characters, forbidden by no system; empty when nothing is left.

    >>> safe_name("..\\\\..\\\\etc/pass\\u202ewd.\\x00txt"), safe_name("con.txt"), safe_name("見積 書 .pdf")
    ('passwd.txt', '_con.txt', '見積 書.pdf')
    """
    name = unicodedata.normalize("NFC", name[:2000])
    # A zero-width joiner is part of emoji; every other hidden character only makes a name look like another.
    name = "".join(
        char for char in name if char == "\u200d" or unicodedata.category(char) not in _HIDDEN or char in "\t\r\n"
    )
    name = re.split(r"[/\\]", name.rstrip("/\\ "))[-1]
    name = " ".join(_FORBIDDEN.sub("_", name).split()).strip(". \u200d")
    stem, dot, suffix = name.rpartition(".")
    if dot:
        name = f"{stem.rstrip()}.{suffix.strip()}"
    if _RESERVED.match(name.partition(".")[0].strip()):
        name = f"_{name}"
    return _shortened(name)


def _shortened(name: str) -> str:
    if len(name.encode()) <= MAX_NAME_BYTES:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > MAX_SUFFIX:
        stem, dot, suffix = name, "", ""
    room = MAX_NAME_BYTES - len(f"{dot}{suffix}".encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip(". ") + dot + suffix


def fitting_name(content_type: str, number: int, *, title: str = "") -> str:
    """A name for a file that has none, by its type: ``image-2.jpg``, ``invite.ics``; ``title`` is a mail's subject."""
    suffix = _SUFFIXES.get(content_type, "bin")
    if title and (stem := safe_name(title.replace("/", "-").replace("\\", "-"))):
        return _shortened(f"{stem}.{suffix}")
    if stem := _STEMS.get(content_type, ""):
        return f"{stem}.{suffix}"
    kind = content_type.partition("/")[0]
    return f"{kind if kind in {'image', 'audio', 'video', 'text'} else 'attachment'}-{number}.{suffix}"
