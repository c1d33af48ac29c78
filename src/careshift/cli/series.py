"""Commands that report on a series or counts of one's own: the plan first, then the fit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from careshift.cli.console import AsJson, TimeLimit, err, escape, out
from careshift.own_series.plan import CHANGES, TRENDS
from careshift.project import CareshiftError

if TYPE_CHECKING:
    from careshift.pipeline.own_report import Written

File = Annotated[Path, typer.Argument(help="A CSV, Excel or Parquet file with one row a period.")]
Where = Annotated[list[str], typer.Option(help="COLUMN=VALUE: only these rows; repeat for more.")]
Output = Annotated[
    Path | None, typer.Option("-o", help="The folder for the report; FILE-report beside you if left out.")
]
PlanFile = Annotated[
    Path | None,
    typer.Option("--plan", help="The plan: written before the fit, or kept to. plan.yml in the folder."),
]
OnlyPlan = Annotated[bool, typer.Option("--only-plan", help="Write the plan and stop.")]
Confidence = Annotated[float | None, typer.Option(help="Confidence of the intervals; 0.95 if left out.")]
Sheet = Annotated[str | None, typer.Option(help="Which sheet of a workbook.")]
Name = Annotated[str, typer.Option(help="What the series is, for titles.")]


def its(
    file: File,
    at: Annotated[
        list[str], typer.Option(help="PERIOD=WHAT: the first period after, what happened; repeat for more.")
    ] = [],  # noqa: B006
    value: Annotated[str, typer.Option(help="The column of the series.")] = "",
    time: Annotated[str, typer.Option(help="The column of periods or dates.")] = "",
    population: Annotated[str, typer.Option(help="The column of people, for counts.")] = "",
    control: Annotated[list[str], typer.Option(help="A column not interrupted; repeat for more.")] = [],  # noqa: B006
    regressor: Annotated[list[str], typer.Option(help="A further column of the model; repeat.")] = [],  # noqa: B006
    where: Where = [],  # noqa: B006
    sheet: Sheet = None,
    dates: Annotated[str | None, typer.Option(help="day-first or month-first.")] = None,
    change: Annotated[str | None, typer.Option(help=f"What may change: {', '.join(CHANGES)}.")] = None,
    lag: Annotated[float | None, typer.Option(help="Periods until the change starts.")] = None,
    transition: Annotated[float | None, typer.Option(help="Periods of phase-in, left out.")] = None,
    slope_from: Annotated[float | None, typer.Option(help="First value of the slope term: 0 or 1.")] = None,
    trend: Annotated[str | None, typer.Option(help=f"The trend underneath: {', '.join(TRENDS)}.")] = None,
    season: Annotated[str | None, typer.Option(help="auto, none, or pairs of Fourier terms a year.")] = None,
    family: Annotated[
        str | None, typer.Option(help="quasi-poisson, poisson, negative-binomial, measured.")
    ] = None,
    control_scale: Annotated[
        str | None, typer.Option(help="same unit, or indexed for controls of another scale.")
    ] = None,
    arima: Annotated[str | None, typer.Option(help="An ARIMA model beside the others: 2,1,0.")] = None,
    seasonal_arima: Annotated[str | None, typer.Option(help="Its seasonal part: 0,1,1.")] = None,
    unit: Annotated[str | None, typer.Option(help="The unit of the series, for sentences.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why this date and these changes.")] = None,
    confidence: Confidence = None,
    name: Name = "",
    plan: PlanFile = None,
    only_plan: OnlyPlan = False,
    output: Output = None,
    as_json: AsJson = False,
    time_limit: TimeLimit = 600,
) -> None:
    """Report on an interrupted time series of your own: did level or slope change at a date?

    FILE has a row a period: months, quarters, calendar or fiscal years, as people write them. Where only one
    column can be the periods or the values, it is found. With a population the values are counts. The plan is
    written before the fit; a plan that exists is kept to, and a command that differs from it is refused.

    The folder gets report.html, report.ipynb (runs again there with papermill), results.json, results.csv,
    series.csv and plan.yml. The exit code is 0 where the report is made, 1 where the file, the plan or the
    series does not allow it, 2 where the command cannot be understood.

    Examples:

      careshift its admissions.csv --at 2016-04=Integration

      careshift its examples/cigarette_sales_by_state.csv --value California --at "1989=Proposition 99"

      careshift its examples/quetiapine_dispensings.csv --at "2014-01=Repeats ended" --unit dispensings
      --arima 2,1,0 --seasonal-arima 0,1,1 --slope-from 1

      careshift its counts.xlsx --value stays --population people --at 2015/16 --change level -o report

      careshift its delays.csv --where "board=NHS Fife" --at 2016Q2 --plan plan.yml --only-plan
    """
    from careshift import own_series
    from careshift.pipeline import own_report

    columns = own_series.Columns(time, value, population, control, regressor, pairs(where))
    folder = output or Path(f"{file.stem}-report")
    plan_file = plan or folder / "plan.yml"
    asked = own_series.Request(
        at or None,
        change,
        lag,
        transition,
        slope_from,
        trend,
        season,
        family,
        control_scale,
        arima,
        seasonal_arima,
        unit,
        reason,
        confidence,
    )
    with err.status(f"Reading {escape(file)} ..."):
        series = own_series.read(file, columns, sheet=sheet, dates=own_series.day_order(dates))
        made = own_series.make(series, own_series.over(asked, own_series.asked_in(plan_file)))
        own_series.checked(series, made)
    made = own_series.fix(plan_file, made)
    told(plan_file, made.digest, quiet=as_json)
    if only_plan:
        return
    with err.status(f"Fitting {len(series.frame)} periods by every estimator ..."):
        written = own_report.interrupted(
            series, made, plan_file, name or series.columns.value, folder, time_limit
        )
    if as_json:
        print(json.dumps(written.results, indent=1, ensure_ascii=False))
        return
    for sentence in written.results["sentences"].values():
        out.print(escape(sentence), soft_wrap=True)
    out.print(escape(written.results["leading"]["why"]), soft_wrap=True)
    list_files(written)


def expected(
    file: File,
    base: Annotated[str | None, typer.Option(help="The period whose rates are held.")] = None,
    count: Annotated[str, typer.Option(help="The column of counts.")] = "",
    population: Annotated[str, typer.Option(help="The column of people.")] = "",
    population_file: Annotated[
        Path | None, typer.Option(help="The people, where they are in a file of their own.")
    ] = None,
    by: Annotated[list[str], typer.Option(help="A column that makes a stratum; repeat for more.")] = [],  # noqa: B006
    time: Annotated[str, typer.Option(help="The column of periods or dates.")] = "",
    where: Where = [],  # noqa: B006
    without: Annotated[list[str], typer.Option(help="COLUMN=VALUE: not these rows; repeat.")] = [],  # noqa: B006
    sheet: Sheet = None,
    dates: Annotated[str | None, typer.Option(help="day-first or month-first.")] = None,
    method: Annotated[str | None, typer.Option(help="The limits of a count: byar or exact.")] = None,
    unit: Annotated[str | None, typer.Option(help="What is counted, for sentences.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why this base period.")] = None,
    confidence: Confidence = None,
    name: Name = "",
    plan: PlanFile = None,
    only_plan: OnlyPlan = False,
    output: Output = None,
    as_json: AsJson = False,
    time_limit: TimeLimit = 600,
) -> None:
    """Report how many would be counted had the rates of a base period held, on your own population.

    FILE has a row a period and stratum (age band, sex), with counts and people; the people may stand in a
    file of their own, with more periods than were counted. Limits carry the chance of both periods' counts.
    The plan is written before, and kept to. Files and exit codes are as of careshift its.

    Examples:

      careshift expected examples/care_home_residents.csv --base 2010 --count residents

      careshift expected stays.csv --population-file people.csv --base 2012/13 --by age_band

      careshift expected clients.xlsx --base 2015 --without "Age=All ages" -o report
    """
    from careshift import own_series
    from careshift.own_series import expected as expecting
    from careshift.own_series import strata
    from careshift.pipeline import own_report

    wanted = strata.Wanted(time, count, population, by, pairs(where), pairs(without))
    folder = output or Path(f"{file.stem}-report")
    plan_file = plan or folder / "plan.yml"
    asked = expecting.Asked(base, method, unit, reason, confidence)
    with err.status(f"Reading {escape(file)} ..."):
        order = own_series.day_order(dates)
        counts = strata.read(file, population_file, wanted, sheet=sheet, dates=order)
        made = expecting.make(counts, own_series.over(asked, own_series.asked_in(plan_file)))
        expecting.compute(counts, made)
    made = own_series.fix(plan_file, made)
    told(plan_file, made.digest, quiet=as_json)
    if only_plan:
        return
    with err.status("Making the report ..."):
        written = own_report.expected_counts(
            counts, made, plan_file, name or counts.count, folder, time_limit
        )
    if as_json:
        print(json.dumps(written.results, indent=1, ensure_ascii=False))
        return
    out.print(escape(written.results["sentence"]), soft_wrap=True)
    list_files(written)


def pairs(where: list[str]) -> dict[str, str]:
    """Return COLUMN=VALUE texts as a mapping. Raises CareshiftError where one is none."""
    for text in where:
        if "=" not in text:
            raise CareshiftError(f'Write --where "COLUMN=VALUE", not {text!r}.')
    return dict(text.partition("=")[::2] for text in where)


def told(plan_file: Path, digest: str, quiet: bool) -> None:
    """Say where the plan is and what its digest is, on the side where results are JSON."""
    console = err if quiet else out
    console.print(escape(f"Plan: {plan_file} (sha256 {digest}), fixed before the fit."), soft_wrap=True)


def list_files(written: Written) -> None:
    """Say which files a report has."""
    out.print(escape(f"Files: {', '.join(map(str, written.files))}"), soft_wrap=True)
