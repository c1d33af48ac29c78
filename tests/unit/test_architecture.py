"""The house stands as ARCHITECTURE.md says: modules listed, imports only downward, notebooks thin."""

import re

import grimp
import pytest

from careshift.project import ROOT

ROW = re.compile(r"^\| (\d) \| `([\w./]+)` \|")


@pytest.fixture(scope="module")
def floors() -> dict[str, int]:
    rows = map(ROW.match, (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines())
    return {row[2].rstrip("/").replace("/", "."): int(row[1]) for row in rows if row}


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph("careshift", cache_dir=None)


def floor_of(module: str, floors: dict[str, int]) -> int:
    name = module.removeprefix("careshift").strip(".")
    while name and name not in floors:
        name = name.rpartition(".")[0]
    return floors[name] if name else 0


def test_the_map_lists_every_module_and_no_other(floors) -> None:
    tree = {
        p.relative_to(ROOT / "src/careshift").with_suffix("").as_posix().replace("/", ".")
        for p in (ROOT / "src/careshift").rglob("*.py")
        if p.name != "__init__.py"
    }
    packages = {name for name in floors if (ROOT / "src/careshift" / name.replace(".", "/")).is_dir()}
    covered = {m for m in tree if m in floors or any(m.startswith(f"{p}.") for p in packages)}
    assert tree == covered, f"not in ARCHITECTURE.md: {sorted(tree - covered)}"
    assert not set(floors) - tree - packages, "ARCHITECTURE.md lists what is not there"


def test_imports_only_go_down(floors, graph) -> None:
    up = [
        f"{importer} imports {imported} from a floor above"
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
        if floor_of(importer, floors) < floor_of(imported, floors)
    ]
    assert not up, "\n".join(up)


def test_no_circle_between_rooms(graph) -> None:
    rooms: dict[str, set[str]] = {}
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            a, b = (".".join(name.split(".")[:2]) for name in (importer, imported))
            if a != b:
                rooms.setdefault(a, set()).add(b)
    assert not [(a, b) for a, used in rooms.items() for b in used if a in rooms.get(b, set())]
