"""`careshift check`: broken files get complete, located messages with a remedy, and change nothing."""

import json
import random

import frictionless
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some
from typer.testing import CliRunner

from careshift import checking, files, tables
from careshift.cli import app
from careshift.own_data import mapping, report
from careshift.project import CareshiftError

GOOD = """date,area,sex,age_band,residents,status
2018-03-31,S92000003,female,65-74,3131,ok
2018-03-31,S92000003,male,65-74,2904,ok
2019-03-31,S92000003,female,65-74,3032,ok
2019-03-31,S92000003,male,65-74,,not available
"""
TABLE = "care_home_residents"


@pytest.fixture
def check(made):
    """Check a text as a file, and answer (exit code, lines); the file must not change, nor -o be written."""

    def run(text, *options, name="mine.csv", encoding="utf-8"):
        file = made(name, text, encoding) if isinstance(text, str) else made(name, "")
        if isinstance(text, bytes):
            file.write_bytes(text)
        before, tidy = file.read_bytes(), file.with_name("tidy.csv")
        done = CliRunner().invoke(app, ["check", str(file), "--table", TABLE, "-o", str(tidy), *options])
        assert file.read_bytes() == before
        assert tidy.exists() == (done.exit_code == 0)
        said = str(done.exception) if isinstance(done.exception, CareshiftError) else done.stdout
        return done.exit_code, said.splitlines()

    return run


def test_a_right_file_fits(check) -> None:
    code, lines = check(GOOD)
    assert (code, lines) == (0, ["mine.csv: 4 rows; fits care_home_residents."])


BROKEN = {
    "a letter in a number": (
        ("3032", "3O32"),
        ['row 4, field "residents": "3O32" is not a whole number. Correct the cell.'],
    ),
    "a thousands separator in the wrong place": (
        ("3131", '"31,31"'),
        ['row 2, field "residents": "31,31" is not a whole number. Write it without thousands'],
    ),
    "a decimal": (
        ("3131", "3131.5"),
        ['row 2, field "residents": "3131.5" is not a whole number. Whole people'],
    ),
    "a marker where the status says ok": (
        ("3131", "NaN"),
        ['row 2, field "residents": residents has no number and status says ok. Leave the cell empty'],
    ),
    "a negative count": (("2904", "-2904"), ['row 3, field "residents": "-2904" is below 0.']),
    "a date that does not exist": (
        ("2018-03-31,S92000003,male", "2018-02-30,S92000003,male"),
        ['row 3, field "date": "2018-02-30" is not a date. Write a date that exists'],
    ),
    "a word of another language": (
        ("female,65-74,3131", "femelle,65-74,3131"),
        ['row 2, field "sex": "femelle" is not one of female, male. Did you mean female?'],
    ),
    "an unknown area": (
        ("S92000003,male,65-74,2904", "S92000099,male,65-74,2904"),
        ['row 3, field "area": "S92000099" is no code of data/areas.csv. Correct it'],
    ),
    "a row twice": (
        ("2018-03-31,S92000003,male", "2018-03-31,S92000003,female"),
        ["row 3: the same date, area, sex, age_band as row 2"],
    ),
    "a row too short": ((",2904,ok", ",2904"), ["row 3: 5 cells where the first row has 6. Put a text"]),
    "a missing column": (
        ("residents,status", "folk,status"),
        ['"residents": the column is missing', "--rename"],
    ),
    "a column twice": (
        ("age_band,residents", "residents,residents"),
        ['"residents": the column stands 2 times'],
    ),
    "an empty cell": (
        ("3032,ok", "3032,"),
        ['row 4, field "status": the cell is empty. Fill in one of ok, not av'],
    ),
    "no rows": ((GOOD[GOOD.index("2018") :], ""), ["no rows below the column names. Add the rows"]),
    "an open quotation mark": (("2018-03-31,S92000003,male", '2018-03-31,"S92000003,male'), ["never closed"]),
    "a swallowed row": (
        (
            "3131,ok\n2018-03-31,S92000003,male,65-74,2904,ok",
            '3131,"ok\n2018-03-31,S92000003,male,65-74,2904,ok"',
        ),
        ["row 2: a cell holds whole rows. A quotation mark is missing"],
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_input_is_located_and_changes_nothing(check, name) -> None:
    (old, new), expected = BROKEN[name]
    assert old in GOOD
    code, lines = check(GOOD.replace(old, new, 1))
    assert code == 1
    said = "\n".join(lines)
    for part in ["mine.csv", *expected]:
        assert part in said


def test_every_error_is_told_not_only_the_first(check) -> None:
    code, lines = check(GOOD.replace("3131", "ten").replace("2904", "-5").replace("2019-03-31", "31/13/2019"))
    assert code == 1
    assert [line.split(",")[1] for line in lines[:-1]] == [" row 2", " row 3", " row 4", " row 5"]
    assert lines[-1] == "mine.csv: 4 errors; it does not fit care_home_residents."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"<!DOCTYPE html><html>Not found</html>", "a web page, not a table"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html>Not found</html>", "a web page, not a table"),
        (b"date,area\n\x00\x01", "a binary file"),
        (GOOD.replace("female", "f\x81male").encode("latin-1"), "row 2: the text is not in UTF-8"),
    ],
)
def test_what_is_no_table_of_text_is_refused(check, content, message) -> None:
    code, lines = check(content)
    assert code == 1
    assert message in lines[0]


