"""Signing, approving, amending: what is refused, what is kept, and what a change makes void."""

from __future__ import annotations

import datetime
import json
import os
import shutil

import pytest
from openpyxl import load_workbook

from rds.errors import InputError
from rds.files import sha256_of_file
from rds.study.approve import Signature, amend, approve
from rds.study.decide import decide, withdraw_decision
from rds.study.locking import lock_study
from rds.study.read_file import Told
from rds.study.receive import receive
from rds.study.run import run
from rds.study.signing import approvals, sign_offs, standing_approval
from rds.study.status import outputs_are_current, status
from rds.study.study import Study
from tests.study.examples import make_study, write_answers
from tests.study.signing import BOARD, CHAIR, TODAY, opened, sign


def files_in(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".rds.lock"
    }


@pytest.fixture
def folder(ready, tmp_path):
    return shutil.copytree(ready, tmp_path / "study")


def test_the_last_signature_keeps_copies_and_stamps_the_outputs(signed, tmp_path):
    folder = shutil.copytree(signed, tmp_path / "study")
    assert not (folder / "approved").exists()
    done = sign(folder, BOARD)
    assert done.missing == ()
    copies = folder / "approved" / "v1-2027-01-05"
    assert done.approval.folder == "approved/v1-2027-01-05"
    out = files_in(folder / "out")
    kept = files_in(copies)
    own = json.loads(kept.pop("manifest.json"))
    assert {name: kept[name] for name in out if name != "manifest.json"} == {
        name: content for name, content in out.items() if name != "manifest.json"
    }
    assert kept["study.xlsx"] == (folder / "study.xlsx").read_bytes()
    assert (folder / "record.jsonl").read_bytes().startswith(kept["record.jsonl"])
    assert own["version"] == {"number": 1, "state": "approved"}
    assert set(own["files"]) == set(kept)
    assert done.approval.manifest == sha256_of_file(copies / "manifest.json")
    assert own["record"]["head"] == Study.open(folder).record.entries[-1].previous


def test_the_approved_workbook_says_who_signed_it_and_when(approved):
    workbook = load_workbook(approved / "out" / "restricted" / "blueprint.xlsx")
    said = [str(cell.value) for row in workbook["Sign-off"].iter_rows() for cell in row]
    assert said.count("approve") == 2
    assert {"panel chair", "board"} <= set(said)


def test_an_approved_study_is_run_again_to_the_same_outputs(approved):
    before = files_in(approved / "out")
    assert outputs_are_current(opened(approved))
    again = run(opened(approved)).published
    assert (again.written, again.removed) == ((), ())
    assert {**files_in(approved / "out"), "manifest.json": b""} == {**before, "manifest.json": b""}
    shutil.rmtree(approved / "out")
    run(opened(approved))
    assert {**files_in(approved / "out"), "manifest.json": b""} == {**before, "manifest.json": b""}


def test_a_signature_tells_who_is_missing_and_is_not_doubled(signed):
    assert [one.role for one in sign_offs(opened(signed).record)] == [CHAIR]
    done = sign(signed, "Panel Chair")
    assert done.again
    assert done.missing == (BOARD,)
    assert len(sign_offs(opened(signed).record)) == 1


def test_a_later_decision_makes_a_signature_void_and_status_says_so(signed, tmp_path):
    folder = shutil.copytree(signed, tmp_path / "study")
    assert status(opened(folder)).approval[1] == "panel chair signed on 2027-01-05 (line 2)"
    decide(opened(folder), "blueprint.items", "90", role=CHAIR, reason="shorter")
    lines = status(opened(folder)).approval
    assert "still to be signed by panel chair, board" in lines[0]
    assert lines[1].startswith("the signature of panel chair (line 2) is void")
    run(opened(folder))
    assert sign(folder, BOARD).missing == (CHAIR,)
    assert sign(folder, CHAIR).approval.version == 1


def test_a_changed_workbook_makes_a_signature_void(signed, tmp_path):
    folder = shutil.copytree(signed, tmp_path / "study")
    make_study(folder, retention__rule="point", blueprint__items=80)
    run(opened(folder))
    with pytest.raises(InputError, match="give one: rds lock"):
        sign(folder, BOARD)
    lock_study(opened(folder), role=CHAIR, reason="a shorter exam")
    run(opened(folder))
    assert sign(folder, BOARD).missing == (CHAIR,)


