"""What was counted or measured: numbers as written, cells without one, and the reason that a table keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from careshift.own_data import categories, changes, column_names, numbers
from careshift.own_data.changes import Reading, line, translated
from careshift.own_data.how import How
from careshift.project import quoted

if TYPE_CHECKING:
    import pandas as pd

Field = Mapping[str, Any]
REASONS = {numbers.NOT_AVAILABLE, numbers.SUPPRESSED}


def read(reading: Reading, schema: Mapping[str, Any], how: How) -> None:
    """Read the measures of a table, and fill in or check the status that says why a number is missing."""
    for field in column_names.measures(schema):
        name = field["name"]
        if reading.grid.columns.count(name) != 1:
            continue
        status = _status_of(field, schema)
        _points(reading, field)
        _numbers(reading, field, how)
        _markers(reading, field, status, how)
        if status:
            _status(reading, name, status)


def _status_of(measure: Field, schema: Mapping[str, Any]) -> Field | None:
    """Return the field that says why a measure is missing, where the table has one."""
    names = {f"{measure['name']}_status"} | ({"status"} if len(column_names.measures(schema)) == 1 else set())
    found = [field for field in schema["fields"] if field["name"] in names]
    kept = [
        field for field in found if {numbers.OK, numbers.NOT_AVAILABLE} <= set(categories.categories(field))
    ]
    return kept[0] if kept else None


def that_follow(schema: Mapping[str, Any]) -> set[str]:
    """Return the fields that follow from the measures, so that a file need not have them."""
    found = [_status_of(field, schema) for field in column_names.measures(schema)]
    return {field["name"] for field in found if field}


def _points(reading: Reading, field: Field) -> None:
    """Read points between thousands of whole numbers, where a number of the column has several of them.

    "1.234" alone may be a count with its thousands or a mean with three decimals, and is asked.
    """
    name = field["name"]
    cells = reading.column(name)
    pointed = cells[cells.str.fullmatch(numbers.POINTED.pattern)]
    decimals = cells.str.fullmatch(r"\d{4,}\.\d+|\d+\.\d{1,2}|\d+\.\d{4,}").any()
    if field["type"] != "integer" or pointed.empty or decimals:
        return
    if pointed.str.count(r"\.").max() < 2:
        text = f"{quoted(pointed.iloc[0])} has a point before decimals or between thousands"
        remedy = "Write the numbers without points; no row of the column tells which it is."
        reading.wrong(text, remedy, name, pointed, pointed.iloc[0])
        return
    read_cells, changed = translated(cells, cells.isin(pointed), lambda text: text.replace(".", ""))
    reading.replace(name, read_cells)
    reading.said.append(line(name, changed))


def _numbers(reading: Reading, field: Field, how: How) -> None:
    """Read numbers with separators, money and percent signs, and marks behind them."""
    name = field["name"]
    cells = reading.column(name)
    odd = ~cells.str.fullmatch(numbers.PLAIN) & cells.ne("")
    if not odd.any():
        return
    texts = [text for text in cells[odd].unique() if text not in how.missing]
    commas = field["type"] == "number" and any(
        numbers.DECIMAL_COMMA.fullmatch(t) and not numbers.GROUPED.fullmatch(t) for t in texts
    )
    unclear = [t for t in texts if numbers.DECIMAL_COMMA.fullmatch(t) and numbers.GROUPED.fullmatch(t)]
    if field["type"] == "number" and unclear and not commas and "semicolons" in " ".join(reading.said):
        text = f"{quoted(unclear[0])} has a decimal comma or thousands, and no row of the column tells which"
        reading.wrong(text, "Write a point before decimals.", name, cells[cells == unclear[0]], unclear[0])
        return

    def reads(text: str) -> str | None:
        if text in how.missing or numbers.reason(text):
            return None
        if commas and numbers.DECIMAL_COMMA.fullmatch(text):
            return text.replace(",", ".")
        return None if commas and "," in text else numbers.number(text, field)

    read_cells, changed = translated(cells, odd, reads)
    if changed:
        reading.replace(name, read_cells)
        reading.said.append(line(name, changed))


def _markers(reading: Reading, field: Field, status: Field | None, how: How) -> None:
    """Empty the cells that hold no number, each with its reason; ask what a sentinel stands for."""
    name = field["name"]
    cells = reading.column(name)
    odd = ~cells.str.fullmatch(numbers.PLAIN) | cells.isin(list(how.missing))
    every = {text: how.missing.get(text) or numbers.reason(text) for text in cells[odd].unique()}
    why = {text: reason for text, reason in every.items() if reason}
    reasons = cells.map(lambda text: why.get(text, "")) if why else cells.map(lambda text: "")
    _ask_sentinels(reading, field, cells, how)
    _refuse_where_needed(reading, field, cells, why)
    reading.reasons[name] = reasons
    written = {text: reason for text, reason in why.items() if text}
    if not written or _is_required(field):
        return
    reading.replace(name, cells.where(~cells.isin(list(written)), "").astype("str"))
    counts = cells[cells.isin(list(written))].map(written.get).value_counts()
    told = ", ".join(f"{quoted(text)} is {reason}" for text, reason in list(written.items())[: changes.SHOWN])
    total = " and ".join(f"{changes.counted(count, 'cell')} {reason}" for reason, count in counts.items())
    kept = "" if status else "; the table keeps no reason, and a sum over them is too low"
    reading.said.append(f"{name}: {told}; {total}, never zero{kept}")


def _is_required(field: Field) -> bool:
    return bool(field.get("constraints", {}).get("required"))


def _ask_sentinels(reading: Reading, field: Field, cells: pd.Series, how: How) -> None:
    low = field.get("constraints", {}).get("minimum")
    found = [
        text for text in numbers.SENTINELS if low == 0 and text not in how.missing and (cells == text).any()
    ]
    plain = cells[cells.str.fullmatch("[0-9]{1,15}") & ~cells.isin(list(numbers.HIGH_SENTINELS))].astype(
        "int64"
    )
    for text in numbers.HIGH_SENTINELS - set(how.missing):
        if (cells == text).sum() > 1 and len(plain) and int(text) > 2 * plain.max():
            found.append(text)
    for text in sorted(found):
        ways = [f'--missing "{text}={reason}"' for reason in (numbers.SUPPRESSED, numbers.NOT_AVAILABLE)]
        remedy = f"Say which: {' or '.join(ways)}."
        message = (
            f"{quoted(text)} in {int((cells == text).sum()):,} cells stands for a reason, not for a number"
        )
        reading.wrong(message, remedy, field["name"], cells[cells == text], text)


def _refuse_where_needed(reading: Reading, field: Field, cells: pd.Series, why: Mapping[str, str]) -> None:
    if not _is_required(field):
        return
    for text, reason in why.items():
        if text:
            message = f"{quoted(text)} is {reason}, and the table has no place for a number that is missing"
            remedy = (
                "Take the row out only if nothing is added up over it; a sum without it would be too low."
            )
            rows = cells[cells == text]
            for row in rows.index[:20]:
                reading.wrong(message, remedy, field["name"], rows.loc[[row]], text)


def _status(reading: Reading, measure: str, status: Field) -> None:
    """Fill in the status that follows from the cells, or hold the file's own against them."""
    name = status["name"]
    filled = reading.column(measure) != ""
    reasons = reading.reasons[measure].reindex(reading.grid.cells.index)
    allowed = categories.categories(status)
    derived = reasons.where(~filled, numbers.OK).replace("", numbers.NOT_AVAILABLE)
    unheld = sorted(set(derived) - set(allowed))
    if unheld:
        rows = derived[derived == unheld[0]]
        text = f"a cell that is {unheld[0]}, which {name} has no word for"
        reading.wrong(text, f"The table's words are {', '.join(allowed)}.", measure, rows)
        return
    if reading.grid.columns.count(name) == 0:
        reading.replace(name, derived.astype("str"))
        counts = ", ".join(f"{count:,} {word}" for word, count in derived.value_counts().items())
        reading.said.append(f"{name} follows from {measure}: {counts}")
        return
    _own_status(reading, measure, name, allowed, filled, derived)


