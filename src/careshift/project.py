"""Where the project's folders are, from any working directory."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
CLAIMS = DATA / "claims"
CHAPTERS = ROOT / "chapters"
BUILD = ROOT / "_build"


class CareshiftError(Exception):
    """A mistake in data, parameters or claims, told so that a reader can mend it."""
