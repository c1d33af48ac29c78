"""The chapter on judging shows the rules as they are, on records as they are."""

import math
from typing import get_args

import pytest

from careshift import arithmetic, claims
from careshift.claims import CLOSE_WITHIN, OUTCOMES, Choice, Claim
from careshift.evidence import strongest
from careshift.topics import judging


def a_claim(**changes: object) -> Claim:
    record = {
        "id": "hendry2021/a-claim",
        "where": {"section": "Somewhere"},
        "says": "A share",
        "printed": "20",
        "rounded_to": 1,
        "unit": "percent",
        "period": "2019",
        "area": "Scotland",
        "kind": "statement",
    }
    return Claim.model_validate({**record, **changes})


RESIDENTS = "hendry2021/care-home-residents-march-2019"
TABLES = ("care_home_residents",)


def test_examples_come_in_the_order_of_the_outcomes_and_worked_ones_first() -> None:
    found = judging.first_of_each()
    outcomes = [verdict.outcome for _, verdict in found]
    assert outcomes == [outcome for outcome in OUTCOMES if outcome in outcomes]
    assert {"reproduced", "adds up", "does not add up", "data wanted"} <= set(outcomes)
    assert all(claim.is_counted for claim, _ in found)
    close = judging.worked_on(RESIDENTS, 30_419, "counted", TABLES)
    assert (RESIDENTS, "close") in [
        (claim.id, verdict.outcome) for claim, verdict in judging.first_of_each([close])
    ]


def test_an_example_of_outside_data_is_computed_from_a_table_wherever_one_is() -> None:
    held = {verdict.outcome: (claim, verdict) for claim, verdict in judging.first_of_each()}
    claim, _ = held["reproduced"]
    evidence = strongest(claim, None)
    assert evidence is not None
    assert evidence.how == "recomputed"
    assert set(evidence.tables) - {"official_values", "found_values"}
    assert not judging.rests_on_a_text(evidence)
    assert judging.rests_on_a_text(evidence.model_copy(update={"how": "read"}))
    assert judging.rests_on_a_text(evidence.model_copy(update={"tables": ("official_values",)}))
    other = judging.worked_on(RESIDENTS, 30_418, "a text", ("official_values",))
    assert judging.first_of_each([other])[0][0].id == claim.id, "a text does not take its place"
    table = judging.worked_on(RESIDENTS, 30_418, "cells, added", TABLES)
    assert judging.first_of_each([table])[0][0].id == RESIDENTS


@pytest.mark.parametrize("measure", ["admissions", "readmissions"])
def test_a_release_from_the_same_return_is_no_outside_data(measure: str) -> None:
    claim = claims.find(f"kingsfund2013/table-7-{measure}-improve")
    verdict = claims.judge(claim, strongest(claim, None), arithmetic.evidence_of(claim))
    assert verdict.outcome == "adds up"
    assert claim.outside is not None
    same = claim.model_copy(update={"outside": claim.outside.model_copy(update={"match": "same"})})
    assert claims.judge(same, strongest(same, None), arithmetic.evidence_of(same)).outcome == "reproduced"


def test_a_corrupted_input_moves_an_example_to_another_verdict() -> None:
    verdicts = [
        claims.judge(*judging.worked_on(RESIDENTS, n, "counted", TABLES)).outcome for n in (30_418, 40_000)
    ]
    assert verdicts == ["reproduced", "differs"]
    choices = [Choice(label="one", value=20.0), Choice(label="other", value=18.0)]
    both = judging.worked_on("hendry2021/care-home-residents-below-expected", 20.0, "made", TABLES, choices)
    assert claims.judge(*both).outcome == "depends on method"


def test_a_worked_example_from_a_nearest_figure_decides_nothing() -> None:
    near = judging.worked_on(RESIDENTS, 30_418, "another year", TABLES, nearest=True)
    verdict = claims.judge(*near)
    assert (verdict.outcome, verdict.nearest) == ("data wanted", 30_418)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "from 19.5 to below 20.5"),
        ({"rounded_to": None}, "20"),
        ({"printed": "23.8", "rounded_to": 0.1}, "from 23.75 to below 23.85"),
        ({"printed": "23.8", "rounded_to": 0.1, "qualifier": "about"}, "from 22.61 to 24.99"),
        ({"qualifier": "about"}, "from 19.0 to 21.0"),
        ({"qualifier": "more than"}, "above 20.0"),
        ({"qualifier": "at least"}, "from 20.0"),
        ({"qualifier": "less than"}, "below 20.0"),
        ({"qualifier": "up to"}, "up to 20.0"),
        ({"qualifier": "almost"}, "from 19.0 to below 20.0"),
        ({"qualifier": "just over"}, "above 20.0 to 21.0"),
        ({"printed": "2009", "rounded_to": None, "unit": "year"}, "2009"),
    ],
)
def test_an_interval_in_words(changes, words) -> None:
    assert judging.interval_words(a_claim(**changes)) == words


def test_every_form_of_print_has_a_rule_and_an_example_of_that_form() -> None:
    table = judging.printed_rules()
    assert {q for q in judging.RULES if q} - set(table["form"]) == set()
    used = {claim.qualifier for claim in claims.load()}
    assert used <= set(judging.RULES), "a qualifier without a rule"
    by_id = {claim.says: claim for claim in claims.load()}
    for row in table.to_dict("records"):
        qualifier = by_id[row["says"]].qualifier
        assert qualifier == (None if row["form"] in ("a rounded number", "exact") else row["form"])


def test_verdicts_change_exactly_at_the_edges() -> None:
    claim = a_claim(pivot=0)
    table = judging.supposed(claim, judging.edges(claim)).set_index("derived")["verdict"]
    reach = CLOSE_WITHIN * 20
    for edge, below, above in (
        (19.5 - reach, "differs", "close"),
        (19.5, "close", "reproduced"),
        (20.5, "reproduced", "close"),
        (20.5 + reach, "close", "differs"),
    ):
        assert (table[round(edge - 0.1, 10)], table[round(edge + 0.1, 10)]) == (below, above)


def test_the_corners_are_the_ends_of_the_rounding() -> None:
    table = judging.corners(3.5, 0.1, 2.8, 0.1)
    assert table["fall"].iloc[0] == pytest.approx(20)
    assert table["fall"].min() == pytest.approx(100 * (3.45 - 2.85) / 3.45)
    assert table["fall"].max() == pytest.approx(100 * (3.55 - 2.75) / 3.55)


def test_every_headline_that_arithmetic_gives_is_in_the_table() -> None:
    table = judging.carried()
    headline = [c for c in claims.load() if c.tier == "headline" and c.derive]
    assert table["says"].to_list() == [c.says for c in headline]
    assert (table["low"] <= table["value"]).all()
    assert (table["value"] <= table["high"]).all()


def test_kinds_count_every_record_and_tiers_every_claim_said_once() -> None:
    once = [claim for claim in claims.load() if claim.repeats is None]
    table = judging.by_kind().set_index("kind")["records"]
    assert list(table.index) == list(get_args(claims.Kind))
    assert table.sum() == len(once) < len(claims.load())
    assert table[list(claims.COUNTED)].sum() == sum(judging.tiers().values())


def test_margins_are_those_of_the_verdicts() -> None:
    judged = judging.first_of_each()
    table = judging.margins(judged)
    assert len(table) == sum(verdict.derived is not None for _, verdict in judged)
    assert all(math.isfinite(float(text.replace(",", ""))) for text in table["margin"])
