"""Tables: found by name, typed, and refused with file, row and field."""

import re

import pytest

from careshift import tables
from careshift.tables import TableError


def test_unknown_table_lists_the_known() -> None:
    with pytest.raises(TableError, match="care_home_residents"):
        tables.describe("nothing")


def test_the_project_path_works_from_any_folder(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert tables.locate("population", "data/population.csv") == tables.locate("population")
    with pytest.raises(TableError, match="no such file"):
        tables.locate("population", "mine.csv")


def test_integers_stay_integers() -> None:
    frame = tables.read("free_personal_care_residents")
    assert str(frame["residents"].dtype) == "int64"


@pytest.fixture
def own(tmp_path):
    def change(old: str, new: str):
        text = tables.locate("free_personal_care_residents").read_text()
        assert old in text
        path = tmp_path / "mine.csv"
        path.write_text(text.replace(old, new, 1))
        return path

    return change


@pytest.mark.parametrize(
    ("old", "new", "row", "what"),
    [
        ("31890", "3189O", 2, '"3189O" is not a whole number. Correct the cell.'),
        ("31860", "", 3, "the cell is empty. Fill it in, or take out the row."),
        ("31860", "-5", 3, '"-5" is below 0. Correct the cell.'),
    ],
)
def test_a_wrong_cell_is_named(own, old: str, new: str, row: int, what: str) -> None:
    path = own(old, new)
    with pytest.raises(TableError, match=re.escape(f'mine.csv, row {row}, field "residents": {what}')):
        tables.read("free_personal_care_residents", path)


def test_a_year_given_twice_is_refused(own) -> None:
    path = own("2004/05", "2003/04")
    with pytest.raises(TableError, match="row 3"):
        tables.read("free_personal_care_residents", path)


def test_a_missing_column_is_refused(own) -> None:
    path = own("residents", "people")
    with pytest.raises(TableError, match="residents"):
        tables.read("free_personal_care_residents", path)


def test_the_same_file_under_another_path_passes(own) -> None:
    path = own("31890", "31891")
    assert tables.read("free_personal_care_residents", path)["residents"].iloc[0] == 31891


def test_a_table_of_what_the_documents_print_says_so() -> None:
    """Such a table is the documents' own numbers: were it not marked, they would confirm themselves."""
    named = re.compile(
        r"as printed by|after (the documents|The King's Fund)|King's Fund|Ministerial Strategic"
    )
    of_documents = {name for name in tables.names() if named.search(tables.describe(name)["publisher"])}
    marked = {name for name in tables.names() if tables.is_print(name)}
    assert of_documents <= marked
    assert {"population", "official_values", "found_values"}.isdisjoint(marked)
