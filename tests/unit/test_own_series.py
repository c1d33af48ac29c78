"""A series of one's own: periods and cells as people write them, the plan first, published answers."""

import json
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
import yaml
from in_this_process import in_this_process
from typer.testing import CliRunner

from careshift import own_series
from careshift.cli import app, main
from careshift.own_series import Columns, PlanError, Request, SeriesError, periods
from careshift.own_series.values import number
from careshift.pipeline import own_report
from careshift.project import CODE, DATA, CareshiftError

EXAMPLES = CODE / "examples"
SALES, QUETIAPINE = EXAMPLES / "cigarette_sales_by_state.csv", EXAMPLES / "quetiapine_dispensings.csv"
KNOWN = pd.read_csv(DATA / "interrupted_time_series_known_answers.csv", dtype=str, keep_default_na=False)


def column(*texts: str) -> pd.Series:
    return pd.Series(texts, index=range(2, 2 + len(texts)), name="when", dtype="str")


@pytest.mark.parametrize(
    ("texts", "axis", "first", "last"),
    [
        (["2010", "2011", "2012"], "year", 2010, 2012),
        (["2010/11", "2011/12", "2012/2013"], "fiscal year", 2010, 2012),
        (["2010-11", "2011-12", "2012-13"], "fiscal year", 2010, 2012),
        (["2010-11", "2010-12", "2011-01"], "month", 24130, 24132),
        (["2010Q4", "2011 Q1", "2011-Q2"], "quarter", 8043, 8045),
        (["Q4 2010", "Q1 2011"], "quarter", 8043, 8044),
        (["2010/11 Q3", "2010/11 Q4", "2011/12 Q1"], "quarter", 8043, 8045),
        (["Nov-10", "December 2010", "Jan 2011"], "month", 24130, 24132),
        (["1-Nov-10", "1-Dec-10", "1-Jan-11"], "month", 24130, 24132),
        (["2010M11", "2010M12"], "month", 24130, 24131),
        (["30/11/2010", "31/12/2010"], "month", 24130, 24131),
        (["01/11/2010", "01/12/2010"], "month", 24130, 24131),
        (["11/01/2010", "12/01/2010"], "month", 24130, 24131),
        (["2010-03-31", "2010-06-30", "2010-12-31"], "quarter", 8040, 8043),
        (["31/03/2010", "31/03/2011", "31/03/2013"], "year", 2010, 2013),
        (["2010-11-30 00:00:00", "2010-12-31 00:00:00"], "month", 24130, 24131),
        (["1", "2", "30"], None, 1, 30),
    ],
)
def test_periods_are_read_as_people_write_them(texts, axis, first, last) -> None:
    numbers, scale = periods.read(column(*texts), "mine.csv")
    assert (scale.axis, numbers.iloc[0], numbers.iloc[-1]) == (axis, first, last)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["03/04/2024", "05/06/2024"], "can be meant two ways. Say --dates day-first"),
        (["2010", "2011", "later"], 'row 4, column "when": "later" is not a period like the others'),
        (["red", "blue"], "no cell can be read as a period"),
        (["2024-01-01", "2024-01-08", "2024-01-15"], "at most 7 days apart. Add the values up"),
        (["2010-11-30", "2010-11-31"], "2010-11-31"),
    ],
)
def test_what_is_no_period_or_two_is_refused_with_its_place(texts, said) -> None:
    with pytest.raises(CareshiftError) as refused:
        periods.read(column(*texts), "mine.csv")
    assert said in str(refused.value)


def test_an_order_of_days_that_is_given_decides() -> None:
    both = [
        periods.read(column("03/04/2024", "05/06/2024"), "mine.csv", o)[0].iloc[0]
        for o in ("day-first", "month-first")
    ]
    assert both == [2024 * 12 + 3, 2024 * 12 + 2]


@pytest.mark.parametrize(
    ("text", "texts", "number"),
    [
        ("Jan 2005", ["2004-12", "2005-01"], 24060),
        ("2005-01-15", ["2004-12", "2005-01"], 24060),
        ("2015/16", ["2014/15", "2015/16"], 2015),
        ("2016-03-31", ["2014/15", "2015/16"], 2015),
        ("2016-04-01", ["2014/15", "2015/16"], 2016),
        ("2020-04", ["2020Q1", "2020Q2"], 8081),
        # A stock counted each 31 March: what happens on 1 April is first seen a year later.
        ("2016-04-01", ["31/03/2015", "31/03/2016"], 2017),
        ("2016-03-31", ["31/03/2015", "31/03/2016"], 2016),
        ("1989", ["1988", "1989"], 1989),
    ],
)
def test_a_date_is_placed_on_the_axis_of_the_series(text, texts, number) -> None:
    assert periods.number_of(text, periods.read(column(*texts), "mine.csv")[1]) == number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234", 1234),
        ("£5.20", 5.2),
        ("12 %", 12),
        ("-3", -3),
        ("−3.5", -3.5),
        (".5", 0.5),
        ("1e3", 1000),
        ("1,23", None),
        ("", None),
        ("[c]", None),
        ("12a", None),
        ("inf", None),
        ("1.2.3", None),
    ],
)
def test_a_number_is_read_as_people_write_it_or_not_at_all(text, value) -> None:
    assert number(text) == value


