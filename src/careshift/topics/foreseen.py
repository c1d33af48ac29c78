"""What the documents foresaw, against what came: every forecast and dated target, and how they did."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from careshift import claims, needs, tables
from careshift.claims import Interval
from careshift.topics.foreseen_figures import CAME, FORETOLD

if TYPE_CHECKING:
    from collections.abc import Mapping

KEPT, MISSED = "kept", "missed"
AS, LESS, MORE = "as foretold", "less came", "more came"
OPEN = "no public data"
NEAREST = "nearest figure"
DIGITS = {"people": ",.0f", "councils": ",.0f"}


def judged(foreseen: pd.DataFrame, data: Mapping[str, pd.DataFrame], last: int = 9999) -> pd.DataFrame:
    """Return what came of each forecast and target whose day is not after `last`, a row each.

    `data` holds tables by name. Added to the columns of `foreseen`: says, foretold and came (numbers in
    `unit`; missing where nothing public answers), low and high (ends of what the print stands for), outcome,
    decides (a nearest figure does not), publisher, need (what would answer an open row, by the log of looks).
    Raises CareshiftError where a table lacks the figure.
    """
    near = foreseen[[_year(day) <= last for day in foreseen["day"]]]
    rows = [_row(record, data) for record in near.to_dict("records")]
    return pd.DataFrame(rows)


def _row(record: dict[Any, Any], data: Mapping[str, pd.DataFrame]) -> dict[Any, Any]:
    claim, name = claims.find(record["claim"]), record["claim"]
    if name not in CAME:
        blank = {"foretold": np.nan, "came": np.nan, "low": np.nan, "high": np.nan, "decides": False}
        return (
            record | blank | {"says": claim.says, "outcome": OPEN, "need": need_of(record), "publisher": ""}
        )
    came = CAME[name](data)
    own = FORETOLD[name](data) if name in FORETOLD else None
    interval = claim.interval if own is None else Interval(low=own, high=own)
    foretold = claim.value if own is None else own
    return record | {
        "says": record["what"],
        "foretold": foretold,
        "came": came,
        "low": interval.low,
        "high": interval.high,
        "outcome": outcome(record["sort"], interval, foretold, came),
        "decides": record["nature"] != NEAREST,
        "publisher": tables.describe(record["table"])["publisher"],
        "need": "",
    }


def outcome(sort: str, interval: Interval, foretold: float, came: float) -> str:
    """Return what became of a forecast or target: whether what came lies in what the print stands for."""
    inside = interval.contains(came)
    if sort == "target":
        return KEPT if inside else MISSED
    if inside:
        return AS
    return LESS if came < foretold else MORE


def printed(claim: str) -> float:
    """Return the printed number of a claim."""
    return claims.find(claim).value


def need_of(record: Mapping[Any, Any]) -> str:
    """Return the data that would answer an open row, as the log of looks names them; empty without such."""
    other = record["answered_by"]
    claim = claims.find(other if isinstance(other, str) and other else record["claim"])
    found = needs.find(claim.needs) if claim.needs else None
    return found.need if found else ""


def _year(day: str) -> int:
    """Return the year, or the start of the fiscal year, of a day in words; 0 where none is said."""
    found = re.search(r"\d{4}", day)
    return int(found.group()) if found else 0


def shown(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the answered rows for a page: numbers, differences and what they mean for people, in words."""
    kept = rows[rows["came"].notna()]
    records = kept.to_dict("records")
    return kept.assign(
        foretold=[_foretold(row) for row in records],
        came=[_number(row["came"], row["unit"]) for row in records],
        difference=[_difference(row) for row in records],
        outcome=kept["outcome"].where(kept["decides"], NEAREST),
        means=[meaning(row) for row in records],
        how=[f"{row['nature']}: {row['how']} ({row['publisher']})" for row in records],
    )


def meaning(row: Mapping[Any, Any]) -> str:
    """Return what it means for people that less or more came; that plans hold where it came as foretold."""
    if row["outcome"] in (AS, KEPT) and row["foretold"]:
        return "What was planned for is what is needed."
    return str(row["below" if _below(row) else "above"])


def _below(row: Mapping[Any, Any]) -> bool:
    return bool(row["came"] < row["foretold"])


