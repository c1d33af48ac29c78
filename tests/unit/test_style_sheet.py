"""The style sheet's own colours keep their contrast in the light and in the dark (WCAG 2.2 AA)."""

import re

import pytest

from careshift.claims import OUTCOMES
from careshift.pages.blocks import css_class
from careshift.project import ROOT

CSS = (ROOT / "assets" / "book.css").read_text(encoding="utf-8")
BLOCK = re.compile(r'(:root|html\[data-theme="dark"\]) \{([^}]*)\}')
COLOUR = re.compile(r"--([\w-]+): (#[0-9a-f]{3,6})\b")
PAPER = {"light": "#ffffff", "dark": "#121212"}  # the theme's page


def colours(theme: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for selector, body in BLOCK.findall(CSS):
        if theme == "dark" or selector == ":root":
            found |= dict(COLOUR.findall(body))
    return found


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
        channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("background", ["verdict-bg", "good", "near", "bad"])
def test_the_word_of_a_verdict_can_be_read(theme: str, background: str) -> None:
    found = colours(theme)
    assert contrast(found["verdict-fg"], found[background]) >= 7


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("mark", ["good", "near", "bad", "open", "told"])
def test_a_square_stands_out_from_the_page(theme: str, mark: str) -> None:
    assert contrast(colours(theme)[f"mark-{mark}"], PAPER[theme]) >= 4.5


def test_the_dark_sets_every_colour_anew() -> None:
    light = {
        name
        for selector, body in BLOCK.findall(CSS)
        if selector == ":root"
        for name, _ in COLOUR.findall(body)
    }
    dark = {
        name
        for selector, body in BLOCK.findall(CSS)
        if selector != ":root"
        for name, _ in COLOUR.findall(body)
    }
    assert light == dark


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_verdict_has_a_mark(outcome: str) -> None:
    assert re.search(rf"\.{css_class(outcome)}\b[^{{]*\{{ --mark: var\(--mark-\w+\)", CSS)


def test_only_what_outside_data_reproduce_is_green() -> None:
    green = re.findall(r"([^{}]+)\{[^}]*var\(--(?:mark-)?good\)", CSS)
    assert green
    others = [css_class(outcome) for outcome in OUTCOMES if outcome != "reproduced"]
    assert not [rule for rule in green for name in others if re.search(rf"\.{name}\b", rule)]
    assert all("reproduced" in rule for rule in green)
