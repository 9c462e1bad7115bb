"""Whatever carriers send as a label, as the PDF that we keep."""

from __future__ import annotations

import io
from typing import Final

from django.utils.translation import gettext as _
from PIL import Image

from saleor_aftercare.core.errors import ProviderError

MAX_BYTES: Final = 10 * 1024 * 1024
#: Pictures without a resolution of their own are taken for those of a 203 dpi label printer.
LABEL_DPI: Final = 203
MAX_PIXELS: Final = 40_000_000
_PICTURES: Final = ("PNG", "GIF", "JPEG")


def as_pdf(data: bytes) -> bytes:
    """A PDF as it is; a PNG, GIF or JPEG as a PDF of one page in the picture's own size.

    Raises:
        ProviderError: something else, such as ZPL, which only a label printer could read.
    """
    if len(data) > MAX_BYTES:
        raise ProviderError(_("The label is larger than 10 MB."))
    if data.startswith(b"%PDF-"):
        return data
    if data.lstrip().startswith(b"^XA"):
        raise ProviderError(_("The label is ZPL, for label printers only; choose PDF or PNG with the carrier."))
    try:
        with Image.open(io.BytesIO(data), formats=_PICTURES) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise ProviderError(_("The label has too many pixels."))
            dpi = float(picture.info.get("dpi", (LABEL_DPI, LABEL_DPI))[0]) or LABEL_DPI
            page = picture.convert("L" if picture.mode in {"1", "L", "P"} else "RGB")
            out = io.BytesIO()
            page.save(out, "PDF", resolution=dpi if dpi >= 72 else LABEL_DPI)
            return out.getvalue()
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        raise ProviderError(_("The label is neither a PDF nor a picture.")) from None
