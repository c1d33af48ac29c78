"""Figures of runs on generated pages, and the picture of the headline claims."""

import base64
import json

import pandas as pd
import pytest

from careshift import claims, figures
from careshift.claims import Evidence
from careshift.ledger import Entry
from careshift.pages import headline_picture
from careshift.pipeline import page_figures
from careshift.project import CareshiftError

SIZE = "hendry2021/care-home-residents-below-expected"  # prints a number
WAY = "kingsfund2013/table-7-admissions-improve"  # says "improving"


@pytest.fixture
def executed(tmp_path):
    record = {
        "name": "rise",
        "title": "It rose",
        "alt": "It rose by half.",
        "csv": "a\n1\n",
        "tables": ["population"],
    }
    data = {
        figures.MIME: record,
        "image/svg+xml": '<svg viewBox="0 0 10 20"></svg>',
        "image/png": base64.b64encode(b"png").decode(),
    }
    notebook = tmp_path / "run.ipynb"
    notebook.write_text(json.dumps({"cells": [{"source": "#"}, {"outputs": [{"data": data}]}]}))
    return notebook


def test_a_page_shows_a_figure_of_a_run_from_the_runs_own_files(executed) -> None:
    data = page_figures.of_run(executed, "rise")
    on_own_page = page_figures.block(data, "part/name", "chapters/part/name", 1)
    elsewhere = page_figures.block(data, "part/name", "intro", 3)
    assert 'src="../../_static/figures/part/name/rise.svg"' in on_own_page
    assert 'src="_static/figures/part/name/rise.svg"' in elsewhere
    assert 'id="figure-part-name-rise"' in on_own_page
    assert 'id="figure-intro-rise"' in elsewhere
    assert "Figure 3." in elsewhere


def test_a_figure_that_is_not_there_stops_the_build(executed) -> None:
    with pytest.raises(CareshiftError, match='no figure "fall"'):
        page_figures.of_run(executed, "fall")


def entry(name: str, *values: float) -> Entry:
    claim = claims.find(name)
    if not values:
        return Entry(claim, None, claims.judge(claim, None))
    made = [claims.Choice(label=str(value), value=value) for value in values]
    found = Evidence(claim=name, derived=values[0], choices=tuple(made), basis="made", tables=("population",))
    return Entry(claim, found, claims.judge(claim, found))


def test_a_printed_number_is_the_unit_of_its_row() -> None:
    row = headline_picture.rows([entry(SIZE, 20.0, 30.0)]).iloc[0]
    printed = claims.find(SIZE)
    assert (row["low"], row["high"]) == (20 / printed.value, 30 / printed.value)
    assert (row["band_low"], row["band_high"]) == (
        printed.interval.low / printed.value,
        printed.interval.high / printed.value,
    )
    assert (row["scale"], row["held_against"]) == ("number", "outside data")


def test_words_for_a_direction_are_drawn_by_side() -> None:
    down, up = (headline_picture.rows([entry(WAY, value)]).iloc[0] for value in (8.0, -8.0))
    assert (down["scale"], down["low"], down["band_low"]) == ("words", 1.0, 0.0)
    assert up["low"] == -1.0
    assert "differs" in up["outcome"]


def test_the_title_counts_those_that_agree_with_outside_data_and_an_untested_claim_keeps_its_row() -> None:
    judged = [entry(WAY, 8.0), entry(SIZE)]
    assert headline_picture.title(judged) == "1 headline claim agrees with outside data, whatever the method"
    assert headline_picture.title([entry(WAY, -8.0)]).startswith("0 headline claims agree")
    data = headline_picture.rows(judged)
    assert len(data) == 2
    assert pd.isna(data["low"].iloc[1])
    assert headline_picture.picture([]) is None


def test_what_a_claim_says_is_drawn_as_words_and_nothing_else() -> None:
    plain = entry(SIZE, 20.0)
    hostile = plain.claim.model_copy(update={"says": "<script>x</script> $\\frac{ =cmd()"})
    drawn = headline_picture.picture([Entry(hostile, plain.evidence, plain.verdict)])
    svg = drawn.svg()
    assert "<script>" not in svg
    assert "&lt;script&gt;" in svg
    assert "\\frac{" in svg
