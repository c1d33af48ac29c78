"""The build does what is stale and nothing else, and never harms the last good book."""

import fcntl
import hashlib
import json
import os
from pathlib import Path

import pytest

from careshift import claims, site
from careshift.pipeline import cells, runs
from careshift.pipeline.book import publish
from careshift.pipeline.refresh import committed_form
from careshift.pipeline.stage import KNOWN, stage_notebook
from careshift.pipeline.workflow import BuildError, only_build
from careshift.project import CareshiftError

CARE_HOMES, WALES = "scotland/care_home_residents", "wales/admission_reductions"
AT_HOME = "scotland/people_at_home"  # adds the residents that care_home_residents judges
AFTER = {"the ledger", "the book"}


def about(stale: set[str]) -> set[str]:
    return {item for item in stale if item.startswith(("scotland/", "wales/", "table "))}


def digest(folder: Path) -> str:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return hashlib.sha256(
        b"".join(str(p.relative_to(folder)).encode() + p.read_bytes() for p in files)
    ).hexdigest()


def test_nothing_changed_means_nothing_to_do(copy) -> None:
    assert copy.stale() == set()


def test_one_table_reruns_only_the_chapters_that_use_it(copy) -> None:
    copy.edit("data/welsh_admissions.csv", "16805", "16806")
    assert about(copy.stale()) == {"table welsh_admissions", WALES}


def test_a_module_reruns_what_depends_on_it(copy) -> None:
    copy.edit("src/careshift/topics/welsh_admissions.py", "from __future__", "# edited\nfrom __future__")
    assert about(copy.stale()) == {WALES}


def test_a_claim_reruns_its_chapter_and_those_that_rest_on_its_print(copy) -> None:
    copy.edit("data/claims/hendry2021.yml", 'printed: "30,418"', 'printed: "30,417"')
    stale = copy.stale()
    assert about(stale) == {CARE_HOMES, AT_HOME}
    # The chapters on methods show claims of every kind, so any change of a record may reach them.
    assert {item for item in stale if item.startswith("methods/")} >= {"methods/how_we_judge"}


def test_a_chapter_depends_on_the_prints_and_the_originals_that_its_claims_name(monkeypatch) -> None:
    before = {chapter: runs.claims_digest(chapter) for chapter in (AT_HOME, WALES)}
    other = {"printed": "30,417"}
    name = "hendry2021/care-home-residents-march-2019"
    kept = tuple(c.model_copy(update=other) if c.id == name else c for c in claims.load())
    monkeypatch.setattr(claims, "load", lambda source=None: kept)
    assert runs.claims_digest(AT_HOME) != before[AT_HOME]
    assert runs.claims_digest(WALES) == before[WALES]
    repeat = next(c for c in kept if c.repeats and c.chapter and not claims.find(c.repeats).derive)
    was, first = runs.claims_digest(repeat.chapter), claims.find(repeat.repeats)
    derive = f'same_as("{name}")'
    changed = tuple(c.model_copy(update={"derive": derive}) if c is first else c for c in kept)
    monkeypatch.setattr(claims, "load", lambda source=None: changed)
    assert runs.claims_digest(repeat.chapter) != was


def test_what_is_known_depends_on_every_record_that_names_a_date_or_what_is_wanted(monkeypatch) -> None:
    before = runs.claims_digest(KNOWN), runs.claims_digest(WALES)
    name = "hendry2021/full-integration-year"
    kept = tuple(c.model_copy(update={"printed": "2017"}) if c.id == name else c for c in claims.load())
    monkeypatch.setattr(claims, "load", lambda source=None: kept)
    assert runs.claims_digest(KNOWN) != before[0]
    assert runs.claims_digest(WALES) == before[1]


def test_the_text_of_a_chapter_reruns_it_but_its_outputs_do_not(copy) -> None:
    copy.edit(f"chapters/{CARE_HOMES}.ipynb", "30,419", "30,410")  # a committed output
    assert copy.stale() == set()
    copy.edit(f"chapters/{CARE_HOMES}.ipynb", "# Care-home residents in Scotland", "# Care homes in Scotland")
    assert about(copy.stale()) == {CARE_HOMES}


def test_a_failing_chapter_leaves_the_last_good_book(copy) -> None:
    site = copy.root / "_build" / "html"
    before = digest(site)
    copy.edit(
        f"chapters/{WALES}.ipynb",
        "from careshift import",
        "raise ValueError('it broke here')\\nfrom careshift import",
    )
    done = copy.call("careshift.cli", "book", "--jobs", "1")
    assert done.returncode == 1
    assert WALES in done.stderr
    assert "it broke here" in done.stderr
    assert "last good book is untouched" in done.stderr.replace("\n", " ")
    assert digest(site) == before
    assert not list((copy.root / "_build" / "runs").rglob(".*.ipynb"))


