"""Where the project's folders are, from any working directory; errors, and text that is safe to show."""

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


def inert(text: object) -> str:
    """Return the text with its control characters spelt out, so that a terminal shows them and obeys none.

    Line feeds stay. "\\x1b[2J" becomes the six characters that stand here.
    """
    return "".join(
        char if char == "\n" or char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in str(text)
    )


def quoted(value: object, longest: int = 60) -> str:
    """Return a value of a file for a message: in quotes, on one line, inert, cut where it is long."""
    text = inert(str(value)[: longest + 1]).replace("\n", "\\n")
    return f'"{text[:longest]}..."' if len(text) > longest else f'"{text}"'


def not_there(file: Path) -> str:
    """Return what to say of a path at which no file is: "mine.csv: no such file"."""
    return f"{file}: {'a folder, not a file' if file.is_dir() else 'no such file'}"


def write_whole(file: Path, text: str) -> None:
    """Write a text file that is there whole or not at all, whenever we are stopped. Raises OSError."""
    half_made = file.with_name(f".{os.getpid()}.{file.name}")
    try:
        half_made.write_text(text, encoding="utf-8")
        half_made.replace(file)
    finally:
        half_made.unlink(missing_ok=True)


def replace_whole(file: Path, content: bytes) -> None:
    """Write a file whole or not at all. Raises CareshiftError where its folder cannot be written to."""
    half = file.with_name(f".{os.getpid()}.{file.name}")
    try:
        half.write_bytes(content)
        half.replace(file)
    except OSError as error:
        raise CareshiftError(f"{file}: cannot be written ({error.strerror}).") from None
    finally:
        half.unlink(missing_ok=True)
