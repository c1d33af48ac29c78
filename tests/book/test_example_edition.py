"""The documented example of an edition is built whole, with a board's extract in columns of its own."""

import os
import re

import pandas as pd
import pytest

from careshift import ledger, tables
from careshift.project import BUILD, ROOT

BOARD, MONTH = "S08000022", "2025-08-01"  # the last month
THEIRS = {
    "month": "Month",
    "age_group": "Ages",
    "reason": "Reason",
    "bed_days": "Days",
    "average_daily_beds": "Beds",
}


@pytest.fixture(scope="module")
def example(tmp_path_factory, project_at):
    """Build the example with its commented lines in force; answer its folder and the extract's beds."""
    place = tmp_path_factory.mktemp("editions")
    text = (ROOT / "editions/highland.yml").read_text(encoding="utf-8")
    file = place / f"highland_with_extract_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}.yml"
    file.write_text(re.sub(r"^# ?(tables:|  .*)$", r"\1", text, flags=re.MULTILINE), encoding="utf-8")
    own = pd.read_csv(tables.locate("delayed_discharge"), dtype=str, keep_default_na=False)
    own = own[(own["area"] == BOARD) & (own["month"] == MONTH)].drop(columns="area")
    adults = (own["age_group"] == "18+") & (own["reason"] == "all")
    beds = int(own.loc[adults, "average_daily_beds"].item()) + 10
    own.loc[adults, "average_daily_beds"] = str(beds)
    own.rename(columns=THEIRS).to_csv(place / "extract.csv", index=False)
    done = project_at(ROOT).call("careshift.cli", "book", "--edition", str(file), CARESHIFT_ROOT=str(ROOT))
    assert done.returncode == 0, done.stdout + done.stderr
    return BUILD / "editions" / file.stem, beds


def pages(folder):
    return {
        p.relative_to(folder / "_build/html").as_posix(): p for p in (folder / "_build/html").rglob("*.html")
    }


def test_the_edition_is_named_on_every_page_and_holds_what_it_was_asked_for(example) -> None:
    folder, _ = example
    found = pages(folder)
    for name in ("scotland/delayed_discharge", "areas/nhs-highland", "ledger/index", "ledger/data"):
        assert f"chapters/{name}.html" in found
    assert "chapters/scotland/money.html" not in found
    for name, page in found.items():
        text = page.read_text(encoding="utf-8")
        assert "NHS Highland, delayed discharge" in text or 'http-equiv="Refresh"' in text[:50], name
    for name in ("scotland/delayed_discharge", "areas/nhs-highland", "ledger/index"):
        assert "This is not the published book" in found[f"chapters/{name}.html"].read_text(encoding="utf-8")


def test_the_boards_number_and_its_vintage_arrive_on_the_page(example) -> None:
    folder, beds = example
    drawn = pd.read_csv(folder / "_build/html/_static/figures/scotland/delayed_discharge/monthly-beds.csv")
    assert drawn["observed"].iloc[-1] == beds
    text = pages(folder)["chapters/scotland/delayed_discharge.html"].read_text(encoding="utf-8")
    assert "NHS Highland, own extract of April 2026" in text
    assert "Not for publication" in text
    assert "NHS Highland" in pages(folder)["chapters/areas/nhs-highland.html"].read_text(encoding="utf-8")


def test_the_books_other_rows_are_kept_and_only_its_claims_are_listed(example) -> None:
    folder, _ = example
    book = pd.read_csv(tables.locate("delayed_discharge"), dtype=str, keep_default_na=False)
    ours = pd.read_csv(folder / "data/delayed_discharge.csv", dtype=str, keep_default_na=False)
    assert len(ours) == len(book)
    assert (ours != book).any(axis=1).sum() == 1
    entries = ledger.from_json((folder / "_build/ledger.json").read_text(encoding="utf-8"))
    assert {entry.claim.chapter for entry in entries} - {None} == {"scotland/delayed_discharge"}
