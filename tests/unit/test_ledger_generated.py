"""The pages made from the ledger: words, places, groups, and no value that becomes markup."""

import re

import pytest
from made_records import claim as made_claim
from made_records import found, printed
from markdown_it import MarkdownIt

from careshift import claims, ledger, needs, source_coverage
from careshift.claims import Claim, ClaimError, Verdict, judge
from careshift.evidence import inherited, strongest
from careshift.ledger import Entry, Flip
from careshift.pages import (
    all_claims,
    contradictions,
    dashboard,
    data_gaps,
    dates_counts_structure,
    entries,
    generated,
    safe_text,
    terminal,
    wording,
)
from careshift.pages import figure_coverage as coverage_page
from careshift.pages.blocks import printed_words
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
    """Give every record with the verdict that it has without its chapter."""
    return [_alone(claim) for claim in claims.load()]


def _alone(claim: Claim) -> Entry:
    first = claims.find(claim.repeats) if claim.repeats else claim
    own = ledger.arithmetic.evidence_of(first)
    best = strongest(first, None)
    verdict = judge(first, best, own)
    return Entry(claim, best or own, verdict if first is claim else inherited(claim, verdict))


@pytest.fixture
def hostile(monkeypatch):
    """Give a ledger whose every text is hostile: a claim of each outcome, a repeat and a date."""
    texts = dict.fromkeys(FIELDS, HOSTILE) | {"where": {"section": HOSTILE, "item": HOSTILE}}
    said = {"basis": HOSTILE, "choices": [{"label": HOSTILE, "value": 31}]}
    first = made_claim(**texts, id="hendry2021/first")
    clash = texts | {"printed": "1" + HOSTILE, "reads_as": 1, "derive": f'total(same_as("{first.id}"), 11)'}
    near, printed = {**texts, "id": "hendry2021/near"}, {**clash, "id": "hendry2021/clash"}
    pairs = [
        (first, None),
        (made_claim(**printed), None),
        (made_claim(**clash | {"id": "hendry2021/date", "kind": "date"}), None),
        (made_claim(**clash | {"id": "hendry2021/both"}), found(31, nearest=True, **said)),
        (made_claim(**near), found(31, nearest=True, **said)),
        (made_claim(**near | {"id": "hendry2021/cause", "kind": "cause"}), found(31, **said)),
        (made_claim(**near | {"id": "hendry2021/view", "kind": "view"}), None),
        (
            made_claim(**near | {"id": "hendry2021/differs"}),
            found(31, limits_kind=HOSTILE, limits=(1, 2), **said),
        ),
        (made_claim(**near | {"id": "hendry2021/bracketed"}), found(20, bounds=(1, 99), **said)),
        (made_claim(**near | {"id": "hendry2021/again", "repeats": first.id}), None),
    ]
    records = tuple(record for record, _ in pairs)
    monkeypatch.setattr(claims, "load", lambda source=None: records)
    monkeypatch.setattr(entries, "BLOCKS", (entries.Block("hendry2021-all", HOSTILE, HOSTILE),))
    monkeypatch.setattr(entries, "SOURCES", ("hendry2021",))
    evidence = [e.model_copy(update={"claim": record.id}) for record, e in pairs if e]
    return ledger.build(evidence)


def rendered(page: str) -> str:
    """Return a page as HTML, its blocks of raw HTML taken as they stand."""
    rest = MarkdownIt("commonmark", {"html": True}).enable("table").render(RAW.sub("", page))
    return rest + "".join(RAW.findall(page))


def escaped_from(path: str, page: str) -> set[str]:
    """Return what of a hostile text became more than text on a page."""
    html, scripts = rendered(page), 1 if path.endswith(("all.md", "/index.md")) else 0
    scripts += 2 * path.endswith("/all.md")  # one script sorts, one filters, one writes the file
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
    assert {e.verdict.outcome for e in hostile} >= {
        "data wanted",
        "reported",
        "does not add up",
        "differs",
        "bracketed",
        claims.APART,
    }
    made = dict(generated.pages(hostile))
    assert len(made) == 18
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