def _own_status(
    reading: Reading, measure: str, name: str, allowed: Sequence[str], filled: pd.Series, derived: pd.Series
) -> None:
    cells = reading.column(name)
    words = {text: _word(text, allowed) for text in cells.unique() if text not in allowed}
    read_cells, changed = translated(cells, ~cells.isin(allowed) & cells.ne(""), lambda text: words.get(text))
    read_cells = (
        read_cells.where(read_cells != "", derived).astype("str")
        if (changed or (cells == "").all())
        else read_cells
    )
    if changed or (cells == "").all():
        reading.replace(name, read_cells)
        reading.said.append(line(name, changed) if changed else f"{name} follows from {measure}")
    stands = read_cells.eq(numbers.OK) & ~filled
    if stands.any():
        text = f"{measure} has no number and {name} says {numbers.OK}{_rest(stands)}"
        reading.wrong(text, f"Leave the cell empty and say why in {name}.", measure, cells[stands])
    lost = read_cells.isin(list(REASONS)) & filled
    if lost.any():
        text = f"{name} says {read_cells[lost].iloc[0]} and {measure} has a number{_rest(lost)}"
        reading.wrong(text, "Correct the one or the other.", measure, cells[lost])


def _rest(rows: pd.Series) -> str:
    """Return how many more rows than the first are so."""
    more = int(rows.sum()) - 1
    return f", and so in {changes.counted(more, 'more row')}" if more else ""


def _word(text: str, allowed: Sequence[str]) -> str | None:
    """Return the status that a word or a marker stands for."""
    word = column_names.visible(text).lower()
    if word in allowed:
        return word
    if word in {"a", "normal value", "final", "valid", "reported"} and numbers.OK in allowed:
        return numbers.OK
    reason = numbers.reason(text)
    return reason if reason in allowed else None
