"""Reading a request's body: JSON, or the GraphQL multipart request with files.

Source: https://github.com/jaydenseric/graphql-multipart-request-spec, without its batching.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import orjson
from django.core.exceptions import SuspiciousOperation, TooManyFilesSent
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

#: Files of one request; the service's own bound on the body stands before this one.
MAX_FILES: Final = 20
#: Bytes of `operations` and of `map`.
MAX_PART: Final = 200_000


class RequestError(Exception):
    """The body is not a GraphQL request; the text says why, ``status`` is the HTTP status."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


@dataclass(frozen=True)
class Operation:
    """What is to be run."""

    query: str
    variables: dict[str, Any]
    name: str | None


def read_operation(request: HttpRequest) -> Operation:
    """The one operation of a request; raises RequestError."""
    if request.content_type == "application/json":
        try:
            return _operation(_json(request.body, "The body"))
        except UnreadablePostError:
            raise RequestError("The body ended too early.") from None
    if request.content_type == "multipart/form-data":
        return _operation(_with_files(request))
    raise RequestError("Send application/json, or multipart/form-data for files.", 415)


def _operation(body: Any) -> Operation:
    if isinstance(body, list):
        raise RequestError("Several operations in one request are not taken; send one.")
    if not isinstance(body, dict):
        raise RequestError("The body must be a JSON object with `query`.")
    query, variables, name = body.get("query"), body.get("variables"), body.get("operationName")
    if not isinstance(query, str) or not query.strip():
        raise RequestError("`query` must be the text of a GraphQL document.")
    if variables is not None and not isinstance(variables, dict):
        raise RequestError("`variables` must be an object.")
    if name is not None and not isinstance(name, str):
        raise RequestError("`operationName` must be text.")
    return Operation(query, variables or {}, name or None)


def _with_files(request: HttpRequest) -> Any:
    try:
        form, files = request.POST, request.FILES
    except TooManyFilesSent:
        raise RequestError(f"At most {MAX_FILES} files.", 413) from None
    except (MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        raise RequestError("The multipart body cannot be read.") from None
    if len(files) > MAX_FILES:
        raise RequestError(f"At most {MAX_FILES} files.", 413)
    operations = _json(form.get("operations", ""), "`operations`")
    places = _json(form.get("map", ""), "`map`")
    if isinstance(operations, list):
        raise RequestError("Several operations in one request are not taken; send one.")
    if not isinstance(operations, dict) or not isinstance(places, dict):
        raise RequestError("`operations` and `map` must be JSON objects.")
    if set(places) != set(files):
        raise RequestError("`map` must name each file of the request, and no other.")
    filled: set[str] = set()
    for name, paths in places.items():
        upload = files[name]
        if not isinstance(upload, UploadedFile) or not isinstance(paths, list) or not paths:
            raise RequestError("`map` must give each file a list of places in `variables`.")
        for path in paths:
            if not isinstance(path, str) or path in filled:
                raise RequestError("`map` must fill each place once.")
            filled.add(path)
            _put(operations, path, upload)
    return operations


def _json(text: str | bytes, what: str) -> Any:
    if len(text) > MAX_PART and what != "The body":
        raise RequestError(f"{what} is too long.")
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise RequestError(f"{what} must be JSON.") from None


def _put(operations: dict[str, Any], path: str, upload: UploadedFile[Any]) -> None:
    """Put the file where ``path`` ("variables.input.photos.0") has a null."""
    wrong = RequestError(f"`map` names {path[:100]!r}, where `operations` has no null.")
    *parents, last = path.split(".")
    if not parents or parents[0] != "variables":
        raise RequestError("`map` may only name places in `variables`.")
    place: Any = operations
    for key in parents:
        place = _at(place, key, wrong)
    if _at(place, last, wrong) is not None:
        raise wrong
    if isinstance(place, list):
        place[int(last)] = upload
    else:
        place[last] = upload


def _at(place: Any, key: str, wrong: RequestError) -> Any:
    if isinstance(place, dict) and key in place:
        return place[key]
    if isinstance(place, list) and key.isascii() and key.isdigit() and len(key) < 4 and int(key) < len(place):
        return place[int(key)]
    raise wrong
