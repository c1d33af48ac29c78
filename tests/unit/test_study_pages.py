"""The pages on speed and reproducibility say what the studies found: met, missed, failed or not run."""

import json

import pytest

from careshift import audits
from careshift.audits import Study
from careshift.pages import reproducibility, speed
from careshift.project import CareshiftError

COST = {"wall": 10.0, "user": 8.0, "system": 1.0, "memory": 500.0}


def study(**changes) -> Study:
    kept = {
        "study": "kills",
        "date": "2026-11-26",
        "commit": "abc1234",
        "python": "3.11.7",
        "machine": "two cores",
        "seconds": 600,
        "passed": True,
        "result": "2 passed",
    }
    return Study.model_validate(kept | changes)


def measured(**ratios: float) -> Study:
    names = ("execution_stage", "cold_build", "cold_build_against_jupyter_book", "nothing_changed")
    reached = dict.fromkeys(names, 50.0) | ratios
    return study(
        result={
            "chapters": 30,
            "ours": dict.fromkeys(("execution", "cold", "unchanged", "one_table"), COST)
            | {"reran": ["wales/money"], "dependents": ["wales/money"]},
            "loop": dict.fromkeys(("execution", "cold", "compiling"), COST) | {"own": 4.0},
            "jupyter_book": {"cold": COST},
            "sweep": [{"areas": n, "wall": n / 2, "user": float(n), "system": 0.0} for n in (10, 20, 40)],
            "ratios": reached | {f"{name}_processor": value for name, value in reached.items()},
        }
    )


def test_a_target_that_is_missed_says_by_how_much() -> None:
    page = speed.page(measured(cold_build=0.7))
    assert "| 1.4 | 0.7 | 0.7 | missed by 50 % |" in page
    assert page.count("| met |") == 2


def test_the_floor_and_the_cost_of_one_more_area_are_computed() -> None:
    page = speed.page(measured())
    assert "4 s (40 %) is work inside" in page
    assert "1.00 and 1.00" in page


def test_runs_that_should_not_have_run_are_said() -> None:
    found = measured()
    found.result["ours"]["reran"] = ["wales/money", "policy/timeline"]
    assert "NOT the runs that read it" in speed.page(found)
    assert "exactly the runs that read it" in speed.page(measured())


def test_without_a_measurement_the_page_says_so() -> None:
    assert "No measurement is committed yet" in speed.page(None)
    assert "No measurement is committed yet" in speed.page(study(result="failed"))


def test_each_study_is_passed_failed_or_not_run() -> None:
    page = reproducibility.page({"kills": study(), "determinism": study(passed=False, result="1 failed")})
    assert "passed: 2 passed" in page
    assert "FAILED: 1 failed" in page
    assert page.count("not run yet") == len(reproducibility.WORDS) - 2


def test_defences_are_counted_by_kind_and_an_unnoticed_one_shows() -> None:
    row = {"group": "Bad data", "kind": "zip <bombs>", "removed": "3", "noticed": "2", "date": "2026-11-26"}
    page = reproducibility.page({}, [row])
    assert "| Bad data | zip \\<bombs\\> | 3 | 2 |" in page
    assert "Does a test fail when its defence is gone?" not in reproducibility.page({"kills": study()})


def test_changes_of_the_code_are_counted_by_module(tmp_path) -> None:
    assert audits.mutations(tmp_path) == []
    (tmp_path / "mutation.csv").write_text(
        "date,module,changes,tried,noticed,explained,left,score\n2026-11-26,change,281,60,57,2,1,98.3\n"
    )
    page = reproducibility.page({}, [], audits.mutations(tmp_path))
    assert "| module | changes | tried | noticed | explained | % |" in page
    assert "| change | 281 | 60 | 57 | 2 | 98.3 |" in page.replace("\\", "")
    assert "Would a test notice" not in reproducibility.page({})


def test_the_table_of_defences_is_read_where_there_is_one(tmp_path) -> None:
    assert audits.defences(tmp_path) == []
    (tmp_path / "defences.csv").write_text("date,commit,group,kind,removed,noticed\n2026-11-26,a,g,k,3,3\n")
    assert audits.defences(tmp_path)[0]["noticed"] == "3"


def test_what_a_study_says_stays_text() -> None:
    page = reproducibility.page({"kills": study(result="<script>alert(1)</script> | {{ x }}")})
    assert "<script>" not in page
    assert "{{" not in page


def test_a_wrong_file_is_named(tmp_path) -> None:
    (tmp_path / "kills.json").write_text(json.dumps({"study": "kills"}))
    with pytest.raises(CareshiftError, match=r"kills\.json, date"):
        audits.load(tmp_path)
