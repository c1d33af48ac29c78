# The graph of files: tables -> runs -> ledger -> book. `make book` calls it; so may `snakemake`.
import sys
from pathlib import Path

from careshift import tables
from careshift.pipeline import runs
from careshift.project import ROOT

workdir: str(ROOT)

PYTHON = f"{sys.executable} -m careshift.pipeline"
RUNS = runs.plan()
PAGES = sorted(str(p) for folder, kind in (("chapters", "*.md"), ("assets", "*"), ("templates", "*")) for p in Path(folder).rglob(kind) if p.is_file())
LOCK = "requirements.txt"
# The page of references quotes what these say about their sources.
METHODS = [f"careshift.{name}" for name in ("effect_sizes", "standardisation", "ranking", "multiverse", "interruption")]


def relative(paths):
    return [str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path) for path in paths]


def tables_of(wildcards):
    return relative(RUNS[wildcards.run].tables.values())


def checks_of(wildcards):
    return [f"_build/checked/{name}.json" for name in RUNS[wildcards.run].tables]


localrules: book, check_table, ledger, compile


rule book:
    input: "_build/book.json"
    default_target: True

rule check_table:
    input: "data/{table}.csv"
    output: "_build/checked/{table}.json"
    params: schema=lambda wildcards: runs.digest(tables.describe(wildcards.table)["schema"])
    message: "Checking table {wildcards.table}"
    shell: "{PYTHON}.check {wildcards.table} {output}"

rule run:
    input:
        notebook=lambda wildcards: ancient(relative([RUNS[wildcards.run].notebook])),
        tables=tables_of,
        checks=checks_of,
        modules=lambda wildcards: relative(runs.modules(RUNS[wildcards.run].notebook)),
        lock=LOCK,
    output: "_build/runs/{run}.ipynb"
    wildcard_constraints: run=".+"
    params:
        source=lambda wildcards: runs.source_digest(RUNS[wildcards.run].notebook),
        claims=lambda wildcards: runs.claims_digest(RUNS[wildcards.run].chapter),
        given=lambda wildcards: runs.digest(dict(RUNS[wildcards.run].given)),
    message: "Running {wildcards.run}"
    shell: "{PYTHON}.execute {wildcards.run} {output}"

rule ledger:
    input:
        runs=expand("_build/runs/{run}.ipynb", run=RUNS),
        claims=sorted(str(p.relative_to(ROOT)) for p in (ROOT / "data/claims").glob("*.yml")),
        chapters=["data/coverage.yml", "chapters/planned.yml"],
        vintages="data/datapackage.json",
        modules=relative(runs.files_of(["careshift.pipeline.collect"])),
    output: "_build/ledger.json"
    params: outside=runs.outside_digest()
    message: "Collecting the ledger"
    shell: "{PYTHON}.collect {output} {input.runs}"

# Studies of their own, not part of the book: `make coverage` asks for them.
STUDIES = {
    "linear": (10000, "data/interrupted_time_series_coverage.csv"),
    "others": (400, "data/interrupted_time_series_coverage_others.csv"),
}
STUDY_CODE = relative(runs.files_of(["careshift.interruption.coverage.study"]))
STUDY = runs.digest([tables.sha256(ROOT / file) for file in STUDY_CODE])

rule coverage:
    input: expand("_build/coverage/{study}.agrees", study=STUDIES)

rule coverage_study:
    input:
        committed=lambda wildcards: STUDIES[wildcards.study][1],
        modules=STUDY_CODE,
        lock=LOCK,
    output: touch("_build/coverage/{study}.agrees")
    params:
        draws=lambda wildcards: STUDIES[wildcards.study][0],
        # Named after the code, so that a stopped study goes on but never with cells of other code.
        table=lambda wildcards: f"_build/coverage/{wildcards.study}-{STUDY}.csv",
    threads: lambda wildcards: workflow.cores
    message: "Simulating the coverage of intervals: {wildcards.study}"
    shell:
        "{sys.executable} -m careshift.interruption.coverage {wildcards.study} --draws {params.draws} "
        "--workers {threads} --out {params.table} --against {input.committed}"

rule compile:
    input:
        ledger="_build/ledger.json",
        runs=expand("_build/runs/{run}.ipynb", run=RUNS),
        checks=expand("_build/checked/{table}.json", table=tables.names()),
        pages=PAGES,
        top=["_config.yml", "_toc.yml", "chapters/introductions.yml", "intro.md", "references.bib", "CHANGELOG.md", "CITATION.cff", "data/datapackage.json", "data/needs.yml", "data/search_words.yml", "data/document_checks.yml", "data/verdict_changes.yml"],
        studies=sorted(str(p) for kind in ("*.json", "defences.csv") for p in Path("tests/audit").glob(kind)),
        modules=relative(runs.files_of(["careshift.pipeline.book"])),
        methods=relative(runs.files_of(METHODS)),
        lock=LOCK,
    output: "_build/book.json"
    message: "Compiling the book"
    shell: "{PYTHON}.book _build/runs {input.ledger} _build/html _build/logs/book.log {output}"
