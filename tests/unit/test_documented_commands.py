"""Every command that README, CONTRIBUTING and the guides show is run, or stood in for, and works."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from careshift.project import BUILD, CODE

PAGES = ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "chapters/methods/cluster.md")
BLOCK = re.compile(r"```bash\n(.*?)```", re.DOTALL)
INLINE = re.compile(r"`((?:[A-Z_]+=\S+ )?(?:make|\.venv/bin/\w+|careshift|rsync) [^`\n]*)`")

# What takes minutes or would change the checkout is stood in for by something smaller of the same kind.
STAND_INS = {
    "make book": "make -n book",
    "make test": "make -n test",
    "make refresh": "make -n refresh",
    "make tables": "CARESHIFT_RAW=. make -n tables",
    "make audit": "make -n audit",
    "make bench": "make -n bench",
    "make newest": "make -n newest",
    "make defences": "make -n defences",
    'make defences ONLY="zip bombs"': 'make -n defences ONLY="zip bombs"',
    "make python OTHER=python3.12": "make -n python OTHER=python3.12",
    "make pdf": "make -n pdf",
    "rsync -aL --delete _build/html/ HOST:/var/www/book/": "cp -aL _build/html/ published",
    "CARESHIFT_NEW_LOOKS=1 pytest tests/book/test_looks.py": "pytest --collect-only tests/book/test_looks.py",
    'make mutation MODULES="effect_sizes interruption.fit"': "make -n mutation MODULES=effect_sizes",
    "make mutation SAMPLE=60": "make -n mutation SAMPLE=60",
    "CARESHIFT_RAW=FOLDER make tables": "CARESHIFT_RAW=. make -n tables",
    'careshift its examples/quetiapine_dispensings.csv --at 2014-01="Repeats ended" -o report': (
        "careshift its examples/quetiapine_dispensings.csv --at 2014-01 --only-plan -o report"
    ),
    "careshift book --edition FILE.yml": "careshift book --edition tests/two_chapters.yml",
    # tests/book/test_example_edition.py builds this one.
    "careshift book --edition editions/highland.yml": "test -f editions/highland.yml",
    "careshift book --profile profiles/slurm": "snakemake --profile profiles/slurm --help",
    "pytest --nbval-lax --dist loadscope -n 2 chapters": "pytest --nbval-lax chapters/policy/timeline.ipynb",
    "pytest tests/claims -k care-home-residents": (
        "pytest --collect-only -q tests/claims -k care-home-residents"
    ),
}


def documented() -> list[str]:
    """Every command, once, in the order of the pages, without the folder of the environment."""
    found: dict[str, None] = {}
    for page in PAGES:
        text = (CODE / page).read_text(encoding="utf-8")
        lines = [line for block in BLOCK.findall(text) for line in block.splitlines()]
        for line in [*lines, *INLINE.findall(text)]:
            command = line.partition("  #")[0].strip().replace(".venv/bin/", "")
            if command:
                found[command] = None
    return list(found)


@pytest.fixture(scope="module")
def workplace(tmp_path_factory) -> Path:
    """Give a folder that looks like the checkout, with the files that a reader would bring."""
    place = tmp_path_factory.mktemp("workplace")
    for entry in CODE.iterdir():
        if entry.name not in (".git", "out.ipynb", "mine.ipynb"):
            (place / entry.name).symlink_to(entry)
    shutil.copy2(CODE / "data/care_home_residents.csv", place / "mine.csv")
    shutil.copy2(BUILD / "ledger.json", place / "before.json")
    return place


@pytest.mark.parametrize("command", documented())
def test_a_documented_command_works(command, workplace, built) -> None:
    search = f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f"export PATH={search}:$PATH; {STAND_INS.get(command, command)}"],
        cwd=workplace,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_commands_are_found_and_no_stand_in_is_left_over() -> None:
    commands = documented()
    assert "careshift check mine.csv --table care_home_residents" in commands
    assert set(STAND_INS) <= set(commands)
