"""A report of one's own: a notebook of examples/ run on what was read and planned before, and its page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from careshift import parameters
from careshift.own_series import Plan, Series
from careshift.own_series.strata import Strata
from careshift.pages import standalone
from careshift.parameters import Value
from careshift.pipeline.cells import entitle
from careshift.pipeline.execute import execute_notebook
from careshift.project import CODE, CareshiftError, replace_whole

NOTEBOOKS = CODE / "examples"
SERIES = "series.csv"


@dataclass(frozen=True)
class Written:
    """What a report wrote: its files, and its results as plain values."""

    files: tuple[Path, ...]
    results: Mapping[str, Any]


def interrupted(
    series: Series, plan: Plan, plan_file: Path, name: str, folder: Path, time_limit: float | None = None
) -> Written:
    """Write the report on an interrupted series into a folder: notebook, page, JSON, CSV, and the series.

    The notebook reads the series as it was read here, and the plan, which was fixed before. It runs again in
    that folder with papermill. Raises CareshiftError.
    """
    content = plan.content
    items = content["interruptions"]
    given: dict[str, Value] = {
        "time_column": "period",
        "value_column": "value",
        "population_column": "population" if series.columns.population else "",
        "control_columns": "\n".join(series.columns.controls),
        "regressor_columns": "\n".join(series.columns.regressors),
        "at": "\n".join(item["at"] for item in items),
        "what": "\n".join(item["label"] for item in items),
        "change": items[0]["change"],
        **{key: float(items[0][key]) for key in ("lag", "transition", "slope_from")},
        **{key: content[key] for key in ("trend", "family", "control_scale", "unit", "reason", "confidence")},
        "season": str(content["season"] or "none"),
        **{key: _order(content[key]) for key in ("arima", "seasonal_arima")},
        "name": name,
    }
    return _report("interrupted_time_series", series.csv, given, plan_file, folder, name, time_limit)


def expected_counts(
    counts: Strata, plan: Plan, plan_file: Path, name: str, folder: Path, time_limit: float | None = None
) -> Written:
    """Write the report on expected counts into a folder, as `interrupted` does. Raises CareshiftError."""
    content = plan.content
    given: dict[str, Value] = {
        "time_column": "period",
        "count_column": "count",
        "population_column": "population",
        "by_columns": "\n".join(counts.by),
        "population_file": "",
        "without": "",
        **{key: content[key] for key in ("base", "method", "unit", "reason", "confidence")},
        "name": name,
    }
    return _report("expected_counts", counts.csv, given, plan_file, folder, name, time_limit)


def _order(numbers: list[int] | None) -> str:
    return ",".join(map(str, numbers or ()))


def _report(
    notebook: str,
    data: str,
    given: Mapping[str, Value],
    plan_file: Path,
    folder: Path,
    name: str,
    time_limit: float | None,
) -> Written:
    """Write the data, run the notebook beside them, and make its page."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CareshiftError(f"{folder}: cannot be made ({error.strerror}).") from None
    replace_whole(folder / SERIES, data.encode())
    beside = plan_file.resolve().parent == folder.resolve()
    kept = plan_file.name if beside else str(plan_file.resolve())
    every = {
        "file": SERIES,
        "sheet": "",
        "where": "",
        "dates": "",
        "plan_file": kept,
        "results": ".",
        **given,
    }
    source, made = NOTEBOOKS / f"{notebook}.ipynb", folder / "report.ipynb"
    parameters.check_given(source, every)
    execute_notebook(source, notebook, every, made.resolve(), time_limit, folder.resolve())
    cells = json.loads(made.read_text(encoding="utf-8"))["cells"]
    entitle(cells)
    replace_whole(folder / "report.html", standalone.page(cells, name).encode())
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    names = ("report.html", "report.ipynb", "results.json", "results.csv", SERIES)
    return Written((*(folder / file for file in names), plan_file), results)
