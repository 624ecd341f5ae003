"""Outputs appear together, spare people's edits, and survive being stopped anywhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rds.errors import FolderError
from rds.files import sha256
from rds.study.outputs import Published, publish

FIRST = {"tables/ties.csv": b"ties 1", "tables/weights.csv": b"weights 1", "report.docx": b"1"}
SECOND = {"tables/ties.csv": b"ties 2", "restricted/blueprint.xlsx": b"new", "report.docx": b"1"}
THIRD = {"tables/ties.csv": b"ties 3", "figures/scree.svg": b"<svg/>", "report.docx": b"3"}
ABOUT = {"record": {"head": "00", "length": 3}, "rds": "0.1.0"}


def names_in(folder):
    return [path.name for path in folder.iterdir()]


def files_in(folder):
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def assert_published(folder, outputs):
    """The folder holds these outputs and a manifest that lists them, and nothing else."""
    files = files_in(folder)
    manifest = json.loads(files.pop("out/manifest.json"))
    assert files == {f"out/{path}": content for path, content in outputs.items()}
    assert manifest["outputs"] == {path: sha256(content) for path, content in outputs.items()}
    assert names_in(folder) == ["out"]


def message_of(folder, outputs, **options):
    with pytest.raises(FolderError) as caught:
        publish(folder, outputs, ABOUT, **options)
    return str(caught.value)


# Without disturbance


def test_a_first_run_writes_all_outputs_and_the_manifest(tmp_path):
    published = publish(tmp_path, FIRST, ABOUT)
    assert published == Published(tuple(sorted(FIRST)), (), (), ())
    assert_published(tmp_path, FIRST)


def test_the_manifest_says_what_it_was_given_and_the_sorted_hashes(tmp_path):
    publish(tmp_path, FIRST, ABOUT)
    text = (tmp_path / "out/manifest.json").read_text(encoding="utf-8")
    manifest = json.loads(text)
    assert {key: manifest[key] for key in ABOUT} == ABOUT
    assert list(manifest["outputs"]) == sorted(FIRST)
    assert text.endswith("}\n")


def test_the_same_run_twice_touches_nothing(tmp_path):
    publish(tmp_path, FIRST, ABOUT)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    published = publish(tmp_path, FIRST, ABOUT)
    assert published == Published((), tuple(sorted(FIRST)), (), ())
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_changed_outputs_are_replaced_and_abandoned_ones_removed_with_their_folder(tmp_path):
    publish(tmp_path, {**FIRST, "figures/deep/a.svg": b"a"}, ABOUT)
    published = publish(tmp_path, SECOND, ABOUT)
    assert published.written == ("restricted/blueprint.xlsx", "tables/ties.csv")
    assert published.unchanged == ("report.docx",)
    assert published.removed == ("figures/deep/a.svg", "tables/weights.csv")
    assert_published(tmp_path, SECOND)
    assert not (tmp_path / "out/figures").exists()


def test_a_deleted_out_folder_is_built_again(tmp_path):
    publish(tmp_path, FIRST, ABOUT)
    shutil.rmtree(tmp_path / "out")
    publish(tmp_path, FIRST, ABOUT)
    assert_published(tmp_path, FIRST)


def test_a_single_deleted_output_is_written_again(tmp_path):
    publish(tmp_path, FIRST, ABOUT)
    (tmp_path / "out/report.docx").unlink()
    assert publish(tmp_path, FIRST, ABOUT).written == ("report.docx",)


def test_no_outputs_at_all_leave_only_the_manifest(tmp_path):
    publish(tmp_path, FIRST, ABOUT)
    assert publish(tmp_path, {}, ABOUT).removed == tuple(sorted(FIRST))
    assert_published(tmp_path, {})


def test_files_that_were_never_outputs_are_left_alone(tmp_path):
    publish(tmp_path, FIRST, ABOUT)
    note = tmp_path / "out/tables/my notes.txt"
    note.write_bytes(b"mine")
    publish(tmp_path, {}, ABOUT, force=True)
    assert note.read_bytes() == b"mine"


paths = st.sampled_from(["a.csv", "tables/b.csv", "tables/c.csv", "restricted/d.xlsx", "e/f/g.svg"])
runs = st.lists(st.dictionaries(paths, st.binary(max_size=2)), min_size=1, max_size=4)


@settings(deadline=None, max_examples=25)
@given(runs)
def test_after_any_series_of_runs_the_folder_holds_the_last(tmp_path_factory, runs):
    folder = tmp_path_factory.mktemp("study")
    for outputs in runs:
        publish(folder, outputs, ABOUT)
    assert_published(folder, runs[-1])


# Edited by someone


def test_edited_outputs_are_all_named_and_nothing_is_replaced(tmp_path):
    publish(tmp_path, FIRST, ABOUT)
    (tmp_path / "out/report.docx").write_bytes(b"edited")
    (tmp_path / "out/tables/weights.csv").write_bytes(b"edited, and no longer made")
    before = files_in(tmp_path)
    message = message_of(tmp_path, SECOND)
    assert "report.docx, tables/weights.csv" in message
    assert "--force" in message
    assert "ties.csv" not in message
    assert files_in(tmp_path) == before
    assert names_in(tmp_path) == ["out"]


def test_an_edit_counts_even_if_the_output_itself_would_not_change(tmp_path):
    publish(tmp_path, FIRST, ABOUT)
    (tmp_path / "out/report.docx").write_bytes(b"edited")
    assert "report.docx" in message_of(tmp_path, FIRST)


def test_an_edit_that_says_what_is_coming_is_no_edit(tmp_path):
    publish(tmp_path, FIRST, ABOUT)
    (tmp_path / "out/tables/ties.csv").write_bytes(SECOND["tables/ties.csv"])
    assert "tables/ties.csv" in publish(tmp_path, SECOND, ABOUT).unchanged


def test_an_unknown_file_in_the_way_counts_as_edited_unless_it_is_the_same(tmp_path):
    target = tmp_path / "out/restricted/blueprint.xlsx"
    target.parent.mkdir(parents=True)
    target.write_bytes(b"somebody's")
    assert "restricted/blueprint.xlsx" in message_of(tmp_path, SECOND)
    target.write_bytes(SECOND["restricted/blueprint.xlsx"])
    assert publish(tmp_path, SECOND, ABOUT).unchanged == ("restricted/blueprint.xlsx",)


def test_a_folder_in_the_way_counts_as_edited_and_can_be_kept(tmp_path):
    (tmp_path / "out/report.docx").mkdir(parents=True)
    assert "report.docx" in message_of(tmp_path, FIRST)
    assert publish(tmp_path, FIRST, ABOUT, force=True).kept == ("report.edited-1.docx",)


def test_force_keeps_each_edited_file_under_another_name(tmp_path):
    publish(tmp_path, FIRST, ABOUT)
    for round_number in (1, 2):
        (tmp_path / "out/tables/ties.csv").write_bytes(b"edited %d" % round_number)
        published = publish(tmp_path, FIRST, ABOUT, force=True)
        assert published.kept == (f"tables/ties.edited-{round_number}.csv",)
        assert published.written == ("tables/ties.csv",)
    files = files_in(tmp_path / "out")
    assert files["tables/ties.edited-1.csv"] == b"edited 1"
    assert files["tables/ties.edited-2.csv"] == b"edited 2"
    assert files["tables/ties.csv"] == FIRST["tables/ties.csv"]
    assert publish(tmp_path, FIRST, ABOUT).kept == ()


def test_an_edited_output_that_is_no_longer_made_is_kept_too(tmp_path):
    publish(tmp_path, FIRST, ABOUT)
    (tmp_path / "out/tables/weights.csv").write_bytes(b"edited")
    published = publish(tmp_path, SECOND, ABOUT, force=True)
    assert (published.kept, published.removed) == (("tables/weights.edited-1.csv",), ())
    assert (tmp_path / "out/tables/weights.edited-1.csv").read_bytes() == b"edited"
    assert not (tmp_path / "out/tables/weights.csv").exists()


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"outputs": 3}', b'{"outputs": {"a": 3}}', b"\xff"]
)
def test_without_a_readable_manifest_every_differing_file_is_spared(tmp_path, content):
    publish(tmp_path, FIRST, ABOUT)
    (tmp_path / "out/manifest.json").write_bytes(content)
    message = message_of(tmp_path, SECOND)
    assert "tables/ties.csv" in message
    assert "report.docx" not in message


def test_a_manifest_that_points_elsewhere_cannot_have_files_removed(tmp_path):
    precious = tmp_path / "study.xlsx"
    precious.write_bytes(b"precious")
    publish(tmp_path, {}, ABOUT)
    listing = {
        "outputs": {"../study.xlsx": sha256(b"precious"), str(precious): sha256(b"precious")}
    }
    (tmp_path / "out/manifest.json").write_text(json.dumps(listing))
    publish(tmp_path, {}, ABOUT)
    assert precious.read_bytes() == b"precious"


# Open in another program


def test_open_targets_are_all_named_and_nothing_is_replaced(tmp_path):
    publish(tmp_path, {**FIRST, "a.xlsx": b"1", "b.xlsx": b"1", "same.xlsx": b"1"}, ABOUT)
    for mark in ("~$a.xlsx", ".~lock.b.xlsx#", "~$same.xlsx"):
        (tmp_path / "out" / mark).touch()
    before = files_in(tmp_path)
    message = message_of(tmp_path, {**FIRST, "a.xlsx": b"2", "same.xlsx": b"1"})
    assert "open in another program: a.xlsx, b.xlsx." in message
    assert files_in(tmp_path) == before


def test_an_open_file_that_does_not_change_is_no_hindrance(tmp_path):
    publish(tmp_path, FIRST, ABOUT)
    (tmp_path / "out/.~lock.report.docx#").touch()
    assert "tables/ties.csv" in publish(tmp_path, SECOND, ABOUT).written


def test_force_does_not_pull_a_file_from_under_a_program(tmp_path):
    publish(tmp_path, FIRST, ABOUT)
    (tmp_path / "out/tables/ties.csv").write_bytes(b"edited")
    (tmp_path / "out/tables/.~lock.ties.csv#").touch()
    assert "open in another program: tables/ties.csv" in message_of(tmp_path, FIRST, force=True)


def test_edited_and_open_files_are_named_together(tmp_path):
    publish(tmp_path, FIRST, ABOUT)
    (tmp_path / "out/report.docx").write_bytes(b"edited")
    (tmp_path / "out/tables/.~lock.ties.csv#").touch()
    message = message_of(tmp_path, SECOND)
    assert "report.docx. Move them" in message
    assert "program: tables/ties.csv" in message


# Stopped half-way


class Killed(BaseException):
    """Stands for a process that ends without another word."""


def stop_at(monkeypatch, call, failure):
    """Let the given call of os.replace, and all after it, fail."""
    replace, calls = os.replace, []

    def replace_until_stopped(source, target):
        calls.append(target)
        if len(calls) >= call:
            raise failure
        replace(source, target)

    monkeypatch.setattr(os, "replace", replace_until_stopped)
    return calls


def moves_of(folder, outputs):
    """Count how often a run moves a file."""
    with pytest.MonkeyPatch.context() as patch:
        calls = stop_at(patch, 10**6, OSError())
        publish(folder, outputs, ABOUT)
    return len(calls)


def stopped_run(folder, outputs, call, failure=None, **options):
    with pytest.MonkeyPatch.context() as patch:
        stop_at(patch, call, failure or Killed())
        if failure is None:
            # A killed process does not tidy up.
            patch.setattr(shutil, "rmtree", lambda *_, **__: None)
        with pytest.raises((FolderError, Killed)):
            publish(folder, outputs, ABOUT, **options)


def test_a_run_stopped_at_any_move_can_be_repeated(tmp_path):
    count = tmp_path / "count"
    count.mkdir()
    publish(count, FIRST, ABOUT)
    moves = moves_of(count, SECOND)
    # Two staged and moved, a journal, a manifest.
    assert moves == 6
    for call in range(1, moves + 1):
        for failure in (None, OSError("disk full")):
            for repeated in (SECOND, THIRD, FIRST):
                folder = tmp_path / f"{call}-{failure is None}-{id(repeated)}"
                folder.mkdir()
                publish(folder, FIRST, ABOUT)
                stopped_run(folder, SECOND, call, failure)
                assert publish(folder, repeated, ABOUT).kept == ()
                remove_strays(folder)
                assert_published(folder, repeated)


def remove_strays(folder):
    """Remove the one temporary file that a killed process may leave; it must be hidden."""
    for stray in folder.rglob(".rds-*.tmp"):
        stray.unlink()


def test_a_first_run_stopped_at_any_move_can_be_repeated(tmp_path):
    for call in range(1, 9):
        folder = tmp_path / str(call)
        folder.mkdir()
        stopped_run(folder, FIRST, call)
        publish(folder, SECOND, ABOUT)
        remove_strays(folder)
        assert_published(folder, SECOND)


def test_two_stopped_runs_of_different_content_are_not_taken_for_edits(tmp_path):
    for first_call in range(1, 7):
        for second_call in range(1, 9):
            folder = tmp_path / f"{first_call}-{second_call}"
            folder.mkdir()
            publish(folder, FIRST, ABOUT)
            stopped_run(folder, SECOND, first_call)
            stopped_run(folder, THIRD, second_call)
            publish(folder, FIRST, ABOUT)
            remove_strays(folder)
            assert_published(folder, FIRST)


def test_an_edit_made_after_a_stopped_run_is_still_noticed(tmp_path):
    publish(tmp_path, FIRST, ABOUT)
    stopped_run(tmp_path, SECOND, 5)
    (tmp_path / "out/report.docx").write_bytes(b"edited")
    assert "report.docx" in message_of(tmp_path, SECOND)


@pytest.mark.parametrize("call", range(1, 8))
def test_a_forced_run_stopped_anywhere_loses_no_edit(tmp_path, call):
    publish(tmp_path, FIRST, ABOUT)
    (tmp_path / "out/tables/ties.csv").write_bytes(b"edited")
    stopped_run(tmp_path, SECOND, call, force=True)
    publish(tmp_path, SECOND, ABOUT, force=True)
    assert b"edited" in files_in(tmp_path / "out").values()
    assert (tmp_path / "out/tables/ties.csv").read_bytes() == SECOND["tables/ties.csv"]


def test_a_failure_before_the_first_move_leaves_out_as_it_was(tmp_path):
    publish(tmp_path, FIRST, ABOUT)
    before = files_in(tmp_path)
    stopped_run(tmp_path, SECOND, 2, OSError("disk full"))
    assert files_in(tmp_path) == before


def test_the_failure_is_told_with_what_to_do(tmp_path, monkeypatch):
    stop_at(monkeypatch, 3, OSError("disk full"))
    message = message_of(tmp_path, FIRST)
    assert "disk full" in message
    assert "repeat the command" in message


def test_removal_that_fails_is_repeated_by_the_next_run(tmp_path, monkeypatch):
    publish(tmp_path, FIRST, ABOUT)

    def refuse(self, missing_ok=False):
        raise PermissionError("in use")

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.unlink", refuse)
        assert "in use" in message_of(tmp_path, SECOND)
    assert publish(tmp_path, SECOND, ABOUT).removed == ("tables/weights.csv",)
    assert_published(tmp_path, SECOND)


def test_a_process_that_really_dies_leaves_a_folder_that_the_next_run_repairs(tmp_path):
    program = (
        "import os, pathlib, sys\n"
        "from rds.study.outputs import publish\n"
        "replace, calls = os.replace, []\n"
        "def die(source, target):\n"
        "    calls.append(target)\n"
        "    if len(calls) == 5: os._exit(9)\n"
        "    replace(source, target)\n"
        "os.replace = die\n"
        "publish(pathlib.Path(sys.argv[1]), {'a.csv': b'2', 'b.csv': b'2'}, {})\n"
    )
    publish(tmp_path, {"a.csv": b"1", "b.csv": b"1"}, {})
    ended = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    assert ended.returncode == 9
    half_way = files_in(tmp_path / "out")
    assert (half_way["a.csv"], half_way["b.csv"]) == (b"2", b"1")
    publish(tmp_path, {"a.csv": b"2", "b.csv": b"2"}, {})
    assert_published(tmp_path, {"a.csv": b"2", "b.csv": b"2"})


# Paths and manifests that cannot be used


NOT_PLAIN = (
    *("", ".", "..", "../a", "/a", "a/../b", "a//b", "a/", "./a", "a\\b", "C:/a", "a?.csv"),
    *(".hidden", "a/.hidden", "manifest.json", "Manifest.JSON", ".manifest-next.json"),
)


@pytest.mark.parametrize("path", NOT_PLAIN)
def test_paths_that_are_not_plain_are_refused(tmp_path, path):
    with pytest.raises(ValueError, match="cannot be used"):
        publish(tmp_path, {path: b""}, ABOUT)
    assert names_in(tmp_path) == []


def test_paths_that_differ_only_in_case_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"'Tables/a\.csv', 'tables/a\.csv'"):
        publish(tmp_path, {"tables/a.csv": b"", "Tables/a.csv": b"", "b": b""}, ABOUT)


def test_a_file_where_a_folder_is_needed_is_told_and_nothing_is_replaced(tmp_path):
    publish(tmp_path, FIRST, ABOUT)
    (tmp_path / "out/restricted").write_bytes(b"a file")
    before = files_in(tmp_path)
    assert "could not all be put in place" in message_of(tmp_path, SECOND)
    assert files_in(tmp_path) == before


def test_a_manifest_that_json_cannot_hold_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(ValueError, match="JSON cannot hold"):
        publish(tmp_path, FIRST, {"share": float("nan")})
    assert names_in(tmp_path) == []
