"""Cut the fonts that are shipped in saleor_aftercare/printing/fonts from their originals (needs fonttools).

    python scripts/cut_fonts.py BIZUDPGothic_400Regular.ttf NotoSansJP_400Regular.ttf saleor_aftercare/printing/fonts

Runs with equal inputs write equal files.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FALLBACK_NAMES = {
    1: "Aftercare Fallback",
    3: "Aftercare Fallback 1.0",
    4: "Aftercare Fallback",
    6: "AftercareFallback-Regular",
}


def main(biz: str, noto: str, target: str) -> None:
    """Write both fonts into the folder ``target``."""
    lacking = set(TTFont(noto).getBestCmap()) - set(TTFont(biz).getBestCmap())
    keep_all = subset.Options(hinting=False, layout_features=["*"], name_IDs=["*"], recalc_timestamp=False)
    keep_all.drop_tables += ["meta"]
    cut(biz, set(TTFont(biz).getBestCmap()), keep_all, Path(target) / "BIZUDPGothic-Regular.ttf")

    plain = subset.Options(
        hinting=False, layout_features=[], name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], recalc_timestamp=False
    )
    cut(noto, lacking, plain, Path(target) / "AftercareFallback-Regular.ttf", FALLBACK_NAMES)


def cut(
    source: str, code_points: set[int], options: subset.Options, target: Path, names: dict[int, str] | None = None
) -> None:
    """Write ``source`` with only ``code_points`` to ``target``, under other ``names`` if any."""
    font = subset.load_font(source, options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=code_points)
    cutter.subset(font)
    for record in list(font["name"].names) if names else ():
        if names and record.nameID in names:
            font["name"].setName(
                names[record.nameID], record.nameID, record.platformID, record.platEncID, record.langID
            )
    subset.save_font(font, str(target), options)


if __name__ == "__main__":
    main(*sys.argv[1:])
