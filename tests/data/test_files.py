"""Damaged, hostile and huge files: always a right table or a clear error, within bounded memory."""

import datetime
import gzip
import io
import json
import os
import subprocess
import sys
import zipfile

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pyarrow import parquet

from careshift import files, tables
from careshift.files import FileError, grids, limits
from careshift.project import CareshiftError, inert, quoted
from careshift.readers import build, importing

GOOD = b"""financial_year,residents,status
2003/04,31890,final
2004/05,31860,final
2005/06,31700,provisional
"""
TABLE = "free_personal_care_residents"


def outcome(file):
    """Return the table as it is read, or the message of the error; anything else fails the test."""
    try:
        return tables.read(TABLE, file)
    except CareshiftError as error:
        return str(error)


@pytest.fixture(scope="module")
def as_workbook(tmp_path_factory) -> bytes:
    file = tmp_path_factory.mktemp("book") / "good.xlsx"
    pd.read_csv(io.BytesIO(GOOD)).to_excel(file, index=False)
    return file.read_bytes()


@pytest.fixture(scope="module")
def as_parquet(tmp_path_factory) -> bytes:
    file = tmp_path_factory.mktemp("parquet") / "good.parquet"
    pd.read_csv(io.BytesIO(GOOD)).to_parquet(file)
    return file.read_bytes()


@pytest.fixture(scope="module")
def right(tmp_path_factory):
    file = tmp_path_factory.mktemp("right") / "good.csv"
    file.write_bytes(GOOD)
    return tables.read(TABLE, file)


@given(some.data())
@settings(max_examples=300)
def test_any_bytes_are_an_error_or_a_table(tmp_path_factory, data) -> None:
    file = tmp_path_factory.mktemp("any") / f"a{data.draw(some.sampled_from(sorted(files.KINDS)))}"
    file.write_bytes(data.draw(some.binary(max_size=300)))
    assert isinstance(outcome(file), str)


@given(some.integers(0, len(GOOD) - 1))
def test_a_text_cut_off_anywhere_is_no_other_table(tmp_path_factory, right, at) -> None:
    """Rows may be missing at the end, which no file can show; a row is never changed."""
    file = tmp_path_factory.mktemp("cut") / "a.csv"
    file.write_bytes(GOOD[:at])
    found = outcome(file)
    assert isinstance(found, str) or found.equals(right.iloc[: len(found)])


@given(some.data())
@settings(max_examples=60)
def test_a_binary_file_with_a_changed_byte_or_end_is_no_other_table(
    tmp_path_factory, right, as_workbook, as_parquet, data
) -> None:
    name, content = data.draw(some.sampled_from([("a.xlsx", as_workbook), ("a.parquet", as_parquet)]))
    at = data.draw(some.integers(0, len(content) - 1))
    changed = bytearray(content)
    changed[at] ^= data.draw(some.integers(1, 255))
    file = tmp_path_factory.mktemp("changed") / name
    file.write_bytes(data.draw(some.sampled_from([bytes(changed), content[:at]])))
    found = outcome(file)
    # Parquet written without checksums shows a changed cell only where it breaks a rule of the table.
    assert isinstance(found, str) or name == "a.parquet" or found.equals(right)


CELLS = some.text(
    alphabet=some.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1, max_size=30
).filter(lambda text: text.strip() == text and "\n" not in text.strip("\n"))


@given(some.lists(some.tuples(CELLS, CELLS), min_size=1, max_size=8))
def test_quoted_text_comes_back_as_it_was(tmp_path_factory, rows) -> None:
    file = tmp_path_factory.mktemp("quoted") / "a.csv"
    frame = pd.DataFrame(rows, columns=["one", "two"])
    frame.to_csv(file, index=False, quoting=1)
    assert grids(file)[0].cells.to_numpy().tolist() == [[a.strip(), b.strip()] for a, b in rows]


def test_a_line_break_within_quotes_is_part_of_the_cell(made) -> None:
    grid = grids(made("a.csv", 'a,b\n1,"two\nlines"\n2,x\n'))[0]
    assert grid.cells["b"].tolist() == ["two\nlines", "x"]


