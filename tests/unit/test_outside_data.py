"""Outside data of a record: what evidence they give; a figure at second hand only brackets."""

import pytest
from made_records import claim

from careshift import outside_data, tables
from careshift.claims import ClaimError, Evidence, judge

ROWS = {
    "official_values": [
        {"series_id": "s", "area": "A", "period": "2018", "age_group": "", "value": "18", "status": "final"},
        {"series_id": "s", "area": "A", "period": "2019", "age_group": "", "value": "20", "status": "final"},
        {"series_id": "s", "area": "A", "period": "2020", "age_group": "", "value": "", "status": "final"},
        {
            "series_id": "s",
            "area": "A",
            "period": "2021",
            "age_group": "65+",
            "value": "5",
            "status": "final",
        },
        {
            "series_id": "s",
            "area": "A",
            "period": "2021",
            "age_group": "75+",
            "value": "3",
            "status": "final",
        },
        {
            "series_id": "told",
            "area": "A",
            "period": "2018",
            "age_group": "",
            "value": "18",
            "status": "secondary",
        },
        {
            "series_id": "told",
            "area": "A",
            "period": "2019",
            "age_group": "",
            "value": "20",
            "status": "secondary",
        },
    ],
    "found_values": [
        {"series_id": "f", "area": "A", "period": "2019", "age_group": "", "value": "40", "status": "final"},
    ],
}
FINAL, TOLD = 'official("s", "A", "2019")', 'official("told", "A", "2019")'
LOWER, TOLD_LOWER = FINAL.replace("2019", "2018"), TOLD.replace("2019", "2018")


@pytest.fixture(autouse=True)
def made_tables(monkeypatch):
    kept = tables.rows
    monkeypatch.setattr(tables, "rows", lambda name: tuple(ROWS[name]) if name in ROWS else kept(name))
    outside_data._by_series.cache_clear()
    yield
    outside_data._by_series.cache_clear()


def given(match: str, *values: str, **fields: object) -> tuple[Evidence, str]:
    """Return what readings give for a claim printed as 20, and the outcome."""
    choices = [{"label": f"reading {n}", "value": value} for n, value in enumerate(values)]
    record = claim(outside={"match": match, "basis": "b", "choices": choices}, **fields)
    evidence = outside_data.evidence_of(record)
    assert evidence is not None
    return evidence, judge(record, evidence).outcome


@pytest.mark.parametrize(
    ("match", "values", "outcome"),
    [
        ("same", (FINAL,), "reproduced"),
        ("same", (LOWER,), "close"),
        ("same", (f"ratio({FINAL}, 2)",), "differs"),
        ("same", (FINAL, LOWER), "depends on method"),
        ("later", (FINAL,), "reproduced"),
        ("later", (LOWER,), "revised since"),
        ("bounds", (LOWER, FINAL), "bracketed"),
        ("bounds", (FINAL, LOWER), "bracketed"),
        ("bounds", (f"ratio({FINAL}, 2)", LOWER), "differs"),
        ("nearest", (FINAL,), "data wanted"),
        ("nearest", (LOWER,), "data wanted"),
    ],
)
def test_the_outcome_follows_from_how_near_the_data_come(match, values, outcome) -> None:
    assert given(match, *values)[1] == outcome


@pytest.mark.parametrize("match", ["same", "later", "bounds", "nearest"])
def test_a_figure_at_second_hand_brackets_and_never_confirms(match: str) -> None:
    values = (TOLD_LOWER, TOLD) if match == "bounds" else (TOLD,)
    evidence, outcome = given(match, *values)
    assert outcome == ("data wanted" if match == "nearest" else "bracketed")
    assert evidence.bounds is not None
    final = (LOWER, FINAL) if match == "bounds" else (FINAL,)
    assert given(match, *final)[1] in ("reproduced", "bracketed", "data wanted")


@pytest.mark.parametrize("match", ["same", "later", "nearest"])
def test_a_figure_at_second_hand_that_misses_is_a_nearest_figure_and_refutes_nothing(match: str) -> None:
    evidence, outcome = given(match, TOLD_LOWER)
    assert (evidence.nearest, outcome) == (True, "data wanted")


def test_one_reading_at_second_hand_makes_all_of_them_second_hand() -> None:
    assert given("same", FINAL, f"ratio(total({TOLD}, {TOLD}), 2)")[1] == "bracketed"
    assert given("same", FINAL, FINAL)[1] == "reproduced"


def test_no_outside_data_decide_a_cause() -> None:
    assert {given("same", value, kind="cause")[1] for value in (FINAL, LOWER, TOLD)} == {"data wanted"}


