"""The table of evaluations holds facts with a source; a changed row changes what the chapter says."""

import pytest
from pybtex.database import parse_file

from careshift import tables
from careshift.project import ROOT
from careshift.topics import evaluations


@pytest.fixture
def table():
    return tables.read("evaluations").copy()


def test_every_study_is_among_the_references_and_cited_in_the_chapter(table):
    known = parse_file(str(ROOT / "references.bib")).entries
    chapter = (ROOT / "chapters/policy/what_others_found.ipynb").read_text(encoding="utf-8")
    for key in table["reference"].unique():
        assert key in known
        assert key in chapter


def test_limits_hold_their_estimate_and_numbers_have_a_unit(table):
    known = table.dropna(subset=["estimate", "low", "high"])
    assert len(known) >= 5
    assert ((known["low"] <= known["estimate"]) & (known["estimate"] <= known["high"])).all()
    numbered = table[["estimate", "low"]].notna().any(axis=1)
    assert (table.loc[numbered, "unit"] != "none").all()
    assert table["address"].str.startswith(("https://", "http://")).all()


def test_the_difference_from_the_control_by_hand(table):
    rows = evaluations.against_control(table).set_index("row")
    both = rows.loc["Morciano and others 2021, pioneers and vanguards"]
    assert both["value"] == pytest.approx(3.5 - 12)
    assert both["low"] == pytest.approx(-8.5 - (3.8**2 + 1.6**2) ** 0.5)
    assert both["high"] == pytest.approx(-8.5 + (3.7**2 + 2.5**2) ** 0.5)
    alone = rows.loc["Keeble and others 2019, pioneers"]
    assert alone["value"] == pytest.approx(1.93 - 4.84)
    assert alone[["low", "high"]].isna().all(), "it prints no limits, so none are made"


def test_a_control_that_rose_less_turns_the_words(table):
    own = evaluations.ours(tables.read("emergency_admission_rates"), ["levels taken out"], 2014)
    as_built = evaluations.in_words(evaluations.against_control(table), own.iloc[0])
    assert as_built == (
        "In the 2 studies that print both changes the programmes lie 2.9 to 8.5 points below their controls. "
        "Highland lies 3.3 % below its own, with zero inside its interval"
    )
    table.loc[table["programme"] == "vanguards", "control_estimate"] = 2.0
    turned = evaluations.in_words(evaluations.against_control(table), own.iloc[0])
    assert "above or below their controls" in turned


def test_a_controlled_study_of_wales_would_be_counted(table):
    assert evaluations.nations_without(table) == ["Wales", "Northern Ireland"]
    table.loc[table["study"] == "Parry and others 2019", "nation"] = "Wales"
    assert evaluations.nations_without(table) == ["Northern Ireland"]
    table.loc[table["study"] == "Parry and others 2019", "design"] = "description"
    assert evaluations.nations_without(table) == ["Wales", "Northern Ireland"]


def test_the_picture_holds_only_what_has_limits_and_its_title_counts(table):
    differences = evaluations.against_control(table)
    picture = evaluations.together(differences, differences.assign(value=1.0, low=0.5, high=2.0))
    assert len(picture) == 3 + 4
    title = evaluations.title_of_picture(picture)
    assert title == "2 of 7 estimates, from two data sets, lie wholly below zero"
    apart = picture.assign(data=[str(number) for number in picture.index])
    assert "from seven data sets" in evaluations.title_of_picture(apart)


def test_what_was_not_found_is_counted_too(table):
    told = evaluations.signs(table)
    assert told == (
        "Of 12 comparisons of emergency admissions in England, from 8 studies, 6 find fewer than their "
        "control, 4 no clear difference and 2 more"
    )
    second = table["programme"] == "pioneers, second follow-up"
    assert table.loc[second, ["finding", "last_year"]].to_numpy().tolist() == [["no change shown", 2015]]
    assert "3 no clear difference" in evaluations.signs(table[~second])
    turned = table.assign(finding=table["finding"].replace("more", "less"))
    assert "8 find fewer" in evaluations.signs(turned)
    assert "none more" in evaluations.signs(turned)


def test_an_estimate_is_shown_with_limits_and_control(table):
    shown = evaluations.shown(table).set_index(["study", "programme", "outcome"])["estimate"]
    assert shown["Alonso and Andrews 2022", "integration authorities", "delayed discharges"] == (
        "−0.236 (−0.443 to −0.029)"
    )
    assert shown["Keeble and others 2019", "pioneers", "emergency admissions"] == "1.93; control 4.84"
    assert shown["Damery and others 2016", "models of integration", "emergency admissions"] == "−50 to −15"
    assert shown["Curry and others 2013", "north-west London pilot", "emergency admissions"] == "–"