def test_a_cell_of_many_lines_may_lie_across_the_pieces_that_a_file_is_read_in(made) -> None:
    cell = "x\n" * 200
    rows = 9 * limits.MEBIBYTE // len(cell)
    (grid,) = grids(made("a.csv", "a,b\n" + f'"{cell}",1\n' * rows))
    assert grid.cells["b"].tolist() == ["1"] * rows


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("NaN", "Leave the cell empty"),
        ("inf", "Leave the cell empty"),
        ("-Infinity", "is not a whole number"),
        ("1e400", "is not a whole number"),
        ("99999999999999999999", "is not a whole number"),
        ("0x1F", "is not a whole number"),
        ("1_000", "is not a whole number"),
        ("\u0663", "is not a whole number"),
        ("=1+1", "is not a whole number"),
    ],
)
def test_what_python_takes_for_a_number_is_none(made, value, message) -> None:
    file = made("a.csv", GOOD.decode().replace("31860", value))
    assert f'row 3, field "residents": "{value}"' in outcome(file)
    assert message in outcome(file)


def test_a_number_too_large_to_hold_is_refused(made) -> None:
    rates = tables.locate("emergency_admission_rates").read_text().splitlines()
    text = "\n".join([rates[0], ",".join([*rates[1].split(",")[:4], "1e999", ""])])
    with pytest.raises(CareshiftError, match='row 2, field "rate": "1e999" is not a number'):
        tables.read("emergency_admission_rates", made("a.csv", text))


def workbook(file, sheet_xml: str | None = None, extra: dict[str, bytes] | None = None) -> None:
    """Write a workbook whose first sheet, or other members, hold what is given."""
    whole = io.BytesIO()
    book = openpyxl.Workbook()
    for row in GOOD.decode().splitlines():
        book.active.append(row.split(","))
    book.save(whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if sheet_xml and name == "xl/worksheets/sheet1.xml":
                content = sheet_xml.encode()
            new.writestr(name, content)
        for name, content in (extra or {}).items():
            new.writestr(name, content)


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize(
    "entity",
    ['<!ENTITY x SYSTEM "file:///etc/passwd">', '<!ENTITY a "aaaa"><!ENTITY x "&a;&a;&a;&a;">'],
    ids=["external", "expanding"],
)
def test_entities_in_a_workbook_are_refused(tmp_path, entity) -> None:
    file = tmp_path / "a.xlsx"
    workbook(file, f"<?xml version='1.0'?><!DOCTYPE worksheet [{entity}]>" + SHEET.format(text="&x;"))
    with pytest.raises(FileError, match="its XML holds definitions of its own"):
        grids(file)
    workbook(file, SHEET.format(text="plain"))
    assert grids(file)[0].columns == ["plain"]


def test_a_workbook_that_swells_is_refused_before_it_is_unpacked(tmp_path) -> None:
    file = tmp_path / "a.xlsx"
    workbook(file, extra={"xl/media/bomb": b"\0" * (limits.LARGEST_WORKBOOK + 1)})
    assert file.stat().st_size < 200_000
    with pytest.raises(FileError, match=r"MiB when unpacked, more than 64\. Cut it"):
        grids(file)


def test_a_sheet_that_claims_a_million_rows_and_columns_costs_what_it_holds(tmp_path) -> None:
    file = tmp_path / "a.xlsx"
    claim = '<dimension ref="A1:XFD1048576"/><sheetData>'
    workbook(file, SHEET.format(text="plain").replace("<sheetData>", claim))
    assert grids(file)[0].columns == ["plain"]


def test_two_cells_that_lie_far_apart_are_refused(tmp_path) -> None:
    """What lies between them would be held as empty cells, thousands of millions of them."""
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    workbook(tmp_path / "a.xlsx", SHEET.format(text="plain").replace("</sheetData>", far))
    with pytest.raises(FileError, match="a sheet of 1,048,576 rows and 16,384 columns"):
        grids(tmp_path / "a.xlsx")


def test_a_cell_that_is_repeated_a_million_times_is_refused(tmp_path) -> None:
    file = tmp_path / "a.ods"
    row = (
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="string" '
        'table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row>'
    )
    with zipfile.ZipFile(file, "w") as new:
        new.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        new.writestr("content.xml", f"<office:document-content>{row}</office:document-content>")
    with pytest.raises(FileError, match="a cell that is repeated 17,179,869,184 times"):
        grids(file)


def test_a_size_that_a_sheet_claims_hides_no_cell(tmp_path) -> None:
    file = tmp_path / "a.xlsx"
    workbook(file)
    with zipfile.ZipFile(file) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert xml.count('ref="A1:C4"') == 1
    workbook(file, xml.replace('ref="A1:C4"', 'ref="A1:B2"'))
    assert grids(file)[0].cells.to_csv(index=False).encode() == GOOD


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "3"),
        (0.1, "0.1"),
        (31890, "31890"),
        (None, ""),
        (True, "true"),
        (datetime.datetime(2019, 3, 31), "2019-03-31"),
        (" x ", "x"),
    ],
)
def test_a_cell_of_a_workbook_as_text(value, text) -> None:
    assert files.cell_text(value) == text


