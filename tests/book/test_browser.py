"""Colours in a real browser: pictures that follow the page's scheme, badges that can be read."""

from io import BytesIO

import pytest
from PIL import Image, ImageStat

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_page_answers_on_a_small_laptop(browser, built, scheme) -> None:
    """The question and its answer are read without scrolling, the trends follow."""
    tab = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme=scheme)
    tab.goto(f"file://{built.resolve()}/intro.html")
    assert tab.evaluate("document.querySelector('.finding').getBoundingClientRect().bottom") <= 800
    assert tab.locator(".trends .chart").count() == 4
    tab.close()


def test_on_a_phone_the_first_chart_starts_within_two_screens(browser, built) -> None:
    tab = browser.new_page(viewport={"width": 375, "height": 667})
    tab.goto(f"file://{built.resolve()}/intro.html")
    top = "document.querySelector('.chart').getBoundingClientRect().top + scrollY"
    assert tab.evaluate(top) < 2 * 667
    assert tab.evaluate("document.documentElement.scrollWidth") <= 375
    tab.close()


def test_one_picture_serves_light_and_dark_pages(browser, built) -> None:
    """Words and lines of a figure are dark on a light page and light on a dark one; so is what is behind."""
    brightness = {}
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        tab = context.new_page()
        tab.goto(f"file://{built.resolve()}/chapters/scotland/care_home_residents.html")
        tab.evaluate(
            "Promise.all([...document.images].map((i) => { i.loading = 'eager'; return i.decode(); }))"
        )
        picture = Image.open(BytesIO(tab.locator(".chart img").first.screenshot())).convert("L")
        brightness[scheme] = picture.getextrema(), ImageStat.Stat(picture).median[0]
        context.close()
    (darkest, _), page = brightness["light"]
    assert page == 255
    assert darkest < 60
    (_, brightest), page = brightness["dark"]
    assert page < 40
    assert brightest > 200


CONTRAST = """
() => {
  const channel = (v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  const light = (c) => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
  const rgb = (s) => s.match(/[\\d.]+/g).map(Number);
  return [...document.querySelectorAll('.verdict')].map((badge) => {
    const ink = rgb(getComputedStyle(badge.querySelector('a') || badge).color);
    const paper = rgb(getComputedStyle(badge).backgroundColor);
    const [a, b] = [light(ink), light(paper)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  });
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_badges_have_enough_contrast(browser, built, scheme) -> None:
    context = browser.new_context(color_scheme=scheme)
    tab = context.new_page()
    tab.goto(f"file://{built.resolve()}/intro.html")
    contrasts = tab.evaluate(CONTRAST)
    context.close()
    assert contrasts
    assert min(contrasts) >= 4.5
