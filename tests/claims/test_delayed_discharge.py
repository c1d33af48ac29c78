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
    frame = delays.with_notices(tables.read("official_values"), tables.read("found_values"))
    cell = (frame["period"] == period) & (frame["series_id"] == series) & (frame["area"] == "S92000003")
    assert cell.sum() == 1
    frame.loc[cell, "value"] = value
    return frame


def test_a_misread_census_turns_the_verdict():
    assert outcome(changed("January 2009", "dd_over6w_all", 79)) == "reproduced"
    assert outcome(changed("January 2009", "dd_over6w_all", 179)) == "depends on method"
    assert outcome(tables.read("official_values")) == "depends on method", "without the publisher's notice"


def test_one_person_over_six_weeks_in_april_2008_would_turn_the_target():
    claim = claims.find("kingsfund2013/delayed-over-six-weeks-zero-2008")
    for people, expected in ((0, "reproduced"), (1, "differs")):
        censuses = delays.over_six_weeks(changed("April 2008", "dd_over6w_all", people)).set_index("census")
        counted = Evidence(
            claim=claim.id, derived=censuses["all_reasons"]["April 2008"], basis="test", tables=TABLE
        )
        assert claims.judge(claim, counted).outcome == expected


def test_no_count_at_second_hand_joins_the_censuses():
    found = tables.read("found_values").copy()
    joined = delays.with_notices(tables.read("official_values"), found)
    assert len(joined) == len(tables.read("official_values")) + 3
    found["status"] = "secondary"
    assert len(delays.with_notices(tables.read("official_values"), found)) == len(joined) - 3


@pytest.mark.parametrize(
    ("medians", "said"),
    [([63, 81], "each of them below 100"), ([63, 105.5], "not both of them below 100"), ([100, 105], "none")],
)
def test_the_medians_are_told_beside_the_line(medians, said):
    assert delays.beside_line(pd.DataFrame({"value": medians}), 100).startswith(said)


def test_a_misread_census_moves_the_bracket_of_2002():
    assert delays.in_2002(changed("April 2002", "dd_over6w_65plus", 1079))["value"].min() == 1079
    claim = claims.find("kingsfund2013/delayed-over-six-weeks-2002")
    for ceiling, expected in ((3116, "bracketed"), (1900, "differs")):
        ends = delays.in_2002(changed("January 2002", "dd_total", ceiling))["value"]
        span = (min(ends.iloc[1:]), max(ends.iloc[1:]))
        held = Evidence(claim=claim.id, derived=sum(span) / 2, bounds=span, basis="test", tables=TABLE)
        assert claims.judge(claim, held).outcome == expected


@pytest.mark.parametrize(
    "claim",
    [
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
