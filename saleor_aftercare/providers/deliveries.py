"""A service's request as anymail's views read it, however large it is.

Django bounds forms for the whole site, far below the size of a mail. Here the address held a secret, and the size was
bounded before anything was read; so the body is taken apart anew, and its fields keep their bytes: a raw mail in a
form is no text of anybody's charset.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

_MOST_PARTS: Final = 500


class Delivery(HttpRequest):
    """One POST; ``fields`` are the bytes of a form's fields."""

    def __init__(self, body: bytes, meta: Mapping[str, Any]) -> None:
        super().__init__()
        self.method = "POST"
        self.META = {name: value for name, value in meta.items() if name != "CONTENT_LENGTH"}
        self._set_content_type_params(self.META)  # type: ignore[attr-defined]  # as Django's own requests do
        self._stream: Any = io.BytesIO(body)
        self._read_started = False
        self.fields: dict[str, bytes] = {}
        files: MultiValueDict[str, SimpleUploadedFile] = MultiValueDict()
        form = QueryDict(mutable=True, encoding="utf-8")
        if self.content_type == "multipart/form-data":
            for part in _parts(self.META.get("CONTENT_TYPE", ""), body):
                self._take(part, form, files)
        elif self.content_type == "application/x-www-form-urlencoded":
            form = QueryDict(body, encoding="utf-8")
            exact = QueryDict(body, encoding="latin-1")
            self.fields = {name: str(exact[name]).encode("latin-1") for name in exact}
        self.POST = form  # type: ignore[assignment]  # anymail only reads it
        self._files = files
        self.FILES = files  # type: ignore[assignment]

    def _take(self, part: Message, form: QueryDict, files: MultiValueDict[str, SimpleUploadedFile]) -> None:
        name = part.get_param("name", header="content-disposition")
        if not isinstance(name, str):
            return
        payload = part.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else b""
        file_name = part.get_filename()
        if file_name is None:
            self.fields[name] = data
            form.appendlist(name, data.decode("utf-8", "replace"))
        else:
            files.appendlist(name, SimpleUploadedFile(file_name or "file", data, part.get_content_type()))


def _parts(content_type: str, body: bytes) -> list[Message]:
    head = b"Content-Type: " + content_type.replace("\r", " ").replace("\n", " ").encode("latin-1", "replace")
    whole = BytesParser(policy=HTTP).parsebytes(head + b"\r\n\r\n" + body)
    parts = whole.get_payload()
    return [one for one in parts if isinstance(one, Message)][:_MOST_PARTS] if isinstance(parts, list) else []