def test_a_broken_table_stops_the_build_with_row_and_field(copy) -> None:
    copy.edit("data/welsh_admissions.csv", "16805", "many")
    done = copy.call("careshift.cli", "book", "--jobs", "1")
    assert done.returncode == 1
    assert "welsh_admissions.csv, row" in done.stderr
    assert 'field "count"' in done.stderr


def test_an_unknown_parameter_in_the_plan_is_refused(copy) -> None:
    copy.edit(
        "chapters/runs.yml",
        f"- chapter: {CARE_HOMES}",
        f"- chapter: {CARE_HOMES}\n  parameters: {{base_yaer: 2012}}",
    )
    done = copy.call("careshift.cli", "book", "--jobs", "1")
    assert done.returncode == 1
    assert "Did you mean base_year" in done.stderr


def test_publish_switches_and_keeps_one_book(tmp_path) -> None:
    site = tmp_path / "html"
    for text in ("first", "second"):
        made = tmp_path / "made"
        made.mkdir()
        (made / "index.html").write_text(text)
        publish(made, site)
        assert (site / "index.html").read_text() == text
    assert len(list((tmp_path / "books").iterdir())) == 1


def test_publish_takes_the_place_of_a_plain_folder(tmp_path) -> None:
    (tmp_path / "html").mkdir()
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "index.html").write_text("new")
    publish(tmp_path / "made", tmp_path / "html")
    assert (tmp_path / "html" / "index.html").read_text() == "new"


def test_two_builds_at_once_are_refused_and_a_dead_one_is_no_hindrance(tmp_path) -> None:
    lock = tmp_path / ".lock"
    with only_build(lock), pytest.raises(BuildError, match=rf"of process {os.getpid()}"), only_build(lock):
        pass
    with only_build(lock):
        pass
    with lock.open() as handle:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_two_runs_of_one_name_are_refused(tmp_path) -> None:
    plan = tmp_path / "runs.yml"
    plan.write_text(f"- chapter: {CARE_HOMES}\n- chapter: {CARE_HOMES}\n")
    with pytest.raises(CareshiftError, match="two runs are called"):
        runs.plan(plan)


def test_a_run_depends_on_the_tables_its_parameters_name() -> None:
    planned = runs.plan()[CARE_HOMES]
    assert "care_home_residents" in planned.tables
    assert "welsh_admissions" not in planned.tables


def test_committed_form_drops_pictures_and_injected_parameters() -> None:
    output = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "x", "text/plain": "y"}}
    run = [
        {"cell_type": "code", "metadata": {"tags": ["injected-parameters"]}, "source": "", "outputs": []},
        {"cell_type": "code", "metadata": {"tags": [], "papermill": {}}, "source": "", "outputs": [output]},
    ]
    made = committed_form({"cells": run, "metadata": {"kernelspec": {}, "papermill": {}}, "nbformat": 4})
    assert len(made["cells"]) == 1
    assert made["cells"][0]["metadata"] == {}
    assert made["cells"][0]["outputs"][0]["data"] == {"text/plain": "y"}


def test_a_page_shows_outputs_in_place_and_all_code_at_the_end() -> None:
    def cell(source: str, output: str, *tags: str) -> dict:
        outputs = [{"data": {"text/plain": output}}] if output else []
        return {"cell_type": "code", "metadata": {"tags": list(tags)}, "source": source, "outputs": outputs}

    words = {"cell_type": "markdown", "metadata": {"tags": []}, "source": "words"}
    all_cells = [
        cell("a", "", "hide-input"),
        cell("b", "1"),
        words,
        cell("c", "Beds by year\n1 2", "hide-output"),
    ]
    *shown, heading, code = cells.code_last(all_cells)
    assert [c["source"] for c in shown] == ["b", "words", "c"]
    assert [c["metadata"]["tags"] for c in shown if c is not words] == [
        ["remove-input"],
        ["remove-input", "hide-output"],
    ]
    assert shown[-1]["metadata"]["mystnb"]["code_prompt_show"] == "Show the table: Beds by year"
    assert heading["source"].startswith("## ")
    assert code["source"] == "a\n\nb\n\nc"
    assert code["outputs"] == []


def test_a_run_with_given_values_is_staged_the_same_whatever_its_cells_were_called(
    executed, tmp_path
) -> None:
    run = next(run for run in runs.plan().values() if run.given)
    text = (executed / f"{run.id}.ipynb").read_text()
    (drawn,) = [c["id"] for c in json.loads(text)["cells"] if cells.GIVEN in c["metadata"].get("tags", [])]
    made = []
    for name in (drawn, "another"):
        (tmp_path / "executed.ipynb").write_text(text.replace(f'"id": "{drawn}"', f'"id": "{name}"'))
        stage_notebook(run, tmp_path / "executed.ipynb", tmp_path / name, site.load(), {})
        files = sorted(p for p in (tmp_path / name).rglob("*") if p.is_file())
        made.append({p.relative_to(tmp_path / name): p.read_bytes() for p in files})
    assert made[0] == made[1]
