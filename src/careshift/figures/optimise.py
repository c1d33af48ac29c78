"""Smaller files of the same picture: a book of a hundred pages has hundreds of figures."""

from __future__ import annotations

import re
from io import BytesIO

SYSTEM_FONTS = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"
TAG = re.compile(r"<[^>]+>")
METADATA = re.compile(r"<!--.*?-->|<metadata>.*?</metadata>\s*", re.DOTALL)
FONTS = re.compile(r"'DejaVu Sans'[^;\"]*")
DECIMALS = re.compile(r"(?<![\d.])([1-9]\d*\.\d\d)\d+")  # a scale, below one, keeps its digits
UNSEEN = re.compile(
    r'<path d="[^"]*" style="fill: none"/>|(?<=>)\s*\n\s*(?=<)'
)  # backgrounds, and the indent
LEVEL = re.compile(r' transform="rotate\(-0 [^)]*\)"')
FAMILY = f"; font-family: {SYSTEM_FONTS}"  # of each text: one rule of the picture says it
PATH = re.compile(r'(?<= d=")[^"]*')
COMMAND = re.compile(r"\s*([A-Za-z])\s*")
COLOURS = 64  # of a PNG; charts have a handful, their smoothed edges the rest


def svg(drawn: str) -> str:
    """Return the SVG without metadata, in the reader's own font, with two decimals; its words stay."""
    whole = METADATA.sub("", drawn[drawn.index("<svg") :])
    return UNSEEN.sub("", TAG.sub(lambda tag: _tag(tag[0]), whole))


def _tag(drawn: str) -> str:
    short = DECIMALS.sub(r"\1", FONTS.sub(SYSTEM_FONTS, drawn)).replace("\n", " ").replace(FAMILY, "")
    return PATH.sub(lambda path: COMMAND.sub(r"\1", path[0]).strip(), LEVEL.sub("", short))


def png(drawn: bytes) -> bytes:
    """Return the PNG with a palette of its own in place of full colour."""
    from PIL import Image

    out = BytesIO()
    with Image.open(BytesIO(drawn)) as picture:
        whole = picture.convert("RGB")
        flat = whole.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        flat.save(out, "png")
    return out.getvalue()
