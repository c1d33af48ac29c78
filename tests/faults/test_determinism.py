"""The same commit gives the same book, whatever the place, time zone, locale and number of jobs."""

import os
import shutil
from pathlib import Path

from test_kills import digest

from careshift.project import ROOT

OTHER = {
    "PYTHONHASHSEED": "20180331",
    "LC_ALL": "de_DE.UTF-8",
    "LANG": "de_DE.UTF-8",
    "TZ": "Asia/Kathmandu",
    "OPENBLAS_NUM_THREADS": "2",
    "SOURCE_DATE_EPOCH": "1540000000",
}


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def differing(first: Path, second: Path) -> list[str]:
    one, other = files(first), files(second)
    return sorted(name for name in one | other if one.get(name) != other.get(name))


def test_a_book_built_elsewhere_is_the_same_to_the_byte(two_chapters, small, tmp_path) -> None:
    place = tmp_path / "another place, with a longer name"
    built = shutil.ignore_patterns("_build", ".snakemake")
    shutil.copytree(two_chapters, place, ignore=built)
    done = type(small)(place).call("careshift.cli", "book", "--jobs", "1", **OTHER)
    assert done.returncode == 0, done.stderr
    first, second = two_chapters / "_build", place / "_build"
    assert (first / "ledger.json").read_bytes() == (second / "ledger.json").read_bytes()
    assert differing(first / "html", second / "html") == []
    assert len(files(first / "html")) > 50


if "CARESHIFT_WHOLE" in os.environ:  # `make audit` sets it: the test takes minutes

    def test_the_whole_book_built_elsewhere_is_the_same_to_the_byte(built, copy) -> None:
        for folder in ("_build", ".snakemake"):
            shutil.rmtree(copy.root / folder, ignore_errors=True)
        done = copy.call("careshift.cli", "book", "--jobs", "1", **OTHER)
        assert done.returncode == 0, done.stderr
        assert differing(ROOT / "_build/html", copy.root / "_build/html") == []
        assert digest(built) == digest(copy.root / "_build/html")