def test_a_gzip_is_never_unpacked_past_the_limit(tmp_path, monkeypatch) -> None:
    asked = []

    class Bomb(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            asked.append(size)
            return super().read(size)

    monkeypatch.setattr(gzip, "open", lambda file: Bomb(b"x" * 5000))
    with pytest.raises(FileError, match="more than 0 MiB"):
        files.content_of(tmp_path / "a.gz", 1000)
    assert asked == [1001]


def test_an_old_workbook_past_the_limit_is_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(limits, "LARGEST_WORKBOOK", 1000)
    (tmp_path / "a.xls").write_bytes(b"\xd0\xcf\x11\xe0" * 300)
    with pytest.raises(FileError, match="more than 0 MiB"):
        grids(tmp_path / "a.xls")


def test_nothing_of_a_workbook_is_unpacked_to_a_disk(tmp_path) -> None:
    folder = tmp_path / "inner" / "innermost"
    folder.mkdir(parents=True)
    workbook(folder / "a.xlsx", extra={"../../climbed.txt": b"x", "/tmp/careshift-climbed.txt": b"x"})
    assert grids(folder / "a.xlsx")[0].columns == ["financial_year", "residents", "status"]
    assert [path.name for path in sorted(tmp_path.rglob("*"))] == ["inner", "innermost", "a.xlsx"]


def test_too_many_rows_or_columns_are_refused(made, tmp_path, monkeypatch) -> None:
    with pytest.raises(FileError, match="2,001 columns, more than 2,000"):
        grids(made("wide.csv", ",".join(f"c{number}" for number in range(2001)) + "\n"))
    monkeypatch.setattr(limits, "MOST_ROWS", 2)
    with pytest.raises(FileError, match="more than 2 rows"):
        grids(made("long.csv", GOOD.decode()))
    workbook(tmp_path / "long.xlsx")
    with pytest.raises(FileError, match='sheet "Sheet": too large'):
        grids(tmp_path / "long.xlsx")


def test_a_gzip_that_swells_is_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(limits, "LARGEST", 1000)
    file = tmp_path / "a.gz"
    file.write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 1000))
    with pytest.raises(FileError, match="more than 0 MiB"):
        files.content_of(file, limits.LARGEST)


def test_a_parquet_of_few_long_texts_is_refused(tmp_path, monkeypatch) -> None:
    file = tmp_path / "a.parquet"
    pd.DataFrame({"a": ["x" * (limits.LONGEST_CELL + 1)] * 2000}).to_parquet(file)
    with pytest.raises(FileError, match="a cell of more than 10,000 characters"):
        grids(file)
    pd.DataFrame({"a": [1] * 2000}).to_parquet(file)
    monkeypatch.setattr(limits, "MOST_ROWS", 1999)
    with pytest.raises(FileError, match=r"2,000 rows, 0 MiB; at most"):
        grids(file)


def test_lists_in_a_parquet_are_refused(tmp_path) -> None:
    pd.DataFrame({"a": [[1, 2], [3]]}).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(FileError, match='column "a": holds lists or records'):
        grids(tmp_path / "a.parquet")


def test_a_formula_counts_only_by_its_stored_value(tmp_path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["financial_year", "residents", "status"])
    book.active.append(["2003/04", "=3*4", "final"])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(FileError, match="row 2: a formula without a stored value"):
        grids(tmp_path / "a.xlsx")