def test_every_claim_has_one_row_and_every_record_one_entry(judged) -> None:
    made = dict(generated.pages(judged))
    rows = re.findall(r'<tr[^>]*><td><a href="([\w-]+)\.html#(claim-[\w-]+)"', made["chapters/ledger/all.md"])
    apart = re.findall(
        r"^\| \[.*\]\(#(claim-[\w-]+)\)", made["chapters/ledger/dates_counts_structure.md"], re.M
    )
    heads = [
        (path.split("/")[-1].removesuffix(".md"), anchor)
        for path, page in made.items()
        for anchor in re.findall(r"^\((claim-[\w-]+)\)=$", page, flags=re.M)
    ]
    assert sorted(anchor for _, anchor in heads) == sorted(c.anchor for c in claims.load())
    assert sorted(anchor for _, anchor in rows) == sorted(c.anchor for c in claims.load() if c.is_counted)
    assert set(rows) <= set(heads)
    assert sorted(apart) == sorted(
        c.anchor for c in claims.load() if c.kind not in claims.COUNTED and not c.repeats
    )


def test_every_record_stands_in_one_list_repeats_apart(judged) -> None:
    once, apart, again = ledger.counted(judged), ledger.apart(judged), ledger.repeats(judged)
    assert len(once) + len(apart) + len(again) == len(judged)
    assert f"{len(once):,} of them are claims about the world" in dashboard.page(judged)
    assert f"{len(apart)} statements of the documents are no claims" in dates_counts_structure.page(judged)


def test_no_page_of_entries_is_too_long(judged) -> None:
    sizes = {block.name: len(members) for block, members in entries.blocks(judged)}
    assert all(sizes.values())
    assert max(sizes.values()) <= 90, sizes


def test_an_entry_page_that_no_claim_starts_stops_the_build(monkeypatch) -> None:
    monkeypatch.setattr(entries, "BLOCKS", (*entries.BLOCKS, entries.Block("msg2019-x", "X", "Nowhere")))
    with pytest.raises(ClaimError, match="Nowhere"):
        entries.homes()


def test_the_picture_has_a_square_for_every_counted_claim(judged) -> None:
    drawn, once = dashboard.picture(judged), [c for c in claims.load() if c.is_counted]
    assert drawn.count("h8v8h-8z") == len(once)
    assert drawn.count("<circle") == sum(c.tier == "headline" for c in once)
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
    clashing = ledger.contradicted(judged)
    assert len(re.findall(r"^### ", page, flags=re.M)) == len(clashing) > 0
    for block in re.split(r"^### ", page, flags=re.M)[1:]:
        table = [line for line in block.splitlines() if line.startswith("| ")][1:]
        assert len(table) >= 2, block
    groups = [contradictions.group_of(e.claim) for e in clashing]
    assert set(groups) <= set(contradictions.GROUPS)
    headings = re.findall(r"^## (.*)$", page, flags=re.M)
    assert headings == [group for group in contradictions.GROUPS if group in groups]


def test_every_claim_that_met_no_outside_data_is_wanted_once(judged) -> None:
    page = data_gaps.page(judged)
    waiting = [
        e for e in ledger.counted(judged) if e.verdict.held_against != "outside data" and e.claim.needs
    ]
    assert sorted(re.findall(r"\(#(claim-[\w-]+)\)", page)) == sorted(e.claim.anchor for e in waiting)


def test_a_want_says_what_is_known_and_every_look(judged) -> None:
    page = data_gaps.page(judged)
    wanted = data_gaps.by_need(
        [e for e in ledger.counted(judged) if e.verdict.held_against != "outside data"]
    )
    known = [need for need in map(needs.find, wanted) if need]
    assert len(known) > 1
    assert page.count("Next: ") == len(known)
    for need in known:
        for look in need.looked:
            assert f"{look.day:%-d %B %Y}, {safe_text.escape(look.where)}" in page


