"""Key pages look as they did when someone last looked: small reference pictures, compared with a tolerance.

The pictures in `tests/book/looks` are a quarter of the size and blurred before they are compared, so that
other fonts, other numbers and a longer word change little; a lost style sheet, a white plate in the dark, or
an empty picture changes much. Tolerance: the mean difference at most MEAN of 255 grey levels, and at most
SHARE of the area further off than FAR. After a change that is meant, look at the pages and record them anew:
`CARESHIFT_NEW_LOOKS=1 pytest tests/book/test_looks.py`.
"""

import os
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat

LOOKS = Path(__file__).parent / "looks"
MEAN, SHARE, FAR = 5.0, 0.04, 40
SCALE, BLUR = 4, 3
CHAPTER = "chapters/scotland/care_home_residents.html"
VIEWS = {
    "first-screen": ("intro.html", 1280, "light", None),
    "first-screen-dark": ("intro.html", 1280, "dark", None),
    "first-screen-phone": ("intro.html", 375, "light", None),
    "figure": (CHAPTER, 1280, "light", "#figure-scotland-care-home-residents-actual-and-expected figure"),
    "figure-dark": (CHAPTER, 1280, "dark", "#figure-scotland-care-home-residents-actual-and-expected figure"),
    "choices-phone": (CHAPTER, 375, "light", "#figure-scotland-care-home-residents-every-choice figure"),
    "table-phone": (CHAPTER, 375, "dark", ".scroll"),
    "all-claims": ("chapters/ledger/all.html", 1280, "light", None),
}
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("view", VIEWS)
def test_a_page_looks_as_it_did(browser, built, view) -> None:
    now = small(seen(browser, built, *VIEWS[view]))
    kept = LOOKS / f"{view}.png"
    if os.environ.get("CARESHIFT_NEW_LOOKS"):
        LOOKS.mkdir(exist_ok=True)
        now.quantize(64).save(kept, optimize=True)
    with Image.open(kept) as reference:
        before = reference.convert("RGB")
    mean, share = apart(before, now)
    assert mean <= MEAN, f"{view}: {mean:.1f} grey levels off on average"
    assert share <= SHARE, f"{view}: {share:.0%} of the picture is another"


def seen(browser, built, page: str, width: int, scheme: str, selector: str | None) -> Image.Image:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    tab = context.new_page()
    tab.goto(f"file://{built.resolve()}/{page}")
    tab.wait_for_load_state("load")
    tab.evaluate("Promise.all([...document.images].map((picture) => picture.decode()))")
    shown = tab.locator(selector).first if selector else tab
    taken = Image.open(BytesIO(shown.screenshot(animations="disabled"))).convert("RGB")
    context.close()
    return taken


def small(picture: Image.Image) -> Image.Image:
    return picture.resize((picture.width // SCALE, picture.height // SCALE), Image.Resampling.BOX)


def apart(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """Answer the mean difference in grey levels and the share of the area that is far off."""
    blurred = [p.convert("L").filter(ImageFilter.GaussianBlur(BLUR)) for p in (one, other.resize(one.size))]
    difference = ImageChops.difference(*blurred)
    far = sum(difference.histogram()[FAR:])
    return ImageStat.Stat(difference).mean[0], far / (one.width * one.height)


@pytest.mark.parametrize(
    ("spoil", "view"),
    [
        (
            "document.querySelectorAll('link[href*=\"book.css\"]').forEach((sheet) => sheet.remove())",
            "first-screen",
        ),
        (
            "document.querySelectorAll('figure img').forEach((i) => { i.style.background = '#fff'; })",
            "figure-dark",
        ),
        (
            "document.querySelectorAll('figure img').forEach((i) => { i.style.visibility = 'hidden'; })",
            "choices-phone",
        ),
    ],
)
def test_a_broken_page_is_noticed(browser, built, spoil, view) -> None:
    page, width, scheme, selector = VIEWS[view]
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    tab = context.new_page()
    tab.goto(f"file://{built.resolve()}/{page}")
    tab.wait_for_load_state("load")
    tab.evaluate(spoil)
    shown = tab.locator(selector).first if selector else tab
    taken = Image.open(BytesIO(shown.screenshot(animations="disabled"))).convert("RGB")
    context.close()
    with Image.open(LOOKS / f"{view}.png") as reference:
        mean, share = apart(reference.convert("RGB"), small(taken))
    assert mean > MEAN or share > SHARE