def test_another_kind_of_file_is_refused(made) -> None:
    with pytest.raises(FileError, match=r"unknown kind of file\. Bring CSV"):
        grids(made("a.docx", "x"))
    with pytest.raises(FileError, match="damaged or not the kind of file"):
        grids(made("a.xlsx", "not a workbook"))
    with pytest.raises(FileError, match="damaged or not the kind of file"):
        grids(made("a.parquet", "not a table"))


@given(some.sampled_from(build.built_tables()), some.binary(max_size=200))
@settings(max_examples=60)
def test_no_reader_stumbles_over_bytes(tmp_path_factory, table, content) -> None:
    folder = tmp_path_factory.mktemp("raw")
    raw = []
    for number, entry in enumerate(tables.describe(table)["raw"]):
        raw.append(folder / f"{number}{entry['file'][entry['file'].rindex('.') :]}")
        raw[-1].write_bytes(content)
    with pytest.raises(CareshiftError):
        importing.read_raw(table, raw)


MEASURE = """
import json, resource, sys
from pathlib import Path
from careshift.own_data import report
found = report.examine("population", Path(sys.argv[1]))
status = Path("/proc/self/status")  # its peak is this program's own; ru_maxrss begins with the test runner's
lines = status.read_text().splitlines() if status.exists() else []
own = [int(line.split()[1]) for line in lines if line.startswith("VmHWM")]
peak = (own or [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss])[0] // 1024
print(json.dumps({"rows": found.rows, "errors": len(found.errors), "peak": peak}))
"""


def measured(file) -> dict[str, int]:
    """Return rows, errors and peak memory (MiB) of checking a file in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(file)], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def many_people(file, rows: int, vintage: str = "made") -> None:
    """Write a right population table of made-up countries, of that many rows."""
    with file.open("w", encoding="utf-8") as out:
        out.write("year,area,sex,age,population,vintage\n")
        for row in range(rows):
            age, rest = row % 91, row // 91
            sex, rest = rest % 2, rest // 2
            year, rest = 1900 + rest % 150, rest // 150
            area = "".join(chr(65 + rest // 26**place % 26) for place in range(3))
            out.write(f"{year},{area},{('female', 'male')[sex]},{age},{row},{vintage}\n")


LARGE = bool(os.environ.get("CARESHIFT_LARGE"))  # a million rows of 200 MB, for make audit


def test_a_large_file_is_checked_in_bounded_memory(tmp_path) -> None:
    """100,000 rows of 2 MB within 400 MiB; with CARESHIFT_LARGE a million rows of 200 MB within 2 GiB."""
    file = tmp_path / "people.csv"
    rows, most = (1_000_000, 2048) if LARGE else (100_000, 400)
    many_people(file, rows, vintage="made for a test " * 11 if LARGE else "made")
    assert file.stat().st_size > (200e6 if LARGE else 2e6)
    found = measured(file)
    size = f"{rows:,} rows in {file.stat().st_size / 1e6:.0f} MB"
    print(f"\nfound: a table of {size} is checked with {found['peak']:,} MiB of memory at most")
    assert (found["rows"], found["errors"]) == (rows, 0)
    assert found["peak"] < most, f"{found['peak']} MiB"


def test_a_parquet_text_that_is_no_utf_8_is_refused_where_it_is_read(tmp_path) -> None:
    broken = pa.array([b"2019", b"20\xff9"], pa.binary()).view(pa.string())
    parquet.write_table(pa.table({"year": broken}), tmp_path / "people.parquet")
    with pytest.raises(FileError, match="damaged"):
        grids(tmp_path / "people.parquet")


def test_a_file_past_the_limit_is_refused(tmp_path) -> None:
    file = tmp_path / "people.csv"
    with file.open("wb") as out:
        out.truncate(limits.LARGEST + 1)
    with pytest.raises(FileError, match="more than 256 MiB"):
        grids(file)


def test_control_characters_are_spelt_out() -> None:
    assert inert("a\x1b[2Jb\x07\n\u202e") == "a\\x1b[2Jb\\x07\n\\u202e"
    assert quoted("two\nlines") == '"two\\nlines"'
    assert quoted("\x1b[2J") == '"\\x1b[2J"'
    assert quoted("x" * 100) == f'"{"x" * 60}..."'
