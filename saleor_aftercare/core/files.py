"""Files that people give us and files that we make: checked, cleaned, stored, and handed out by signed address."""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zlib
from datetime import datetime, timedelta
from typing import Final, Protocol
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from . import tokens
from .errors import InvalidInput, NotFound
from .models import Shop, StoredFile, StoredFileContent, inserted

MAX_UPLOAD_BYTES: Final = 10 * 1024 * 1024
#: A picture with more pixels than this is a bomb, not a photo.
MAX_PIXELS: Final = 60_000_000
#: What a photo is scaled down to: enough to see a crack, small enough for a thread of them.
MAX_SIDE: Final = 2048
THUMBNAIL_SIDE: Final = 320
URL_LIFETIME: Final = timedelta(minutes=15)
#: Of an address that stands in somebody's messenger, where pictures are fetched when they are looked at.
LASTING: Final = timedelta(days=30)
MAX_FILES: Final = 6

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
#: The kinds of file that have a preview.
PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})


class Upload(Protocol):
    """What Django's uploaded files and plain binary files have in common."""

    name: str | None

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""
        ...


def store(shop: Shop, *, name: str, content_type: str, data: bytes, at: datetime) -> StoredFile:
    """Keep ``data`` as it is; for files that we made or have checked."""
    row = StoredFile(
        shop=shop,
        name=clean_name(name),
        content_type=content_type,
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        created_at=at,
    )
    values = {field.attname: getattr(row, field.attname) for field in StoredFile._meta.concrete_fields}
    with connection.cursor() as cursor:
        cursor.execute(_STORE, {**values, "data": data})
        inserted(row, cursor.fetchone()[0])
    return row


_STORE: Final = """
WITH file AS (
    INSERT INTO aftercare_storedfile (shop_id, name, content_type, size_bytes, sha256, created_at)
    VALUES (%(shop_id)s, %(name)s, %(content_type)s, %(size_bytes)s, %(sha256)s, %(created_at)s) RETURNING id
), content AS (
    INSERT INTO aftercare_storedfilecontent (file_id, data) SELECT id, %(data)s FROM file
)
SELECT id FROM file
"""


def store_picture(shop: Shop, upload: Upload, *, at: datetime, field: str) -> StoredFile:
    """Keep a photo, upright, at most 2048 pixels wide or high, without place, camera or other hidden data.

    Raises InvalidInput(field) when it is larger than 10 MB or no picture (JPEG, PNG, WebP, GIF).
    """
    name, data = _read(upload, field)
    return store(shop, name=_with_suffix(name, ".jpg"), content_type="image/jpeg", data=_redraw(data, field), at=at)


def store_attachment(shop: Shop, upload: Upload, *, at: datetime, field: str) -> StoredFile:
    """Keep a photo (as :func:`store_picture` does), a PDF or a plain text.

    Raises InvalidInput(field) for anything else, by content and not by name.
    """
    name, data = _read(upload, field)
    if data.startswith(b"%PDF-"):
        return store(shop, name=_with_suffix(name, ".pdf"), content_type="application/pdf", data=data, at=at)
    if _is_picture(data):
        return store(shop, name=_with_suffix(name, ".jpg"), content_type="image/jpeg", data=_redraw(data, field), at=at)
    if _is_text(data):
        return store(shop, name=_with_suffix(name, ".txt"), content_type="text/plain; charset=utf-8", data=data, at=at)
    raise InvalidInput(_("“%(name)s” is neither a picture, a PDF nor a text.") % {"name": name}, field)


def store_received(shop: Shop, *, name: str, content_type: str, data: bytes, at: datetime) -> StoredFile:
    """Keep a file that came with a mail or a messenger: there is nobody to be told that we do not take it.

    Bytes stay as they are, but photos of telephones are drawn anew, upright and without the place where they were
    taken. What calls itself a picture and is none is kept as mere bytes, so that nothing tries to show it.
    """
    kind = content_type.lower()[:100]
    if kind in PICTURES:
        if not _is_picture(data):
            kind = "application/octet-stream"
        elif b"Exif\0\0" in data[:4096] and len(data) <= MAX_UPLOAD_BYTES:
            try:
                data, kind, name = _redraw(data, "file"), "image/jpeg", _with_suffix(name, ".jpg")
            except InvalidInput:
                kind = "application/octet-stream"
    return store(shop, name=name, content_type=kind or "application/octet-stream", data=data, at=at)


def content_of(file: StoredFile) -> bytes:
    """The bytes of a stored file."""
    return bytes(StoredFileContent.objects.only("data").get(file=file).data)


