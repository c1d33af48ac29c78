"""Quirks of publishers' files that every reader meets."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careshift.project import CareshiftError
from careshift.readers import raw_files


def test_byte_order_mark_crlf_spaces_and_added_columns_do_no_harm(made) -> None:
    file = made("a.csv", "\ufeffDate, CA ,Extra,Value\r\n20190331,S1,x, 7 \r\n")
    cells = raw_files.read_csv(file, ["Date", "CA", "Value"])
    assert cells.to_dict("records") == [{"Date": "20190331", "CA": "S1", "Value": "7"}]
    assert list(cells.index) == [2]


def test_missing_column_names_file_and_column(made) -> None:
    file = made("a.csv", "Date,CA\n1,2\n")
    with pytest.raises(CareshiftError, match=r'a\.csv: column "Value" is missing.*Columns found: Date, CA'):
        raw_files.read_csv(file, ["Date", "Value"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("a,b\n1,2\n1,2,3\n", "row 3: 3 cells, 2 columns"),
        ("a,b\n1,2\n3", "row 3: 1 cells, 2 columns"),
        ("a,b\n\xff,1\n", "row 2: the text is not in UTF-8"),
    ],
    ids=["empty", "ragged", "cut off", "latin-1"],
)
def test_a_file_that_is_no_table_is_refused(made, text: str, message: str) -> None:
    with pytest.raises(CareshiftError, match=rf"a\.csv.*{message}"):
        raw_files.read_csv(made("a.csv", text, encoding="latin-1"), ["a"])


def test_missing_file_says_so(tmp_path) -> None:
    with pytest.raises(CareshiftError, match="no such file"):
        raw_files.read_csv(tmp_path / "none.csv", ["a"])
    with pytest.raises(CareshiftError, match="no such file"):
        raw_files.sheet_rows(tmp_path / "none.xlsx", "a")


def test_markers_keep_a_cell_missing_and_never_make_it_zero(tmp_path) -> None:
    values = pd.Series(["7", "", "", "", "0", "c", "1,234"], name="Value")
    markers = pd.Series(["", ":", "c", "", "", "", "d"], name="ValueQF")
    counts, status = raw_files.counts_with_status(values, markers, tmp_path / "a.csv")
    assert counts.tolist() == [7, pd.NA, pd.NA, pd.NA, 0, pd.NA, 1234]
    assert status.tolist() == ["ok", "not available", "suppressed", "not available", "ok", "suppressed", "ok"]


def test_unknown_marker_beside_an_empty_value_is_refused(tmp_path) -> None:
    with pytest.raises(CareshiftError, match='row 5, column "ValueQF": unknown marker "q"'):
        raw_files.counts_with_status(
            pd.Series([""], index=[5], name="Value"),
            pd.Series(["q"], index=[5], name="ValueQF"),
            tmp_path / "a.csv",
        )


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_whole_numbers_are_read_back(number: int) -> None:
    texts = pd.Series([str(number), f"{number:,}", f"{number}.0"])
    assert raw_files.whole_numbers(texts, Path("a.csv")).tolist() == [number] * 3


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_read_back_to_the_last_digit(number: float) -> None:
    assert raw_files.numbers(pd.Series([repr(number)]), Path("a.csv")).tolist() == [number]


def test_decimals_with_separators_are_read() -> None:
    assert raw_files.numbers(pd.Series(["1,234.5", "-2", ""]), Path("a.csv")).tolist()[:2] == [1234.5, -2]


@pytest.mark.parametrize("cell", ["3O1", "1.5", "n/a", "12-14"])
def test_a_cell_that_is_no_whole_number_is_named(cell: str) -> None:
    with pytest.raises(CareshiftError, match=f'a.csv, row 9, column "Value": "{cell}" is not a whole number'):
        raw_files.whole_numbers(pd.Series([cell], index=[9], name="Value"), Path("a.csv"))


def test_table_is_found_below_notes(tmp_path) -> None:
    book = openpyxl.Workbook()
    for row in (["A title"], [None], ["Code", "Value", None], ["S1", 3.0, "aside"]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    rows = raw_files.sheet_rows(tmp_path / "a.xlsx", "Sheet")
    assert raw_files.table_in(rows, ["Code"], "a.xlsx").to_dict("index") == {4: {"Code": "S1", "Value": "3"}}
    with pytest.raises(CareshiftError, match=r"a\.xlsx: no row holds all of the columns Code, Area"):
        raw_files.table_in(rows, ["Code", "Area"], "a.xlsx")
    with pytest.raises(CareshiftError, match=r'sheet "Data" is missing\. Sheets found: Sheet'):
        raw_files.sheet_rows(tmp_path / "a.xlsx", "Data")
