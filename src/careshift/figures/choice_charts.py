"""A value under every choice of method against the print."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from careshift.figures.figure import Figure
from careshift.figures.marks import of_series
from careshift.figures.style import BOX, INK, PALETTE, key, rows_chart, thousands
from careshift.figures.words import written
from careshift.typography import minus

if TYPE_CHECKING:
    from careshift.claims import Choice, Claim, Interval

KINDS = ((True, PALETTE[0], "defensible choice"), (False, "none", "shown apart"))


def choices(
    made: Sequence[Choice],
    printed: Interval,
    *,
    name: str,
    title: str,
    x_label: str,
    tables: Sequence[str],
) -> Figure:
    """Return a value under every choice of method against the printed interval, a pale box with ink edges.

    Filled dots are defensible choices; hollow ones are shown apart.
    """
    import pandas as pd

    data = pd.DataFrame([c.model_dump() for c in made]).sort_values(["decides", "value"], ascending=False)
    data["inside_print"] = [printed.contains(v) for v in data["value"]]
    with rows_chart(list(data["label"]), x_label, pitch=0.26) as (drawing, ax):
        low, high = _drawn(printed, list(data["value"]))
        ax.axvspan(low, high, facecolor=BOX, edgecolor=INK, linewidth=1.2, label="printed")
        for decides, face, label in KINDS:
            at = [r for r, d in enumerate(data["decides"]) if d == decides]
            if at:
                values = data["value"].iloc[at]
                edge = INK if face == "none" else face
                ax.plot(values, at, "o", mec=edge, mfc=face, ms=7, mew=1.5, linestyle="", label=label)
        thousands(ax.xaxis)
        key(drawing, ax, columns=3)
    inside = int((data["inside_print"] & data["decides"]).sum())
    words = "; ".join(f"{a}: {written(v)}" for a, v in zip(data["label"], data["value"], strict=True))
    alt = (
        f"Dots against the printed {_reach(printed)}; {inside} of "
        f"{int(data['decides'].sum())} defensible choices lie inside. {words}."
    )
    told = of_series(ax, x_label, data["value"], range(len(data)), data["label"], data["value"])
    return Figure(drawing, name, title, alt, data, tuple(tables), (told,), downwards=True)


def _drawn(printed: Interval, values: Sequence[float]) -> tuple[float, float]:
    """Return where the printed interval is drawn: an end without limit stops just outside the values."""
    ends = [*values, *(end for end in (printed.low, printed.high) if math.isfinite(end))]
    margin = 0.08 * (max(ends) - min(ends)) or 1.0
    low = printed.low if math.isfinite(printed.low) else min(ends) - margin
    high = printed.high if math.isfinite(printed.high) else max(ends) + margin
    return low, high


def _reach(printed: Interval) -> str:
    if math.isinf(printed.high):
        return f"value, more than {_exact(printed.low)}"
    if math.isinf(printed.low):
        return f"value, less than {_exact(printed.high)}"
    return f"interval {_exact(printed.low)} to {_exact(printed.high)}"


def _exact(end: float) -> str:
    """Return an end of a printed interval with the digits it has: rounded, it could name a number outside."""
    return minus(f"{round(end, 6):,.10g}")


def verdict_title(claim: Claim, made: Sequence[Choice]) -> str:
    """Return a title that counts how many defensible choices give the printed value."""
    deciding = [c.value for c in made if c.decides]
    inside = sum(claim.interval.contains(v) for v in deciding)
    unit = "%" if claim.unit.startswith("percent") else claim.unit
    return f"{inside} of {len(deciding)} defensible choices give the printed {claim.printed} {unit}"
