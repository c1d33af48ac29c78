"""A result with its choices: a reader turns them, the number and the verdict follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from careshift.claims import Outcome
from careshift.pages.blocks import SIGNS, css_class
from careshift.pages.safe_text import as_attribute, html_text
from careshift.project import CareshiftError


@dataclass(frozen=True)
class Result:
    """What comes out of one set of choices: an option of each control, and the words for it."""

    options: tuple[str, ...]
    number: str
    counts: str
    outcome: Outcome
    note: str = ""


@dataclass(frozen=True)
class Explorer:
    """A result with controls (name -> options), all sets of choices computed; the first is the leading one.

    Without `assets/explorer.js` the leading result stands there in words. Raises CareshiftError where a set
    of choices has no result, or two.
    """

    caption: str
    against: str
    controls: Mapping[str, Sequence[str]]
    results: Sequence[Result]

    def __post_init__(self) -> None:
        sets = {result.options for result in self.results}
        wanted = 1
        for options in self.controls.values():
            wanted *= len(options)
        fits = all(
            option in options
            for chosen in sets
            for option, options in zip(chosen, self.controls.values(), strict=True)
        )
        if not fits or not len(sets) == len(self.results) == wanted:
            raise CareshiftError(f"{self.caption}: {len(sets)} sets of choices have a result, of {wanted}.")

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Mapping[str, str]:
        lead = self.results[0]
        made = [
            f'<div class="explorer" role="group" aria-label="{html_text(self.caption)}"{self._told()}>',
            f'<p class="caption">{html_text(self.caption)}</p><div class="result" role="status">',
            f'<p class="number">{html_text(lead.number)}</p><p class="counts">{html_text(lead.counts)}</p>',
            f'<p><span class="verdict {css_class(lead.outcome)}">{_sign(lead.outcome)}</span>'
            f' {html_text(self.against)} <span class="note">{html_text(lead.note)}</span></p></div></div>',
        ]
        words = [self.caption, f"{lead.number}: {lead.counts} {lead.outcome}", f"{len(self.results)} choices"]
        return {"text/plain": "\n".join(words), "text/html": "\n".join(made)}

    def _told(self) -> str:
        """Return the attribute with every result: its options by number, its words, its verdict."""
        outcomes = list(dict.fromkeys(result.outcome for result in self.results))
        held = [list(options) for options in self.controls.values()]
        rows = [
            [
                [options.index(option) for option, options in zip(result.options, held, strict=True)],
                result.number,
                result.counts,
                outcomes.index(result.outcome),
                result.note,
            ]
            for result in self.results
        ]
        verdicts = [[css_class(outcome), _sign(outcome)] for outcome in outcomes]
        told = {"controls": list(self.controls.items()), "verdicts": verdicts, "results": rows}
        return f" data-explorer='{as_attribute(told)}'"


def _sign(outcome: Outcome) -> str:
    return f"{SIGNS[outcome]} {outcome}"