def test_needs_that_differ_only_in_case_or_stop_are_one(judged) -> None:
    one = next(e for e in ledger.select(judged, outcome="data wanted") if e.claim.needs)
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
    assert wording.distance(record, Flip(-0.4999, "close"), None) == (
        "it would be “close” if our value were 0.50 lower (percent below expected)"
    )
    assert wording.distance(record, Flip(1e-7, "close"), None) == "any other value would make it “close”"
    moved = wording.distance(record, Flip(-0.4999, "close"), (1.0, 2.0))
    assert "if all our values were" in moved, "a shift that one of several values needs moves them all"


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


def spot(outcome: str, item: str = "Figure 4", check: str | None = None) -> Entry:
    kind = "date" if outcome == claims.APART else "view" if outcome == "reported" else "statement"
    base = claims.find("hendry2021/care-home-residents-below-expected")
    needs = None if kind in ("date", "view") else "some data"
    change = {"where": claims.Where(section="S", item=item), "needs": needs, "kind": kind}
    record = base.model_copy(update=change)
    held = claims.AGAINST.get(outcome, ("nothing",))[0]
    return Entry(record, None, Verdict(claim=record.id, outcome=outcome, held_against=held, check=check))


@pytest.mark.parametrize(
    ("outcomes", "word"),
    [
        (["reproduced", "differs"], "recomputed"),
        (["reproduced", "bracketed", claims.APART], "recomputed"),
        (["reproduced", "data wanted"], "partly recomputed"),
        (["revised since", "adds up"], "partly recomputed"),
        (["data wanted", "reported"], "data wanted"),
        (["reported"], "in words"),
        ([claims.APART], "in words"),
        ([], "in words"),
    ],
)
def test_status_of_a_figure_follows_from_what_its_claims_were_held_against(outcomes, word) -> None:
    item = Item(source="hendry2021", item="Figure 4", caption="A figure", chapter="a/b")
    status = source_coverage.status(item, [spot(outcome) for outcome in outcomes])
    assert status.word == word
    lacking = {"data wanted", "adds up"} & set(outcomes)
    assert status.missing == (("some data",) if lacking else ())


@pytest.mark.parametrize("check", ["adds up", "does not add up"])
def test_a_figure_whose_numbers_only_meet_each_other_is_not_recomputed(check) -> None:
    item = Item(source="hendry2021", item="Figure 4", caption="A figure", chapter="a/b")
    status = source_coverage.status(item, [spot(check, check=check), spot("data wanted")])
    assert (status.word, status.missing) == ("recalculated", ("some data",))


def test_a_figure_holds_its_own_claims_only() -> None:
    item = Item(source="hendry2021", item="Figure 1", caption="A figure", chapter="a/b")
    assert item.holds(spot("reported", "figure 1, note"))
    assert not item.holds(spot("reported", "Figure 14"))
    assert not item.holds(spot("reported", "paragraph 1"))


def test_rows_say_print_value_and_outcome(judged) -> None:
    one = next(e for e in ledger.select(judged, outcome="does not add up") if e.claim.is_counted)
    page = all_claims.page(judged)
    row = next(line for line in page.splitlines() if f"#{one.claim.anchor}" in line)
    assert 'class="verdict does-not-add-up"' in row
    cells = (printed_words(one.claim), wording.derived(one.claim, one.verdict), wording.against(one.verdict))
    assert "".join(f"<td>{html_text(cell)}</td>" for cell in cells) in row


def test_dates_that_other_places_contradict_are_told_from_those_that_agree() -> None:
    records = [
        (made_claim(id="hendry2021/x", kind="date", says="one date"), printed(99)),
        (made_claim(id="hendry2021/y", kind="count", says="one count"), printed(20)),
        (made_claim(id="hendry2021/z", kind="structure", says="one chart"), None),
    ]
    page = dates_counts_structure.page([Entry(c, e, judge(c, None, e)) for c, e in records])
    ends = {
        line.split("]")[0][3:]: line.split("|")[-2].strip() for line in page.splitlines() if "](#cl" in line
    }
    assert ends == {"one date": "do not agree", "one count": "agree", "one chart": ""}