@pytest.mark.parametrize(
    "content",
    [
        GOOD.encode("utf-8-sig"),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.encode("utf-16"),
        GOOD.replace(",", ";").encode(),
        GOOD.replace(",", "\t").encode(),
        GOOD.replace("S92000003", '"S92000003"').encode(),
        GOOD.replace("3131", "3131.0").encode(),
        ("\n" + GOOD + "\n\n").encode(),
    ],
    ids=["mark", "CRLF", "UTF-16", "semicolon", "tab", "quoted", "whole with .0", "blank rows"],
)
def test_forms_of_one_table_give_one_table(made, content) -> None:
    file = made("mine.csv", "")
    file.write_bytes(content)
    pd.testing.assert_frame_equal(tables.read(TABLE, file), tables.read(TABLE, made("plain.csv", GOOD)))


def test_the_code_of_namibia_is_a_code(made) -> None:
    table = tables.read("population_uk", made("mine.csv", "year,area,population\n2001,NA,1830000\n"))
    assert table["area"].tolist() == ["NA"]


@pytest.mark.parametrize("kind", ["xlsx", "parquet"])
def test_excel_and_parquet_read_like_csv(made, tmp_path, kind) -> None:
    plain = tables.read(TABLE, made("plain.csv", GOOD))
    file = tmp_path / f"mine.{kind}"
    if kind == "xlsx":
        with pd.ExcelWriter(file) as book:
            pd.DataFrame({"note": ["made for a test"]}).to_excel(book, sheet_name="Notes", index=False)
            plain.to_excel(book, sheet_name="Data", index=False)
    else:
        plain.to_parquet(file)
    pd.testing.assert_frame_equal(tables.read(TABLE, file), plain)


def test_a_wrong_cell_of_a_workbook_is_named_by_its_row(tmp_path) -> None:
    frame = pd.DataFrame(
        [line.split(",") for line in GOOD.splitlines()[1:]], columns=GOOD.split("\n")[0].split(",")
    )
    frame.loc[2, "residents"] = "about 3000"
    frame.to_excel(tmp_path / "mine.xlsx", index=False)
    with pytest.raises(tables.TableError, match=r'mine\.xlsx, row 4, field "residents": "about 3000" is not'):
        tables.read(TABLE, tmp_path / "mine.xlsx")


def test_the_hint_of_the_mapping_works_when_it_is_followed(check, tmp_path) -> None:
    theirs = GOOD.replace(
        "date,area,sex,age_band,residents,status",
        "Reference day,Areas,Sexe,Age of them,Long-stay,remark",
    )
    code, lines = check(theirs)
    assert code == 1
    hint = next(line for line in lines if line.startswith("Try: "))
    options = json.loads(
        "["
        + hint.partition("residents ")[2]
        .replace('" --rename "', '","--rename","')
        .replace('--rename "', '"--rename","', 1)
        + "]"
    )
    code, lines = check(theirs, *options)
    assert code == 0, lines
    assert (tmp_path / "tidy.csv").read_text() == GOOD


def test_a_wide_file_is_made_long(made, tmp_path) -> None:
    file = made("wide.csv", "area,2001,2002\nW92000004,2910000,2920000\nIE,3847000,3917000\n")
    found = report.examine("population_uk", file)
    assert found.suggestions == ['--long "year=population"']
    done = report.examine("population_uk", file, mapping.columns([], "year=population", []))
    assert done.errors == []
    assert done.content.decode().splitlines()[1:] == [
        "2001,W92000004,2910000",
        "2002,W92000004,2920000",
        "2001,IE,3847000",
        "2002,IE,3917000",
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--rename", "people"], 'Write --rename "LEFT=RIGHT"'),
        (["--rename", "nobody=residents"], 'no column "nobody"'),
        (["--add", "nothing=1"], 'no field "nothing"'),
        (["--sheet", "Data"], 'no filled sheet "Data"'),
        (["--table", "nothing"], 'There is no table "nothing"'),
    ],
)
def test_a_wrong_option_is_told(check, options, message) -> None:
    code, lines = check(GOOD, *options)
    assert code == 1
    assert message in lines[0]


def odd(table: str, text: str, made) -> list[str]:
    return [str(problem) for problem in report.examine(table, made("mine.csv", text)).warnings]


