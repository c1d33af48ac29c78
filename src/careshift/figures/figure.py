"""A finished chart with its data, words and sources."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

import matplotlib as mpl

from careshift.figures import slim
from careshift.figures.style import STYLE
from careshift.inert_text import cell
from careshift.typography import minus

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as Canvas
    from matplotlib.transforms import Bbox

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

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Mapping[str, Any]:
        csv = StringIO()
        self.data.map(cell).to_csv(csv, index=False, float_format="%.6g", lineterminator="\n")
        frame = self._frame()
        return {
            "text/plain": minus(f"Figure: {self.title}\n{self.alt}"),
            "image/svg+xml": self._picture("svg", frame).decode(),
            "image/png": base64.b64encode(self._picture("png", frame)).decode(),
            MIME: {
                "name": self.name,
                "title": minus(self.title),
                "alt": minus(self.alt),
                "csv": csv.getvalue(),
                "tables": list(self.tables),
            },
        }

    def _frame(self) -> Bbox:
        """Answer what the picture shows, after laying it out once for all forms of it."""
        with mpl.rc_context(STYLE):
            self.canvas.draw_without_rendering()
            self.canvas.set_layout_engine("none")
            return self.canvas.get_tightbbox().padded(0.1)

    def _picture(self, kind: str, frame: Bbox) -> bytes:
        out = BytesIO()
        opaque: dict[str, Any] = {"facecolor": "white", "dpi": 200} if kind == "png" else {}
        metadata = {"Date": None} if kind == "svg" else {}
        with mpl.rc_context(STYLE):
            self.canvas.savefig(out, format=kind, bbox_inches=frame, metadata=metadata, **opaque)
        return slim.png(out.getvalue()) if kind == "png" else slim.svg(out.getvalue().decode()).encode()
