"""Whatever is edited, removed, added or moved is found and named."""

from __future__ import annotations

import json
import shutil
from importlib.metadata import version

import pytest

from rds.errors import InputError
from rds.files import canonical_json, sha256
from rds.record import append
from rds.study import verify as module
from rds.study.approve import amend
from rds.study.decide import decide
from rds.study.run import run
from rds.study.study import Study
from rds.study.verify import verify
from rds.study.verify_numbers import Compared, different_cells
from tests.study.examples import make_study
from tests.study.signing import BOARD, CHAIR, opened, sign
from tests.test_cli import rds

COPIES = "approved/v1-2027-01-05"


@pytest.fixture
def quick(monkeypatch):
    """Leave the numbers out, which take time."""
    monkeypatch.setattr(module, "compare_numbers", lambda folder, study, why: Compared((), ()))


def findings(folder):
    return [text for answer in verify(folder).answers for text in answer.findings]


def lines_of(folder):
    return (folder / "record.jsonl").read_bytes().splitlines(keepends=True)


def test_an_approved_study_is_sound_and_the_command_says_yes_three_times(approved):
    answer = rds("verify", approved)
    assert answer.exit_code == 0
    assert answer.output.count(" Yes.") == 3
    assert "its head is" in answer.output


def test_a_study_that_was_never_run_is_sound(tmp_path):
    assert verify(make_study(tmp_path / "s")).is_sound


def test_no_study_folder_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"no study\.xlsx"):
        verify(tmp_path)


def edit(path):
    path.write_bytes(path.read_bytes() + b" ")


FILES = (
    f"{COPIES}/tables/ties.csv",
    f"{COPIES}/restricted/blueprint.xlsx",
    f"{COPIES}/study.xlsx",
    f"{COPIES}/record.jsonl",
    f"{COPIES}/manifest.json",
    "out/tables/ties.csv",
    "out/restricted/blueprint.xlsx",
    "study.xlsx",
    "responses/ingest.toml",
    "responses/a.csv",
)


@pytest.mark.parametrize("name", FILES)
def test_an_edited_file_is_named(approved, quick, name):
    edit(approved / name)
    assert any(text.startswith(name) for text in findings(approved)), findings(approved)


@pytest.mark.parametrize("name", [one for one in FILES if one != "study.xlsx"])
def test_a_removed_file_is_named(approved, quick, name):
    (approved / name).unlink()
    assert any(text.startswith(name) for text in findings(approved))


def test_added_files_and_folders_are_named(approved, quick):
    (approved / COPIES / "tables" / "extra.csv").write_bytes(b"x")
    (approved / "approved" / "loose.txt").write_bytes(b"x")
    shutil.copytree(approved / COPIES, approved / "approved" / "v2-2027-02-01")
    said = " | ".join(findings(approved))
    assert f"{COPIES}/tables/extra.csv was added" in said
    assert "approved/loose.txt was added" in said
    assert "approved/v2-2027-02-01 is in no line of the record" in said


def test_what_systems_leave_beside_files_is_no_finding(approved, quick):
    for name in (".DS_Store", "Thumbs.db", ".~lock.study.xlsx#"):
        (approved / COPIES / name).write_bytes(b"x")
    assert findings(approved) == []


def test_a_missing_folder_of_copies_is_named(approved, quick):
    shutil.rmtree(approved / "approved")
    assert f"{COPIES} is missing: the copies of version 1" in findings(approved)


def test_copies_whose_manifest_was_made_to_fit_are_still_found(approved, quick):
    path = approved / COPIES / "tables" / "ties.csv"
    edit(path)
    manifest = approved / COPIES / "manifest.json"
    data = json.loads(manifest.read_bytes())
    data["files"]["tables/ties.csv"] = sha256(path.read_bytes())
    manifest.write_text(json.dumps(data), encoding="utf-8")
    assert findings(approved) == [
        f"{COPIES}/manifest.json was edited: line 4 of the record has another hash of it"
    ]


def changed(lines):
    return [lines[0], lines[1].replace(b"2027-01-05", b"2027-01-04"), *lines[2:]]


@pytest.mark.parametrize(
    ("tamper", "message"),
    [
        (changed, "line 2 was altered or cannot be read"),
        (lambda lines: lines[1:], "line 1 is entry 2 where entry 1 belongs"),
        (lambda lines: [lines[0], *lines[2:]], "line 2 is entry 3 where entry 2 belongs"),
        (lambda lines: [lines[1], lines[0], *lines[2:]], "line 1 is entry 2 where entry 1 belongs"),
        (lambda lines: [*lines, lines[3]], "line 5 is entry 4 where entry 5 belongs"),
        (lambda lines: lines[:3], "is in no line of the record"),
        (lambda lines: lines[:2], "line 3 is missing at the end"),
        (lambda lines: [], "lines 1 to 3 are missing at the end"),
        (lambda lines: [*lines[:3], lines[3][:-40]], "the last line is incomplete"),
        (lambda lines: [b"\xff\xfe garbage\n"], "the last line is incomplete"),
        (lambda lines: [b"\xff\n", *lines[1:]], "line 1 was altered or cannot be read"),
    ],
)
def test_every_way_to_tamper_with_the_record_is_found(approved, quick, tamper, message):
    (approved / "record.jsonl").write_bytes(b"".join(tamper(lines_of(approved))))
    assert message in " | ".join(findings(approved))


def test_a_removed_record_is_named_with_what_remembers_it(approved, quick):
    (approved / "record.jsonl").unlink()
    assert any("record.jsonl was removed: it had" in text for text in findings(approved))


