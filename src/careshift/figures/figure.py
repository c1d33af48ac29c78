"""A finished chart with its data, words and sources, as one picture for light and dark pages."""

from __future__ import annotations

import base64
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure as Canvas
from matplotlib.transforms import Bbox

from careshift.figures import optimise
from careshift.figures.marks import Marks, packed, placed
from careshift.figures.style import DARK, INK, STYLE
from careshift.inert_text import cell
from careshift.typography import minus

if TYPE_CHECKING:
    import pandas as pd

LETTERS_AN_INCH = 11.4  # of a title above a picture
MARGIN = 0.1  # inches around the drawing
MIME = "application/vnd.careshift.figure+json"


@dataclass(frozen=True)
class Figure:
    """A finished chart: show it last in a cell. `name` is its file name and anchor within the chapter."""

    canvas: Canvas
    name: str
    title: str
    alt: str
    data: pd.DataFrame
    tables: tuple[str, ...]
    marks: tuple[Marks, ...] = ()
    downwards: bool = False  # the marks of a series stand in rows

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Mapping[str, Any]:
        title, alt = minus(self.title), minus(self.alt)
        csv = StringIO()
        self.data.map(cell).to_csv(csv, index=False, float_format="%.6g", lineterminator="\n")
        return {
            "text/plain": f"Figure: {title}\n{alt}",
            "image/svg+xml": self.svg(),
            "image/png": base64.b64encode(self.png()).decode(),
            MIME: {
                "name": self.name,
                "title": title,
                "alt": alt,
                "csv": csv.getvalue(),
                "tables": list(self.tables),
                "downwards": self.downwards,
                "marks": packed(placed(self.marks, self._frame.padded(MARGIN))),
            },
        }

    def svg(self) -> str:
        """Return the picture as SVG: text as text, light colours, and dark ones where the page is dark."""
        drawn = optimise.svg(self._picture("svg", self._frame.padded(MARGIN)).decode())
        words = f"<title>{escape(minus(self.title))}</title><desc>{escape(minus(self.alt))}</desc>"
        style = f"<style>text{{font-family:{optimise.SYSTEM_FONTS}}}{_dark()}</style>"
        return re.sub(r"^<svg[^>]*>", lambda tag: f"{tag[0]}{words}{style}", drawn)

    def png(self) -> bytes:
        """Return the picture as PNG on white, its title above it, for slides and papers."""
        words = textwrap.fill(minus(self.title), round(LETTERS_AN_INCH * self.canvas.get_figwidth()))
        frame = self._frame
        with mpl.rc_context(STYLE):
            title = self.canvas.text(0, 1.02, words, size=11, weight="bold", color=INK, va="bottom")
            above = title.get_window_extent().transformed(self.canvas.dpi_scale_trans.inverted())
        whole = Bbox.union([frame, above]).padded(0.15)
        packed = {"compress_level": 1}  # it is packed for good once its colours are fewer
        drawn = self._picture("png", whole, facecolor="white", dpi=200, pil_kwargs=packed)
        title.remove()
        return optimise.png(drawn)

    def _picture(self, kind: str, frame: Bbox, **options: Any) -> bytes:
        out = BytesIO()
        with mpl.rc_context(STYLE):
            self.canvas.savefig(out, format=kind, bbox_inches=frame, **options)
        return out.getvalue()

    @cached_property
    def _frame(self) -> Bbox:
        """Lay the chart out, once for all forms of it, and return what it fills, in inches.

        No layout engine stays: even one that does nothing would draw the chart again for each form.
        """
        with mpl.rc_context(STYLE):
            if engine := self.canvas.get_layout_engine():
                engine.execute(self.canvas)
                self.canvas.set_layout_engine(None)
            for legend in self.canvas.legends:  # else it moves to the corner of whatever is cut out
                legend.set_bbox_to_anchor((0, 0, 1, 1), transform=self.canvas.transFigure)
            return self.canvas.get_tightbbox()


def _dark() -> str:
    """Return the dark colours as rules: a picture follows the colour scheme of the page that shows it."""
    rules = "".join(
        f'[style*="{kind}: {light}"]{{{kind}:{dark} !important}}'
        for light, dark in DARK.items()
        for kind in ("fill", "stroke")
    )
    return f"@media (prefers-color-scheme: dark){{{rules}}}"