@pytest.fixture
def brought(tmp_path):
    def put(text: str, name: str = "mine.csv") -> Path:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return put


def monthly(rows: int = 9, board: str = "Fife") -> str:
    return "".join(f"2019-{m:02d},{board},{100 + m}\n" for m in range(1, rows + 1))


def test_columns_are_found_and_a_suppressed_cell_is_left_out_not_zero(brought) -> None:
    text = "Month,Board,Stays\n" + monthly().replace("103", "[c]").replace("104", '"1,104"')
    series = own_series.read(brought(text))
    assert (series.columns.value, series.scale.axis) == ("Stays", "month")
    assert series.left_out == ("2019-03 (row 4)",)
    assert series.frame["value"].tolist() == [101, 102, 1104, 105, 106, 107, 108, 109]
    assert "2019-03,\n" in series.csv


@pytest.mark.parametrize(
    ("text", "columns", "said"),
    [
        (
            "Month,Board,Stays\n" + monthly() + monthly(3, "Tayside"),
            {},
            'rows 2, 11: 2019-01 stands 2 times. Keep one kind of row, for example with --where "Board=Fife"',
        ),
        (
            "Month,Board,Stays\n" + monthly(),
            {"where": {"Board": "Fief"}},
            'no row has "Fief" in column "Board". It holds "Fife"',
        ),
        ("Month,Board,Stays\n" + monthly(), {"value": "Stay"}, 'no column "Stay". Did you mean "Stays"?'),
        (
            "Month,Board,Stays\n" + monthly().replace("105", "many"),
            {"value": "Stays"},
            'row 6, column "Stays": "many" is not a number',
        ),
        (
            "Month,Stays,Beds\n" + monthly().replace("Fife", "7"),
            {},
            '2 columns hold numbers: "Stays", "Beds". Say which is the series with --value',
        ),
        ("Month,Board,Stays\n" + monthly(2), {}, "2 periods have a value"),
        ("Where,Stays\nFife,1\nTayside,2\n", {}, "no column holds periods"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_one_thing_to_do(brought, text, columns, said) -> None:
    with pytest.raises(SeriesError) as refused:
        own_series.read(brought(text), Columns(**columns))
    assert said in str(refused.value)


def test_titles_above_notes_below_semicolons_and_another_encoding_are_no_obstacle(brought, tmp_path) -> None:
    rows = "".join(f"{m:02d}/2019;{1000 + m:,};Fife\n" for m in range(1, 10))
    text = f"Stays by month\n\nMonth;Stays;Board\n{rows}Source: the board's own system, April 2020\n"
    (tmp_path / "other.csv").write_bytes(text.encode("utf-16"))
    for file in (brought(text), tmp_path / "other.csv"):
        series = own_series.read(file)
        assert (series.columns.value, series.scale.axis, len(series.frame)) == ("Stays", "month", 9)
        assert series.frame["value"].iloc[0] == 1001


def test_the_sheet_that_is_dated_is_read_and_of_two_one_is_asked_for(tmp_path) -> None:
    cover = pd.DataFrame({"Contents": ["Stays", "Notes"], "Page": ["2", "3"]})
    stays = pd.DataFrame({"Month": [f"2019-{m:02d}" for m in range(1, 7)], "Stays": range(100, 106)})
    for name, sheets in {"one": {"Cover": cover, "Data": stays}, "two": {"A": stays, "B": stays}}.items():
        with pd.ExcelWriter(tmp_path / f"{name}.xlsx") as book:
            for sheet, frame in sheets.items():
                frame.to_excel(book, sheet_name=sheet, index=False)
    assert own_series.read(tmp_path / "one.xlsx").frame["value"].tolist() == list(range(100, 106))
    with pytest.raises(SeriesError, match=r'2 sheets hold periods\. Say which with --sheet: "A", "B"'):
        own_series.read(tmp_path / "two.xlsx")
    assert len(own_series.read(tmp_path / "two.xlsx", sheet="B").frame) == 6


def test_rows_of_one_board_are_chosen_and_rows_in_any_order_are_sorted(brought) -> None:
    rows = monthly(4) + monthly(4, "Tayside").replace("10", "20")
    lines = ["Month,Board,Stays", *reversed(rows.splitlines())]
    series = own_series.read(brought("\n".join(lines) + "\n"), Columns(where={"board": "tayside"}))
    assert series.frame["period"].tolist() == ["2019-01", "2019-02", "2019-03", "2019-04"]
    assert series.frame["value"].iloc[0] == 201


@pytest.fixture(scope="module")
def sales():
    return own_series.read(SALES, Columns(value="California"))


def test_a_plan_is_written_once_and_a_command_that_differs_is_refused(sales, tmp_path) -> None:
    file = tmp_path / "deep" / "plan.yml"
    plan = own_series.fix(file, own_series.make(sales, Request(at=["1989"])))
    assert yaml.safe_load(file.read_text())["series"]["digest"] == f"sha256:{sales.digest}"
    assert (
        own_series.fix(file, own_series.make(sales, Request(at=["1989"], change="level and slope"))).digest
        == plan.digest
    )
    with pytest.raises(PlanError, match=r"interruptions: .*1989.* there, .*1990.* here"):
        own_series.fix(file, own_series.make(sales, Request(at=["1990"])))
    other = own_series.read(SALES, Columns(value="Alabama"))
    with pytest.raises(PlanError, match="the data are not those that the plan was made for"):
        own_series.fix(file, own_series.make(other, Request(at=["1989"])))


def test_what_a_command_leaves_open_is_taken_from_the_plan(sales, tmp_path) -> None:
    file = tmp_path / "plan.yml"
    own_series.fix(file, own_series.make(sales, Request(at=["1989=Act"], change="level", unit="packs")))
    again = own_series.over(Request(unit="packs"), own_series.asked_in(file))
    assert (
        own_series.fix(file, own_series.make(sales, again)).content["interruptions"][0]["change"] == "level"
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "Say when the interruption was"),
        ({"at": ["2005"]}, "lies outside the series, which runs from 1970 to 2000"),
        ({"at": ["2015/16"]}, "is no period of this series. Write it like 2015"),
        ({"at": ["1989"], "change": "both"}, "give one of level and slope, level, slope"),
        ({"at": ["1989"], "season": "2"}, "none: only months and quarters have one"),
        ({"at": ["1989"], "arima": "2,1"}, "Write 3 whole numbers"),
        ({"at": ["1989"], "family": "gauss"}, "quasi-poisson"),
        ({"at": ["1989"], "control_scale": "other"}, "give one of same unit, indexed"),
    ],
)
def test_a_plan_that_cannot_be_made_says_what_would_be_right(sales, asked, said) -> None:
    with pytest.raises(CareshiftError) as refused:
        own_series.make(sales, Request(**asked))
    assert said in str(refused.value)


def known(series: str, model: str, term: str) -> dict[str, str]:
    rows = KNOWN[(KNOWN["series"] == series) & (KNOWN["model"] == model) & (KNOWN["term"] == term)]
    return rows.to_dict("records")[0]


def agrees(text: str, value: float) -> bool:
    return abs(value - float(text)) <= 0.5000001 * 10.0 ** -len(text.partition(".")[2])


STATES = SALES.read_text(encoding="utf-8").splitlines()[0].split(",")[2:]
CALIFORNIA = (str(SALES), "--value", "California", "--at", "1989=Proposition 99")
ARIMA = ("--slope-from", "1", "--arima", "2,1,0", "--seasonal-arima", "0,1,1")
LEVEL, SLOPE = "level change", "slope change"
AGAINST = ("Proposition 99 against 38 states", "Newey-West, stacked, lag 1", f"difference in {LEVEL}")
# A command; the published answers (series, model, term), each with our estimator and term.
ANSWERS = {
    "California": (
        CALIFORNIA,
        [(("Proposition 99", "Least squares", term), ("OLS-t", term)) for term in (LEVEL, SLOPE)],
    ),
    "against 38 states": (
        (*CALIFORNIA, *(part for name in STATES for part in ("--control", name))),
        [(AGAINST, ("OLS-t", LEVEL))],
    ),
    "quetiapine": (
        (str(QUETIAPINE), "--at", "2014-01=Repeats ended", *ARIMA),
        [
            (("Quetiapine", "ARIMA(2,1,0)(0,1,1)12", term), ("ARIMA(2, 1, 0)(0, 1, 1)12", term))
            for term in (LEVEL, SLOPE)
        ],
    ),
}


@pytest.mark.parametrize("which", ANSWERS)
def test_its_gives_published_answers_from_raw_csv(which, tmp_path, monkeypatch) -> None:
    command, answers = ANSWERS[which]
    monkeypatch.setattr(own_report, "execute_notebook", in_this_process)
    done = CliRunner().invoke(app, ["its", *command, "-o", str(tmp_path / "report")])
    assert done.exit_code == 0, done.output
    results = json.loads((tmp_path / "report/results.json").read_text())
    found = {(row["estimator"], row["term"]): row for row in results["estimates"]}
    for published, ours in answers:
        row, answer = known(*published), found[ours]
        assert agrees(row["published"], answer["estimate"])
        assert not row["standard_error"] or agrees(row["standard_error"], answer["se"])
    assert results["plan"]["digest"].removeprefix("sha256:") in done.output


def test_counts_with_a_population_give_the_published_rate_ratio(
    benchmarks_folder, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(own_report, "execute_notebook", in_this_process)
    command = ["its", str(benchmarks_folder / "sicily.csv"), "--value", "aces", "--population", "stdpop"]
    done = CliRunner().invoke(
        app, [*command, "--at", "Jan 2005", "--change", "level", "-o", str(tmp_path / "two")]
    )
    assert done.exit_code == 0, done.output
    rows = json.loads((tmp_path / "two/results.json").read_text())["estimates"]
    found = next(row for row in rows if row["estimator"] == "Quasi-poisson")
    answer = known("Smoking ban in Sicily", "Quasi-Poisson, two harmonics", "level change")
    assert agrees(answer["published"], found["estimate"])
    assert agrees(answer["low"], found["low"])


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Give the folder of a report made by a kernel, of a series whose label and name are markup."""
    folder = tmp_path_factory.mktemp("own") / "report"
    sour = "<script>alert(1)</script> `x` *y*"
    command = [
        "its",
        str(SALES),
        "--value",
        "Ohio",
        "--at",
        f"1989={sour}",
        "--name",
        sour,
        "-o",
        str(folder),
    ]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    return folder


def test_the_page_stands_alone_and_nothing_in_it_is_markup_of_the_data(report) -> None:
    page = (report / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<em>y</em>" not in page
    assert "default-src 'none'" in page
    assert 'src="data:image/svg+xml;base64,' in page
    assert not [word for word in ("http://", "https://") if f'src="{word}' in page or f'href="{word}' in page]
    digest = yaml.safe_load((report / "plan.yml").read_text())
    assert digest["series"]["digest"] in page
    assert "prefers-color-scheme: dark" in page


def test_the_notebook_runs_again_where_it_stands_and_gives_the_same(report, tmp_path) -> None:
    before = (report / "results.json").read_text()
    given = nbformat.read(report / "report.ipynb", 4).metadata.papermill.parameters
    assert given["file"] == "series.csv"
    (report / "results.json").unlink()
    in_this_process(report / "report.ipynb", "again", given, tmp_path / "again.ipynb", folder=report)
    assert json.loads((report / "results.json").read_text()) == json.loads(before)


def test_the_plan_alone_can_be_written_first(tmp_path) -> None:
    plan = tmp_path / "plan.yml"
    command = [
        "its",
        str(SALES),
        "--value",
        "Ohio",
        "--at",
        "1989",
        "--plan",
        str(plan),
        "-o",
        str(tmp_path / "out"),
    ]
    assert CliRunner().invoke(app, [*command, "--only-plan"]).exit_code == 0
    assert plan.exists()
    assert not (tmp_path / "out").exists()
    other = CliRunner().invoke(app, [*command, "--lag", "1"])
    assert isinstance(other.exception, PlanError)


def test_an_error_of_the_command_is_one_sentence_and_exit_code_1(brought, monkeypatch, capsys) -> None:
    file = brought("Month,Stays\n2019-01,1\n2019-02,many\n")
    monkeypatch.setattr("sys.argv", ["careshift", "its", str(file), "--at", "2019-02", "--value", "Stays"])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 1
    assert 'mine.csv, row 3, column "Stays": "many" is not a number' in capsys.readouterr().err


def test_help_teaches_by_example() -> None:
    assert "careshift its admissions.csv --at" in CliRunner().invoke(app, ["its", "--help"]).stdout


def test_results_hold_every_part_of_the_report(report) -> None:
    results = json.loads((report / "results.json").read_text())
    assert {row["estimator"] for row in results["estimates"]} >= {"REML Kenward-Roger", "OLS-t", "Newey-West"}
    assert all("confidence interval" in row["interval"] for row in results["estimates"])
    parts = (
        "smallest_detectable_change",
        "residual_checks",
        "placebo_dates",
        "sensitivity",
        "counterfactual",
    )
    assert all(results[part] for part in parts)
    assert results["leading"]["why"].startswith("REML Kenward-Roger leads, on 31 periods. ")
    assert np.isfinite([row["estimate"] for row in results["estimates"]]).all()
