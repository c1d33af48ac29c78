"""The calendar of proposals against days counted by hand."""

import pandas as pd
import pytest

from careshift.topics import proposals


@pytest.fixture
def made() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "number": ["1 (i)", "1 (ii)", "2 (i)", "2 (ii)"],
            "heading_number": [1, 1, 2, 2],
            "heading": ["Leaders", "Leaders", "Money", "Money"],
            "topic": ["a", "b", "c", "d"],
            "months_from": pd.array([6, 3, None, None], dtype="Int64"),
            "months_to": pd.array([6, 6, None, None], dtype="Int64"),
            "dated": pd.to_datetime([None, None, "2019-04-01", "2019-03-31"]),
            "date_meaning": [None, None, "by", "from"],
        }
    )


def test_months_are_calendar_months_and_dates_stand_for_themselves(made) -> None:
    planned = proposals.schedule(made, "2019-01-31")
    assert [f"{day:%Y-%m-%d}" for day in planned["end"]] == [
        "2019-07-31",
        "2019-07-31",
        "2019-04-01",
        "2019-03-31",
    ]
    assert f"{planned['early'].iloc[1]:%Y-%m-%d}" == "2019-04-30"
    assert list(planned["sign"]) == ["span", "span", "by", "from"]
    assert list(planned["scale"]) == ["6 months", "3 to 6 months", "a date in 2019", "a date in 2019"]


def test_due_counts_the_late_end_of_a_span(made) -> None:
    planned = proposals.schedule(made, "2019-01-31")
    assert proposals.due_by(planned, "2019-07-30") == 2
    assert proposals.due_by(planned, "2019-07-31") == 4


def test_counts_by_heading_add_up(made) -> None:
    counted = proposals.by_heading(proposals.schedule(made, "2019-01-31")).set_index("heading")
    assert list(counted.index) == ["1. Leaders", "2. Money", "All"]
    assert list(counted["All"]) == [2, 2, 4]
    assert counted.loc["2. Money", "a date in 2019"] == 2


def test_a_later_start_makes_fewer_due(made) -> None:
    starts = {"early": "2019-01-31", "late": "2019-03-31"}
    found = proposals.under_starts(made, starts, ("2019-07-31",))
    assert list(found["2019-07-31"]) == [4, 2]
    assert list(found["last"]) == ["2019-07-31", "2019-09-30"]


def test_months_until_the_budget_year() -> None:
    assert proposals.months_until("2019-01-23", proposals.BUDGET_YEAR) == pytest.approx(68 / 365.25 * 12)


@pytest.mark.parametrize("day", ["2019-13-01", "yesterday", "2018-11-14", "2019-07-01", 7])
def test_a_wrong_starting_day_is_refused(day) -> None:
    assert "a day such as" in proposals.is_start(day)


def test_the_two_days_in_question_are_allowed() -> None:
    assert proposals.is_start("2019-01-23") is None
    assert proposals.is_start("2019-02-04") is None
