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
MEAN, SHARE, FAR = 8.0, 0.04, 40
SCALE, BLUR, TALL = 4, 3, 700
CHAPTER = "chapters/scotland/care_home_residents.html"
VIEWS = {
    "first-screen": ("intro.html", 1280, "light", ".bd-article"),
    "first-screen-dark": ("intro.html", 1280, "dark", ".bd-article"),
    "first-screen-phone": ("intro.html", 375, "light", ".bd-article"),
    "figure": (CHAPTER, 1280, "light", "#figure-scotland-care-home-residents-actual-and-expected figure"),
    "figure-dark": (CHAPTER, 1280, "dark", "#figure-scotland-care-home-residents-actual-and-expected figure"),
    "choices-phone": (CHAPTER, 375, "light", "#figure-scotland-care-home-residents-every-choice figure"),
    "table-phone": (CHAPTER, 375, "dark", "div.output > .scroll, .text_html > .scroll"),
    "filters": ("chapters/ledger/all.html", 1280, "light", ".ledger-filter"),
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


def seen(browser, built, page: str, width: int, scheme: str, selector: str, spoil: str = "") -> Image.Image:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    tab = context.new_page()
    tab.goto(f"file://{built.resolve()}/{page}")
    tab.wait_for_load_state("load")
    tab.evaluate("Promise.all([...document.images].map((i) => { i.loading = 'eager'; return i.decode(); }))")
    if spoil:
        tab.evaluate(spoil)
    taken = Image.open(BytesIO(tab.locator(selector).first.screenshot(animations="disabled"))).convert("RGB")
    context.close()
    return taken.crop((0, 0, taken.width, min(taken.height, TALL)))


def small(picture: Image.Image) -> Image.Image:
    return picture.resize((picture.width // SCALE, picture.height // SCALE), Image.Resampling.BOX)


def apart(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """Return the mean difference in grey levels and the share of the area that is far off."""
    blurred = [p.convert("L").filter(ImageFilter.GaussianBlur(BLUR)) for p in (one, other.resize(one.size))]
    difference = ImageChops.difference(*blurred)
    far = sum(difference.histogram()[FAR:])
    return ImageStat.Stat(difference).mean[0], far / (one.width * one.height)


PICTURES = "document.querySelectorAll('figure img').forEach((i) => i.style.setProperty({}, 'important'))"
SPOILT = {
    "no style": (
        "first-screen",
        "document.querySelectorAll('link[href*=\"book.css\"]').forEach((sheet) => sheet.remove())",
    ),
    "a plate in the dark": ("figure-dark", PICTURES.format("'background', '#fff'")),
    "no picture": ("choices-phone", PICTURES.format("'visibility', 'hidden'")),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_page_is_noticed(browser, built, how) -> None:
    view, spoil = SPOILT[how]
    taken = seen(browser, built, *VIEWS[view], spoil)
    with Image.open(LOOKS / f"{view}.png") as reference:
        mean, share = apart(reference.convert("RGB"), small(taken))
    assert mean > MEAN or share > SHARE
