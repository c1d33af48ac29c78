"""Numbers of bodies: a number changed in one place turns the claim that rests on it, and the picture."""

from careshift import tables
from careshift.topics import bodies

JOINT_BOARDS, LEAD = "kingsfund2018/joint-board-areas", "kingsfund2018/lead-agency-areas"


def test_one_area_more_under_a_lead_agency_turns_what_rests_on_it(changed, judged) -> None:
    assert judged(JOINT_BOARDS).check == "adds up"
    changed(LEAD, "2")
    assert judged(JOINT_BOARDS).check == "does not add up"


def test_one_council_fewer_shows_in_the_groups_and_one_board_fewer_in_the_picture(changed) -> None:
    before = bodies.by_group(bodies.counted())["agrees"].sum()
    changed("kingsfund2013/wales-councils", "21")
    assert bodies.by_group(bodies.counted())["agrees"].sum() == before - 1
    changed("kingsfund2018/nhs-boards", "13")
    chart = bodies.diagram(tables.read("bodies"), tables.read("body_links"), "chief-officer-2018")
    assert bodies.number(chart, "health") == 13


def test_the_authorities_are_held_against_the_number_of_the_government(changed, judged) -> None:
    claim = "hendry2021/integration-authorities"
    was = judged(claim)
    assert was.held_against == "outside data"
    changed(claim, "20")
    assert judged(claim).outcome == "differs" != was.outcome


def test_the_37_is_the_sum_of_all_bodies_not_of_the_others(judged) -> None:
    assert judged("kingsfund2013/ni-other-quangos").check == "does not add up"
    assert bodies.reform().set_index("body").loc["All", "before"] == 37
