"""What was foreseen, and what came: a changed figure turns its own row, and no forecast is left out."""

import re

import numpy as np
import pandas as pd
import pytest

from careshift import claims, needs, tables
from careshift.claims import Interval
from careshift.project import CareshiftError
from careshift.topics import foreseen, foreseen_figures

OLDEST = "kingsfund2013/ni-over-85s-2025"
NAMES = [
    *("official_values", "found_values", "areas", "population", "population_areas", "population_projections"),
    *("population_northern_ireland", "population_projections_northern_ireland", "care_home_residents"),
    *("emergency_admission_rates", "public_spending"),
]
ABOUT_LATER = re.compile(
    r"\b(projected|projection|forecast|predicted|planned|expects?|expected to|target|to save|may save)\b",
    re.I,
)
NO_FORECAST = {
    "hendry2021/population-2014": "where the projection starts",
    "kingsfund2013/ni-population-2010": "where the projection starts",
    "kingsfund2013/ni-expectations-rise": "of the present",
    "kingsfund2013/midlothian-placements-below-predicted": "what had come by then",
    "kingsfund2013/lessons-care-homes-below-projection": "what had come by then",
    "kingsfund2018/primary-care-through-authorities": "of the present",
}


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return tables.read("foreseen")


@pytest.fixture(scope="module")
def data() -> dict[str, pd.DataFrame]:
    return {name: tables.read(name) for name in NAMES}


@pytest.fixture(scope="module")
def rows(table, data) -> pd.DataFrame:
    return foreseen.judged(table, data)


def of(rows: pd.DataFrame, claim: str) -> pd.Series:
    return rows.set_index("claim").loc[claim]


def test_every_claim_about_a_time_to_come_stands_in_the_table(table):
    told = set(table["claim"]) | {claim for same in table["same"].dropna() for claim in same.split()}
    counted = [c for c in claims.load() if c.is_counted and c.kind != "view" and not c.repeats]
    later = {c.id for c in counted if ABOUT_LATER.search(c.says)}
    assert later - told == set(NO_FORECAST)
    assert [claim for claim in told if claims.find(claim).id != claim] == []
    assert len(told) == len(table) + sum(len(same.split()) for same in table["same"].dropna())


def test_a_row_has_a_figure_or_names_what_would_answer_it(table, rows):
    answered = rows["came"].notna()
    assert set(rows.loc[answered, "claim"]) == set(foreseen_figures.CAME)
    assert set(foreseen_figures.FORETOLD) < set(foreseen_figures.CAME)
    for need in rows.loc[~answered, "need"]:
        assert needs.find(need) is not None
    words = table[["what", "unit", "nature", "how", "table", "above"]].notna().all(axis=1)
    assert (words == answered.to_numpy()).all()


def test_as_built_and_by_hand(rows, data):
    row = of(rows, OLDEST)
    ahead = data["population_projections_northern_ireland"]
    by_hand = ahead[(ahead["year"] == 2025) & (ahead["age_band"].str.extract(r"^(\d+)")[0].astype(int) >= 85)]
    assert row["came"] == by_hand["population"].sum() == 46615
    assert (row["foretold"], row["outcome"]) == (55000, "less came")
    assert of(foreseen.shown(rows), OLDEST)["difference"] == "8,385 fewer people (15.2 %)"
    assert of(rows, "kingsfund2013/ni-over-85s-double")["came"] == pytest.approx(1.62, abs=0.005)
    assert foreseen.in_words(rows).startswith(
        "Of 10 forecasts that later data answer, 5 came as foretold, 5 foretold too much and none too "
        "little. Of 2 targets that can be checked, none were kept."
    )


def test_a_larger_projection_turns_its_row_and_the_words(table, rows, data):
    ahead = data["population_projections_northern_ireland"].copy()
    old = (ahead["year"] == 2025) & (ahead["age_band"].str.extract(r"^(\d+)")[0].astype(int) >= 85)
    ahead.loc[old, "population"] = (ahead.loc[old, "population"] * 1.5).astype(int)
    turned = foreseen.judged(table, data | {"population_projections_northern_ireland": ahead})
    assert of(turned, OLDEST)["outcome"] == "more came"
    assert of(foreseen.shown(turned), OLDEST)["means"] == of(table, OLDEST)["above"]
    changed = turned["outcome"] != rows["outcome"]
    assert OLDEST in set(turned.loc[changed, "claim"])
    assert of(rows, "hendry2021/population-2039").equals(of(turned, "hendry2021/population-2039"))
    assert foreseen.counts(turned)["more"] == foreseen.counts(rows)["more"] + 2  # and the 65s, with them


def test_councils_free_of_long_delays_keep_a_target(table, rows, data):
    two_weeks = "kingsfund2013/delay-target-2015-weeks"
    assert (of(rows, two_weeks)["came"], of(rows, two_weeks)["outcome"]) == (32 - 12, "missed")
    found = data["found_values"].copy()
    found.loc[found["series_id"] == "councils_without_delays_over_2w", "value"] = 32
    turned = foreseen.judged(table, data | {"found_values": found})
    assert of(turned, two_weeks)["outcome"] == "kept"
    assert "1 was kept" in foreseen.in_words(turned)
    found = found[found["series_id"] != "councils_without_delays_over_2w"]
    with pytest.raises(CareshiftError, match="0 figures of councils_without_delays_over_2w"):
        foreseen.judged(table, data | {"found_values": found})


def test_a_nearest_figure_is_shown_and_decides_nothing(rows):
    near = rows[rows["nature"] == foreseen.NEAREST]
    assert len(near) == 3
    assert not near["decides"].any()
    assert set(foreseen.shown(near)["outcome"]) == {foreseen.NEAREST}
    assert foreseen.counts(rows.drop(index=near.index)) == foreseen.counts(rows) | {
        "all": len(rows) - 3,
        "nearest": 0,
    }


@pytest.mark.parametrize(
    ("sort", "came", "told"),
    [
        ("forecast", 9.0, "less came"),
        ("forecast", 10.4, "as foretold"),
        ("forecast", 11.0, "more came"),
        ("target", 10.0, "kept"),
        ("target", 9.0, "missed"),
    ],
)
def test_outcomes(sort, came, told):
    assert foreseen.outcome(sort, Interval(low=9.5, high=10.5, open_high=True), 10.0, came) == told


def test_the_picture_holds_what_has_a_size_and_its_ends_come_from_the_print(rows):
    drawn = foreseen.picture(rows)
    assert drawn["value"].is_monotonic_increasing
    assert (drawn["low"] <= drawn["value"]).all()
    assert (drawn["value"] <= drawn["high"] + 1e-9).all()
    oldest = drawn[drawn["row"] == "people aged 85+ in Northern Ireland, 2025"].iloc[0]
    assert oldest["low"] == pytest.approx(100 * (46615 / 55500 - 1))
    assert np.isfinite(drawn[["value", "low", "high"]].to_numpy()).all()
    assert "delayed" not in " ".join(drawn["row"]), "nothing was foretold there, and nothing divides"


def test_days_after_the_last_are_left_out(table, data, rows):
    near = foreseen.judged(table, data, 2025)
    assert OLDEST in set(near["claim"])
    assert "hendry2021/population-2039" not in set(near["claim"])
    assert len(near) < len(rows)
