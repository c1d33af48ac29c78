"""Every committed table keeps to its schema, and a broken cell is named by file, row and field."""

import ast

import pytest

from careshift import claims, parameters, tables
from careshift.project import CODE, DATA

READ_ELSEWHERE = {
    "official_series": "tests/data/test_known_values.py",
    "places": "tests/data/test_places.py",
}
"""Tables that no chapter and no claim reads, each with the module that does. official_series says in words
what each series of single values counts: a test holds it against them, the catalogue shows it. places is the
register by which files of one's own are read."""


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


def read_by_chapters() -> set[str]:
    """Tables that the parameters cell of a chapter names."""
    notebooks = [parameters.notebook_of(chapter) for chapter in parameters.chapters()]
    return {name for notebook in notebooks for name in parameters.declared(notebook)} & set(tables.names())


def read_by_claims() -> set[str]:
    """Tables that the expression of a claim's outside data names."""
    readings = [
        reading.value for claim in claims.load() if claim.outside for reading in claim.outside.choices
    ]
    texts = [
        node.value
        for value in readings
        for node in ast.walk(ast.parse(value))
        if isinstance(node, ast.Constant)
    ]
    return {text for text in texts if isinstance(text, str)} & set(tables.names())


def test_every_table_is_read() -> None:
    """A table that nothing reads is to be used by a chapter or to be deleted."""
    unread = set(tables.names()) - read_by_chapters() - read_by_claims()
    assert unread == set(READ_ELSEWHERE)


@pytest.mark.parametrize("name", READ_ELSEWHERE)
def test_the_module_that_reads_a_table_names_it(name: str) -> None:
    tree = ast.parse((CODE / READ_ELSEWHERE[name]).read_text(encoding="utf-8"))
    read = [
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "tables.read"
        and isinstance(node.args[0], ast.Constant)
    ]
    assert name in read


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
