"""The pages made from the ledger: words, places, groups, and no value that becomes markup."""

import re

import pytest
from markdown_it import MarkdownIt

from careshift import claims, ledger, source_coverage
from careshift.claims import ClaimError, Evidence, judge
from careshift.ledger import Entry, Flip
from careshift.pages import (
    all_claims,
    contradictions,
    dashboard,
    data_gaps,
    entries,
    generated,
    safe_text,
    wording,
)
from careshift.pages import figure_coverage as coverage_page
from careshift.pages.safe_text import html_text
from careshift.project import ROOT
from careshift.source_coverage import CoverageError, Item

HOSTILE = (
    "<script>alert(1)</script> ``````\n``` {include}`x` | [a](javascript:b) <img src=x onerror=y> $$ {{ c }} "
    '<a href="javascript:d">e</a> <!-- \x1b[31m'
)
RAW = re.compile(r"^``````\{raw\} html\n(.*?)^``````$", flags=re.M | re.S)
FIELDS = ("says", "needs", "note", "reply", "period", "area", "unit")


@pytest.fixture(scope="module")
def judged() -> list[Entry]:
    waiting = {c.id for c in ledger.pending()}
    known = [(c, ledger.arithmetic.evidence_of(c)) for c in claims.load() if c.id not in waiting]
    return [Entry(c, evidence, judge(c, evidence)) for c, evidence in known]


@pytest.fixture
def hostile(monkeypatch):
    """Give a ledger whose every text is hostile: one claim not testable, one inconsistent, one waiting."""
    names = (
        "hendry2021/change-fund-share",
        "hendry2021/integration-authorities",
        "hendry2021/inequality-gap",
    )
    first, second = (claims.find(name) for name in names[:2])
    spoilt = dict.fromkeys(FIELDS, HOSTILE)
    where = claims.Where(section=HOSTILE, item=HOSTILE)
    records = (
        first.model_copy(
            update={**spoilt, "where": where, "derive": None, "kind": "official", "chapter": None}
        ),
        second.model_copy(
            update={**spoilt, "where": where, "printed": "1" + HOSTILE, "derive": f'count("{"x" * 5}")'}
        ),
        first.model_copy(
            update={**spoilt, "id": "hendry2021/waits", "where": where, "derive": None, "needs": None}
            | {"kind": "official", "chapter": "scotland/nowhere"}
        ),
    )
    monkeypatch.setattr(claims, "load", lambda source=None: records)
    monkeypatch.setattr(entries, "BLOCKS", (entries.Block("hendry2021-all", HOSTILE, HOSTILE),))
    monkeypatch.setattr(entries, "SOURCES", ("hendry2021",))
    evidence = Evidence(claim=second.id, derived=31, basis=HOSTILE)
    return [
        Entry(records[0], None, judge(records[0], None)),
        Entry(records[1], evidence, judge(records[1], evidence)),
    ]


def rendered(page: str) -> str:
    """Return a page as HTML, its blocks of raw HTML taken as they stand."""
    rest = MarkdownIt("commonmark", {"html": True}).enable("table").render(RAW.sub("", page))
    return rest + "".join(RAW.findall(page))


def escaped_from(path: str, page: str) -> set[str]:
    """Return what of a hostile text became more than text on a page."""
    html, scripts = rendered(page), 1 if path.endswith(("all.md", "/index.md")) else 0
    scripts += path.endswith("/all.md")  # one script sorts, one filters
    tags = set(re.findall(r"<([a-zA-Z!][^\s>/]*)", html))
    seen = {
        "an image": "img" in tags,
        "a comment": "!--" in tags,
        "a script": html.count("<script") != scripts,
        "a link that runs code": "javascript:" in "".join(re.findall(r'href="[^"]*"', html)),
        "a directive": "{include}" in RAW.sub("", page),
        "a formula": re.search(r"(?<!\\)\$\$", RAW.sub("", page)) is not None,
        "a template expression": re.search(r"(?<!\\)\{\{ c", RAW.sub("", page)) is not None,
        "a terminal escape": "\x1b" in page,
    }
    return {name for name, is_there in seen.items() if is_there}


