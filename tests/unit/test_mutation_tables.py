"""The committed results of mutation testing: whole, added up right, and without a survivor left over."""

import re

import pandas as pd
import pytest
import yaml

from careshift.project import ROOT

AUDIT = ROOT / "tests/audit"


@pytest.fixture(scope="module")
def scores():
    return pd.read_csv(AUDIT / "mutation.csv")


@pytest.fixture(scope="module")
def survivors():
    return pd.read_csv(AUDIT / "mutation_survivors.csv", keep_default_na=False)


def test_every_survivor_has_a_reason_from_the_list(survivors):
    reasons = {
        rule["reason"] for rule in yaml.safe_load((AUDIT / "mutation_explained.yml").read_text("utf-8"))
    }
    assert set(survivors["reason"]) <= reasons
    assert (survivors["code"] != survivors["changed"]).all()


def test_scores_add_up_and_nothing_is_left(scores, survivors):
    assert not scores["module"].duplicated().any()
    assert (scores["left"] == 0).all()
    assert (scores["noticed"] + scores["explained"] == scores["tried"]).all()
    assert (scores["tried"] <= scores["changes"]).all()
    counted = survivors.groupby("module").size().reindex(scores["module"], fill_value=0)
    assert counted.tolist() == scores["explained"].tolist()
    assert (scores["score"] == 100).all()
    # A reason for most of a module would be no reason.
    assert (scores["explained"] < 0.1 * scores["tried"]).all()


def test_each_row_says_when_and_with_what(scores):
    assert scores["date"].map(lambda date: bool(re.fullmatch(r"\d{4}-\d\d-\d\d", date))).all()
    assert scores["commit"].astype(str).str.fullmatch(r"[0-9a-f]{7,40}").all()
    assert (scores["seconds"] > 0).all()
    assert {"effect_sizes", "standardisation"} <= set(scores["module"])
