"""Bed days by age band: one model for every band, and the newest quarters."""

import numpy as np
import pandas as pd
import pytest

from careshift import interruption, tables
from careshift.project import CareshiftError
from careshift.topics import bed_day_effects, bed_days_by_age

AT = float(interruption.quarters(["2020Q2"])[0])


@pytest.fixture
def by_age():
    return tables.read("emergency_bed_days_by_age").copy()


@pytest.fixture
def model():
    change = interruption.Interruption(at=AT, label="pandemic")
    return interruption.ImpactModel((change,), reason="test", harmonics=2, period=4, axis="quarter")


def test_a_made_fall_of_one_band_is_found_in_that_band_alone(by_age, model) -> None:
    noise = np.random.default_rng(7).normal(0, 50, len(by_age))
    level = 10000 - 4000 * ((by_age["age_band"] == "80-89") & (by_age["quarter"] >= "2020Q2"))
    made = by_age.assign(bed_days=(level + noise).round().astype(int))
    reports = bed_days_by_age.reports_by_band(made, model, "2017Q4", "2022Q4")
    effects = bed_days_by_age.effects_by_band(reports, AT).set_index("ages")
    assert effects.index.tolist() == list(bed_days_by_age.BANDS.values())
    assert effects.loc["80 to 89", "days"] == pytest.approx(-8000, rel=0.05)
    assert effects.loc["80 to 89", "effect"] == pytest.approx(-40, rel=0.05)
    assert effects.drop("80 to 89")["effect"].abs().max() < 2
    words = bed_days_by_age.bands_words(effects.reset_index(), "2020Q2")
    assert words.startswith("In 2020Q2 bed days of 1 of the 5 age bands")
    assert " to a fall of 40 %" in words


def test_bands_are_not_ranked_by_fits_at_the_boundary(by_age, model) -> None:
    reports = bed_days_by_age.reports_by_band(by_age, model, "2017Q4", "2022Q4")
    effects = bed_days_by_age.effects_by_band(reports, AT)
    assert effects.set_index("ages")["on_year"].to_dict() == pytest.approx(
        {"50 to 59": -16.8, "60 to 69": -25.5, "70 to 79": -26.7, "80 to 89": -27.2, "90 and over": -35.0},
        abs=0.05,
    )
    assert effects.loc[effects["boundary"], "ages"].tolist() == ["50 to 59", "70 to 79"]
    words = bed_days_by_age.bands_words(effects, "2020Q2")
    assert "In 2 of the 5 age bands the autocorrelation is fitted at its boundary" in words
    assert "gives a fall of 17 % to a fall of 35 %" in words
    assert "The estimates run from" not in words
    assert "all estimators agree" in words
    split = effects.assign(highest=effects["highest"].where(effects["ages"] != "50 to 59", 3.0))
    split = split.assign(boundary=False)
    told = bed_day_effects.caution(split, "age bands")
    assert "In none of the 5 age bands is" in told
    assert "estimators disagree in 50 to 59." in told


def test_areas_stand_in_the_order_of_the_plain_comparison(by_age, model) -> None:
    reports = bed_days_by_age.reports_by_band(by_age, model, "2017Q4", "2022Q4")
    effects = bed_day_effects.effects_by_area(reports, AT)
    assert effects["on_year"].is_monotonic_increasing
    late = bed_days_by_age.reports_by_band(by_age, model, "2019Q3", "2022Q4")
    assert bed_day_effects.effects_by_area(late, AT)["on_year"].isna().all()


def test_the_newest_quarters_and_what_a_wrong_one_does_to_them(by_age) -> None:
    old = by_age["age_band"].isin(["70-79", "80-89", "90+"])
    days = by_age[old].groupby("quarter")["bed_days"].sum()
    last, before = days.loc["2022Q1":"2022Q4"].sum(), days.loc["2019Q1":"2019Q4"].sum()
    told = bed_days_by_age.newest_words(by_age)
    assert f"used {last / 1e6:.2f} million" in told
    assert f"{'rose' if last > before else 'fell'} {100 * abs(last / before - 1):.1f} %" in told
    by_age.loc[old & (by_age["quarter"] == "2022Q4"), "bed_days"] = 0
    assert "the number fell 2" in bed_days_by_age.newest_words(by_age)
    with pytest.raises(CareshiftError, match="does not hold all of 2019"):
        bed_days_by_age.newest_words(by_age[by_age["quarter"] != "2019Q3"])


def test_a_band_that_is_not_there_is_refused(by_age) -> None:
    with pytest.raises(CareshiftError, match="no band 65-69 of area S92000003"):
        bed_days_by_age.of_band(by_age, "65-69")
    assert pd.notna(bed_days_by_age.of_band(by_age, "60-69")["bed_days"]).all()
