"""What all forms of the portal share: quiet defaults, files, and errors that stand beside their field."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django import forms
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saleor_aftercare.access.drafts import add_photo, drop_file
from saleor_aftercare.access.models import Draft
from saleor_aftercare.core import files
from saleor_aftercare.core.errors import AftercareError, InvalidInput
from saleor_aftercare.core.models import StoredFile

MAX_FILES: Final = files.MAX_FILES
MAX_TEXT: Final = 5000


class PortalForm(forms.Form):
    """A form without colons whose server is the judge: browsers' own bubbles are in the browser's language."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)

    @property
    def problems(self) -> list[Problem]:
        """Every error with the id of its field, for the summary on top."""
        found = []
        for name, errors in self.errors.items():
            target = self[name].id_for_label if name in self.fields else ""
            found += [Problem(str(error), target) for error in errors]
        return found

    def blame(self, error: AftercareError, fields: dict[str, str] | None = None) -> None:
        """Put one of our own errors beside its field, or on top where no field of this form is meant.

        ``fields`` maps the action's names to ours where they differ.
        """
        name = (fields or {}).get(error.field or "", error.field)
        self.add_error(name if name in self.fields else None, error.message)


@dataclass(frozen=True)
class Problem:
    """An error, and where on the page it is mended."""

    text: str
    target: str = ""


@dataclass
class FileField:
    """A file input for several files, with those that are kept already."""

    name: str
    label: str | Promise
    accept: str = "image/*"
    files: list[StoredFile] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    least: int = 0  #: files that have to be there
    camera: bool = False  #: offer a phone's camera beside its albums

    @property
    def id(self) -> str:
        """Of the input element."""
        return f"id_{self.name}"

    @property
    def kept(self) -> list[Attachment]:
        """The files as the page shows them."""
        return [attachment(file) for file in self.files]

    @property
    def limit(self) -> int:
        """How many files it takes in all."""
        return MAX_FILES

    @property
    def room(self) -> int:
        """How many more fit."""
        return max(0, MAX_FILES - len(self.files))

    @property
    def problems(self) -> list[Problem]:
        """The errors for the summary."""
        return [Problem(error, self.id) for error in self.errors]


@dataclass(frozen=True)
class Attachment:
    """A file that can be opened for a while."""

    pk: int
    name: str
    url: str
    thumbnail: str | None


def attachment(file: StoredFile) -> Attachment:
    """A file as a page shows it."""
    return Attachment(file.pk, file.name, files.signed_url(file), files.thumbnail_url(file))


Keep = Callable[..., StoredFile]


def take_files(request: HttpRequest, draft: Draft, into: FileField, *, at: datetime, keep: Keep = add_photo) -> None:
    """Follow a form with one file input: throw away what its button names, keep what came, show what there is."""
    for pk in whole_numbers([request.POST.get("remove", "")]):
        drop_file(draft, pk)
    into.files = list(draft.files.order_by("pk"))
    add_files(request, draft, into, at=at, keep=keep)


def add_files(request: HttpRequest, draft: Draft, into: FileField, *, at: datetime, keep: Keep = add_photo) -> None:
    """Keep the files just sent for ``into`` in the draft, each on its own: a bad one costs none of the others."""
    uploads = [upload for upload in request.FILES.getlist(into.name) if upload.name]
    if len(uploads) > into.room:
        text = ngettext("You can add %(count)d file at most.", "You can add %(count)d files at most.", MAX_FILES)
        into.errors.append(text % {"count": MAX_FILES})
    for upload in uploads[: into.room]:
        try:
            into.files.append(keep(draft, upload, at=at, field=into.name))
        except InvalidInput as error:
            into.errors.append(_("“%(name)s”: %(problem)s") % {"name": upload.name, "problem": error.message})


def at_least(count: int) -> str:
    """What is said where photos are missing."""
    text = ngettext("Please add at least %(count)d photo.", "Please add at least %(count)d photos.", count)
    return text % {"count": count}


def problems_of(*parts: PortalForm | FileField) -> list[Problem]:
    """Every error of a page in the order of its parts."""
    return [problem for part in parts for problem in part.problems]


def text_area(rows: int = 5, **attrs: str) -> forms.Textarea:
    """A text field that grows with its text where the browser can."""
    return forms.Textarea(attrs={"rows": rows, **attrs})


def plain(value: str, limit: int) -> str:
    """What was typed, cut to ``limit`` and without the null character, which the database cannot hold."""
    return value.replace("\x00", "")[:limit]


def whole_numbers(values: Iterable[str]) -> list[int]:
    """Those of ``values`` that are plain numbers; anything else was not sent by our form."""
    return [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 18]
