"""Full disks, forbidden folders and other builds: a clear word, an exit code, the last good book."""

import ctypes
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from test_kills import BOOK, TABLE, digest, finish

from careshift.pipeline.workflow import only_build

WALES = "wales/admission_reductions"
DROP_FROM_BOUNDING_SET, OVERRIDE, READ_SEARCH = 24, 1, 2


def without_privilege() -> None:
    """Give up root's right to write where the mode forbids it."""
    if os.geteuid() == 0:
        for capability in (OVERRIDE, READ_SEARCH):
            assert ctypes.CDLL(None).prctl(DROP_FROM_BOUNDING_SET, capability, 0, 0, 0) == 0


def small_files_only() -> None:
    """Let no file grow past 48 KiB, which is how a full disk looks to a writer."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (48 * 1024, 48 * 1024))


def build(small, before) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *BOOK]
    return subprocess.run(
        command,
        cwd=small.root,
        env=small.environment(),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=before,
    )


@pytest.fixture
def stale(small):
    """Give the small book with one run to do."""
    text = (small.root / TABLE).read_text()
    (small.root / TABLE).write_text(text.replace("16805", "16806"))
    return small


def test_a_full_disk(stale) -> None:
    site = stale.root / "_build/html"
    before = digest(site)
    done = build(stale, small_files_only)
    assert done.returncode == 1
    assert f"{WALES}: File too large: " in done.stderr
    assert "Traceback" not in done.stderr
    assert digest(site) == before
    finish(stale)
    assert digest(site) != before


def forbidden(folder: Path) -> int:
    """Whether a process without privilege is refused by the folder: else the tests below prove nothing."""
    touch = [sys.executable, "-c", f"open({str(folder / 'probe')!r}, 'w')"]
    return (
        subprocess.run(touch, preexec_fn=without_privilege, capture_output=True, check=False).returncode != 0
    )


@pytest.mark.parametrize("folder", ["_build", "_build/runs/wales", "_build/books"])
def test_a_folder_that_may_not_be_written(stale, folder) -> None:
    site = stale.root / "_build/html"
    before = digest(site)
    place = stale.root / folder
    if folder == "_build":
        (place / ".lock").unlink()
    place.chmod(0o555)
    try:
        assert forbidden(place)
        done = build(stale, without_privilege)
    finally:
        place.chmod(0o755)
    assert done.returncode == 1
    assert "Permission denied" in done.stderr
    assert "Traceback" not in done.stderr
    assert "site-packages" not in done.stderr, "what stopped the build, not where in its code"
    assert ("Whole log" in done.stderr) == (folder == "_build/runs/wales"), "our jobs say it themselves"
    assert digest(site) == before
    finish(stale)
    assert digest(site) != before


def test_a_page_with_a_warning_leaves_the_last_good_book(small) -> None:
    site, page = small.root / "_build/html", small.root / "intro.md"
    before, text = digest(site), page.read_text()
    page.write_text(f"{text}\nA link to [nowhere](#nowhere-at-all) and {{unknown}}`role`.\n")
    done = small.call(*BOOK)
    assert done.returncode == 1
    assert "does not compile" in done.stderr
    assert "unknown" in done.stderr
    assert digest(site) == before
    page.write_text(text)
    finish(small)
    assert digest(site) == before


@pytest.mark.parametrize("name", ["mine.csv", "mine.xlsx", "mine.parquet"])
def test_a_file_that_may_not_be_read(tmp_path, name) -> None:
    file = tmp_path / name
    file.write_text("date,area\n")
    file.chmod(0)
    command = ["run", "scotland/care_home_residents", "--data", f"care_home_residents={file}"]
    done = subprocess.run(
        [sys.executable, "-m", "careshift.cli", *command],
        cwd=tmp_path,
        preexec_fn=without_privilege,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"{name}: you may not read it." in done.stderr


def test_two_builds_at_once(stale) -> None:
    before = digest(stale.root / "_build/html")
    with only_build(stale.root / "_build/.lock"):
        done = stale.call(*BOOK)
    assert done.returncode == 1
    assert f"Another build runs here (of process {os.getpid()})" in done.stderr
    assert digest(stale.root / "_build/html") == before
    finish(stale)


def test_a_killed_kernel_and_a_hung_chapter_stop_the_build_by_name(stale) -> None:
    before = digest(stale.root / "_build/html")
    chapter = stale.root / "chapters/wales/admission_reductions.ipynb"
    text = chapter.read_text()
    for trouble, words in (
        ("import os; os.kill(os.getpid(), 9)", "its kernel was killed"),
        ("while True: pass", "not done after 5 s"),
    ):
        chapter.write_text(text.replace("from careshift import", f"{trouble}\\nfrom careshift import", 1))
        done = stale.call(*BOOK, "--time-limit", "5")
        assert done.returncode == 1
        assert f"wales/admission_reductions: {words}" in done.stderr.replace("\n", " ")
        assert digest(stale.root / "_build/html") == before
    chapter.write_text(text)
    finish(stale)
