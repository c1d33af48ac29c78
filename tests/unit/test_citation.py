"""Citing a page or a claim, and the links that need the address of the repository."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import parse_string

from careshift import citation, claims, ledger, parameters
from careshift.pages import entries, run_details
from careshift.parameters import Parameter
from careshift.project import BUILD
from careshift.site import Site, SiteError, load

BARE = Site(title="A book", year="2026")
PUBLIC = Site("A book", "2026", "https://book.example/", "https://github.com/owner/project")


def foot(site: Site, given: dict | None = None, run: str = "wales/money") -> str:
    notebook = parameters.notebook_of("wales/money")
    work = citation.of_page(f"chapters/{run}", "Welsh money", site)
    return str(
        run_details.colophon(run, "wales/money", parameters.declared(notebook), given or {}, work, site)
    )


def test_without_addresses_nothing_leads_outside() -> None:
    assert "http" not in foot(BARE)
    assert "Binder" not in foot(BARE)


def test_with_addresses_the_links_lead_to_this_commit() -> None:
    text = foot(PUBLIC)
    assert f"https://github.com/owner/project/blob/{PUBLIC.commit}/chapters/wales/money.ipynb" in text
    assert (
        f"https://mybinder.org/v2/gh/owner/project/{PUBLIC.commit}?labpath=chapters%2Fwales%2Fmoney.ipynb"
        in text
    )
    assert "https://book.example/chapters/wales/money.html" in text
    assert re.fullmatch(r"[0-9a-f]{40}|HEAD", PUBLIC.commit)


def test_binder_takes_a_repository_on_any_host() -> None:
    place = Site("A book", "2026", "", "https://git.example/a/b").binder("x.ipynb")
    assert place.startswith("https://mybinder.org/v2/git/https%3A%2F%2Fgit.example%2Fa%2Fb/")


@pytest.mark.parametrize("address", ["github.com/a/b", "javascript:alert(1)", "https://a.b/>x", "https:///x"])
def test_an_address_that_is_none_is_refused_by_its_setting(tmp_path, address) -> None:
    file = tmp_path / "_config.yml"
    file.write_text(f"title: T\ncopyright: '2026'\nrepository:\n  url: {address!r}\n", encoding="utf-8")
    with pytest.raises(SiteError, match=r"repository\.url"):
        load(file)


def test_the_settings_of_this_book_are_read() -> None:
    site = load()
    assert site.title == "Shifting the balance of care, reproduced"
    assert site.year.isdigit()


@given(st.text(min_size=1))
def test_any_title_gives_one_record_that_bibtex_reads(title) -> None:
    work = citation.of_page("chapters/x/y", f"T {title}", BARE)
    read = parse_string(work.bibtex, "bibtex").entries
    assert list(read) == ["careshift-x-y"]
    assert work.ris.count("\r\n") == len(re.findall(r"^[A-Z0-9]{2}  - ", work.ris, re.MULTILINE))
    assert work.ris.startswith("TY  - CHAP\r\n")
    assert work.ris.endswith("ER  - \r\n")


def test_every_claim_has_a_key_of_its_own() -> None:
    works = [citation.of_claim(claim, "chapters/ledger/x", PUBLIC) for claim in claims.load()]
    bibtex, ris = citation.records(works)
    assert len(parse_string(bibtex, "bibtex").entries) == len(works) == ris.count("TY  - ")
    assert works[0].address == f"https://book.example/chapters/ledger/x.html#{claims.load()[0].anchor}"


def test_the_commands_name_what_the_run_sets_and_keep_texts_texts() -> None:
    declared = {
        "year": Parameter("year", "int", 2009, "a year"),
        "council": Parameter("council", "str", "S12000033", "a code"),
    }
    given = {"year": 2012, "council": "007; rm -rf `x`"}
    assert run_details.rerun("areas/aberdeen", "areas/area", given) == (
        "careshift run areas/area -p year=2012 -p 'council=007; rm -rf `x`' -o aberdeen.ipynb"
    )
    assert run_details.papermill("areas/aberdeen", "areas/area", declared, given) == (
        "papermill chapters/areas/area.ipynb aberdeen.ipynb -p year 2012 -r council '007; rm -rf `x`'"
    )


def test_a_value_can_become_neither_markup_nor_the_end_of_a_fence() -> None:
    declared = {"name": Parameter("name", "str", "a", "help <b>")}
    table = run_details.parameters_table(declared, {"name": "</td><script>`````` x"})
    assert "<script>" not in table
    assert "<b>" not in table
    assert table.count("``````") == 2
    assert run_details.fenced("bash", "echo ````").startswith("`````bash\n")


def test_an_entry_page_has_a_citation_for_each_claim_and_rates_only_what_was_judged() -> None:
    judged = ledger.from_json((BUILD / "ledger.json").read_text(encoding="utf-8"))
    block, members = next(iter(entries.blocks(judged)))
    page = str(entries.page(block, members))
    assert page.count('<details class="cite">') == len(members)
    text = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1]
    rated = {review["url"]: review["reviewRating"]["alternateName"] for review in json.loads(text)["@graph"]}
    expected = {
        f"#{claim.anchor}": found.verdict.outcome
        for claim, found in members
        if claim.is_counted and found.verdict.held_against != "nothing"
    }
    assert rated == expected != {}
    assert len(rated) < len(members), "repeats, dates and what nothing tests are rated too"
    bibtex, ris = entries.citations(block, members)
    assert len(parse_string(bibtex, "bibtex").entries) == ris.count("TY  - ") == len(members)