@pytest.mark.parametrize(
    ("value", "how"),
    [(FINAL, "read"), (f"ratio({FINAL}, 2)", "read"), (f"ratio(total({FINAL}, {LOWER}), 2)", "recomputed")],
)
def test_one_cell_is_read_and_more_are_recomputed(value: str, how: str) -> None:
    assert given("same", value)[0].how == how


def test_evidence_names_the_tables_that_were_read() -> None:
    assert given("same", FINAL)[0].tables == ("official_values",)
    elsewhere = 'official("f", "A", "2019")'
    assert given("same", f"ratio({elsewhere}, 2)")[0].tables == ("found_values",)
    both = f"ratio(total({elsewhere}, {FINAL}), 3)"
    assert given("same", both)[0].tables == ("found_values", "official_values")


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ('official("s", "A", "2017")', "0 rows of official_values have series_id s, area A, period 2017"),
        ('official("s", "A", "2021")', "2 rows of official_values"),
        ('official("s", "A", "2020")', "official_values has no value where"),
        ('official("s", "A", "2019", release="x")', "official_values has no column release"),
        ('official("t", "A", "2019")', "no table of single values has the series t"),
        ('count_of("official_values", series_id="s", area="nowhere")', "reads no cell of a table"),
        ("total(20, 0)", "reads no cell of a table"),
        ('same_as("hendry2021/care-home-residents-march-2019")', "reads no cell of a table"),
        ('count_of("welsh_admissions")', "welsh_admissions holds what the documents print"),
    ],
)
def test_a_reading_that_gives_no_figure_is_refused_by_record(value: str, why: str) -> None:
    with pytest.raises(ClaimError, match=rf"^hendry2021\.yml, hendry2021/a-claim, outside: .*{why}"):
        given("same", value)


def test_an_age_group_tells_figures_of_one_period_apart() -> None:
    evidence, _ = given("same", 'official("s", "A", "2021", "75+")')
    assert evidence.derived == 3


@pytest.mark.parametrize(
    ("value", "derived"),
    [
        ('count_of("official_values", series_id="s")', 5),
        ('count_of("official_values", series_id="s", period=["2018", "2019", "2021"])', 4),
        ('summed("official_values", "value", series_id="s", period="2021")', 8),
        ('count_above("official_values", "value", 18, series_id="s", period=["2018", "2019"])', 1),
        ('count_below("official_values", "value", 20, series_id="s", period=["2018", "2019"])', 1),
        ('cell("official_values", "value", series_id="s", period="2018")', 18),
        (f"rank_from_top({LOWER}, {FINAL})", 2),
        (f"rank_from_bottom({LOWER}, {FINAL})", 1),
        (f"rank_from_top({LOWER}, {LOWER})", 1),
    ],
)
def test_each_function_by_hand(value: str, derived: float) -> None:
    assert given("same", value)[0].derived == derived


def test_a_record_without_outside_data_has_none() -> None:
    assert outside_data.evidence_of(claim()) is None


MOVED = {  # Scotland falls; A rises, B falls, C stands still
    "S92000003": (10, 8),
    "A": (5, 6),
    "B": (7, 3),
    "C": (4, 4),
}


def moved(monkeypatch, **other: tuple[float, float]) -> float:
    """Return how many of the made areas move against Scotland, some of them otherwise."""
    rows = [
        {"area": area, "year": year, "rate": str(value)}
        for area, pair in (MOVED | other).items()
        for year, value in zip(("first", "last"), pair, strict=True)
        if value is not None
    ]
    monkeypatch.setitem(ROWS, "home_care_hours", rows)
    expression = 'count_against("home_care_hours", "rate", "year", "first", "last")'
    return outside_data.evaluate(expression)[0].value


def test_areas_that_move_against_scotland_are_counted(monkeypatch) -> None:
    assert moved(monkeypatch) == 1
    assert moved(monkeypatch, B=(7, 8)) == 2
    assert moved(monkeypatch, A=(5, 4)) == 0
    assert moved(monkeypatch, S92000003=(10, 11)) == 1, "now B alone goes the other way"
    assert moved(monkeypatch, S92000003=(10, 10)) == 0, "nothing moves against what stands still"


@pytest.mark.parametrize("other", [{"A": (5, None)}, {"S92000003": (None, None)}])
def test_areas_are_not_compared_where_one_or_scotland_is_missing(monkeypatch, other) -> None:
    with pytest.raises(ClaimError, match="has not the same areas in first and last, Scotland among them"):
        moved(monkeypatch, **other)


def test_a_table_without_areas_is_told(monkeypatch) -> None:
    monkeypatch.setitem(
        ROWS, "home_care_hours", [{"year": "first", "rate": "1"}, {"year": "last", "rate": "2"}]
    )
    with pytest.raises(ClaimError, match="Scotland among them"):
        outside_data.evaluate('count_against("home_care_hours", "rate", "year", "first", "last")')
