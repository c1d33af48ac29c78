"""Numbers of bodies: a number changed in one place turns the claim and the picture."""

from careshift import tables
from careshift.topics import bodies

HEALTH_BOARDS = "kingsfund2013/territorial-boards"


def test_one_board_fewer_turns_claim_count_and_picture(changed, outcome) -> None:
    assert outcome(HEALTH_BOARDS) == "reproduced"
    before = bodies.by_group(bodies.counted())["agrees"].sum()
    changed("kingsfund2018/nhs-boards", "13")
    assert outcome(HEALTH_BOARDS) == "inconsistent"
    assert bodies.by_group(bodies.counted())["agrees"].sum() == before - 1
    chart = bodies.diagram(tables.read("bodies"), tables.read("body_links"), "chief-officer-2018")
    assert bodies.number(chart, "health") == 13


def test_thirty_one_authorities_would_agree(changed, outcome) -> None:
    claim = "hendry2021/integration-authorities"
    assert outcome(claim) == "inconsistent"
    changed(claim, "31")
    assert outcome(claim) == "reproduced"


def test_the_37_is_the_sum_of_all_bodies_not_of_the_others(outcome) -> None:
    assert outcome("kingsfund2013/figure-1-all-bodies-before") == "reproduced"
    assert outcome("kingsfund2013/ni-other-quangos") == "inconsistent"
    assert bodies.reform().set_index("body").loc["All", "before"] == 37