def test_everything_open_is_named_at_once_and_nothing_recorded(tmp_path):
    folder = make_study(tmp_path / "study", retention__cut="midpoint", approval__quorum=5)
    receive(Study.open(folder), write_answers(tmp_path / "a.csv"), told=Told(group="practitioners"))
    with pytest.raises(InputError) as caught:
        sign(folder, "panel char", day=datetime.date(2030, 1, 1), scan=tmp_path / "no.pdf")
    said = str(caught.value)
    for part in (
        "no outputs",
        "the verdict review",
        "write --role “panel chair”",
        "to today",
        "no file no.pdf",
        "no number of voters",
    ):
        assert part in said
    assert sign_offs(opened(folder).record) == ()


def test_problems_of_the_study_are_named_beside_those_of_the_signature(folder):
    make_study(folder, weights__model="kan")
    with pytest.raises(InputError) as caught:
        sign(folder, "secretary")
    assert "kan" in str(caught.value)
    assert "secretary" in str(caught.value)


def test_outputs_that_are_old_or_edited_are_refused_by_name(folder):
    (folder / "out" / "tables" / "ties.csv").write_text("mine\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"out/tables/ties\.csv"):
        sign(folder, CHAIR)
    decide(opened(folder), "T01", "drop", role=CHAIR, reason="rare")
    with pytest.raises(InputError, match="older than their inputs"):
        sign(folder, CHAIR)


def test_a_scan_is_kept_and_hashed(folder, tmp_path):
    scan = tmp_path / "Scan 1.PDF"
    scan.write_bytes(b"%PDF signed")
    sign(folder, CHAIR, scan=scan)
    own = sign_offs(opened(folder).record)[0]
    assert own.file == "documents/sign-off-v1-panel-chair.pdf"
    assert sha256_of_file(folder / own.file) == own.file_sha256
    scan.write_bytes(b"%PDF another")
    sign(folder, CHAIR, scan=scan)
    assert sign_offs(opened(folder).record)[1].file == "documents/sign-off-v1-panel-chair-2.pdf"


@pytest.mark.parametrize(("voters", "message"), [(4, "4 voters"), (9, "at most 3")])
def test_a_quorum_has_to_be_met_and_can_be(tmp_path, voters, message):
    panel = [{"sme_id": f"S{k}", "served": "yes"} for k in (1, 2, 3)]
    folder = make_study(
        tmp_path / "s", sheets={"Panel": panel}, retention__rule="point",
        approval__quorum=5 if voters == 4 else 3,
    )  # fmt: skip
    receive(Study.open(folder), write_answers(tmp_path / "a.csv"), told=Told(group="p"))
    run(opened(folder))
    with pytest.raises(InputError, match=message):
        sign(folder, CHAIR, voters=voters)
    if voters == 9:
        assert sign(folder, CHAIR, voters=3).missing == (BOARD,)
        assert sign(folder, BOARD).approval is not None


def test_a_dry_run_records_nothing(folder):
    done = approve(opened(folder), Signature(CHAIR, TODAY), today=TODAY, dry_run=True)
    assert (done.line, done.missing) == (None, (BOARD,))
    assert sign_offs(opened(folder).record) == ()


def test_an_approved_study_refuses_changes_with_the_command_to_amend(approved, tmp_path):
    with pytest.raises(InputError, match="rds amend"):
        decide(opened(approved), "T01", "drop", role=CHAIR, reason="rare")
    with pytest.raises(InputError, match="rds amend"):
        withdraw_decision(opened(approved), 1, role=CHAIR, reason="no")
    with pytest.raises(InputError, match="rds amend"):
        receive(opened(approved), write_answers(tmp_path / "b.csv", seed=2), name="late")
    with pytest.raises(InputError, match="nothing is left to sign"):
        sign(approved, CHAIR)
    make_study(approved, retention__rule="point", blueprint__items=80)
    with pytest.raises(InputError, match="rds verify names them"):
        run(opened(approved))


def test_an_amendment_opens_the_next_version_and_spares_the_copies(approved):
    copies = files_in(approved / "approved")
    assert amend(opened(approved), role=BOARD, reason="new law") == 2
    assert standing_approval(opened(approved).record) is None
    decide(opened(approved), "T01", "drop", role=CHAIR, reason="rare")
    run(opened(approved))
    assert json.loads((approved / "out/manifest.json").read_bytes())["version"] == {
        "number": 2, "state": "draft"
    }  # fmt: skip
    sign(approved, CHAIR)
    sign(approved, BOARD)
    now = files_in(approved / "approved")
    assert {name: now[name] for name in copies} == copies
    assert [one.folder for one in approvals(opened(approved).record)] == [
        "approved/v1-2027-01-05",
        "approved/v2-2027-01-05",
    ]


def test_a_draft_cannot_be_amended_and_an_amendment_needs_a_reason(folder, approved):
    with pytest.raises(InputError, match="which is a draft"):
        amend(opened(folder), role=BOARD, reason="why")
    with pytest.raises(InputError, match="no reason"):
        amend(opened(approved), role=BOARD, reason=" ")


# Stopped half-way


class Killed(BaseException):
    """Stands for a process that ends without another word."""


FILE_OPERATIONS = ("replace", "fsync", "rename", "mkdir", "unlink", "rmdir")


def stop_at(patch, call):
    """Let the given file operation, and all after it, fail; count them."""
    calls = []

    def until_stopped(own):
        def operation(*arguments, **options):
            calls.append(own.__name__)
            if len(calls) >= call:
                raise Killed
            return own(*arguments, **options)

        return operation

    for name in FILE_OPERATIONS:
        patch.setattr(os, name, until_stopped(getattr(os, name)))
    return calls


def test_approval_stopped_at_any_file_operation_is_completed_by_repeating_it(
    signed, tmp_path, monkeypatch
):
    from rds.study import approve as module

    # The blueprint is the same each time; building it once keeps this quick.
    found = module.build_if_possible(opened(signed))
    monkeypatch.setattr(module, "build_if_possible", lambda study: found)
    outputs = {}

    def make_outputs(study, shown, blueprints):
        if shown.state not in outputs:
            outputs[shown.state] = real(study, shown, blueprints=blueprints)
        return outputs[shown.state]

    real = module.make_outputs
    monkeypatch.setattr(module, "make_outputs", make_outputs)
    # The first time, modules and outputs are made that the others find ready.
    sign(shutil.copytree(signed, tmp_path / "first"), BOARD)
    whole = shutil.copytree(signed, tmp_path / "whole")
    with pytest.MonkeyPatch.context() as patch:
        calls = stop_at(patch, 10**6)
        patch.setattr(shutil, "rmtree", lambda *_, **__: None)
        sign(whole, BOARD)
    total = len(calls)
    assert total > 100
    wanted = files_in(whole / "approved")
    points = [*range(1, 5), *range(5, total - 10, 30), *range(total - 9, total + 1, 3)]
    for call in points:
        folder = shutil.copytree(signed, tmp_path / f"stopped-{call}")
        with pytest.MonkeyPatch.context() as patch:
            stop_at(patch, call)
            patch.setattr(shutil, "rmtree", lambda *_, **__: None)
            with pytest.raises(Killed):
                sign(folder, BOARD)
        record = opened(folder).record
        assert [one.role for one in sign_offs(record)][:1] == [CHAIR]
        if standing_approval(record) is None:
            assert b'"approved"' not in (folder / "out/manifest.json").read_bytes()
            sign(folder, BOARD)
        run_if_needed(folder, outputs)
        kinds = [entry.kind for entry in opened(folder).record.entries]
        assert kinds[1:] == ["sign-off", "sign-off", "approved"], call
        assert copies_without_time(folder) == copies_of(wanted), call
        assert outputs_are_current(opened(folder)), call
        shutil.rmtree(folder)


def run_if_needed(folder, outputs):
    """Put the stamped outputs in place, as rds run does, if the approval was stopped before."""
    from rds.study.run import put_in_place

    if not outputs_are_current(opened(folder)):
        put_in_place(opened(folder), outputs["approved"].files)


def copies_of(files):
    """Leave out what carries the time of the signature: the record and the list that hashes it."""
    timed = ("record.jsonl", "manifest.json")
    names = {name for name in files if ".rds-" not in name}
    return {name: files[name] for name in names if not name.endswith(timed)}


def copies_without_time(folder):
    return copies_of(files_in(folder / "approved"))


def test_copies_left_by_a_stopped_command_before_a_change_are_set_aside(signed, tmp_path):
    folder = shutil.copytree(signed, tmp_path / "study")
    left = folder / "approved" / "v1-2027-01-05"
    left.mkdir(parents=True)
    (left / "note.txt").write_text("left", encoding="utf-8")
    sign(folder, BOARD)
    aside = folder / "approved" / "v1-2027-01-05.unfinished-1"
    assert files_in(aside) == {"note.txt": b"left"}
    assert (left / "manifest.json").exists()