def test_hostile_text_stays_text_on_every_page(hostile) -> None:
    made = dict(generated.pages(hostile))
    assert len(made) == 15
    assert {path: found for path, page in made.items() if (found := escaped_from(path, page))} == {}


def test_without_its_defences_the_same_text_breaks_the_pages(hostile, monkeypatch) -> None:
    monkeypatch.setattr(safe_text, "MARKUP", re.compile(r"((?!))"))
    monkeypatch.setattr(safe_text, "printable", lambda text: " ".join(str(text).split()))
    monkeypatch.setattr(safe_text.html, "escape", lambda text: text)
    monkeypatch.setattr(
        safe_text, "say", lambda template, **values: safe_text.Markdown(template.format(**values))
    )
    found = set().union(*(escaped_from(path, page) for path, page in generated.pages(hostile)))
    assert found >= {
        "an image",
        "a script",
        "a link that runs code",
        "a directive",
        "a formula",
        "a template expression",
        "a terminal escape",
    }


def test_html_text_is_safe_in_attributes_and_fences() -> None:
    assert html_text('a\n"b" <i> ``` & \'') == "a &quot;b&quot; &lt;i&gt; &#96;&#96;&#96; &amp; &#x27;"


def test_pages_are_those_of_the_contents(judged) -> None:
    named = re.findall(r"file: (chapters/(?:ledger|methods)/[\w-]+)", (ROOT / "_toc.yml").read_text("utf-8"))
    written = {name for name in named for kind in ("md", "ipynb") if (ROOT / f"{name}.{kind}").exists()}
    made = {path.removesuffix(".md") for path, _ in generated.pages(judged) if path.startswith("chapters/")}
    assert made == set(named) - written - {"chapters/methods/index"}


def test_every_claim_has_one_row_and_one_entry(judged) -> None:
    made = dict(generated.pages(judged))
    rows = re.findall(r'<tr[^>]*><td><a href="([\w-]+)\.html#(claim-[\w-]+)"', made["chapters/ledger/all.md"])
    heads = [
        (path.split("/")[-1].removesuffix(".md"), anchor)
        for path, page in made.items()
        for anchor in re.findall(r"^\((claim-[\w-]+)\)=$", page, flags=re.M)
    ]
    assert sorted(anchor for _, anchor in rows) == sorted(c.anchor for c in claims.load())
    assert sorted(rows) == sorted(heads)


def test_no_page_of_entries_is_too_long(judged) -> None:
    sizes = {block.name: len(members) for block, members in entries.blocks(judged)}
    assert all(sizes.values())
    assert max(sizes.values()) <= 90, sizes


def test_an_entry_page_that_no_claim_starts_stops_the_build(monkeypatch) -> None:
    monkeypatch.setattr(entries, "BLOCKS", (*entries.BLOCKS, entries.Block("msg2019-x", "X", "Nowhere")))
    with pytest.raises(ClaimError, match="Nowhere"):
        entries.homes()


def test_the_picture_has_a_square_for_every_claim(judged) -> None:
    drawn = dashboard.picture(judged)
    assert drawn.count("h8v8h-8z") == len(claims.load())
    assert drawn.count("<circle") == sum(c.tier == "headline" for c in claims.load())
    for outcome, number in ledger.counts(judged).items():
        assert f"{outcome}</span>" in drawn
        assert f">{number} claims</a>" in drawn


def test_addresses_of_counts_name_choices_that_the_table_offers(judged) -> None:
    made = dict(generated.pages(judged))
    offered = set(re.findall(r'<option value="([^"]*)"', made["chapters/ledger/all.md"]))
    used = re.findall(r'all\.html\?([^"]*)"', made["chapters/ledger/index.md"])
    asked = {part.split("=")[1].replace("+", " ") for query in used for part in query.split("&amp;")}
    assert asked
    assert asked <= offered