def test_what_is_odd_is_told_apart_from_what_is_wrong(made) -> None:
    rates = tables.locate("emergency_admission_rates").read_text().splitlines()
    last = rates[-1].split(",")
    text = "\n".join([*rates[:-1], ",".join([*last[:4], "3", ""]), ""])
    (warning,) = odd("emergency_admission_rates", text, made)
    assert f'row {len(rates)}, field "rate": 3, where the book' in warning
    assert "Check the unit" in warning

    assert any("row 5: the last row has no line end" in line for line in odd(TABLE, GOOD.rstrip(), made))

    twice = GOOD.replace("2018-03-31,S92000003,male", "2018-03-30,S92000003,female")
    assert any("2018 stands twice" in line for line in odd(TABLE, twice, made))

    gap = GOOD.replace("2018", "2015")
    assert {line.split(": ")[1].split(".")[0] for line in odd(TABLE, gap, made)} >= {
        "2016 is missing between 2015 and 2019",
        "2017 is missing between 2015 and 2019",
    }

    delays = tables.read("delayed_discharge").astype(str).replace("<NA>", "")
    delays = delays[delays["month"] == "2020-02-01"]
    delays.loc[delays.index[0], "bed_days"] = "7"
    assert any(
        "7 is not the sum of" in line for line in odd("delayed_discharge", delays.to_csv(index=False), made)
    )

    thin = (
        GOOD.replace("2018-03-31,S92000003,male,65-74,2904,ok\n", "")
        + "2017-03-31,S92000003,male,65-74,1,ok\n"
    )
    thin += "2017-03-31,S92000003,female,65-74,4000,ok\n"
    assert any(
        "S92000003 has 1 row in 2018-03-31, 2 in most others" in line for line in odd(TABLE, thin, made)
    )


@pytest.mark.parametrize("name", tables.names())
def test_the_books_own_tables_are_not_odd(name) -> None:
    assert [str(problem) for problem in report.examine(name, tables.locate(name)).warnings] == []


def test_json_says_the_same(check) -> None:
    code, lines = check(GOOD.replace("3032", "3O32"), "--json")
    told = json.loads("\n".join(lines))
    assert code == 1
    assert told["fits"] is False
    assert told["errors"] == [
        {
            "file": "mine.csv",
            "message": '"3O32" is not a whole number',
            "remedy": "Correct the cell.",
            "row": 4,
            "field": "residents",
            "value": "3O32",
        }
    ]


SCHEMA = {
    "fields": [
        {"name": "day", "type": "date", "constraints": {"required": True}},
        {"name": "area", "type": "string", "constraints": {"required": True, "pattern": "[A-Z][0-9]"}},
        {"name": "sex", "type": "string", "constraints": {"enum": ["female", "male"]}},
        {"name": "people", "type": "integer", "constraints": {"minimum": 0, "maximum": 500}},
        {"name": "rate", "type": "number"},
        {"name": "year", "type": "year"},
    ],
    "primaryKey": ["day", "area"],
    "missingValues": [""],
}
CELLS = {
    "day": ["2019-03-31", "2019-03-30", "2019-02-29", "31/3/2019", ""],
    "area": ["A1", "B2", "a1", ""],
    "sex": ["female", "male", "men", ""],
    "people": ["0", "12", "500", "501", "-1", "1.5", "x", ""],
    "rate": ["1", "1.5", "-2", "1e3", "x", "1,5", ""],
    "year": ["2019", "19", "2019/20", ""],
}
ROWS = some.lists(
    some.tuples(*(some.sampled_from(values) for values in CELLS.values())), min_size=1, max_size=6
)


@given(ROWS)
def test_another_checker_finds_errors_in_the_same_rows(tmp_path_factory, rows) -> None:
    """frictionless, the reference implementation of the Table Schema standard, is the judge."""
    rows = [row for row in rows if any(row)]
    if not rows:
        return
    file = tmp_path_factory.mktemp("rows") / "mine.csv"
    file.write_text(
        "\n".join([",".join(CELLS), *(",".join(f'"{cell}"' for cell in row) for row in rows)]) + "\n"
    )
    ours = checking.errors(files.grids(file)[0], SCHEMA, {})
    with frictionless.system.use_context(trusted=True):
        resource = {"name": "x", "path": str(file), "format": "csv", "encoding": "utf-8", "schema": SCHEMA}
        theirs = frictionless.Resource.from_descriptor(resource).validate().flatten(["rowNumber", "type"])
    # A second row of one key is an error of its own only where its cells are right: then both report it.
    cells = {row for row, kind in theirs if kind != "primary-key"}
    assert {problem.row for problem in ours if "the same day" not in problem.message} == cells
    if not cells:
        assert {problem.row for problem in ours} == {row for row, _ in theirs}


def test_a_million_errors_do_not_fill_the_memory(made) -> None:
    cells = [str(random.Random(7).random()) for _ in range(checking.MOST_SHOWN + 500)]
    file = made("mine.csv", "people\n" + "\n".join(f"x{cell}" for cell in cells) + "\n")
    schema = {"fields": [{"name": "people", "type": "integer"}]}
    found = checking.errors(files.grids(file)[0], schema, {})
    assert len(found) == checking.MOST_SHOWN + 1
    assert any(problem.message == "500 more cells like these" for problem in found)
