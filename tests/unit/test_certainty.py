"""The two grades of a finding: each weakness lowers them, nothing else does, and none can be typed."""

import json

import pytest
from pydantic import ValidationError

from careshift import certainty
from careshift.certainty import CAUSE_STARTS, LADDER, WEAKNESSES, DateTest, Finding, Findings, lowered
from careshift.claims import Choice

TWO = (Choice(label="one way", value=-10.0), Choice(label="another way", value=-12.0))


def finding(**other: object) -> Finding:
    """Return a finding without a weakness: two readings that fall, as the question asks."""
    known = {"id": "delays", "question": "Did it fall?", "place": "Scotland", "asked": "fall"}
    return Finding.model_validate({**known, "readings": TWO, "design": "before and after", **other})


def of_date(**other: object) -> DateTest:
    """Return a test of a date that excludes no change."""
    known = {
        "design": "interrupted series",
        "effect": -5,
        "low": -8,
        "high": -2,
        "unit": "%",
        "at": "2016/17",
    }
    return DateTest.model_validate({**known, **other})


def test_a_finding_without_a_weakness_is_certain_as_to_what_happened_and_not_why() -> None:
    found = finding()
    assert (found.answer, found.happened, found.caused) == ("Yes", "high", "very low")
    assert found.weaknesses == ()


@pytest.mark.parametrize(
    ("corrupted", "weakness"),
    [
        ({"readings": (*TWO, Choice(label="a third", value=3.0))}, "the readings disagree"),
        ({"readings": TWO[:1]}, "one reading only"),
        ({"interval": (-20.0, 1.0)}, "chance could do it"),
        ({"sampled": True}, "chance is not known"),
        ({"nearest": "other ages"}, "a nearest figure"),
        ({"count_changed": "from July"}, "the count changed"),
        ({"after_pandemic": True}, "the pandemic is in it"),
    ],
)
def test_each_weakness_lowers_the_grade_of_what_happened(corrupted: dict, weakness: str) -> None:
    found = finding(**corrupted)
    assert found.weaknesses == (weakness,)
    assert LADDER.index(found.happened) == LADDER.index("high") - WEAKNESSES[weakness][0]


def test_an_interval_that_excludes_no_change_is_no_weakness() -> None:
    assert finding(interval=(-20.0, -1.0)).happened == "high"


def test_weaknesses_add_up_and_stop_at_the_lowest_grade() -> None:
    assert finding(nearest="a", count_changed="b").happened == "low"
    assert finding(nearest="a", count_changed="b", sampled=True, after_pandemic=True).happened == "very low"
    assert lowered("not known", ["a nearest figure"]) == "not known"


@pytest.mark.parametrize(("design", "start"), [d for d in CAUSE_STARTS.items() if d[0] != "none"])
def test_the_grade_of_the_cause_starts_from_the_design(design: str, start: str) -> None:
    assert finding(design=design).caused == start
    assert finding(test=of_date(design=design)).caused == start


@pytest.mark.parametrize(
    ("corrupted", "weakness"),
    [
        ({"low": -8, "high": 0.5}, "chance could do it"),
        ({"count_changed": True}, "the count changed"),
        ({"alike": 0.5}, "others moved as much"),
    ],
)
def test_each_weakness_lowers_the_grade_of_the_cause(corrupted: dict, weakness: str) -> None:
    sound = finding(test=of_date(design="comparison", alike=0.25))
    weak = finding(test=of_date(design="comparison", **{"alike": 0.25, **corrupted}))
    assert sound.caused == "moderate"
    assert weak.test.weaknesses == (weakness,)
    assert weak.caused == "low"
    assert weak.happened == sound.happened


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ((-10, -12), "Yes"),
        ((10, 12), "No"),
        ((10, -12), "Not clear"),
        ((0, -12), "Not clear"),
        ((), "Not known"),
    ],
)
def test_the_answer_follows_from_all_readings(values: tuple[float, ...], answer: str) -> None:
    readings = tuple(Choice(label=str(value), value=value) for value in values)
    assert finding(readings=readings).answer == answer


def test_without_a_figure_nothing_is_known() -> None:
    found = finding(readings=(), design="none", nearest="x")
    assert (found.happened, found.caused, found.weaknesses) == ("not known", "not known", ())


@pytest.mark.parametrize("field", ["happened", "caused", "answer", "grade"])
def test_no_grade_can_be_typed(field: str) -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        finding(**{field: "high"})


def test_findings_travel_in_the_outputs_of_their_chapter(tmp_path) -> None:
    found = (finding(test=of_date()), finding(id="bed-days", readings=()))
    data = dict(Findings(found)._repr_mimebundle_())
    notebook = tmp_path / "chapter.ipynb"
    notebook.write_text(json.dumps({"cells": [{"source": "#"}, {"outputs": [{"data": data}]}]}))
    assert certainty.read(notebook) == found
    assert data["text/plain"].splitlines()[0] == (
        "delays | Scotland | Yes | -10, -12 % | what happened: high | cause: low"
    )