def test_every_contradiction_is_shown_with_both_places_and_a_note(judged) -> None:
    page = contradictions.page(judged)
    clashing = ledger.select(judged, outcome="inconsistent")
    assert len(re.findall(r"^### ", page, flags=re.M)) == len(clashing) > 0
    for block in re.split(r"^### ", page, flags=re.M)[1:]:
        table = [line for line in block.splitlines() if line.startswith("| ")][1:]
        assert len(table) >= 2, block
    assert {contradictions.group_of(e.claim) for e in clashing} == set(contradictions.GROUPS)


def test_every_untestable_claim_is_wanted_once(judged) -> None:
    page = data_gaps.page(judged)
    waiting = ledger.select(judged, outcome="not testable")
    assert sorted(re.findall(r"\(#(claim-[\w-]+)\)", page)) == sorted(e.claim.anchor for e in waiting)


def test_needs_that_differ_only_in_case_or_stop_are_one(judged) -> None:
    one = next(e for e in ledger.select(judged, outcome="not testable") if e.claim.needs)
    other = Entry(one.claim.model_copy(update={"needs": f"{one.claim.needs}.".upper()}), None, one.verdict)
    assert list(data_gaps.by_need([one, other]).values()) == [[one, other]]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"printed": "4.2", "rounded_to": 0.1}, "4.15 up to, but not including, 4.25 percent"),
        ({"printed": "30,418", "unit": "residents"}, "exactly 30,418 residents"),
        ({"printed": "2009", "unit": "year"}, "exactly 2009"),
        ({"printed": "50", "qualifier": "more than"}, "any number above 50 percent"),
        ({"printed": "50", "qualifier": "at least"}, "50 or more percent"),
        ({"printed": "50", "qualifier": "less than"}, "any number below 50 percent"),
        ({"printed": "50", "qualifier": "up to"}, "50 or less percent"),
        ({"printed": "50", "qualifier": "about"}, "47.5 to 52.5 percent"),
        ({"printed": "50", "qualifier": "almost"}, "47.5 up to, but not including, 50 percent"),
        ({"printed": "50", "qualifier": "just over"}, "above 50 to 52.5 percent"),
    ],
)
def test_printed_interval_in_words(fields, words) -> None:
    base = claims.find("hendry2021/care-home-residents-march-2019").model_dump()
    base |= {"reads_as": None, "qualifier": None, "rounded_to": None, "unit": "percent"}
    assert wording.interval(claims.Claim.model_validate(base | fields)) == words


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("total(3907, 24751)", "3907 + 24,751"),
        ("share(difference(221, 19), 300)", "100 × (221 − 19) ÷ 300"),
        ("ratio(10000, rounded(1564, 1))", "10,000 ÷ 1564"),
        ('count("a", "b")', "a count of 2: a, b"),
        ("years_between(2009, 2013)", "the years from 2009 to 2013"),
        ("percent_fall(200, -150)", "the fall from 200 to −150, in percent"),
        ('same_as("kingsfund2018/integration-authorities")', "31"),
    ],
)
def test_formula_in_words(expression, words) -> None:
    assert wording.formula(expression) == words


def test_every_expression_can_be_said() -> None:
    for record in claims.load():
        if record.derive:
            assert "same_as" not in wording.formula(record.derive)


def test_distance_in_words() -> None:
    record = claims.find("hendry2021/care-home-residents-below-expected")
    assert wording.distance(record, Flip(-0.4999, "close")) == (
        "it would be “close” if our value were 0.50 lower (percent below expected)"
    )
    assert wording.distance(record, Flip(1e-7, "close")) == "any other value would make it “close”"


