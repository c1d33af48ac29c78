"""What the docstring of every public method promises: shapes, units, errors that come, and its source."""

import inspect
import re

import numpy as np
import pandas as pd
import pytest

from careshift import effect_sizes, interruption, standardisation
from careshift.interruption import ImpactModel, Interruption
from careshift.project import ROOT, CareshiftError

Y, TIME = np.array([5.0, 7, 6, 9, 8, 11, 9, 12, 13, 12, 15, 14]), np.arange(12.0)
MODEL = ImpactModel((Interruption(6),))
GAP = Y[1:], np.delete(TIME, 4), MODEL
MISSING = np.r_[Y[:11], np.nan], TIME, MODEL
CONTROLS = pd.DataFrame({"a": Y[::-1], "b": Y**2})
STRATA = pd.DataFrame({"age_band": ["65+"], "count": [-1], "population": [10]})
PANEL = pd.DataFrame({"area": ["a", "b"], "time": [1, 2], "value": [1.0, 2.0]})


def plain_fit():
    return interruption.ols(Y, TIME, MODEL)


# One call a function that its docstring says is refused; None where nothing can be.
REFUSED = {
    "percent_change": lambda f: f(0, 1),
    "percent_fall": lambda f: f(0, 1),
    "percent_change_interval": lambda f: f(2, 1, -1),
    "percent_fall_interval": lambda f: f(1, 1, 2),
    "rate_ratio": lambda f: f(1.5, 2),
    "share_limits": lambda f: f(3, 2),
    "expected_counts": lambda f: f(STRATA, STRATA, STRATA),
    "effective_base_count": lambda f: f(
        pd.DataFrame({"base_count": [0], "base_population": [9], "later_population": [9], "expected": [0]})
    ),
    "count_limits": lambda f: f(-1),
    "ratio_limits": lambda f: f(1, 0),
    "standard_population": lambda f: f(["63-70"]),
    "direct_rate": lambda f: f(pd.Series({"65+": 1}), pd.Series({"65+": 0})),
    "decompose": lambda f: f(STRATA, STRATA, STRATA, STRATA),
    "ols": lambda f: f(*MISSING),
    "newey_west": lambda f: f(Y, TIME, MODEL, lags=12),
    "prais_winsten": lambda f: f(*GAP),
    "reml": lambda f: f(*MISSING),
    "arima": lambda f: f(*GAP),
    "structural": lambda f: f(*GAP),
    "count_model": lambda f: f(-Y, TIME, MODEL),
    "count_reml": lambda f: f(-Y, TIME, MODEL),
    "controlled": lambda f: f(Y, TIME, MODEL, CONTROLS[:3]),
    "placebo_controls": lambda f: f(Y, TIME, MODEL, CONTROLS[["a"]]),
    "leave_one_out": lambda f: f(Y, TIME, MODEL, CONTROLS[["a"]]),
    "panel": lambda f: f(PANEL, MODEL),
    "common_shock_coverage": lambda f: f(10, areas=1),
    "prepare": lambda f: f(Y, TIME[::-1], MODEL),
    "counterfactual": lambda f: f(
        interruption.controlled(Y, TIME, MODEL, CONTROLS, method="stacked"),
    ),
    "effect_at": lambda f: f(plain_fit(), 2.0),
    "cumulative_effect": lambda f: f(interruption.ols(Y, TIME, ImpactModel())),
    "minimum_detectable": lambda f: f(plain_fit(), power=80),
    "report": lambda f: f(Y, TIME, ImpactModel(), unit="days"),
    "fiscal_years": lambda f: f(["2006/08"]),
    "quarters": lambda f: f(["2006Q5"]),
    "months": lambda f: f(["2006-13"]),
    "time_label": None,
}
# Arithmetic that no paper is needed for.
PLAIN = {"percent_change", "percent_fall", "prepare", "fiscal_years", "quarters", "months", "time_label"}
SHAPE = re.compile(
    r"\bn (?:\w+ )?(?:values|rows|times|counts|texts)|\(n\b|\bone (?:row|value|number|count)\b"
    r"|\brow a |whole numbers?|numbers? of|columns?\b|one series\b|counts in|labels such"
)
UNIT = re.compile(
    r"\bunits?\b|percent|ratio|persons|events|fractions|rates?\b|count of|year they start|number"
)


def public(module):
    names = getattr(module, "__all__", [name for name in vars(module) if name[0] not in "_x"])
    found = {name: getattr(module, name) for name in names}
    return {
        name: thing
        for name, thing in found.items()
        if inspect.isfunction(thing) and thing.__module__.startswith("careshift")
    }


METHODS = public(effect_sizes) | public(standardisation) | public(interruption)


def text_of(name):
    return " ".join(inspect.getdoc(METHODS[name]).split())


def sources():
    """First author's surname and year of every entry of the bibliography."""
    entries = re.split(r"^@", (ROOT / "references.bib").read_text(encoding="utf-8"), flags=re.M)[1:]
    for entry in entries:
        author, year = re.search(r"author = \{+([^,{}]+)", entry), re.search(r"year = \{(\d{4})", entry)
        if author and year:
            yield author[1].split(" and ")[0], year[1]


def test_every_public_method_is_looked_at():
    assert set(REFUSED) == set(METHODS)
    assert len(METHODS) > 30
    assert set(METHODS) >= PLAIN


@pytest.mark.parametrize("name", sorted(METHODS))
def test_a_docstring_names_every_argument_with_shapes_and_units(name):
    text = text_of(name)
    for argument in inspect.signature(METHODS[name]).parameters:
        assert re.search(rf"\b{argument}\b", text), f"{argument} is not explained"
    assert SHAPE.search(text), "how many values, rows or columns?"
    assert UNIT.search(text), "in which unit is the answer?"


@pytest.mark.parametrize("name", sorted(METHODS))
def test_a_docstring_says_what_is_raised_and_it_is(name):
    call = REFUSED[name]
    assert ("Raises" in text_of(name)) == (call is not None)
    if call is not None:
        with pytest.raises(CareshiftError) as raised:
            call(METHODS[name])
        assert len(str(raised.value)) > 20


@pytest.mark.parametrize("name", sorted(set(METHODS) - PLAIN))
def test_a_docstring_names_a_source_that_the_bibliography_has(name):
    text = text_of(name)
    cited = [(author, year) for author, year in sources() if author in text and year in text]
    assert cited, "name the paper or book"
    unknown = set(re.findall(r"\b(?:1[89]|20)\d\d\b", text)) - {year for _, year in cited}
    assert not unknown, f"not in references.bib: {unknown}"
