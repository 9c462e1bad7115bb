"""What a phone's camera sees: moving pictures of a paper, as raw frames that Chromium takes for a camera's."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Final

import pypdfium2 as pdfium
from PIL import Image, ImageFilter

SIZE: Final = (1280, 720)
_TABLE: Final = 105  #: the grey of what the paper lies on
_PAPER_HEIGHT: Final = 690


def paper(pdf: bytes, *, upper: float = 1) -> Image.Image:
    """The first page as a grey picture; of a large sheet the ``upper`` part, for who holds the camera near."""
    document = pdfium.PdfDocument(pdf)
    try:
        page = document[0].render(scale=4, grayscale=True).to_pil().convert("L")
    finally:
        document.close()
    return page.crop((0, 0, page.width, round(page.height * upper)))


def held(page: Image.Image | None, *, turn: float, shift: tuple[int, int], blur: float) -> Image.Image:
    """One frame: the paper on a table, turned by some degrees, out of the middle, not quite sharp, in poor light."""
    frame = Image.new("L", SIZE, _TABLE)
    if page is not None:
        small = page.resize((round(page.width * _PAPER_HEIGHT / page.height), _PAPER_HEIGHT), Image.Resampling.LANCZOS)
        turned = small.rotate(turn, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=_TABLE)
        at = ((SIZE[0] - turned.width) // 2 + shift[0], (SIZE[1] - turned.height) // 2 + shift[1])
        frame.paste(turned, at)
    return frame.filter(ImageFilter.GaussianBlur(blur)).point(lambda light: round(16 + light * 0.72))


def film(file: Path, page: Image.Image | None, *, seed: int = 1) -> Path:
    """A film of one second that Chromium plays over and over: first the bare table, then the paper in a shaking hand.

    YUV4MPEG2 is a line of text, then every frame as it is: brightness, and colours at half the size, here none.
    """
    hand = Random(seed)
    frames = [held(None, turn=0, shift=(0, 0), blur=0)]
    for _n in range(4):
        turn = hand.uniform(-9, 9)
        shift = (hand.randint(-120, 120), hand.randint(-8, 8))
        frames.append(held(page, turn=turn, shift=shift, blur=hand.uniform(0.3, 0.8)))
    grey = bytes([128]) * (SIZE[0] * SIZE[1] // 2)
    with file.open("wb") as out:
        out.write(f"YUV4MPEG2 W{SIZE[0]} H{SIZE[1]} F5:1 Ip A1:1 C420jpeg\n".encode())
        for frame in frames:
            out.write(b"FRAME\n" + frame.tobytes() + grey)
    return file
