"""Every row of the table of known answers, refitted where the published series are at hand.

The table's texts are compared to the digits they have: -20.0581 stands for -20.05815 to -20.05805.
"""

import numpy as np
import pandas as pd
import pytest

from careshift import interruption
from careshift.interruption import ImpactModel, Interruption
from careshift.project import DATA
from careshift.readers.r_data import r_frames

ROWS = pd.read_csv(DATA / "interrupted_time_series_known_answers.csv", dtype=str, keep_default_na=False)
NAMES = {"petrol price": "petrol"}
CALIFORNIA = "Proposition 99"


def california(folder):
    data = pd.read_stata(folder / "cigsales_single.dta")
    series = data["cigsale"].to_numpy(float), data["year"].to_numpy(float) - 1970
    model = ImpactModel((Interruption(19, "Proposition 99"),))
    return {
        (CALIFORNIA, "Least squares"): interruption.ols(*series, model),
        (CALIFORNIA, "Newey-West, lag 1"): interruption.newey_west(*series, model, lags=1),
        (CALIFORNIA, "REML Kenward-Roger"): interruption.reml(*series, model),
    }


def states(folder):
    wide = pd.read_stata(folder / "cigsales.dta").pivot(index="year", columns="state", values="cigsale")
    wide.columns = wide.columns.astype(str)
    others, model = wide.drop(columns="California"), ImpactModel((Interruption(1989),))
    fit = interruption.controlled(wide["California"], wide.index, model, others, method="stacked")
    return {("Proposition 99 against 38 states", "Newey-West, stacked, lag 1"): fit}


def barium(folder):
    data = r_frames(folder / "barium.RData")["barium"].astype(float)
    regressors = data[["lchempi", "lgas", "lrtwex", "befile6", "affile6", "afdec6"]]
    plain = ImpactModel(trend=False)
    fit = interruption.prais_winsten(data["lchnimp"], np.arange(len(data)), plain, regressors=regressors)
    assert fit.parameters["iterations"] == 7
    return {("Barium chloride", "Prais-Winsten"): fit}


def sicily(folder):
    data, fits = pd.read_csv(folder / "sicily.csv"), {}
    for model, family, harmonics in (
        ("Quasi-Poisson", "quasi-poisson", 0),
        ("Quasi-Poisson, two harmonics", "quasi-poisson", 2),
        ("Poisson", "poisson", 0),
    ):
        impact = ImpactModel((Interruption(37, slope=False),), harmonics=harmonics, period=12)
        fits["Smoking ban in Sicily", model] = interruption.count_model(
            data["aces"], data["time"], impact, family=family, population=data["stdpop"]
        )
    return fits


def monthly(folder):
    quetiapine, belts = pd.read_csv(folder / "quet.csv"), pd.read_csv(folder / "Seatbelts.csv")
    ramp = ImpactModel((Interruption(37, slope_from=1),))
    step = ImpactModel((Interruption(169, slope=False),), trend=False)
    return {
        ("Quetiapine", "ARIMA(2,1,0)(0,1,1)12"): interruption.arima(
            quetiapine["dispensings"], range(1, 49), ramp, order=(2, 1, 0), seasonal_order=(0, 1, 1, 12)
        ),
        ("Seat belts", "Local level"): interruption.structural(
            np.log(belts["drivers"]),
            range(192),
            step,
            season=12,
            regressors=pd.DataFrame({"petrol": np.log(belts["PetrolPrice"])}),
        ),
    }


@pytest.fixture(scope="session")
def fits(benchmarks_folder):
    parts = (california, states, barium, sicily, monthly)
    return {key: fit for part in parts for key, fit in part(benchmarks_folder).items()}


def half_a_unit(text):
    return 0.5000001 * 10.0 ** -len(text.partition(".")[2])


def agrees(text, value):
    return not text or abs(value - float(text)) <= half_a_unit(text)


@pytest.mark.parametrize(
    "row", ROWS.to_dict("records"), ids=lambda r: f"{r['series']}, {r['model']}, {r['term']}"
)
def test_a_refit_gives_the_known_answer_to_its_digits(fits, row):
    fit = fits[row["series"], row["model"]]
    if row["term"] == "autocorrelation":
        assert agrees(row["published"], fit.parameters["rho"])
        assert agrees(row["ours"], fit.parameters["rho"])
        return
    found = fit.effect(NAMES.get(row["term"], row["term"]))
    pairs = {"published": found.estimate, "ours": found.estimate}
    pairs |= {"standard_error": found.se, "low": found.low, "high": found.high}
    assert {name: row[name] for name, value in pairs.items() if not agrees(row[name], value)} == {}


def test_a_wrong_digit_would_be_seen():
    assert agrees("-20.0581", -20.058096614)
    assert not agrees("-20.0582", -20.058096614)
    assert not agrees("0.839188", 0.8391890115)
