"""Files that people send: what is no picture is refused, and what is one tells nobody where it was taken."""

from __future__ import annotations

import io
import struct
import zlib
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from saleor_aftercare.core import files, tokens
from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.models import StoredFile, StoredFileContent
from tests.make import NOON, make_file, make_shop

MEGABYTE = 1024 * 1024

in_database = pytest.mark.django_db


def picture(kind="JPEG", *, size=(40, 30), mode="RGB", color="red", **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, color).save(out, kind, **options)
    return out.getvalue()


def upload(data: bytes, name="photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def store(data: bytes, name="photo.jpg", *, how=files.store_picture) -> StoredFile:
    return how(make_shop(), upload(data, name), at=NOON, field="photos.0")


def stored_picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(files.content_of(store(data))))


def refused(data: bytes, name="photo.jpg", *, how=files.store_picture) -> InvalidInput:
    with pytest.raises(InvalidInput) as error:
        store(data, name, how=how)
    assert error.value.field == "photos.0"
    assert StoredFile.objects.count() == StoredFileContent.objects.count() == 0
    return error.value


def png_of(width: int, height: int) -> bytes:
    """A few bytes that claim to be a picture of this size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


# -- pictures ----------------------------------------------------------------------------------------------------------


@in_database
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_photo_is_kept_as_a_jpeg(kind):
    file = store(picture(kind), f"crack.{kind.lower()}")

    data = files.content_of(file)
    assert (file.name, file.content_type, file.size_bytes) == ("crack.jpg", "image/jpeg", len(data))
    assert Image.open(io.BytesIO(data)).format == "JPEG"
    assert Image.open(io.BytesIO(data)).size == (40, 30)


@in_database
def test_nothing_hidden_in_a_photo_is_kept():
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x9286] = "SecretComment"
    exif.get_ifd(0x8825)[2] = (35.0, 39.0, 31.0)
    data = picture(
        exif=exif, comment=b"SecretText", xmp=b"<x:xmpmeta>SecretPlace</x:xmpmeta>", icc_profile=b"SecretIcc"
    )
    assert b"SecretCamera" in data
    assert b"SecretText" in data

    kept = files.content_of(store(data))

    assert b"Secret" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


@in_database
def test_a_photo_taken_sideways_stands_upright():
    sideways = Image.new("RGB", (40, 20), "white")
    ImageDraw.Draw(sideways).rectangle((0, 0, 9, 19), fill="blue")
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right to see it
    out = io.BytesIO()
    sideways.save(out, "JPEG", exif=exif, quality=95)

    upright = stored_picture(out.getvalue())

    assert upright.size == (20, 40)
    red, _green, blue = upright.getpixel((10, 3))
    assert blue > 200
    assert red < 60


@in_database
def test_a_large_photo_is_made_small_enough_for_a_thread_of_them():
    assert stored_picture(picture(size=(6000, 3000))).size == (2048, 1024)


@in_database
@pytest.mark.parametrize(
    ("mode", "kind", "color", "seen"),
    [
        ("CMYK", "JPEG", (0, 255, 255, 0), (254, 0, 0)),
        ("L", "JPEG", 128, (128, 128, 128)),
        ("RGBA", "PNG", (255, 0, 0, 0), (255, 255, 255)),
        ("LA", "PNG", (0, 255), (0, 0, 0)),
        ("I;16", "PNG", 0x8000, (128, 128, 128)),
        ("1", "PNG", 1, (255, 255, 255)),
    ],
)
def test_the_colours_of_every_kind_of_picture_survive(mode, kind, color, seen):
    pixel = stored_picture(picture(kind, mode=mode, color=color)).getpixel((20, 15))

    assert all(abs(got - want) <= 8 for got, want in zip(pixel, seen, strict=True)), pixel


@in_database
def test_of_a_moving_picture_the_first_frame_is_kept():
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=100)

    red, _green, blue = stored_picture(out.getvalue()).getpixel((10, 10))

    assert red > 200
    assert blue < 60


@in_database
@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script></html>",
        b"%PDF-1.7",
        b"\xff\xd8\xff\xe0" + b"\0" * 100,
        b"GIF89a",
        b"hello",
        picture("BMP"),
        picture("TIFF"),
        picture("ICO", size=(16, 16)),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    ],
    ids=["svg", "html", "pdf", "jpeg head", "gif head", "text", "bmp", "tiff", "ico", "eps"],
)
def test_what_is_no_photo_is_refused_whatever_it_is_called(data):
    assert "picture" in refused(data, "photo.jpg").message


@in_database
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_photo_is_refused(kind):
    noise = Image.effect_noise((200, 200), 80)
    out = io.BytesIO()
    noise.save(out, kind)

    refused(out.getvalue()[: len(out.getvalue()) // 2])


@in_database
def test_nothing_is_not_a_photo():
    assert "empty" in refused(b"").message


@in_database
def test_ten_megabytes_pass_and_one_byte_more_does_not():
    photo = picture()
    largest = photo + b"\0" * (10 * MEGABYTE - len(photo))

    assert store(largest).content_type == "image/jpeg"
    StoredFileContent.objects.all().delete()
    StoredFile.objects.all().delete()
    assert "10 MB" in refused(largest + b"\0").message


@in_database
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [8_000, 12_000, 60_000])
def test_a_bomb_does_not_go_off(side):
    refused(png_of(side, side))


@in_database
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.filterwarnings("ignore")
@given(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF"]), st.data())
def test_broken_bytes_are_a_picture_or_refused_and_never_a_crash(kind, data):
    exif = Image.Exif()
    exif[0x0112] = 6
    options = {} if kind == "GIF" else {"exif": exif}
    photo = bytearray(picture(kind, **options))
    for _ in range(data.draw(st.integers(1, 6))):
        photo[data.draw(st.integers(0, len(photo) - 1))] = data.draw(st.integers(0, 255))

    for clean in (files._is_picture, lambda b: files._redraw(b, "photo")):
        with suppress(InvalidInput):
            clean(bytes(photo))


# -- attachments -------------------------------------------------------------------------------------------------------


@in_database
@pytest.mark.parametrize(
    ("data", "name", "kept_as", "content_type"),
    [
        (b"%PDF-1.7 x", "invoice.pdf", "invoice.pdf", "application/pdf"),
        (b"%PDF-1.7 x", "invoice.exe", "invoice.pdf", "application/pdf"),
        ("日本語のメモ".encode(), "メモ.txt", "メモ.txt", "text/plain; charset=utf-8"),
        (b"<script>alert(1)</script>", "page.html", "page.txt", "text/plain; charset=utf-8"),
        (picture("PNG"), "photo.html", "photo.jpg", "image/jpeg"),
    ],
)
def test_an_attachment_is_called_what_it_is(data, name, kept_as, content_type):
    file = store(data, name, how=files.store_attachment)

    assert (file.name, file.content_type) == (kept_as, content_type)
    if not content_type.startswith("image"):
        assert files.content_of(file) == data


@in_database
@pytest.mark.parametrize(
    "data", [b"MZ\x90\x00\x03", b"PK\x03\x04\x14\x00", b"\xff\xfe\x00a", b"\x80\x81", picture("BMP")]
)
def test_other_attachments_are_refused(data):
    assert "neither" in refused(data, "file.bin", how=files.store_attachment).message


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\photo.jpg", "photo.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie x.jpg"),
        ('"><script>.jpg', "script.jpg"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("\ud800.jpg", "jpg"),
        ("...", "file"),
        ("", "file"),
        ("x" * 500, "x" * 150),
        ("x" * 500 + ".jpg", "x" * 140 + ".jpg"),
        ("写真 1.jpg", "写真 1.jpg"),
    ],
)
def test_a_name_is_only_a_name(name, clean):
    assert files.clean_name(name) == clean


# -- handing out -------------------------------------------------------------------------------------------------------


def token_in(url: str) -> str:
    return url.split("/")[4]


@in_database
def test_an_address_opens_its_file_for_a_quarter_of_an_hour():
    file = make_file(name="写真 1.jpg", content_type="image/jpeg", data=picture())
    url, preview = files.signed_url(file), files.thumbnail_url(file)

    assert url.startswith("https://aftercare.test/files/")
    assert url.endswith("/%E5%86%99%E7%9C%9F%201.jpg")
    assert files.open_signed(token_in(url)) == (file, False)
    assert files.open_signed(token_in(preview)) == (file, True)

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=16)), pytest.raises(InvalidInput, match="expired"):
        files.open_signed(token_in(url))


@in_database
def test_no_other_address_opens_a_file():
    file = make_file()
    gone = token_in(files.signed_url(file))
    file.content.delete()
    file.delete()

    with pytest.raises(NotFound):
        files.open_signed(gone)
    for forged in ("", "1", gone + "x", tokens.sign("followup", ["file", 1])):
        with pytest.raises(InvalidInput):
            files.open_signed(forged)


@in_database
def test_a_preview_is_small_and_only_of_pictures():
    shop = make_shop()
    photo = files.store_picture(shop, upload(picture(size=(1000, 500))), at=NOON, field="photo")
    invoice = make_file(shop)

    assert Image.open(io.BytesIO(files.thumbnail_of(photo))).size == (320, 160)
    assert files.thumbnail_url(invoice) is None
    with pytest.raises(NotFound):
        files.thumbnail_of(invoice)
