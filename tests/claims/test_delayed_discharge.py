"""Corrupt one printed census and see its own claim change, and no other."""

import pandas as pd
import pytest

from careshift import claims, multiverse, tables
from careshift.claims import Evidence
from careshift.project import CareshiftError
from careshift.topics import delayed_discharge as delays

BELOW = "kingsfund2013/delayed-over-six-weeks-below-100"
TABLE = ("official_values",)


def outcome(official: pd.DataFrame) -> str:
    since = delays.censuses_since_target(delays.over_six_weeks(official))
    choices = tuple(multiverse.as_choices(since[["definition", "value"]]))
    evidence = Evidence(
        claim=BELOW, derived=since["value"].iloc[0], choices=choices, basis="test", tables=TABLE
    )
    return claims.judge(claims.find(BELOW), evidence).outcome


def changed(period: str, series: str, value: float) -> pd.DataFrame:
    frame = tables.read("official_values").copy()
    cell = (frame["period"] == period) & (frame["series_id"] == series) & (frame["area"] == "S92000003")
    assert cell.sum() == 1
    frame.loc[cell, "value"] = value
    return frame


def test_a_misread_census_turns_the_verdict():
    assert outcome(tables.read("official_values")) == "depends on method"
    assert outcome(changed("October 2010", "dd_over6w_all", 28)) == "reproduced"


def test_a_misread_census_moves_the_bracket_of_2002():
    assert delays.in_2002(changed("April 2002", "dd_over6w_65plus", 1079))["value"].min() == 1079


@pytest.mark.parametrize(
    "claim",
    [
        "kingsfund2013/delayed-over-six-weeks-zero-2008",
        "kingsfund2013/delayed-over-six-weeks-2002",
        "kingsfund2013/delayed-discharge-bed-days",
    ],
)
def test_a_nearest_figure_never_confirms_a_claim(claim):
    value = claims.find(claim).value
    near = Evidence(claim=claim, derived=value, basis="test", tables=TABLE, nearest=True)
    verdict = claims.judge(claims.find(claim), near)
    assert (verdict.held_against, verdict.outcome, verdict.nearest) == ("nothing", "data wanted", value)


def test_the_last_twelve_months_and_what_a_wrong_month_does_to_them():
    table = tables.read("delayed_discharge").copy()
    found = delays.lately(table).set_index("ages")
    months = (
        table[(table["area"] == "S92000003") & (table["reason"] == "all")].set_index("month").sort_index()
    )
    days = months[months["age_group"] == "75+"]["bed_days"]
    assert found.loc["75+", "last"] == pytest.approx(days.loc["2024-09":"2025-08"].sum() / 365)
    assert found.loc["75+", "earlier"] == pytest.approx(days.loc["2019-03":"2020-02"].sum() / 366)
    assert set(found["until"]) == {"2025-08"}
    assert "the number rose 2.0 %; from the last" in delays.lately_words(delays.lately(table))
    cell = (table["area"] == "S92000003") & (table["month"] == "2025-08-01") & (table["age_group"] == "18+")
    table.loc[cell & (table["reason"] == "all"), "bed_days"] = 0
    assert "the number fell 6.8 %; from the last" in delays.lately_words(delays.lately(table))
    with pytest.raises(CareshiftError, match=r"ages 18\+, lack a month"):
        delays.lately(table[table["month"] != "2019-07-01"])
