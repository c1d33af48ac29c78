"""Every committed table keeps to its schema, and a broken cell is named by file, row and field."""

import pytest

from careshift import tables
from careshift.project import DATA


@pytest.mark.parametrize("name", tables.names())
def test_committed_table_keeps_to_its_schema(name: str) -> None:
    assert list(tables.errors_of(name)) == []


@pytest.mark.parametrize("name", tables.names())
def test_table_is_described_in_full(name: str) -> None:
    table = tables.describe(name)
    for entry in (
        "title",
        "description",
        "publisher",
        "sources",
        "licenses",
        "vintage",
        "coverage",
        "caveats",
    ):
        assert table[entry], f"{name} lacks {entry}"
    origins = [bool(table["raw"]), bool(table.get("typed")), bool(table.get("computed"))]
    assert sum(origins) == 1, f"{name} is built from raw files, typed or computed, one of the three"
    assert bool(table["raw"]) == bool(table.get("reader"))
    for raw in table["raw"]:
        assert raw["layout"].startswith(("publisher", "re-publisher: ", "typed"))
        assert len(raw["sha256"]) == 64
    for field in table["schema"]["fields"]:
        assert field["title"], f"{name}.{field['name']} lacks a title"
        assert field["description"], f"{name}.{field['name']} lacks a description"


def test_each_file_of_data_is_described() -> None:
    assert sorted(file.name for file in DATA.glob("*.csv")) == sorted(
        f"{name}.csv" for name in tables.names()
    )


def test_tables_are_plain_text() -> None:
    for file in DATA.glob("*.csv"):
        content = file.read_bytes()
        assert b"\r" not in content
        assert not content.startswith(b"\xef\xbb\xbf")


def test_error_names_file_row_and_field(tmp_path) -> None:
    lines = tables.locate("care_home_residents").read_text(encoding="utf-8").splitlines(keepends=True)
    wrong = next(i for i, line in enumerate(lines) if ",ok" in line)
    lines[wrong] = lines[wrong].replace(lines[wrong].split(",")[4], "3O1", 1)
    file = tmp_path / "care_home_residents.csv"
    file.write_text("".join(lines), encoding="utf-8")
    with pytest.raises(tables.TableError) as error:
        tables.read("care_home_residents", file)
    assert f'care_home_residents.csv, row {wrong + 1}, field "residents"' in str(error.value)
    assert "--data care_home_residents=FILE" in str(error.value)


def test_unknown_area_is_refused(tmp_path) -> None:
    text = tables.locate("care_home_residents").read_text(encoding="utf-8")
    file = tmp_path / "mine.csv"
    file.write_text(text.replace("S12000005", "S12000099", 1), encoding="utf-8")
    with pytest.raises(tables.TableError, match=r'row 2, field "area": "S12000099" is no code of data/areas'):
        tables.read("care_home_residents", file)
