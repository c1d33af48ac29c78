"""The same commit gives the same book, whatever the place, time zone, locale, jobs and processors."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
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


GERMAN = Path("/usr/share/i18n/locales/de_DE")
COUNTS = "import locale, time; locale.setlocale(locale.LC_ALL, ''); print(f'{1234.5:n}', time.strftime('%Z'))"


@pytest.fixture(scope="module")
def other(tmp_path_factory) -> dict[str, str]:
    """Give the surroundings of the other build; German is made where the system can."""
    if not (GERMAN.exists() and shutil.which("localedef")):
        return OTHER
    made = tmp_path_factory.mktemp("locales") / OTHER["LC_ALL"]
    subprocess.run(["localedef", "-c", "-i", "de_DE", "-f", "UTF-8", str(made)], check=False)
    return OTHER | {"LOCPATH": str(made.parent)}


def test_the_other_build_counts_in_german(other) -> None:
    """Without the locale in force, a build under it would prove nothing."""
    if "LOCPATH" not in other:
        pytest.skip("needs the descriptions of locales: apt-get install locales")
    done = subprocess.run(
        [sys.executable, "-c", COUNTS],
        env={**os.environ, **other},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "1.234,5 +0545\n"


@pytest.fixture
def one_processor():
    """Let this test and what it starts run on one processor; the first build had all."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    yield
    os.sched_setaffinity(0, before)


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def differing(first: Path, second: Path) -> list[str]:
    one, other = files(first), files(second)
    return sorted(name for name in one | other if one.get(name) != other.get(name))


def test_a_book_built_elsewhere_is_the_same_to_the_byte(
    two_chapters, small, other, one_processor, tmp_path
) -> None:
    place = tmp_path / "another place, with a longer name"
    built = shutil.ignore_patterns("_build", ".snakemake")
    shutil.copytree(two_chapters, place, ignore=built)
    done = type(small)(place).call("careshift.cli", "book", "--jobs", "1", **other)
    assert done.returncode == 0, done.stderr
    first, second = two_chapters / "_build", place / "_build"
    assert (first / "ledger.json").read_bytes() == (second / "ledger.json").read_bytes()
    assert differing(first / "html", second / "html") == []
    assert len(files(first / "html")) > 50


if "CARESHIFT_WHOLE" in os.environ:  # `make audit` sets it: the test takes minutes

    def test_the_whole_book_built_elsewhere_is_the_same_to_the_byte(
        built, copy, other, one_processor
    ) -> None:
        for folder in ("_build", ".snakemake"):
            shutil.rmtree(copy.root / folder, ignore_errors=True)
        done = copy.call("careshift.cli", "book", "--jobs", "1", **other)
        assert done.returncode == 0, done.stderr
        assert differing(ROOT / "_build/html", copy.root / "_build/html") == []
        assert digest(built) == digest(copy.root / "_build/html")
        print(f"\nfound: {len(files(built)):,} files of the book, the same to the byte in both builds")
