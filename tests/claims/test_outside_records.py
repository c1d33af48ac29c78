"""One wrong figure among the outside data of a record turns the verdict that rests on it."""

import pytest

from careshift import arithmetic, claims, outside_data, tables

FOUND, REPORT = "found_values", "kingsfund2013/"
DEFLATOR = {"series_id": "gdp_deflator_2019_09_change"}
CASES = {  # claim: (outcome, rows of found_values that are misread, what is read instead, outcome then)
    "figure-1-councils-before": (
        "reproduced",
        {"series_id": "ni_health_social_services_councils"},
        5,
        "differs",
    ),
    "ni-boards-to-2009": ("reproduced", {"series_id": "ni_health_social_services_boards"}, 5, "differs"),
    "wales-funding-from-uk": (
        "reproduced",
        {"series_id": "welsh_budget_block_grant_share", "period": "before the Wales Act 2014"},
        82,
        "differs",
    ),
    "council-social-care-growth": ("bracketed", DEFLATOR, 8, "data wanted"),
    "altnagelvin-waits-before": ("bracketed", {"series_id": "ni_ed_over_12_hours"}, 0, "differs"),
    "council-staff": (
        "bracketed",
        {"series_id": "pse_local_government_fte", "period": "Q1 2010"},
        243900,
        "differs",
    ),
    "table-4-nursing-2001": (
        "bracketed",
        {"series_id": "wales_nursing_staff_fte", "period": "30 September 2002"},
        23506,
        "differs",
    ),
    "wales-gps": (
        "bracketed",
        {"series_id": "gp_headcount", "area": "W92000004", "period": "30 September 2013"},
        2016,
        "differs",
    ),
    "wales-gp-women": (
        "bracketed",
        {"series_id": "gp_women_share", "area": "W92000004", "period": "30 September 2014"},
        38.6,
        "differs",
    ),
    "wales-list-size-2001": (
        "bracketed",
        {"series_id": "gp_list_size", "period": "30 September 2005"},
        1680,
        "differs",
    ),
    "ni-department-rank": (
        "bracketed",
        {"series_id": "cra2014_ni_executive_function", "age_group": "education", "period": "2013/14"},
        9000,
        "differs",
    ),
    "cancer-networks": ("bracketed", {"series_id": "regional_cancer_networks"}, 4, "differs"),
    "wales-trusts-before": ("bracketed", {"series_id": "wales_nhs_trusts_after_mergers"}, 10, "data wanted"),
    "devolved-funding-mostly-grant": (
        "bracketed",
        {"area": "S92000003", "period": "2012-13"},
        30_000,
        "differs",
    ),
}


@pytest.fixture
def outcome(monkeypatch):
    """Give a function that judges a claim with some rows of a table misread."""
    kept = tables.rows

    def judged(claim: str, table: str, where: dict[str, str], value: float | None) -> str:
        def rows(name: str):
            if name != table or value is None:
                return kept(name)
            hit = [where.items() <= row.items() for row in kept(name)]
            assert any(hit)
            return tuple(
                {**row, "value": str(value)} if here else row
                for row, here in zip(kept(name), hit, strict=True)
            )

        monkeypatch.setattr(tables, "rows", rows)
        outside_data._by_series.cache_clear()
        record = claims.find(claim)
        return claims.judge(record, outside_data.evidence_of(record), arithmetic.evidence_of(record)).outcome

    yield judged
    outside_data._by_series.cache_clear()


@pytest.mark.parametrize("claim", CASES)
def test_a_misread_figure_turns_the_verdict(claim, outcome) -> None:
    before, where, value, after = CASES[claim]
    assert outcome(REPORT + claim, FOUND, where, None) == before
    assert outcome(REPORT + claim, FOUND, where, value) == after


def test_councils_that_all_move_alike_turn_the_local_variation(outcome) -> None:
    claim, where = "hendry2021/progress-varies-locally", {"financial_year": "2019/20"}
    readmissions = where | {"indicator": "readmissions within 28 days"}
    assert outcome(claim, "local_indicators", readmissions, None) == "reproduced"
    assert outcome(claim, "local_indicators", readmissions, 500) == "depends on method"