def _foretold(row: Mapping[Any, Any]) -> str:
    """Return the number that was foretold, or the direction where no more was said."""
    if not row["foretold"] and np.isinf(row["high"]):
        return "a rise"
    if not row["foretold"] and np.isinf(row["low"]):
        return "a fall"
    return _number(row["foretold"], row["unit"])


def _number(value: float, unit: str) -> str:
    words = {"percent": " %", "ratio": " times"}.get(unit, f" {unit}")
    return f"{value:{DIGITS.get(unit, ',.1f' if unit == 'percent' else ',.2f')}}{words}"


def _difference(row: Mapping[Any, Any]) -> str:
    """Return by how much what came differs, in its unit, and in percent where something was foretold."""
    size = abs(row["came"] - row["foretold"])
    unit = {"percent": "points", "ratio": "times"}.get(row["unit"], row["unit"])
    number = f"{size:{DIGITS.get(unit, ',.1f' if unit == 'points' else ',.2f')}}"
    counted = "fewer" if _below(row) else "more"
    words = f"{number} {counted} {unit}" if unit.endswith(("people", "councils")) else ""
    words = words or f"{number} {unit} {'less' if _below(row) else 'more'}"
    off = missed_by(pd.DataFrame([dict(row)]))["value"].iloc[0]
    return words if np.isnan(off) else f"{words} ({abs(off):.1f} %)"


def missed_by(rows: pd.DataFrame) -> pd.DataFrame:
    """Return by how many percent what came lies from what was foretold: columns row, value, low, high.

    low and high come from the ends of what the print stands for. Missing where nothing, or only a
    direction, was foretold.
    """
    whole = (rows["foretold"] > 0) & np.isfinite(rows["low"]) & np.isfinite(rows["high"])
    ends = {"value": "foretold", "low": "high", "high": "low"}
    parts = {
        name: (100 * (rows["came"] / rows[end].where(rows[end] > 0) - 1)).where(whole)
        for name, end in ends.items()
    }
    kind = rows["sort"].map({"expectation": ", expected by earlier rates"}).fillna("")
    kind = kind.mask(rows["nature"] == NEAREST, ", nearest figure")
    return pd.DataFrame({"row": rows["says"] + ", " + rows["day"] + kind} | parts)


def picture(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `missed_by` that have a value, the largest shortfall first."""
    return missed_by(rows).dropna(subset=["value"]).sort_values("value", ignore_index=True)


def counts(rows: pd.DataFrame) -> dict[str, int]:
    """Return how many forecasts and targets came out how; a nearest figure decides nothing."""
    told = rows[rows["decides"]]
    by = told.groupby("sort")["outcome"].value_counts()
    names = {"as": ("forecast", AS), "less": ("forecast", LESS), "more": ("forecast", MORE)}
    names |= {"kept": ("target", KEPT), "missed": ("target", MISSED)}
    found = {name: int(by.get(key, 0)) for name, key in names.items()}
    nearest = int((rows["nature"] == NEAREST).sum())
    open_rows = int((rows["outcome"] == OPEN).sum())
    return found | {"all": len(rows), "nearest": nearest, "open": open_rows}


def title(rows: pd.DataFrame) -> str:
    """Return in one line how many of the forecasts that later data answer foretold too much."""
    found = counts(rows)
    answered = found["as"] + found["less"] + found["more"]
    return f"{found['less']} of {answered} forecasts foretold more than came, or than is now projected"


def in_words(rows: pd.DataFrame) -> str:
    """Return how the forecasts and targets did overall."""
    n = counts(rows)
    answered, targets = n["as"] + n["less"] + n["more"], n["kept"] + n["missed"]
    kept = f"{n['kept'] or 'none'} {'was' if n['kept'] == 1 else 'were'} kept"
    return (
        f"Of {answered} forecasts that later data answer, {n['as']} came as foretold, {n['less']} foretold "
        f"too much and {n['more'] or 'none'} too little. Of {targets} targets that can be checked, {kept}. "
        f"For {n['nearest']} more there is only a nearest figure, and for {n['open']} of all {n['all']} no "
        "public data say what came."
    )


def largest(rows: pd.DataFrame) -> dict[Any, Any]:
    """Return the row of `missed_by` of the forecast that missed most, among those that decide."""
    found = (
        missed_by(rows[rows["decides"] & (rows["sort"] == "forecast")])
        .dropna(subset=["value"])
        .to_dict("records")
    )
    return max(found, key=lambda row: abs(row["value"]))