RESIDENTS = "hendry2021/care-home-residents-below-expected"


def test_an_entry_calls_a_nearest_figure_what_it_is() -> None:
    record = claims.find(RESIDENTS).model_copy(update={"derive": None, "outside": None})
    near = found(20.0, claim=record.id, nearest=True)
    told = entries.entry(record, Entry(record, near, judge(record, near)))
    assert "**Nearest public figure, no test**: 20" in told
    assert "**We find**" not in told
    real = near.model_copy(update={"nearest": False})
    told = entries.entry(record, Entry(record, real, judge(record, real)))
    assert "**We find**: 20" in told
    assert "no test" not in told


def test_an_entry_that_its_prints_judge_tells_them_from_the_nearest_figure() -> None:
    double = f'total(same_as("{RESIDENTS}"), same_as("{RESIDENTS}"))'
    record = claims.find(RESIDENTS).model_copy(
        update={"derive": double, "outside": None, "kind": "statement"}
    )
    own = ledger.arithmetic.evidence_of(record)
    near = found(31.0, claim=record.id, nearest=True, basis="of another year")
    made = Entry(record, near, judge(record, near, own))
    assert made.verdict.outcome == "does not add up"
    told = entries.entry(record, made).splitlines()
    facts = dict(line.removeprefix("- **").split("**: ", 1) for line in told if line.startswith("- **"))
    assert facts["We find"].startswith("40")
    assert facts["How"].startswith("from printed numbers")
    assert facts["Nearest public figure, no test"].startswith("31")
    assert facts["What that figure is"] == "of another year"
    assert "adds up" in facts["What would change the verdict"]
    shown = terminal.whole(made)
    assert re.search(r"how +From the printed numbers", shown)
    assert re.search(r"nearest +31\.0, no test\n +that is +of another year", shown)


def test_an_entry_of_a_repeat_leads_to_the_first_saying_and_finds_nothing_itself() -> None:
    first = claims.find(RESIDENTS)
    again = first.model_copy(
        update={"id": "hendry2021/again", "repeats": first.id, "outside": None, "derive": None}
    )
    real = found(20.0, claim=first.id)
    made = Entry(again, real, inherited(again, judge(first, real)))
    told = entries.entry(again, made)
    assert f"**Says again, and is not counted**: [{safe_text.escape(first.says)}](#{first.anchor})" in told
    assert "**We find**" not in told
    assert re.search(rf"says again +{first.id}", terminal.whole(made))


def test_an_entry_names_the_number_that_weakens_it() -> None:
    record = made_claim()
    verdict = judge(record, None, printed(20)).model_copy(
        update={"outcome": "data wanted", "held_against": "nothing", "weakened_by": RESIDENTS}
    )
    told = entries.entry(record, Entry(record, printed(20), verdict))
    assert "**Adds up only on a number that does not hold**: [" in told
    assert f"(#{claims.find(RESIDENTS).anchor})" in told


def test_an_item_may_lack_data_beyond_its_claims_and_says_why() -> None:
    about = {"source": "hendry2021", "item": "Figure 4", "caption": "A figure"}
    item = Item(**about, chapter="scotland/care_home_residents", needs="its values", why="A picture.")
    for outcomes, word in ((["reproduced"], "partly recomputed"), ([], "data wanted")):
        status = source_coverage.status(item, [spot(outcome) for outcome in outcomes])
        assert (status.word, status.missing) == (word, ("its values",))


def test_every_item_says_how_far_it_is_redone_and_what_is_missing(judged) -> None:
    page = coverage_page.page(judged)
    rows = [line for line in page.splitlines() if line.startswith("| **")]
    assert len(rows) == len(source_coverage.load())
    for row in rows:
        _, chapter, word, reasons = (cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:5])
        assert word in source_coverage.WORDS
        assert chapter.startswith("[](/chapters/")
        assert word not in ("partly recomputed", "data wanted") or "Missing: " in reasons, row
