"""Charts to handle: their values by mouse, keys and touch, the same numbers as in their tables."""

import csv
import json
import re

import pytest

from careshift.figures import MIME
from careshift.figures.words import exact

PAGE = "chapters/scotland/care_home_residents.html"
RUN = "scotland/care_home_residents"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]\d+)?")


def figures(executed, run: str) -> list[dict]:
    cells = json.loads((executed / f"{run}.ipynb").read_text(encoding="utf-8"))["cells"]
    outputs = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    return [data[MIME] for data in outputs if MIME in data]


def column(figure: dict, name: str) -> list[str]:
    return [row[name] for row in csv.DictReader(figure["csv"].splitlines())]


def test_every_number_a_chart_says_stands_in_its_table_or_words(executed) -> None:
    """In every chart of every page; a print that a chart shows beside its data is in its words."""
    said = 0
    for file in sorted(executed.rglob("*.ipynb")):
        for figure in figures(executed, file.relative_to(executed).with_suffix("").as_posix()):
            told = f"{figure['csv']} {figure['alt']} {figure['title']}"
            known = {float(n) for n in NUMBER.findall(told.replace("\N{MINUS SIGN}", "-").replace(",", " "))}
            known |= {float(n) for n in NUMBER.findall(re.sub(r"(?<=\d),(?=\d{3})", "", told))}
            words = [words for record in figure["marks"] for words in record.get("v", [])]
            plain = [w.replace(",", "").replace("\N{MINUS SIGN}", "-") for w in words]
            strange = [w for w in plain if not {float(n) for n in NUMBER.findall(w)} <= known]
            assert not strange, (file.name, figure["name"], strange[:5])
            said += len(words)
    assert said > 1000


@pytest.fixture
def chart(visit, server):
    visit.open(f"{server}/{PAGE}")
    return visit.tab.locator(".chart[data-marks]").first


@pytest.mark.browser
def test_the_keys_walk_through_the_values_of_the_table(chart, visit, executed) -> None:
    figure = figures(executed, RUN)[0]
    actual = [exact(float(cell)) for cell in column(figure, "actual") if cell]
    expected = [exact(float(cell)) for cell in column(figure, "expected") if cell]
    keys, told = chart.locator(".marks"), chart.locator("[role=status]")
    assert chart.locator("[tabindex='0']:visible").count() == 1
    assert "arrow keys" in keys.get_attribute("aria-label")
    keys.focus()
    heard = [told.locator("b").inner_text()]
    for _ in actual[1:]:
        visit.tab.keyboard.press("ArrowRight")
        heard.append(told.locator("b").inner_text())
    assert heard == actual
    visit.tab.keyboard.press("Home")
    visit.tab.keyboard.press("ArrowDown")
    assert told.locator("b").inner_text() == expected[0]
    visit.tab.keyboard.press("End")
    assert told.locator("b").inner_text() == expected[-1]
    assert chart.locator(".ring").is_visible()
    visit.tab.keyboard.press("Escape")
    assert told.inner_text() == ""
    assert not chart.locator(".ring").is_visible()
    assert not visit.complaints


@pytest.mark.browser
def test_the_mouse_shows_the_nearest_mark_and_leaves_nothing_behind(chart, visit, executed) -> None:
    picture = chart.locator("img")
    picture.scroll_into_view_if_needed()
    box, record = picture.bounding_box(), figures(executed, RUN)[0]["marks"][0]
    at = len(record["x"]) - 2
    x, y = (
        box["x"] + record["x"][at] / 1000 * box["width"],
        box["y"] + record["y"][at] / 1000 * box["height"],
    )
    visit.tab.mouse.move(x + 3, y - 2)
    told = chart.locator(".told")
    assert told.locator("b").inner_text() == record["v"][at]
    assert record["w"][at] in told.inner_text()
    ring = chart.locator(".ring").bounding_box()
    assert abs(ring["x"] + ring["width"] / 2 - x) < 2
    assert abs(ring["y"] + ring["height"] / 2 - y) < 2
    visit.tab.mouse.move(2, 2)
    assert told.inner_text() == ""


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_finger_on_a_phone_shows_values_inside_the_picture(browser, built, scheme) -> None:
    context = browser.new_context(
        viewport={"width": 375, "height": 667}, has_touch=True, is_mobile=True, color_scheme=scheme
    )
    tab = context.new_page()
    tab.goto(f"file://{built.resolve()}/{PAGE}")
    chart = tab.locator(".chart[data-marks]").first
    told = chart.locator(".told")
    chart.locator("img").scroll_into_view_if_needed()
    box = chart.locator("img").bounding_box()
    for across in (0.02, 0.5, 0.98):
        tab.touchscreen.tap(box["x"] + across * box["width"], box["y"] + 0.5 * box["height"])
        shown = told.bounding_box()
        assert told.locator("b").inner_text()
        assert shown["x"] >= box["x"] - 1
        assert shown["x"] + shown["width"] <= box["x"] + box["width"] + 1
    assert tab.evaluate("document.documentElement.scrollWidth") <= 375
    tab.touchscreen.tap(box["x"] + 20, box["y"] - 20)  # its title, outside the picture
    assert told.inner_text() == ""
    context.close()


@pytest.mark.browser
def test_without_scripts_a_chart_is_picture_words_and_table(browser, built) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"file://{built.resolve()}/{PAGE}")
    chart = tab.locator(".chart[data-marks]").first
    assert chart.locator("img").is_visible()
    assert chart.locator("details table").count() == 1
    assert chart.locator(".marks, .told").count() == 0
    context.close()


@pytest.mark.browser
def test_the_script_is_loaded_only_where_a_chart_stands(built) -> None:
    pages = {p: p.read_text(encoding="utf-8") for p in built.rglob("*.html") if "_static" not in p.parts}
    with_marks = {page for page, text in pages.items() if "data-marks=" in text}
    assert with_marks
    assert with_marks == {page for page, text in pages.items() if "_static/marks.js" in text}
