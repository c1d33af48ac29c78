"""What many tests need: the built book, the publishers' raw files, a copy of the project to break."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from careshift.project import BUILD, ROOT

# Before numpy is imported: threads of the linear algebra wait for each other where tests share the cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# An example that is slow because the machine is busy is no failure. Continuous integration tries the same
# examples each time, so that a red run means the change; other runs look for new ones.
settings.register_profile("careshift", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("careshift")
# Mutation testing runs a test thousands of times, and must find the same each time.
settings.register_profile("mutation", deadline=None, derandomize=True, max_examples=15)

LEFT_OUT = (".venv", ".git", ".*_cache", ".hypothesis", "__pycache__", "newest", "mutation", "python")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the audit open every page of the book, where `make test` opens a sample of each kind."""
    parser.addoption("--every-page", action="store_true", help="open every page of the book, not a sample")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what takes minutes to the audit."""
    if not config.getoption("--every-page"):
        long = [item for item in items if item.get_closest_marker("audit")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a run that skipped a test where CARESHIFT_NO_SKIP says that everything needed is there."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if os.environ.get("CARESHIFT_NO_SKIP") and skipped and not hasattr(session.config, "workerinput"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line(f"{len(skipped)} tests were skipped, and none may be here.", red=True)


@pytest.fixture(scope="session")
def built() -> Path:
    """Give the folder of the built book; `make test` builds it first."""
    site = BUILD / "html"
    assert (site / "index.html").exists(), "Build the book first: make book"
    return site


@pytest.fixture(scope="session")
def executed() -> Path:
    """Give the folder of executed notebooks."""
    folder = BUILD / "runs"
    assert folder.exists(), "Build the book first: make book"
    return folder


class Copy:
    """A copy of the project, built state included, in which a test may change what it likes."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        return kept | {"PYTHONPATH": str(self.root / "src")}

    def call(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a module in the copy, e.g. call("careshift.cli", "book"), to its end."""
        with self.start(*command, **environment) as process:
            out, err = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def start(self, *command: str, **environment: str) -> subprocess.Popen[str]:
        """Start a module in the copy, in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=self.root,
            env=self.environment() | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def stale(self) -> set[str]:
        """Return what a build would do: the rule, and what it is about, e.g. "run wales/..."."""
        done = self.call("snakemake", "--cores", "1", "--dry-run", "--nolock", "--quiet", "host")
        assert done.returncode == 0, done.stdout + done.stderr
        lines = (done.stdout + done.stderr).splitlines()
        messages = [line.split("Job ", 1)[1].partition(": ")[2] for line in lines if line.startswith("Job ")]
        return {m.removeprefix("Running ").removeprefix("Checking ") for m in messages if m}

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace the first occurrence of a text in a file."""
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {path}"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def sources(tmp_path: Path) -> Copy:
    """Give a copy of the code, data and chapters alone, nothing built."""
    for folder in ("src", "data", "chapters"):
        shutil.copytree(
            ROOT / folder, tmp_path / "project" / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    return Copy(tmp_path / "project")


@pytest.fixture
def copy(tmp_path: Path, built: Path) -> Copy:
    """Give a copy of the built project."""
    target = tmp_path / "project"
    shutil.copytree(ROOT, target, symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OUT))
    return Copy(target)


class Small(Copy):
    """The folder of a built book of two chapters: an edition, made by the code of this project."""

    def environment(self) -> dict[str, str]:
        return super().environment() | {"CARESHIFT_ROOT": str(self.root), "PYTHONPATH": str(ROOT / "src")}


@pytest.fixture(scope="session")
def project_at() -> type[Small]:
    """Give a function that answers the project in a folder that holds no code, such as an edition's."""
    return Small


@pytest.fixture(scope="session")
def two_chapters() -> Path:
    """Give the folder of the book of two chapters, built once; a test changes a copy of it."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / ".two_chapters.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = Copy(ROOT).call("careshift.cli", "book", "--edition", "tests/two_chapters.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    return BUILD / "editions" / "two_chapters"


@pytest.fixture
def small(tmp_path: Path, two_chapters: Path) -> Small:
    """Give a copy of the built book of two chapters."""
    shutil.copytree(two_chapters, tmp_path / "small", symlinks=True)
    return Small(tmp_path / "small")
