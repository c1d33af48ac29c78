"""How a file is to be read where the file itself does not say: the answers to what a check asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from careshift.own_data.dates import DAY_FIRST, MONTH_FIRST
from careshift.own_data.numbers import NOT_AVAILABLE, SUPPRESSED
from careshift.project import CareshiftError, quoted

KINDS = ("council", "health board", "partnership", "district", "trust")


@dataclass(frozen=True)
class How:
    """The sheet and row that name the columns, the order of dates, the kind of places, what stands for none.

    Each is None, or empty, where the file says it itself.
    """

    sheet: str | None = None
    header_row: int | None = None
    dates: str | None = None
    places: str | None = None
    missing: dict[str, str] = field(default_factory=dict)

    def as_options(self) -> dict[str, str | dict[str, str] | None]:
        """Return the answers by the options that give them, those not given as None."""
        row = str(self.header_row) if self.header_row else None
        return {**vars(self), "header_row": row}


def how(
    sheet: str | None = None,
    header_row: str | None = None,
    dates: str | None = None,
    places: str | None = None,
    missing: Sequence[str] = (),
) -> How | None:
    """Return what the options of `careshift check` say, None where none is given. Raises CareshiftError."""
    if not (sheet or header_row or dates or places or missing):
        return None
    if dates not in (None, DAY_FIRST, MONTH_FIRST):
        raise CareshiftError(f"Write --dates {DAY_FIRST} or --dates {MONTH_FIRST}, not {quoted(dates)}.")
    if places not in (None, *KINDS):
        raise CareshiftError(f"Write --places with one of {', '.join(KINDS)}, not {quoted(places)}.")
    if header_row is not None and not (header_row.isdecimal() and int(header_row)):
        raise CareshiftError(
            "Rows are counted from 1: give --header-row the number that a spreadsheet shows."
        )
    return How(
        sheet,
        int(header_row) if header_row else None,
        dates,
        places,
        dict(_stands_for(text) for text in missing),
    )


def _stands_for(text: str) -> tuple[str, str]:
    cell, mark, why = text.partition("=")
    if not (cell and mark) or why not in (SUPPRESSED, NOT_AVAILABLE):
        raise CareshiftError(
            f'Write --missing "-99={SUPPRESSED}" or --missing "-99={NOT_AVAILABLE}", not {quoted(text)}.'
        )
    return cell, why
