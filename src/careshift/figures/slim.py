"""Smaller files of the same picture: a book of a hundred pages has hundreds of figures."""

from __future__ import annotations

import re
from io import BytesIO

SYSTEM_FONTS = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"
TAG = re.compile(r"<[^>]+>")
METADATA = re.compile(r"<!--.*?-->|<metadata>.*?</metadata>\s*", re.DOTALL)
FONTS = re.compile(r"'DejaVu Sans'[^;\"]*")
DECIMALS = re.compile(r"(?<![\d.])([1-9]\d*\.\d\d)\d+")  # a scale, below one, keeps its digits
COLOURS = 64  # of a PNG; charts have a handful, their smoothed edges the rest


def svg(drawn: str) -> str:
    """Answer the SVG without metadata, in the reader's own font, with two decimals; its words stay."""
    whole = METADATA.sub("", drawn[drawn.index("<svg") :])
    return TAG.sub(lambda tag: DECIMALS.sub(r"\1", FONTS.sub(SYSTEM_FONTS, tag[0])).replace("\n", " "), whole)


def png(drawn: bytes) -> bytes:
    """Answer the PNG with a palette of its own in place of full colour."""
    from PIL import Image

    out = BytesIO()
    with Image.open(BytesIO(drawn)) as picture:
        whole = picture.convert("RGB")
        flat = whole.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        flat.save(out, "png", optimize=True)
    return out.getvalue()
