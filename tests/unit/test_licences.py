"""Everything in the lock has a licence that lets this project be used, changed and passed on."""

import json
import re
import subprocess
import sys
from pathlib import Path

from careshift.project import CODE

# Permissive licences, and weak copyleft that binds only changes of the library itself.
ALLOWED = re.compile(
    r"MIT|BSD|Apache|ISC|Python Software Foundation|PSF|Python-2\.0|HPND|Unlicense|0BSD|CC0|Zlib|Zope|MPL"
    r"|Mozilla Public License 2\.0|Public Domain|Artistic|LGPL|Lesser General Public",
    re.IGNORECASE,
)


def licences() -> dict[str, str]:
    tool = Path(sys.executable).with_name("pip-licenses")
    command = [str(tool), "--format=json", "--from=mixed", "--with-license-file", "--no-license-path"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {re.sub(r"[-_.]+", "-", item["Name"]).lower(): stated(item) for item in json.loads(said)}


def stated(item: dict[str, str]) -> str:
    """What the package's metadata say, else the first line of its licence file."""
    first = item["LicenseText"].strip().partition("\n")[0]
    return first if item["License"] == "UNKNOWN" else item["License"]


def locked() -> set[str]:
    lines = (CODE / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return {match.group(1).lower() for line in lines if (match := re.match(r"([A-Za-z0-9_.-]+)==", line))}


def forbidden(found: dict[str, str]) -> dict[str, str]:
    """The packages with a licence of which no alternative is allowed."""
    return {
        name: licence
        for name, licence in found.items()
        if not any(map(ALLOWED.search, re.split(r";| OR ", licence)))
    }


def test_every_licence_is_allowed() -> None:
    found = licences()
    installed = {re.sub(r"[-_.]+", "-", name) for name in locked()} & set(found)
    assert len(installed) > 100
    assert forbidden({name: found[name] for name in installed}) == {}


def test_a_strong_or_missing_licence_is_found() -> None:
    made = {"a": "GNU Affero General Public License v3", "b": "UNKNOWN", "c": "MIT", "d": "GPL-3.0 OR MIT"}
    assert set(forbidden(made)) == {"a", "b"}
