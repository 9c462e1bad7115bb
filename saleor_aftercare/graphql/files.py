"""Files: photos, attachments, labels, slips."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import graphene
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from saleor_aftercare.core import files
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.models import StoredFile

from .core.context import Context


class FileType(graphene.ObjectType):
    """A file of a case or a conversation."""

    class Meta:
        name = "File"

    id = graphene.ID(required=True, description="Global id, opaque.")
    name = graphene.String(required=True, description="The name to show and to save it under.")
    content_type = graphene.String(required=True, description="MIME type, such as `image/jpeg`.")
    size_bytes = graphene.Int(required=True, description="Its size.")
    url = graphene.String(
        required=True, description="Absolute, signed address; whoever has it may read the file for 15 minutes."
    )
    thumbnail_url = graphene.String(description="The same for a small preview; null for what is no picture.")

    @staticmethod
    def resolve_id(root: StoredFile, _info: Any) -> str:
        return to_global_id("File", root.pk)

    @staticmethod
    def resolve_url(root: StoredFile, _info: Any) -> str:
        return files.signed_url(root)

    @staticmethod
    def resolve_thumbnail_url(root: StoredFile, _info: Any) -> str | None:
        return files.thumbnail_url(root)


def keep_photos(ctx: Context, uploads: list[UploadedFile[Any]] | None, field: str) -> tuple[StoredFile, ...]:
    """Store the photos of one input field; raises InvalidInput for the one at fault."""
    return tuple(
        files.store_picture(ctx.shop, one, at=ctx.at, field=f"{field}.{number}")
        for number, one in enumerate(_checked(uploads, field))
    )


def keep_attachments(ctx: Context, uploads: list[UploadedFile[Any]] | None, field: str) -> tuple[StoredFile, ...]:
    """Store the attachments of a message; raises InvalidInput for the one at fault."""
    return tuple(
        files.store_attachment(ctx.shop, one, at=ctx.at, field=f"{field}.{number}")
        for number, one in enumerate(_checked(uploads, field))
    )


def _checked(uploads: list[UploadedFile[Any]] | None, field: str) -> Iterator[UploadedFile[Any]]:
    found = uploads or []
    if len(found) > files.MAX_FILES:
        raise InvalidInput(_("At most %(limit)d files.") % {"limit": files.MAX_FILES}, field)
    for one in found:
        # A request may put one file in several places; each reads it from its start.
        one.seek(0)
        yield one