def thumbnail_of(file: StoredFile) -> bytes:
    """A JPEG of a stored picture, at most 320 pixels wide or high; raises NotFound for another kind of file."""
    if file.content_type not in PICTURES:
        raise NotFound(_("There is no preview of this file."))
    try:
        with Image.open(io.BytesIO(content_of(file)), formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise NotFound(_("There is no preview of this file."))
            picture.draft("RGB", (THUMBNAIL_SIDE * 2, THUMBNAIL_SIDE * 2))
            small = _in_eight_bits(picture)
            small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
            return _jpeg(small, quality=75)
    except _UNREADABLE:
        raise NotFound(_("There is no preview of this file.")) from None


def signed_url(file: StoredFile) -> str:
    """An absolute address that opens the file for 15 minutes, for whoever has it."""
    return _url("file", file)


def thumbnail_url(file: StoredFile) -> str | None:
    """The same for a small preview; None for a file that is no picture."""
    return _url("thumbnail", file) if file.content_type in PICTURES else None


def lasting_url(file: StoredFile) -> str:
    """The same as :func:`signed_url` for 30 days: for what is sent to a messenger."""
    return _url("file", file, mark=_LASTING_MARK)


def lasting_thumbnail_url(file: StoredFile) -> str | None:
    """The preview for 30 days; None for a file that is no picture."""
    return _url("thumbnail", file, mark=_LASTING_MARK) if file.content_type in PICTURES else None


def open_signed(token: str) -> tuple[StoredFile, bool]:
    """The file of an address made above, and whether its preview was meant; raises InvalidInput or NotFound."""
    if token.startswith(_LASTING_MARK):
        what, pk = tokens.unsign("lasting-file", token.removeprefix(_LASTING_MARK), max_age=LASTING)
    else:
        what, pk = tokens.unsign("file", token, max_age=URL_LIFETIME)
    file = StoredFile.objects.filter(pk=pk).first()
    if file is None:
        raise NotFound(_("There is no such file."))
    return file, what == "thumbnail"


#: No token of ``tokens.sign`` begins with it.
_LASTING_MARK: Final = "~"


def _url(what: str, file: StoredFile, *, mark: str = "") -> str:
    token = tokens.sign("lasting-file" if mark else "file", [what, file.pk])
    return f"{settings.PUBLIC_URL}/files/{mark}{token}/{quote(file.name)}"


def clean_name(name: str) -> str:
    """A file name without folders, control characters or surprises; never empty, at most 150 characters.

    >>> clean_name("../../etc/passwd"), clean_name(chr(0))
    ('passwd', 'file')
    """
    base = re.split(r"[/\\]", name)[-1]
    base = re.sub(r"[\x00-\x1f\x7f\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2066-\u2069\"<>|:*?]", "", base).strip(" .")
    stem, dot, suffix = base.rpartition(".")
    if dot and len(suffix) <= 8:
        return f"{stem[:140]}.{suffix}" if stem else f"file.{suffix}"
    return base[:150] or "file"


def _with_suffix(name: str, suffix: str) -> str:
    stem = name.rpartition(".")[0] or name
    return f"{stem}{suffix}"


def _read(upload: Upload, field: str) -> tuple[str, bytes]:
    data = upload.read(MAX_UPLOAD_BYTES + 1)
    name = clean_name(upload.name or "")
    if len(data) > MAX_UPLOAD_BYTES:
        raise InvalidInput(_("“%(name)s” is larger than 10 MB.") % {"name": name}, field)
    if not data:
        raise InvalidInput(_("“%(name)s” is empty.") % {"name": name}, field)
    return name, data


#: All that Pillow's decoders raise on bytes that somebody made up.
_UNREADABLE: Final = (
    OSError,  # UnidentifiedImageError among them
    ValueError,
    SyntaxError,
    EOFError,
    TypeError,
    LookupError,
    ArithmeticError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)


def _is_picture(data: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS):
            return True
    except _UNREADABLE:
        return False


def _is_text(data: bytes) -> bool:
    if b"\0" in data:
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _redraw(data: bytes, field: str) -> bytes:
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise InvalidInput(_("The picture has too many pixels."), field)
            picture.draft("RGB", (MAX_SIDE, MAX_SIDE))
            small = _in_eight_bits(picture)
            small.thumbnail((MAX_SIDE, MAX_SIDE))
            return _jpeg(ImageOps.exif_transpose(small), quality=85)
    except _UNREADABLE:
        raise InvalidInput(_("This is not a picture that we can read (JPEG, PNG, WebP or GIF)."), field) from None


def _in_eight_bits(picture: Image.Image) -> Image.Image:
    """Scale the grey of 16-bit PNGs down, which Pillow would cut off to white; palettes become colours."""
    if picture.mode in {"I", "I;16"}:
        return picture.convert("I").point(lambda level: level / 256).convert("L")
    return picture.convert("RGBA") if picture.mode == "P" else picture


def _jpeg(picture: Image.Image, *, quality: int) -> bytes:
    flat = picture
    if picture.mode != "RGB":
        rgba = picture.convert("RGBA")
        flat = Image.new("RGB", rgba.size, "white")
        flat.paste(rgba, mask=rgba.getchannel("A"))
    flat.info.clear()  # comments would be written again
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
