"""Installed apps and what they asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from .base import Record


@dataclass
class Webhook:
    """What an app wants to hear, where, and in which shape."""

    typename: ClassVar[str] = "Webhook"

    id: str
    app: str
    name: str
    target_url: str
    query: str
    events: list[str]
    identifier: str = ""
    is_active: bool = True
    custom_headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Extension:
    """A place in the Dashboard where an app shows itself."""

    typename: ClassVar[str] = "AppExtension"

    id: str
    app: str
    label: str
    url: str
    mount: str
    target: str
    permissions: list[str]
    identifier: str = ""
    options: dict[str, Any] = field(default_factory=dict)


@dataclass
class Problem:
    """A message of an app to the merchant."""

    typename: ClassVar[str] = "AppProblem"

    id: str
    key: str
    message: str
    count: int
    is_critical: bool
    updated_at: datetime


@dataclass
class App(Record):
    """An installed app; a deleted one stays as a grave so that its token is known to be dead."""

    typename: ClassVar[str] = "App"

    name: str
    identifier: str
    version: str
    token: str
    created: datetime
    permissions: list[str]
    is_active: bool = True
    is_deleted: bool = False
    app_url: str = ""
    manifest_url: str = ""
    author: str = ""
    audience: str = ""
    webhooks: list[Webhook] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