ITEM = "- {source: msg2019, item: Table 1, caption: A table, chapter: policy/frameworks}\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ITEM.replace("msg2019", "nobody2000"), r"item 1 \(Table 1\), source"),
        (ITEM.replace("caption: A table, ", ""), r"item 1 \(Table 1\), caption"),
        (ITEM.replace("}", ", colour: red}"), r"item 1 \(Table 1\), colour"),
        (ITEM + ITEM, "listed twice: msg2019, Table 1"),
        ("- just words\n", r"item 1 \(unnamed\)"),
    ],
)
def test_a_bad_coverage_list_says_where_and_what(tmp_path, text, message) -> None:
    file = tmp_path / "coverage.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CoverageError, match=message):
        source_coverage.load(file)


def spot(outcome: str, item: str = "Figure 4") -> Entry:
    base = claims.find("hendry2021/care-home-residents-below-expected")
    record = base.model_copy(update={"where": claims.Where(section="S", item=item), "needs": "some data"})
    return Entry(record, None, claims.Verdict(claim=record.id, outcome=outcome))


@pytest.mark.parametrize(
    ("outcomes", "chapter", "word"),
    [
        (["reproduced", "differs"], "scotland/care_home_residents", "recomputed"),
        (["reproduced", "not testable"], "scotland/care_home_residents", "partly recomputed"),
        (["not testable", "reported"], "scotland/care_home_residents", "cannot be recomputed"),
        (["reported"], "scotland/care_home_residents", "in words"),
        ([], "scotland/care_home_residents", "in words"),
        (["reproduced"], "scotland/nowhere", "chapter not written yet"),
    ],
)
def test_status_of_a_figure_follows_from_chapter_and_verdicts(outcomes, chapter, word) -> None:
    item = Item(source="hendry2021", item="Figure 4", caption="A figure", chapter=chapter)
    status = source_coverage.status(item, [spot(outcome) for outcome in outcomes])
    assert status.word == word
    assert status.missing == (("some data",) if "not testable" in outcomes else ())


def test_a_figure_holds_its_own_claims_only() -> None:
    item = Item(source="hendry2021", item="Figure 1", caption="A figure", chapter="a/b")
    assert item.holds(spot("reported", "figure 1, note"))
    assert not item.holds(spot("reported", "Figure 14"))
    assert not item.holds(spot("reported", "paragraph 1"))


def test_rows_say_the_verdict_and_the_place(judged) -> None:
    page = all_claims.page(judged)
    row = next(line for line in page.splitlines() if "#claim-kingsfund2018-devolution-year" in line)
    assert 'class="verdict inconsistent"' in row
    assert "<td>1997</td><td>1999</td>" in row


def test_an_entry_says_when_data_only_come_near_the_claim() -> None:
    record = claims.find("hendry2021/care-home-residents-below-expected")
    near = Evidence(claim=record.id, derived=20.0, basis="by hand", tables=["population"], proxy=True)
    assert "only come near" in entries.entry(record, Entry(record, near, judge(record, near)))
    real = near.model_copy(update={"proxy": False})
    assert "only come near" not in entries.entry(record, Entry(record, real, judge(record, real)))


def test_an_item_may_lack_data_beyond_its_claims_and_says_why() -> None:
    about = {"source": "hendry2021", "item": "Figure 4", "caption": "A figure"}
    item = Item(**about, chapter="scotland/care_home_residents", needs="its values", why="A picture.")
    for outcomes, word in ((["reproduced"], "partly recomputed"), ([], "cannot be recomputed")):
        status = source_coverage.status(item, [spot(outcome) for outcome in outcomes])
        assert (status.word, status.missing) == (word, ("its values",))


def test_every_item_says_how_far_it_is_redone_and_what_is_missing(judged) -> None:
    page = coverage_page.page(judged)
    rows = [line for line in page.splitlines() if line.startswith("| **")]
    assert len(rows) == len(source_coverage.load())
    for row in rows:
        _, chapter, word, reasons = (cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:5])
        assert word in source_coverage.WORDS
        assert word != "chapter not written yet", row
        assert chapter.startswith("[](/chapters/")
        assert word not in ("partly recomputed", "cannot be recomputed") or "Missing: " in reasons, row
        assert not word.startswith("cannot") or reasons[0].isupper(), row
