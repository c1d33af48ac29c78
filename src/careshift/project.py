"""Where the project's folders are, from any working directory."""

import os
from pathlib import Path

VARIABLE = (
    "CARESHIFT_ROOT"  # the environment variable that names another project folder, such as an edition's
)
CODE = Path(__file__).resolve().parents[2]
ROOT = Path(os.environ.get(VARIABLE) or CODE)
DATA = ROOT / "data"
CLAIMS = DATA / "claims"
CHAPTERS = ROOT / "chapters"
BUILD = ROOT / "_build"


class CareshiftError(Exception):
    """A mistake in data, parameters or claims, told so that a reader can mend it."""
