"""Marks stand where the chart drew them and say the numbers of its table; their words stay words."""

import csv
import json
import re
from functools import cache
from html.parser import HTMLParser

import pandas as pd
import pytest

from careshift import figures
from careshift.claims import Choice, Interval
from careshift.figures.words import exact
from careshift.pages import chart_page
from careshift.project import ROOT

DATA = pd.DataFrame(
    {
        "area": ["Fife", "Moray", "Angus", "Fife", "Moray", "Angus"],
        "period": ["2019/20"] * 3 + ["2020/21"] * 3,
        "year": [2019.5] * 3 + [2020.5] * 3,
        "value": [1234.5678, -3.25, 7.0, 1300.0, None, 9.125],
        "low": [1200.0, -4.0, 6.5, 1250.0, None, 8.0],
        "high": [1250.0, -2.0, 7.5, 1350.0, None, 10.0],
    }
)
ALIKE = {"name": "c", "title": "t", "tables": ["population"]}


def a_line() -> figures.Figure:
    wide = DATA.pivot_table(index="year", columns="area", values="value").reset_index()
    return figures.lines(wide, x="year", series={"Fife": "Fife", "Moray": "Moray"}, y_label="People", **ALIKE)


@cache
def all_kinds() -> dict[str, figures.Figure]:
    rows = DATA.dropna().reset_index(drop=True).assign(label=lambda f: f["area"] + f["period"])
    trend = DATA.rename(columns={"area": "series", "year": "time", "period": "when"})
    own = DATA.rename(columns={"year": "time"})
    own = own.assign(own=own["area"] == "Fife", whole=own["area"] == "Angus")
    strip = own.assign(measure=own["period"], scotland=8.5, words="Beds", rank="1 of 3")
    row = {"label": "label", "value": "value", "x_label": "People", **ALIKE}
    ends = {"low": "low", "high": "high"}
    made = [Choice(label="a", value=20.125), Choice(label="b", value=18.0)]
    return {
        "lines": a_line(),
        "bars": figures.bars(rows, **row),
        "intervals": figures.intervals(rows, **row, **ends),
        "paired": figures.paired(
            rows, label="label", first="low", last="high", names=("low", "high"), x_label="x", **ALIKE
        ),
        "points": figures.points(rows, x="year", y="value", by="area", when="period", y_label="y", **ALIKE),
        "trend": figures.trend(trend.assign(concept="actual"), y_label="y", **ALIKE),
        "panels": figures.panels(
            DATA, x="year", by="area", series={"value": "People"}, when="period", y_label="y", **ALIKE
        ),
        "crowd": figures.crowd(
            own, names=("Fife", "Scotland", "others"), y_label="y", mark=(2020, "mark"), **ALIKE
        ),
        "strips": figures.strips(
            strip,
            by="measure",
            value="value",
            interval=("low", "high"),
            own="own",
            reference="scotland",
            words=("words", "rank"),
            names=("own", "others", "Scotland"),
            **ALIKE,
        ),
        "choices": figures.choices(made, Interval(low=19.5, high=20.5), x_label="x", **ALIKE),
        "matrix": figures.matrix(
            rows.assign(value=[3, 1, 4, 1, 5]), row="area", column="period", value="value", **ALIKE
        ),
    }


def carried(figure: figures.Figure) -> dict:
    return figure._repr_mimebundle_()[figures.MIME]


def marks_of(figure: figures.Figure) -> list[dict]:
    return json.loads(carried(figure)["marks"])


def whole(records: list[dict]) -> list[dict]:
    """Give each record what it left out because the one before says it, as the page's script does."""
    made, kept = [], {}
    for record in records:
        kept = kept | record
        made.append(kept)
    return made


def numbers(words: str) -> list[float]:
    plain = words.replace(",", "").replace("\N{MINUS SIGN}", "-")
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", plain)]


@pytest.mark.parametrize(
    "kind",
    [
        "lines",
        "bars",
        "intervals",
        "paired",
        "points",
        "trend",
        "panels",
        "crowd",
        "strips",
        "choices",
        "matrix",
    ],
)
def test_every_mark_says_a_number_of_the_table(kind: str) -> None:
    figure = carried(all_kinds()[kind])
    cells = {cell for row in csv.reader(figure["csv"].splitlines()[1:]) for cell in row}
    table = {number for cell in cells for number in numbers(cell) if "/" not in cell}
    said = [
        number
        for record in whole(json.loads(figure["marks"]))
        for words in record["v"]
        for number in numbers(words)
    ]
    assert len(said) >= 2
    assert set(said) <= table


