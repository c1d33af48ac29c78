"""The box to reckon the care-home shortfall in: every set of choices, the table's numbers, inert words."""

import json
from html.parser import HTMLParser

import pytest

from careshift import pages, tables
from careshift.pages.explorer import Explorer, Result
from careshift.project import CareshiftError
from careshift.topics import care_homes, care_homes_explorer

HOSTILE = """'><script>alert(1)</script> "&quot; ```"""


@pytest.fixture(scope="module")
def held():
    return {
        "residents": tables.read("care_home_residents"),
        "official": tables.read("official_values"),
        "population": tables.read("population"),
    }


@pytest.fixture(scope="module")
def made(held):
    return care_homes_explorer.every(2009, 2019, "mid-year after", **held)


def test_every_set_of_choices_has_one_result_and_the_chapters_leads(made, held) -> None:
    controls = care_homes_explorer.controls(2019, **held)
    results = [Result(c.options, c.number, c.counts, c.outcome, c.note) for c in made]
    Explorer("A box", "Held against", controls, results)  # refuses what does not fit
    assert made[0].options == ("2009", "pooled", "mid-year after", "65 and over")
    assert made[0].note == ""
    assert len(controls["Rates of March"]) >= 8


def test_it_says_the_numbers_of_the_chapters_table(made, held) -> None:
    """Choices that the multiverse of the chapter has too, for two base years."""
    sexes = {"pooled": "pooled", "by sex": "each at its own rates"}
    found = {choice.options: choice.below for choice in made}
    for base in (2009, 2010):
        table = care_homes.shortfalls(base, 2019, **held).query("decides")
        assert len(table) == 4
        for row in table.itertuples():
            options = (str(base), sexes[row.sexes], row.base_population, "65 and over")
            assert found[options] == pytest.approx(row.value, abs=1e-9)


def test_a_smaller_count_turns_number_and_verdict(made, held) -> None:
    fewer = held["residents"].copy()
    in_2019 = (fewer["date"].dt.year == 2019) & (fewer["age_band"] != "18-64")
    fewer.loc[in_2019, "residents"] = (fewer.loc[in_2019, "residents"] * 0.8).round()
    after = care_homes_explorer.every(2009, 2019, "mid-year after", **held | {"residents": fewer})
    assert made[0].outcome == "reproduced"
    assert after[0].outcome == "differs"
    assert after[0].below > made[0].below + 10


def test_what_the_print_is_not_about_is_said(made) -> None:
    other = next(c for c in made if c.options == ("2010", "pooled", "mid-year after", "75 and over"))
    assert other.note == "The print is about the rates of March 2009 and people aged 65 and over."


@pytest.mark.parametrize("results", [[], [("a",)], [("a",), ("a",)], [("a",), ("c",)]])
def test_a_box_with_a_gap_is_refused(results) -> None:
    made = [Result(options, "1", "1", "differs") for options in results]
    with pytest.raises(CareshiftError, match="sets of choices"):
        Explorer("A box", "", {"one": ["a", "b"]}, made)


class First(HTMLParser):
    """The tags of a box, and the attributes of its first."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_no_word_of_a_box_becomes_markup() -> None:
    box = pages.Explorer(
        HOSTILE, HOSTILE, {HOSTILE: [HOSTILE]}, [Result((HOSTILE,), HOSTILE, HOSTILE, "close", HOSTILE)]
    )
    found = First(box._repr_mimebundle_()["text/html"])
    assert {tag for tag, _ in found.tags} == {"div", "p", "span"}
    told = json.loads(found.tags[0][1]["data-explorer"])
    assert told["controls"] == [[HOSTILE, [HOSTILE]]]
    assert told["results"] == [[[0], HOSTILE, HOSTILE, 0, HOSTILE]]
