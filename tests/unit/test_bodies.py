"""Diagrams and counts of bodies, on made tables and by hand."""

import pandas as pd
import pytest

from careshift import claims, tables
from careshift.project import CareshiftError
from careshift.topics import bodies

BOXES = pd.DataFrame(
    {
        "diagram": ["d", "d"],
        "body": ["board", "council"],
        "label": ["Health board", "Council"],
        "row": [0, 1],
        "column": [0.0, 0.0],
        "claim": ["kingsfund2018/nhs-boards", None],
    }
)
LINKS = pd.DataFrame({"diagram": ["d"], "body": ["council"], "relation": ["part of"], "other": ["board"]})


def test_a_box_takes_its_number_from_the_claim() -> None:
    boxes, links = bodies.diagram(BOXES, LINKS, "d")
    assert boxes["number"].iloc[0] == 14
    assert boxes["number"].isna().iloc[1]
    assert bodies.in_words(boxes, links).to_dict("records") == [
        {"body": "Council", "relation": "part of", "other": "Health board (14)"}
    ]


def test_a_link_to_no_box_is_refused() -> None:
    with pytest.raises(CareshiftError, match="has no body trust"):
        bodies.diagram(BOXES, LINKS.assign(other="trust"), "d")


def test_the_reform_sums_by_hand() -> None:
    found = bodies.reform().set_index("body")
    assert found.loc["All"].tolist() == [4 + 11 + 7 + 1 + 10 + 4, 1 + 5 + 5 + 1 + 8 + 1]


def test_every_link_of_the_committed_tables_has_its_boxes_and_claims() -> None:
    boxes, links = tables.read("bodies"), tables.read("body_links")
    assert set(boxes["diagram"]) == set(links["diagram"]) == set(bodies.DIAGRAMS)
    assert len(bodies.all_in_words(boxes, links)) == len(links)
    for claim in boxes["claim"].dropna():
        assert claims.find(claim)


def test_boxes_do_not_lie_on_each_other() -> None:
    boxes = tables.read("bodies")
    assert not boxes.duplicated(["diagram", "row", "column"]).any()
