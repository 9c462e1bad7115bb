"""Dataclasses to JSON and back, for the practice shop's memory on disk."""

from __future__ import annotations

import json
import os
import tempfile
import types
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def dump(value: Any) -> Any:
    """Turn dataclasses, decimals and moments into what JSON holds."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: dump(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, dict):
        return {key: dump(item) for key, item in value.items()}
    if isinstance(value, list):
        return [dump(item) for item in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def load(kind: type[T], data: Any) -> T:
    """Rebuild a ``kind`` from what :func:`dump` made; fields that an older file lacks take their default."""
    result: T = _load(kind, data)
    return result


def _load(kind: Any, data: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        inner = next(arg for arg in get_args(kind) if arg is not type(None))
        return None if data is None else _load(inner, data)
    if origin is list:
        return [_load(get_args(kind)[0], item) for item in data]
    if origin is dict:
        return {key: _load(get_args(kind)[1], item) for key, item in data.items()}
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        known = {f.name for f in fields(kind)}
        values = {name: _load(hints[name], data[name]) for name in known & data.keys()}
        return kind(**values)
    if kind is Decimal:
        return Decimal(data)
    if kind is datetime:
        return datetime.fromisoformat(data)
    return data


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def write_json(path: Path, value: Any) -> None:
    """Replace ``path`` in one step: a reader or a crash sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".new")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(dump(value), file, ensure_ascii=False)
    Path(name).replace(path)
