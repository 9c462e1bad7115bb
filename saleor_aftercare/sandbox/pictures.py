"""Drawings of the goods: a few plain shapes each, in the colours of the shop."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

from PIL import Image, ImageDraw

#: A shape on a field of 100 × 100: kind, coordinates, colour, and the width of a line or the radius of corners.
Shape = tuple[str, tuple[float, ...], str, float]

_INK, _IRON, _STEEL, _WOOD = "#24302f", "#3b4643", "#c3cbc9", "#b98a5a"
_CLAY, _LEAF, _CREAM, _INDIGO = "#c96f4a", "#6f8f5f", "#f4ead8", "#38508a"

_KETTLE: tuple[Shape, ...] = (
    ("arc", (22, 14, 70, 66), _INK, 4),
    ("line", (66, 62, 80, 44, 88, 40), _INK, 5),
    ("poly", (28, 44, 66, 44, 76, 80, 20, 80), _INK, 0),
    ("round", (34, 37, 60, 45), _IRON, 3),
    ("dot", (44, 31, 50, 37), _WOOD, 0),
    ("round", (18, 80, 78, 87), _STEEL, 3),
)

DRAWINGS: dict[str, tuple[str, tuple[Shape, ...]]] = {
    "kaze-kettle": ("#dfe8e4", _KETTLE),
    "nami-kettle": (
        "#e8e1d4",
        (
            ("arc", (26, 18, 74, 70), _WOOD, 5),
            ("poly", (72, 56, 92, 42, 94, 47, 78, 72), _STEEL, 0),
            ("dot", (20, 38, 80, 86), _STEEL, 0),
            ("round", (38, 36, 62, 43), _IRON, 3),
            ("dot", (46, 29, 54, 37), _INK, 0),
        ),
    ),
    "iwa-teapot": (
        "#e6e3e8",
        (
            ("arc", (24, 16, 76, 74), _INK, 4),
            ("poly", (74, 52, 92, 44, 92, 50, 76, 66), _IRON, 0),
            ("dot", (18, 42, 82, 84), _IRON, 0),
            ("dot", (30, 38, 70, 52), _INK, 0),
            ("dot", (46, 33, 54, 41), _CLAY, 0),
            *(("dot", (24.0 + x, 60, 29.0 + x, 65), _INK, 0) for x in range(0, 50, 11)),
        ),
    ),
    "yunomi-cups": (
        "#e2e6ef",
        (
            ("poly", (14, 30, 48, 30, 43, 82, 19, 82), _INDIGO, 0),
            ("dot", (14, 25, 48, 35), "#2b3d70", 0),
            ("poly", (16, 52, 46, 52, 45, 60, 17, 60), _CREAM, 0),
            ("poly", (54, 44, 86, 44, 81, 82, 59, 82), _CREAM, 0),
            ("dot", (54, 39, 86, 49), "#dccfb4", 0),
            ("poly", (56, 60, 84, 60, 83, 66, 57, 66), _INDIGO, 0),
        ),
    ),
    "gyuto-knife": (
        "#ece6dd",
        (
            ("poly", (8, 50, 62, 38, 62, 54, 30, 58), _STEEL, 0),
            ("line", (10, 51, 62, 54), "#9aa5a3", 1),
            ("round", (62, 38, 68, 52), _INK, 1),
            ("round", (67, 39, 94, 50), _WOOD, 4),
        ),
    ),
    "whetstone": (
        "#e3e5e0",
        (
            ("round", (14, 40, 86, 54), "#8f9a93", 2),
            ("round", (14, 54, 86, 66), "#d8cfc0", 2),
            ("round", (22, 68, 78, 74), _WOOD, 2),
        ),
    ),
    "asatsuyu-sencha": (
        "#e4ecdc",
        (
            ("poly", (30, 22, 70, 22, 74, 84, 26, 84), _LEAF, 0),
            ("round", (28, 16, 72, 24), "#55714a", 2),
            ("dot", (38, 40, 62, 64), _CREAM, 0),
            ("line", (42, 58, 50, 48, 58, 46), _LEAF, 3),
        ),
    ),
    "hojicha": (
        "#f0e4d8",
        (
            ("poly", (30, 22, 70, 22, 74, 84, 26, 84), "#9a6a45", 0),
            ("round", (28, 16, 72, 24), "#7a5234", 2),
            ("dot", (38, 40, 62, 64), _CREAM, 0),
            ("line", (42, 56, 50, 50, 58, 50), "#9a6a45", 3),
        ),
    ),
    "michi-shoes": (
        "#d9dde6",
        (
            ("poly", (14, 36, 38, 34, 52, 52, 80, 58, 89, 70, 14, 70), _CREAM, 0),
            ("poly", (14, 36, 38, 34, 41, 39, 14, 42), _CLAY, 0),
            ("round", (12, 70, 90, 78), _CLAY, 4),
            ("line", (38, 44, 46, 40), _INK, 2),
            ("line", (43, 49, 51, 45), _INK, 2),
            ("line", (48, 54, 56, 50), _INK, 2),
        ),
    ),
    "kaze-lid": (
        "#dfe8e4",
        (
            ("round", (22, 54, 78, 66), _IRON, 5),
            ("dot", (30, 44, 70, 66), _INK, 0),
            ("dot", (44, 32, 56, 46), _WOOD, 0),
        ),
    ),
    "kaze-base": (
        "#dfe8e4",
        (
            ("line", (78, 66, 92, 66, 92, 30), _INK, 3),
            ("dot", (16, 50, 80, 80), _STEEL, 0),
            ("dot", (26, 52, 70, 72), _IRON, 0),
            ("dot", (43, 57, 53, 67), _CLAY, 0),
        ),
    ),
    "kaze-seal": (
        "#dfe8e4",
        (
            ("arc", (18, 26, 62, 70), _CLAY, 6),
            ("ring", (18, 26, 62, 70), _CLAY, 6),
            ("ring", (42, 40, 84, 82), _INK, 6),
        ),
    ),
    "gift-card": (
        "#efe3df",
        (
            ("round", (14, 32, 86, 72), _CLAY, 5),
            ("round", (46, 32, 54, 72), _CREAM, 0),
            ("ring", (36, 22, 50, 36), _CREAM, 4),
            ("ring", (50, 22, 64, 36), _CREAM, 4),
        ),
    ),
}

_OVERSAMPLING = 3


@lru_cache(maxsize=256)
def draw(slug: str, size: int) -> bytes | None:
    """A square PNG of ``size`` pixels; None for goods we do not have."""
    if slug not in DRAWINGS:
        return None
    ground, shapes = DRAWINGS[slug]
    scale = size * _OVERSAMPLING / 100
    image = Image.new("RGB", (size * _OVERSAMPLING,) * 2, ground)
    pen = ImageDraw.Draw(image)
    for kind, at, colour, extra in shapes:
        _put(pen, kind, [x * scale for x in at], colour, extra * scale)
    file = io.BytesIO()
    image.resize((size, size), Image.Resampling.LANCZOS).save(file, "PNG", optimize=True)
    return file.getvalue()


def _put(pen: Any, kind: str, at: list[float], colour: str, extra: float) -> None:
    width = max(round(extra), 1)
    if kind == "dot":
        pen.ellipse(at, fill=colour)
    elif kind == "ring":
        pen.ellipse(at, outline=colour, width=width)
    elif kind == "arc":
        pen.arc(at, 180, 360, fill=colour, width=width)
    elif kind == "round":
        pen.rounded_rectangle(at, radius=extra, fill=colour)
    elif kind == "poly":
        pen.polygon(at, fill=colour)
    else:
        pen.line(at, fill=colour, width=width, joint="curve")
