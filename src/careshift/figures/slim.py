"""Smaller files of the same picture: a book of a hundred pages carries every figure several times."""

from __future__ import annotations

import re
from io import BytesIO

COLOURS = 128  # of a PNG; charts have a handful, their smoothed edges the rest
SHORTER = (
    (re.compile(r"<!--.*?-->", re.DOTALL), ""),  # each text as a comment beside its glyphs
    (re.compile(r"<metadata>.*?</metadata>", re.DOTALL), ""),
    (re.compile(r"DejaVuSans-(?=[\w-]+\")"), "g"),
    (re.compile(r'(?<=<use xlink:href="#)(g\w+)" transform="translate\(([\d.]+) 0\)'), r'\1" x="\2'),
    (re.compile(r"(?<![\d.])([1-9]\d*\.\d\d)\d+"), r"\1"),  # a scale, below one, keeps its digits
    (re.compile(r"\s*\n\s*(?=<)"), "\n"),
)


def svg(drawn: str) -> str:
    """Answer the SVG without comments and metadata, with short names of glyphs and two decimals."""
    for pattern, short in SHORTER:
        drawn = pattern.sub(short, drawn)
    return drawn


def png(drawn: bytes) -> bytes:
    """Answer the PNG with a palette of its own in place of full colour."""
    from PIL import Image

    out = BytesIO()
    with Image.open(BytesIO(drawn)) as picture:
        picture.convert("RGB").quantize(COLOURS).save(out, "png", optimize=True)
    return out.getvalue()