def test_another_value_is_another_word() -> None:
    before, after = a_line(), a_line()
    after.data.loc[0, "Fife"] = 1
    changed = figures.lines(after.data, x="year", series={"Fife": "Fife"}, y_label="People", **ALIKE)
    assert whole(marks_of(before))[0]["v"][0] == "1,234.57"
    assert whole(marks_of(changed))[0]["v"][0] == "1"


def test_marks_stand_where_the_picture_drew_them() -> None:
    """The picture's own markers, in its own units, against the marks of its first line."""
    figure = a_line()
    picture = figure.svg()
    wide, high = chart_page.size(picture)
    drawn = [
        [round(1000 * float(x) / wide), round(1000 * float(y) / high)]
        for x, y in re.findall(r'<use [^>]*x="([\d.]+)" y="([\d.]+)" style="fill: #0069a8', picture)
    ]
    first = whole(marks_of(figure))[0]
    marks = [list(pair) for pair in zip(first["x"], first["y"], strict=True)]
    assert len(marks) == 2
    assert all(any(abs(a - c) <= 1 and abs(b - d) <= 1 for c, d in drawn) for a, b in marks), (marks, drawn)


def test_a_print_keeps_all_its_digits() -> None:
    """The source's own points stand in no table: a count of millions is not cut to six digits."""
    data = pd.DataFrame({"year": [2009, 2011], "value": [2000000.0, 2100000.0]})
    figure = figures.lines(
        data,
        x="year",
        series={"value": "Bed days"},
        y_label="y",
        printed=[(2010, 2061631.0, "Printed"), (2011, 2050000.5, "Printed")],
        **ALIKE,
    )
    said = [record["v"] for record in marks_of(figure)[1:]]
    assert said == [["2,061,631"], ["2,050,000.5"]]


def test_a_gap_has_no_mark_and_a_month_has_its_name() -> None:
    data = DATA.assign(period=["2019-12"] * 3 + ["2020-01"] * 3)
    names = dict(zip(data["year"], data["period"], strict=True))
    moray = data[data["area"] == "Moray"]
    figure = figures.lines(
        moray, x="year", series={"value": "Moray"}, y_label="y", x_names=names, zero=False, **ALIKE
    )
    (record,) = marks_of(figure)
    assert (record["w"], record["v"]) == (["December 2019"], ["\N{MINUS SIGN}3.25"])


def test_what_the_axes_cut_off_has_no_mark() -> None:
    data = pd.DataFrame({"year": [1, 2, 3], "value": [1.0, 99.0, 2.0]})
    figure = figures.lines(data, x="year", series={"value": "v"}, y_label="y", y_range=(0, 5), **ALIKE)
    assert marks_of(figure)[0]["v"] == ["1", "2"]


def test_a_record_leaves_out_what_the_one_before_says() -> None:
    first, second = marks_of(a_line())
    assert set(first) == {"s", "x", "y", "w", "v"}
    assert "x" in second  # Moray has a gap
    data = pd.DataFrame({"year": [1, 2], "a": [1.0, 2.0], "b": [3.0, 4.0]})
    figure = figures.lines(data, x="year", series={"a": "a", "b": "b"}, y_label="y", **ALIKE)
    assert set(marks_of(figure)[1]) == {"s", "y", "v"}


class Attributes(HTMLParser):
    """The tags of a piece of HTML, and the attributes of the first."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_no_word_of_a_mark_leaves_its_attribute() -> None:
    hostile = """'><script>alert(1)</script> "&quot; ``` onload='x' \\"""
    rows = pd.DataFrame({"label": [hostile, "b"], "value": [1, 2]})
    figure = figures.bars(rows, label="label", value="value", x_label=hostile, **ALIKE)
    html = f"<div{chart_page.handle(carried(figure))}></div>"
    ((tag, attributes),) = Attributes(html).found
    assert (tag, list(attributes)) == ("div", ["data-marks"])
    (record,) = json.loads(attributes["data-marks"])["marks"]
    assert record["w"][0] == record["s"] == hostile
    assert "`" not in html


@pytest.mark.parametrize("script", ["marks.js", "map.js", "explorer.js"])
def test_the_scripts_write_words_as_text(script: str) -> None:
    """What a run wrote can become words on the page, never markup or code."""
    code = (ROOT / "assets" / script).read_text(encoding="utf-8")
    assert "textContent = " in code
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|Function\(", code)


def test_a_figure_without_marks_has_no_attribute() -> None:
    assert chart_page.handle({"marks": "", "downwards": False}) == ""
    assert chart_page.handle({}) == ""


@pytest.mark.parametrize(
    ("value", "said"),
    [(1234567, "1,234,567"), (1234.5678, "1,234.57"), (2.0, "2"), (0.000123456, "0.000123456"), (-5, "−5")],
)
def test_a_value_keeps_the_digits_of_its_cell(value: float, said: str) -> None:
    assert exact(value) == said