def test_a_record_rewritten_with_fitting_hashes_is_found_by_what_remembers_it(approved, quick):
    old = Study.open(approved).record.entries
    path = approved / "record.jsonl"
    path.unlink()
    for entry in old:
        role = "nobody" if entry.sequence == 1 else entry.role
        append(
            path,
            study=entry.study,
            role=role,
            kind=entry.kind,
            subject=entry.subject,
            value=entry.value,
            reason=entry.reason,
            details=entry.details,
        )
    said = findings(approved)
    assert f"record.jsonl: line 1 is not as in the copy in {COPIES}" in said
    assert any("line 4 is not what stood there when out/manifest.json" in text for text in said)


def test_a_changed_scan_is_named(signed, tmp_path, quick):
    folder = shutil.copytree(signed, tmp_path / "s")
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF")
    sign(folder, CHAIR, scan=scan)
    edit(folder / "documents" / "sign-off-v1-panel-chair.pdf")
    assert findings(folder) == [
        "documents/sign-off-v1-panel-chair.pdf was edited since panel chair signed"
    ]


def test_an_added_input_is_named(approved, quick):
    (approved / "previous").mkdir()
    (approved / "previous" / "old.csv").write_text("domain,percent\n", encoding="utf-8")
    assert findings(approved) == ["previous/old.csv was added since version 1 was approved"]


def test_a_workbook_that_cannot_be_read_is_a_finding_beside_the_others(approved):
    (approved / "study.xlsx").write_bytes(b"junk")
    edit(approved / COPIES / "tables" / "ties.csv")
    said = findings(approved)
    assert f"{COPIES}/tables/ties.csv was edited" in said
    assert "study.xlsx was edited since version 1 was approved" in said
    assert any("out: the numbers cannot be computed again" in text for text in said)


def test_a_run_that_was_stopped_half_way_is_named(approved, quick):
    (approved / "out" / ".manifest-next.json").write_bytes(b"{}")
    assert findings(approved) == ["out: a run was stopped half-way; repeat rds run"]


# Numbers


def with_other_number(folder, name, place):
    """Change a number in a table and in the manifests that list it."""
    path = folder / place / "tables" / name
    lines = path.read_text(encoding="utf-8").splitlines()
    cells = lines[1].split(",")
    cells[-1] = "99"
    path.write_text("\n".join([lines[0], ",".join(cells), *lines[2:], ""]), encoding="utf-8")
    manifest = folder / place / "manifest.json"
    data = json.loads(manifest.read_bytes())
    data["files" if "files" in data else "outputs"][f"tables/{name}"] = sha256(path.read_bytes())
    manifest.write_text(json.dumps(data), encoding="utf-8")


def test_a_number_changed_together_with_its_hash_is_found_by_computing_again(
    approved,
):
    with_other_number(approved, "task_weights.csv", "out")
    said = findings(approved)
    assert len(said) == 1
    assert said[0].startswith("out/tables/task_weights.csv: line 2 (T01), items_high: 99 there")


def test_another_version_of_the_software_is_named_and_not_called_tampering(ready, tmp_path):
    folder = shutil.copytree(ready, tmp_path / "s")
    path = folder / "out" / "manifest.json"
    data = json.loads(path.read_bytes())
    data["versions"]["numpy"] = "1.0.0"
    path.write_text(canonical_json(data), encoding="utf-8")
    found = verify(folder)
    assert found.is_sound
    text = " ".join(found.answers[2].remarks)
    assert f"numpy 1.0.0 there, {version('numpy')} here" in text
    assert "no tampering" in text
    with_other_number(folder, "task_weights.csv", "out")
    assert "Other versions of the software may be the reason" in findings(folder)[-1]


def test_an_older_version_still_comes_out_again_after_an_amendment(approved):
    amend(opened(approved), role=BOARD, reason="new law")
    decide(opened(approved), "T01", "drop", role=CHAIR, reason="rare")
    run(opened(approved))
    assert findings(approved) == []
    edit(approved / "responses" / "a.csv")
    answers = verify(approved).answers
    assert any("responses/a.csv" in text for text in answers[1].findings)
    assert any(f"{COPIES}: its numbers cannot come out" in text for text in answers[2].remarks)


def test_a_broken_record_does_not_keep_the_rest_from_being_looked_at(approved):
    (approved / "record.jsonl").write_bytes(b"nonsense\n{}\n")
    edit(approved / COPIES / "tables" / "ties.csv")
    answer = rds("verify", approved, "--json")
    assert answer.exit_code == 1
    files, record, numbers = json.loads(answer.output)["answers"]
    assert any("ties.csv" in text for text in files["findings"])
    assert any("line 1" in text for text in record["findings"])
    assert any("cannot be computed again" in text for text in numbers["findings"])


@pytest.mark.parametrize(
    ("there", "again", "same"),
    [
        ("0.5", "0.5000000001", True),
        ("0.5", "0.500000002", False),
        ("1e6", "1000000.0005", True),
        ("1e6", "1000000.002", False),
        ("", "0", False),
        ("yes", "yes", True),
        ("nan", "nan", True),
    ],
)
def test_numbers_are_the_same_within_the_tolerance(there, again, same):
    found = list(different_cells([["x"], [there]], [["x"], [again]]))
    assert (found == []) == same


def test_missing_and_added_rows_and_columns_are_named():
    assert list(different_cells([["id"], ["D1"]], [["id"]])) == [
        "line 2 (D1), id: D1 there, nothing computed"
    ]
    assert list(different_cells([["id"]], [["id", "se"]])) == [
        "line 1 (id), se: nothing there, se computed"
    ]
