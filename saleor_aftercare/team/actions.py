"""What is decided about the team: roles, teams, who knows what, who is away."""

from __future__ import annotations

from .notices import mark_read, notify

__all__ = ["mark_read", "notify"]
