"""A number changed in a table arrives in what its chapter finds: Wales, Northern Ireland, an area, a series.

tests/notebooks/test_tables_are_parameters.py shows for all chapters that they read nothing else.
"""

import io
import json

import pandas as pd
import pytest
from warm_runs import execute

from careshift import evidence, tables
from careshift.figures import MIME


@pytest.fixture
def rerun(tmp_path):
    """Run a chapter with one cell of one table changed; answer the executed notebook."""

    def run(chapter: str, table: str, column: str, value: object, given=(), **row: str):
        frame = pd.read_csv(tables.locate(table), dtype=str, keep_default_na=False)
        cell = (frame[list(row)] == list(row.values())).all(axis=1)
        assert cell.sum() == 1
        assert frame.loc[cell, column].item() != str(value)
        frame.loc[cell, column] = str(value)
        frame.to_csv(tmp_path / "mine.csv", index=False)
        execute(chapter, {**dict(given), table: str(tmp_path / "mine.csv")}, tmp_path / "out.ipynb")
        return tmp_path / "out.ipynb"

    return run


def changed(before, after) -> dict[str, float]:
    """Return the derived values that the two runs do not share, as the later one has them."""
    was, now = ({item.claim: item.derived for item in evidence.collect(one)} for one in (before, after))
    assert was.keys() == now.keys()
    return {claim: value for claim, value in now.items() if value != was[claim]}


def figure(notebook, name: str) -> pd.DataFrame:
    """Return the data of a figure of an executed notebook."""
    outputs = [o for c in json.loads(notebook.read_text())["cells"] for o in c.get("outputs", [])]
    drawn = [o["data"][MIME] for o in outputs if MIME in o.get("data", {})]
    (found,) = [one for one in drawn if one["name"] == name]
    return pd.read_csv(io.StringIO(found["csv"]))


def test_welsh_staff(rerun, executed) -> None:
    group = "managers (within administration and estates)"
    now = rerun("wales/workforce", "welsh_workforce", "staff", 2678, staff_group=group, year="2011")
    claim = "kingsfund2013/table-4-managers-ten-year-change"
    assert changed(executed / "wales/workforce.ipynb", now) == {claim: 100.0}


def test_northern_irish_people(rerun, executed) -> None:
    chapter, table = "northern_ireland/population", "population_northern_ireland"
    people = tables.read(table)
    cell = (people["year"] == 2010) & (people["sex"] == "male") & (people["age"] == 70)
    (count,) = people.loc[cell, "population"]
    now = rerun(chapter, table, "population", count + 1000, year="2010", sex="male", age="70")
    moved = changed(executed / f"{chapter}.ipynb", now)
    assert moved["kingsfund2013/ni-over-65s-2010"] == 259_635 + 1000
    assert moved["kingsfund2013/ni-population-2010"] == pytest.approx(1.804833 + 0.001)
    assert "kingsfund2013/ni-population" not in moved


def test_an_areas_page(rerun, executed) -> None:
    table, key = "delayed_discharge_75plus", {"area": "S12000023", "financial_year": "2015/16"}
    now = rerun("areas/area", table, "bed_days", 2 * 802, [("area", "S12000023")], **key)
    was, is_now = (
        figure(notebook, "over-time").query("measure == 'delayed_75'").set_index("period")["value"]
        for notebook in (executed / "areas/orkney-islands.ipynb", now)
    )
    assert (is_now / was).round(4).to_dict() == dict.fromkeys(was.index, 1.0) | {"2015/16": 2.0}


def test_an_interrupted_series(rerun, executed) -> None:
    chapter, table = "scotland/long_stay_hospital", "hospital_beds"
    beds = tables.read(table).query("specialty == 'geriatric, long stay' and quarter == '2018Q4'")
    (count,) = beds.loc[beds["area"] == "S92000003", "occupied_bed_days"]
    key = {"area": "S92000003", "quarter": "2018Q4", "specialty": "geriatric, long stay"}
    now = rerun(chapter, table, "occupied_bed_days", count - 1000, **key)
    claim = "hendry2021/long-stay-bed-days-2018-19"
    before = {item.claim: item.derived for item in evidence.collect(executed / f"{chapter}.ipynb")}
    moved = changed(executed / f"{chapter}.ipynb", now)
    assert moved[claim] == before[claim] - 1000
    drawn = [figure(one, "quarterly-series")["observed"] for one in (executed / f"{chapter}.ipynb", now)]
    assert [change for change in (drawn[1] - drawn[0]) if change] == [-1000]
    assert count - 1000 in drawn[1].tolist()
