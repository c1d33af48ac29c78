"""Figures carry their data and words, and draw the same picture twice."""

import itertools
import re
from dataclasses import replace
from xml.etree import ElementTree

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careshift import figures
from careshift.claims import Choice, Interval
from careshift.figures.end_labels import apart
from careshift.figures.style import BOX, CONCEPTS, DARK, EDGE, INK, PALETTE, PAPER, SHADE


def a_chart() -> figures.Figure:
    data = pd.DataFrame({"year": [2009, 2010, 2011], "actual": [10.0, None, 30.0]})
    return figures.lines(
        data,
        x="year",
        series={"actual": "Actual"},
        name="a-chart",
        title="It rose",
        y_label="People",
        printed=[(2011, 29.0, "Printed")],
        tables=["population"],
    )


def test_alt_text_is_computed_from_the_data_and_skips_gaps() -> None:
    assert a_chart().alt == "Line chart. Actual: from 10.0 in 2009 to 30.0 in 2011; Printed: 29.0 in 2011."


def test_the_same_chart_is_the_same_picture() -> None:
    first, second = (a_chart()._repr_mimebundle_() for _ in range(2))
    assert first["image/svg+xml"] == second["image/svg+xml"]
    assert first["image/png"] == second["image/png"]


def test_the_data_ride_along() -> None:
    carried = a_chart()._repr_mimebundle_()[figures.MIME]
    assert carried["csv"] == "year,actual\n2009,10\n2010,\n2011,30\n"
    assert carried["tables"] == ["population"]


def test_choices_count_the_deciding_ones_inside_the_print() -> None:
    made = [
        Choice(label="a", value=20.0),
        Choice(label="b", value=18.0),
        Choice(label="apart", value=20.0, decides=False),
    ]
    chart = figures.choices(
        made, Interval(low=19.5, high=20.5), name="c", title="t", x_label="x", tables=["population"]
    )
    assert "1 of 2 defensible choices lie inside" in chart.alt


def test_every_colour_of_a_picture_has_a_dark_twin() -> None:
    picture = a_chart().svg()
    used = set(re.findall(r'style="[^"]*?(?:fill|stroke): (#[0-9a-f]{6})', picture))
    assert INK in used
    assert used <= set(DARK)
    assert f'[style*="stroke: {INK}"]{{stroke:{DARK[INK]} !important}}' in picture


def test_a_picture_is_well_formed_whatever_its_title_says() -> None:
    drawn = replace(a_chart(), title="</title><script>alert(1)</script> & more").svg()
    assert "<script" not in drawn
    assert ElementTree.fromstring(drawn)[0].text == "</title><script>alert(1)</script> & more"


def test_a_picture_carries_its_words_as_words() -> None:
    picture = a_chart().svg()
    assert "<title>It rose</title><desc>Line chart. Actual" in picture
    assert ">Actual</text>" in picture


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_lines_and_words_stand_out_from_the_paper(theme: str) -> None:
    """WCAG 2.2 AA: words 4.5 to 1, what must be told apart in a drawing 3 to 1."""

    def shown(colour: str) -> str:
        return DARK[colour] if theme == "dark" else colour

    words = {c: contrast(shown(c), PAPER[theme]) for c in (INK, *PALETTE)}
    assert min(words.values()) >= 4.5, words
    assert contrast(shown(INK), shown(BOX)) >= 4.5
    assert contrast(shown(EDGE), PAPER[theme]) >= 3
    assert min(contrast(shown(c), shown(SHADE)) for c in (INK, *PALETTE[:2])) >= 3


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(1, 15)), min_size=1, max_size=5),
)
def test_labels_at_the_ends_of_lines_never_overlap(wanted: list[tuple[float, float]]) -> None:
    sizes = [size for _, size in wanted]
    placed = apart([height for height, _ in wanted], sizes, 0, 100)
    spans = sorted((p - s / 2, p + s / 2) for p, s in zip(placed, sizes, strict=True))
    assert all(a[1] <= b[0] + 1e-6 for a, b in itertools.pairwise(spans))
    assert spans[0][0] >= -1e-6
    assert spans[-1][1] <= 100 + 1e-6


def test_a_label_with_room_stays_where_its_line_ends() -> None:
    assert apart([10, 50, 90], [8, 8, 8], 0, 100) == [10, 50, 90]


def a_calendar() -> figures.Figure:
    day = pd.Timestamp
    data = pd.DataFrame(
        {
            "label": ["a", "b", "c"],
            "heading": ["first", "first", "second"],
            "begin": [day("2019-01-01")] * 3,
            "early": [day("2019-04-01"), day("2019-04-01"), day("2019-05-01")],
            "end": [day("2019-04-01"), day("2019-07-01"), day("2019-05-01")],
            "sign": ["span", "span", "from"],
        }
    )
    return figures.gantt(data, label="label", group="heading", name="g", title="t", tables=["population"])


def test_a_gantt_chart_says_when_each_task_is_due() -> None:
    assert a_calendar().alt == (
        "Gantt chart. a: until 1 April 2019; b: until 1 April 2019 or 1 July 2019; c: from 1 May 2019."
    )
    first, second = (a_calendar()._repr_mimebundle_()["image/svg+xml"] for _ in range(2))
    assert first == second


def test_a_timeline_counts_its_dots_in_words() -> None:
    data = pd.DataFrame(
        {"year": [2011, 2011, 2012], "nation": ["Wales"] * 3, "sign": ["once", "twice", "once"]}
    )
    chart = figures.timeline(
        data,
        year="year",
        row="nation",
        sign="sign",
        signs={"once": "dated once", "twice": "dated twice"},
        name="t",
        title="t",
        tables=["kingsfund2013"],
    )
    assert chart.alt == (
        "Timeline. Wales: 3 dots from 2011 to 2012, most in 2011 (2); 2 dated once; 1 dated twice."
    )


