"""Tidy tables in: named in data/datapackage.json, typed from their schema, checked before use."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from careshift.project import DATA, ROOT, CareshiftError

if TYPE_CHECKING:
    import pandas as pd

PACKAGE = DATA / "datapackage.json"
DTYPES = {"integer": "Int64", "year": "Int64", "number": "float64", "string": "str", "boolean": "boolean"}


class TableError(CareshiftError):
    """A table that is missing, unknown or breaks its schema; the text names file, row, field and remedy."""


@cache
def package() -> dict[str, Any]:
    """Answer the data package descriptor (data/datapackage.json) as a dictionary."""
    descriptor: dict[str, Any] = json.loads(PACKAGE.read_text(encoding="utf-8"))
    return descriptor


def names() -> list[str]:
    """Answer the names of all tables, in the order of the data package."""
    return [resource["name"] for resource in package()["resources"]]


def describe(name: str) -> dict[str, Any]:
    """Answer the descriptor of one table: schema, publisher, licence, vintage, raw files, caveats.

    Raises TableError where the data package has no table of that name.
    """
    for resource in package()["resources"]:
        if resource["name"] == name:
            return dict(resource)
    raise TableError(f'There is no table "{name}". Tables: {", ".join(names())}.')


def locate(name: str, path: str | Path | None = None) -> Path:
    """Answer where the table's file is: the project's own, or the one the user gave.

    `path` equal to the project's path ("data/NAME.csv") means the project's file wherever the caller stands;
    any other path is taken from the caller's working directory. Raises TableError where no file is there.
    """
    packaged = f"data/{describe(name)['path']}"
    given = packaged if path is None else str(path)
    file = ROOT / packaged if given == packaged else Path(given).expanduser().absolute()
    if not file.is_file():
        raise TableError(f"{given}: no such file. Give {name} as {packaged} or as the path of a CSV file.")
    return file


def read(name: str, path: str | Path | None = None) -> pd.DataFrame:
    """Answer the table as a DataFrame with the types of its schema; integers may be missing (Int64).

    The project's own tables were checked by the build; any other file is checked here, and refused with its
    first errors. Raises TableError.
    """
    import pandas as pd

    file = locate(name, path)
    if file != locate(name):
        refuse_if_wrong(name, file)
    fields = describe(name)["schema"]["fields"]
    frame = pd.read_csv(
        file,
        dtype={f["name"]: DTYPES[f["type"]] for f in fields if f["type"] in DTYPES},
        parse_dates=[f["name"] for f in fields if f["type"] == "date"],
        keep_default_na=False,
        na_values=[""],
    )
    whole = [f["name"] for f in fields if f["type"] in {"integer", "year"} and frame[f["name"]].notna().all()]
    return frame.astype(dict.fromkeys(whole, "int64"))


def refuse_if_wrong(name: str, file: Path, limit: int = 5) -> None:
    """Raise TableError with the first `limit` errors if the file breaks the table's schema."""
    errors = list(errors_of(name, file))
    if errors:
        more = f"\n... and {len(errors) - limit} more" if len(errors) > limit else ""
        raise TableError("\n".join(errors[:limit]) + more)


def errors_of(name: str, file: Path | None = None) -> Iterator[str]:
    """Yield one line per error of the table's file: file, row, field, what is wrong, what to do."""
    import frictionless

    file = file or locate(name)
    descriptors = [_descriptor(name, file)]
    descriptors += [_descriptor(other, locate(other)) for other in sorted(_referenced(name))]
    with frictionless.system.use_context(trusted=True):  # the paths are absolute
        package = frictionless.Package.from_descriptor({"resources": descriptors})
        report = package.get_resource(name).validate()
    remedy = f"Correct it or pass --data {name}=FILE."
    for error in report.flatten(["rowNumber", "fieldName", "note", "message"]):
        row, field, note, message = error
        where = "".join([f", row {row}" if row else "", f', field "{field}"' if field else ""])
        yield f"{file.name}{where}: {note or message}. {remedy}"


def _descriptor(name: str, file: Path) -> dict[str, Any]:
    schema = describe(name)["schema"]
    return {"name": name, "path": str(file), "format": "csv", "encoding": "utf-8", "schema": schema}


def _referenced(name: str) -> set[str]:
    keys = describe(name)["schema"].get("foreignKeys", [])
    return {key["reference"]["resource"] for key in keys} - {name}


def sha256(file: Path) -> str:
    """Answer the file's SHA-256 checksum in hexadecimal."""
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