def test_places_are_told_with_their_values() -> None:
    data = pd.DataFrame({"what": ["start", "start"], "year": [2004, 2006], "source": ["a", "b"]})
    chart = figures.places(
        data,
        label="what",
        value="year",
        place="source",
        places={"a": "Report", "b": "Paper", "c": "Review"},
        name="p",
        title="t",
        x_label="Year",
        tables=["kingsfund2013"],
    )
    assert chart.alt == "Rows with signs by place. start: 2004 (Report), 2006 (Paper)."


def test_an_organisation_chart_lists_bodies_and_links() -> None:
    bodies = pd.DataFrame(
        {
            "body": ["a", "b"],
            "label": ["Government", "Boards"],
            "row": [0, 1],
            "column": [0.0, 0.5],
            "number": [float("nan"), 14.0],
        }
    )
    links = pd.DataFrame({"body": ["b"], "relation": ["accountable to"], "other": ["a"]})
    chart = figures.organisation(
        bodies, links, relations=["accountable to"], name="o", title="t", tables=["kingsfund2013"]
    )
    assert chart.alt == (
        "Organisation chart. Bodies: Government; Boards (14). Links: Boards: accountable to Government."
    )


def test_a_grid_tells_its_numbers_and_leaves_zeros_out() -> None:
    data = pd.DataFrame({"list": ["a", "a", "b", "b"], "theme": ["x", "y", "x", "y"], "items": [2, 0, 1, 3]})
    chart = figures.matrix(
        data, row="list", column="theme", value="items", name="m", title="t", tables=["population"]
    )
    assert chart.alt == "Grid of numbers. a: x 2; b: x 1, y 3."


def test_pairs_are_told_with_both_values() -> None:
    data = pd.DataFrame({"part": ["homes"], "then": [18.0], "now": [35.0]})
    chart = figures.paired(
        data,
        label="part",
        first="then",
        last="now",
        names=("2012", "2014"),
        name="p",
        title="t",
        x_label="%",
        tables=["kingsfund2013"],
    )
    assert chart.alt == "Two marks a row. homes: 18.0 in 2012, 35.0 in 2014."


def test_small_multiples_tell_the_first_and_last_known_value() -> None:
    data = pd.DataFrame(
        {
            "time": [1, 2, 3] * 2,
            "place": ["A"] * 3 + ["B"] * 3,
            "share": [float("nan"), 20.0, 30.0, *[float("nan")] * 3],
        }
    )
    chart = figures.panels(
        data, x="time", by="place", series={"share": "S"}, name="shares", title="t", y_label="%", tables=()
    )
    assert chart.alt.endswith("first to last period: A 20.0 to 30.0; B not known.")


def a_trend(marks: tuple[tuple[float, str], ...] = ((2010.25, "Act"), (1999.0, "Before"))) -> figures.Figure:
    rows = [(2009.0, "March 2009", 10.0), (2010.0, "March 2010", 40.0), (2011.0, "March 2011", None)]
    rows.append((2012.0, "March 2012", 20.0))
    data = pd.DataFrame(rows, columns=["time", "when", "value"]).assign(series="Residents", concept="actual")
    return figures.trend(
        data,
        name="t",
        title="It rose",
        y_label="People",
        tables=["population"],
        marks=marks,
        finding="It rose by half.",
    )


def test_a_trend_tells_its_finding_its_ends_and_its_peak() -> None:
    assert a_trend().alt == (
        "Residents: 10.0 in March 2009, at most 40.0 in March 2010, 20.0 in March 2012. It rose by half. "
        "Marked: Act."
    )


def test_a_concept_has_one_colour_and_a_gap_stays_a_gap() -> None:
    drawn = a_trend().svg()
    assert len(set(CONCEPTS.values())) == len(CONCEPTS)
    lines = re.findall(rf'<path d="([^"]+)"[^>]*stroke: {CONCEPTS["actual"]}; stroke-width: 2.2', drawn)
    assert any(re.fullmatch(r"M[\d. ]+L[\d. ]+M[\d. ]+", line) for line in lines)
    assert f"stroke: {CONCEPTS['expected']}; stroke-width" not in drawn


def test_no_text_of_a_long_trend_is_under_11_pixels_on_a_phone() -> None:
    drawn = a_trend().svg()
    wide = float(re.search(r'viewBox="0 0 ([\d.]+)', drawn)[1])
    sizes = [float(size) for size in re.findall(r"font:? ?(?:-size)?:? ?([\d.]+)px", drawn)]
    assert sizes
    assert min(sizes) * 343 / wide >= 11


def test_claims_in_rows_are_told_and_a_row_without_a_range_is_words() -> None:
    rows = [
        ("Held", "outside data", "≈ close", "number", 0.9, 1.1, 0.8, 3.0),
        ("Went down $x$", "nothing", "? data wanted", "words", 0.0, float("inf"), None, None),
    ]
    columns = ["claim", "held_against", "outcome", "scale", "band_low", "band_high", "low", "high"]
    data = pd.DataFrame(rows, columns=columns)
    alt = figures.alt_of_claims(data)
    assert alt.startswith(
        "2 headline claims in rows; 1 have a range of ours. Held: 0.8 to 3.0 times the print"
    )
    drawn = figures.claim_rows(data, name="c", title="t", tables=["population"], alt=alt).svg()
    assert "Went down $x$" in drawn
    assert "Not tested yet" in drawn
    assert "▸" in drawn, "a range beyond the axis says that it goes on"
