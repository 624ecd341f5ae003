"""The committee's review: copies back, three-way comparison, a meeting, and what it decides."""

import json
import shutil

import openpyxl
import pandas as pd
import pytest
from openpyxl.comments import Comment

from rds.errors import InputError
from rds.study.building import build_blueprint
from rds.study.decide import decide
from rds.study.form_kinds import FormWishes
from rds.study.meeting import receive_meeting
from rds.study.review import receive_copies
from rds.study.review_issue import issue_review, issued_reviews
from rds.study.review_state import open_review
from rds.study.study import Study
from tests.documents.libreoffice import resaved
from tests.study.reviews import (
    copy_of,
    decide_all,
    drop,
    issued_study,
    issued_workbook,
    lines_of,
    rds,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return issued_study(tmp_path_factory.mktemp("review"))


@pytest.fixture
def folder(made, tmp_path):
    shutil.copytree(made, tmp_path / "s")
    return tmp_path / "s"


def read(folder, *paths, dry_run=False):
    return receive_copies(Study.open(folder), paths, dry_run)


def problems_of(folder, *paths):
    before = snapshot(folder)
    with pytest.raises(InputError) as caught:
        read(folder, *paths)
    assert snapshot(folder) == before
    return [str(problem) for problem in caught.value.problems]


def snapshot(folder):
    names = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path: path.read_bytes() for path in names}


def written(folder):
    """Return the lines of the record that people wrote."""
    return [entry for entry in Study.open(folder).record.entries if entry.role != "software"]


def cells_of(folder):
    cells = build_blueprint(Study.open(folder)).cells
    form = cells[cells["set"] == "form"]
    keys = zip(form["domain_id"], form["cognitive_level"], strict=True)
    return dict(zip(keys, form["items"], strict=True))


def moved(folder, take, give, n=1, reason="As the meeting said."):
    """Return edits that move items between two cells."""
    issued = cells_of(folder)
    edits = []
    for (domain, level), change in ((take, -n), (give, n)):
        header = level.title()
        edits.append(("Blueprint", domain, header, issued[domain, level] + change))
        edits.append(("Blueprint", domain, "Reason for a change", reason))
    return edits


def levels_of(folder):
    return list(dict.fromkeys(level for _, level in cells_of(folder)))


class TestIssuing:
    def test_the_same_state_is_issued_once(self, folder):
        again = issue_review(Study.open(folder), FormWishes())
        assert [path.as_posix() for path in again.written] == ["forms/review-1/blueprint.xlsx"]
        assert len(issued_reviews(Study.open(folder).folder)) == 1

    def test_another_state_gets_the_next_number(self, folder):
        decide(Study.open(folder), "T01", "drop", role="chair", reason="Rare.")
        issue_review(Study.open(folder), FormWishes())
        first, second = issued_reviews(Study.open(folder).folder)
        assert (first.number, second.number) == (1, 2)
        assert first.fingerprint != second.fingerprint

    def test_record_and_inputs_stand_beside_the_workbook(self, folder):
        listed = json.loads((folder / "forms/review-1/issued.json").read_bytes())
        record = Study.open(folder).record
        assert listed["record"] == {"head": record.head, "length": record.length}
        assert {one["sheet"] for one in listed["inputs"]} >= {"Blueprint", "Tasks", "Comments"}

    def test_a_changed_list_is_found(self, folder):
        path = folder / "forms/review-1/issued.json"
        path.write_text(path.read_text().replace('"whole"', '"text"', 1))
        with pytest.raises(InputError, match="list of what was issued, changed since"):
            issued_reviews(Study.open(folder).folder)


class TestComparing:
    def test_a_difference_is_said_in_plain_words(self, folder, tmp_path):
        first = copy_of(folder, tmp_path / "copy chair.xlsx", *drop("T07", "hardly done"))
        others = [copy_of(folder, tmp_path / f"{n}.xlsx", change=note(n)) for n in "ab"]
        done = read(folder, first, *others)
        assert done.lines == (
            "Tasks, T07: dropped instead of kept by the rule, because hardly done, by copy "
            "copy chair.xlsx; two copies keep it.",
        )

    def test_twelve_copies_with_conflicts_are_gathered(self, folder, tmp_path):
        copies = []
        for n in range(12):
            if n < 5:
                edits = drop("T07", f"reason {n}")
            elif n < 7:
                edits = (
                    ("Tasks", "T07", "Decision", "keep"),
                    ("Tasks", "T07", "Reason", f"vital {n}"),
                )
            else:
                edits = (("Comments", "C01", "Point", f"Point {n}"),)
            copies.append(copy_of(folder, tmp_path / f"copy {n:02}.xlsx", *edits))
        done = read(folder, *copies)
        (line,) = done.lines
        assert line.endswith("five copies keep it. CONFLICT.")
        row = lines_of(folder)["Tasks, T07"]
        assert row["heed"].startswith("CONFLICT")
        assert row["wanted"].count("dropped: copy") == 5
        assert row["wanted"].count("kept: copy") == 2
        comments = openpyxl.load_workbook(folder / "review-meeting.xlsx")["Comments"]
        said = [row[3] for row in comments.iter_rows(2, values_only=True)]
        assert said == [f"Point {n}" for n in range(7, 12)]

    def test_copies_of_later_commands_join_the_review(self, folder, tmp_path):
        read(folder, copy_of(folder, tmp_path / "a.xlsx", *drop("T07")))
        done = read(folder, copy_of(folder, tmp_path / "b.xlsx", *drop("T08")))
        assert list(done.copies) == ["a.xlsx", "b.xlsx"]
        assert list(lines_of(folder)) == ["Tasks, T07", "Tasks, T08"] or len(done.lines) == 2

    def test_the_same_bytes_count_once(self, folder, tmp_path):
        first = copy_of(folder, tmp_path / "a.xlsx", *drop("T07"))
        second = shutil.copy(first, tmp_path / "b.xlsx")
        done = read(folder, first, second)
        assert list(done.copies) == ["a.xlsx"]
        assert "b.xlsx is the same file as a.xlsx; it counts once." in done.remarks
        assert list(read(folder, second).copies) == ["a.xlsx"]

    def test_copies_of_one_name_both_count(self, folder, tmp_path):
        (tmp_path / "x").mkdir()
        first = copy_of(folder, tmp_path / "a.xlsx", *drop("T07"))
        second = copy_of(folder, tmp_path / "x/a.xlsx", *drop("T08"))
        done = read(folder, first, second)
        assert list(done.copies) == ["a.xlsx", "a-2.xlsx"]
        assert any("has the name of another copy" in text for text in done.remarks)

    def test_an_older_copy_is_compared_with_its_own_version(self, folder, tmp_path):
        old = copy_of(folder, tmp_path / "old.xlsx", *drop("T07"))
        decide(Study.open(folder), "T08", "drop", role="chair", reason="Rare.")
        issue_review(Study.open(folder), FormWishes())
        done = read(folder, old)
        assert (done.review, done.copies) == (2, {"old.xlsx": 1})
        assert len(done.lines) == 1
        assert any("is a copy of review 1" in text for text in done.remarks)

    def test_what_holds_now_is_shown_where_the_study_moved_on(self, folder, tmp_path):
        decide(Study.open(folder), "T07", "keep", role="chair", reason="Vital.")
        done = read(folder, copy_of(folder, tmp_path / "a.xlsx", *drop("T07")))
        assert "now it is kept" in done.lines[0]
        assert "changed since it was issued" in lines_of(folder)["Tasks, T07"]["heed"]

    def test_changed_words_are_reported_and_cannot_be_accepted(self, folder, tmp_path):
        copy = copy_of(folder, tmp_path / "a.xlsx", ("Tasks", "T07", "Statement", "Other words."))
        done = read(folder, copy)
        assert done.lines == ()
        (said,) = done.remarks
        assert "from “Do part 7 well.” to “Other words.”" in said
        assert "it belongs into study.xlsx, sheet Tasks" in said

    def test_notes_on_cells_are_gathered(self, folder, tmp_path):
        def remark(workbook):
            workbook["Tasks"]["C9"].comment = Comment("Too vague.", "member")

        read(folder, copy_of(folder, tmp_path / "a.xlsx", change=remark))
        comments = openpyxl.load_workbook(folder / "review-meeting.xlsx")["Comments"]
        assert [row[3] for row in comments.iter_rows(2, values_only=True)] == ["Too vague."]

    def test_sign_offs_are_listed_without_names(self, folder, tmp_path):
        edits = (
            ("Sign-off", "board", "Decision", "approve"),
            ("Sign-off", "board", "Name (only if you wish)", "Nobody Special"),
        )
        read(folder, copy_of(folder, tmp_path / "a.xlsx", *edits))
        page = openpyxl.load_workbook(folder / "review-meeting.xlsx")["Sign-off"]
        rows = list(page.iter_rows(2, values_only=True))
        assert rows[0][2:4] == ("board", "approve")
        assert not any("Nobody Special" in map(str, row) for row in rows)

    def test_the_effect_of_a_dropped_task_is_that_of_what_if(self, folder, tmp_path):
        read(folder, copy_of(folder, tmp_path / "a.xlsx", *drop("T07")))
        study = Study.open(folder)
        before, after = (
            own.domain_weights.set_index("domain_id")["items"]
            for own in (build_blueprint(study), study.what_if(drop=["T07"]))
        )
        change = (after - before)[lambda own: own != 0]
        wanted = ", ".join(f"{name} {n:+d}" for name, n in change.items()).replace("-", "−")
        assert lines_of(folder)["Tasks, T07"]["effect"] == f"items: {wanted}"

    def test_a_dry_run_stores_nothing(self, folder, tmp_path):
        copy = copy_of(folder, tmp_path / "a.xlsx", *drop("T07"))
        before = snapshot(folder)
        assert read(folder, copy, dry_run=True).lines
        assert snapshot(folder) == before


def note(text):
    """Return a change that makes a copy differ in its bytes alone: a sheet of somebody's own."""

    def change(workbook):
        workbook.create_sheet("My notes")["A1"] = text

    return change


@pytest.mark.libreoffice
def test_copies_saved_by_libreoffice_are_read_as_they_are(folder, tmp_path):
    plain = issued_workbook(folder).read_bytes()
    edited = copy_of(folder, tmp_path / "e.xlsx", *drop("T07", "rare = seldom")).read_bytes()
    saved = resaved({"plain": plain, "edited": edited}, tmp_path / "office")
    for name, content in saved.items():
        (tmp_path / f"{name}.xlsx").write_bytes(content)
    done = read(folder, tmp_path / "plain.xlsx", tmp_path / "edited.xlsx")
    assert done.remarks == ()
    assert done.lines == (
        "Tasks, T07: dropped instead of kept by the rule, because rare = seldom, by copy "
        "edited.xlsx; one copy keeps it.",
    )


class TestRefusing:
    def test_cells_that_miss_the_exam_length(self, folder, tmp_path):
        level = levels_of(folder)[0]
        edits = moved(folder, ("D1", level), ("D2", level))[:2]
        (said,) = problems_of(folder, copy_of(folder, tmp_path / "a.xlsx", *edits))
        assert "all add up to 99 items, 1 short" in said
        assert said.startswith("a.xlsx, Blueprint:")

    def test_a_change_without_a_reason(self, folder, tmp_path):
        (edit, _) = drop("T07")
        (said,) = problems_of(folder, copy_of(folder, tmp_path / "a.xlsx", edit))
        assert "a.xlsx, Tasks!" in said
        assert "without a reason" in said

    def test_text_in_a_number_cell_and_a_broken_formula(self, folder, tmp_path):
        header = levels_of(folder)[0].title()

        def spoil(workbook):
            row = next(c.row for c in workbook["Blueprint"]["A"] if c.value == "D2")
            cell = workbook["Blueprint"].cell(row, 6)
            cell.value, cell.data_type = "#REF!", "e"

        edit = ("Blueprint", "D1", header, "twelve")
        said = problems_of(folder, copy_of(folder, tmp_path / "a.xlsx", edit, change=spoil))
        assert any("“twelve”; wanted a whole number" in text for text in said)
        assert any("the error #REF!" in text for text in said)

    @pytest.mark.parametrize("sheet", ["Tasks", "Blueprint", "Comments", "Sign-off"])
    def test_a_deleted_sheet(self, folder, tmp_path, sheet):
        def spoil(workbook):
            del workbook[sheet]

        said = problems_of(folder, copy_of(folder, tmp_path / "a.xlsx", change=spoil))
        assert any(f"a.xlsx, {sheet}: found no such sheet" in text for text in said)

    def test_deleted_unknown_and_doubled_identifiers(self, folder, tmp_path):
        def spoil(workbook):
            page = workbook["Tasks"]
            rows = {c.value: c.row for c in page["A"] if str(c.value).startswith("T")}
            page.cell(rows["T07"], 1).value = None
            page.cell(rows["T08"], 1).value = "T99"
            page.cell(rows["T08"], 11).value = "drop"
            page.cell(rows["T09"], 1).value = "T10"

        said = problems_of(folder, copy_of(folder, tmp_path / "a.xlsx", change=spoil))
        text = "\n".join(said)
        assert "no row T07" in text
        assert "“T99”, an identifier that was not issued" in text
        assert "a second row T10" in text

    def test_another_study_or_an_unissued_version_or_an_approved_one(self, folder, tmp_path):
        def told(row, text):
            def change(workbook):
                workbook["Read me"].cell(row, 2).value = text

            return change

        def approved(workbook):
            page = workbook["Read me"]
            row = next(cell.row for cell in page["A"] if cell.value == "Status")
            page.cell(row, 2).value = "APPROVED on 2026-11-21. It stays as it is."

        lines = {cell.value: cell.row for cell in opened(folder)["Read me"]["A"]}
        changes = {
            "another study": told(lines["Study identifier"], "other"),
            "which was never issued for review": told(lines["Fingerprint"], "f" * 64),
            "an APPROVED workbook": approved,
        }
        for found, change in changes.items():
            (said,) = problems_of(folder, copy_of(folder, tmp_path / "a.xlsx", change=change))
            assert found in said

    def test_an_issued_workbook_that_was_changed(self, folder, tmp_path):
        copy = copy_of(folder, tmp_path / "a.xlsx", *drop("T07"))
        shutil.copy(copy, issued_workbook(folder))
        (said,) = problems_of(folder, copy)
        assert "forms/review-1/blueprint.xlsx: found an issued workbook that was changed" in said

    def test_files_that_are_no_workbooks(self, folder, tmp_path):
        whole = issued_workbook(folder).read_bytes()
        (tmp_path / "half.xlsx").write_bytes(whole[: len(whole) // 2])
        (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
        pd.DataFrame({"Task": ["T07"], "Decision": ["drop"]}).to_csv(
            tmp_path / "tasks.csv", index=False
        )
        before = snapshot(folder)
        for name, wanted in {"half.xlsx": "cut off", "old.xls": ".xls", "tasks.csv": ""}.items():
            done = rds("receive", folder, tmp_path / name)
            assert done.exit_code == 1
            assert wanted in done.output
        assert {k: v for k, v in snapshot(folder).items() if k.name != ".rds.lock"} == {
            k: v for k, v in before.items() if k.name != ".rds.lock"
        }

    def test_the_sheet_read_me_and_the_properties_gone(self, folder, tmp_path):
        def spoil(workbook):
            del workbook["Read me"]
            for name in list(workbook.custom_doc_props.names):
                del workbook.custom_doc_props[name]

        (said,) = problems_of(folder, copy_of(folder, tmp_path / "a.xlsx", change=spoil))
        assert "without the lines that say which study and version it is" in said

    def test_properties_do_where_only_the_sheet_read_me_is_gone(self, folder, tmp_path):
        def spoil(workbook):
            del workbook["Read me"]

        assert read(folder, copy_of(folder, tmp_path / "a.xlsx", change=spoil)).lines == ()


def opened(folder):
    return openpyxl.load_workbook(issued_workbook(folder))


class TestDeciding:
    def decided(self, folder, tmp_path, decisions):
        path = decide_all(folder, tmp_path / "decided.xlsx", decisions)
        return receive_meeting(Study.open(folder), path)

    def test_an_accepted_line_becomes_a_decision(self, folder, tmp_path):
        read(folder, copy_of(folder, tmp_path / "a.xlsx", *drop("T07", "Rare.")))
        self.decided(folder, tmp_path, {"Tasks, T07": {"decision": "accept"}})
        study = Study.open(folder)
        assert study.task_decisions["T07"] == ("drop", "Rare.", "panel chair")
        assert study.decisions["T07"].details["copies"] == ["a.xlsx"]
        assert open_review(study) == ()

    def test_accepted_cells_are_the_items_of_the_next_blueprint(self, folder, tmp_path):
        level = levels_of(folder)[0]
        before = cells_of(folder)
        edits = moved(folder, ("D1", level), ("D2", level), n=2)
        read(folder, copy_of(folder, tmp_path / "a.xlsx", *edits))
        accept = {"decision": "accept"}
        about = [f"Blueprint, {domain} | {level}" for domain in ("D1", "D2")]
        self.decided(folder, tmp_path, dict.fromkeys(about, accept))
        blueprint = build_blueprint(Study.open(folder))
        wanted = {**before, ("D1", level): before["D1", level] - 2,
                  ("D2", level): before["D2", level] + 2}  # fmt: skip
        assert cells_of(folder) == wanted
        form = blueprint.cells[blueprint.cells["set"] == "form"]
        assert list(form["items_by_ratings"]) == list(before.values())
        assert (form["decided_by"] == "committee").sum() == 2
        items = blueprint.domain_weights.set_index("domain_id")
        assert items.loc["D2", "items"] - items.loc["D2", "items_by_ratings"] == 2

    def test_half_of_a_move_misses_the_total(self, folder, tmp_path):
        level = levels_of(folder)[0]
        read(folder, copy_of(folder, tmp_path / "a.xlsx",
                             *moved(folder, ("D1", level), ("D2", level))))  # fmt: skip
        decisions = {
            f"Blueprint, D1 | {level}": {"decision": "accept"},
            f"Blueprint, D2 | {level}": {"decision": "refuse", "reason": "No."},
        }
        with pytest.raises(InputError, match="add up to 99 items with those accepted, 1 short"):
            self.decided(folder, tmp_path, decisions)
        assert written(folder) == []

    def test_deferred_lines_stay_open_until_they_are_decided(self, folder, tmp_path):
        read(folder, copy_of(folder, tmp_path / "a.xlsx", *drop("T07")))
        assert "1 difference to decide" in open_review(Study.open(folder))[0]
        self.decided(folder, tmp_path, {"Tasks, T07": {"decision": "defer", "reason": "Ask."}})
        (said,) = open_review(Study.open(folder))
        assert said.startswith("review 1, Tasks, T07: deferred (panel chair: Ask.)")
        assert said in rds("status", folder).output
        decide(Study.open(folder), "T07", "keep", role="chair", reason="Asked.")
        assert open_review(Study.open(folder)) == ()

    def test_refused_lines_are_recorded_with_their_reason(self, folder, tmp_path):
        read(folder, copy_of(folder, tmp_path / "a.xlsx", *drop("T07")))
        self.decided(folder, tmp_path, {"Tasks, T07": {"decision": "refuse", "reason": "Vital."}})
        study = Study.open(folder)
        (entry,) = written(folder)
        assert (entry.kind, entry.value, entry.reason) == ("review", "refuse", "Vital.")
        assert open_review(study) == ()
        assert "T07" not in study.task_decisions

    def test_receiving_twice_changes_nothing(self, folder, tmp_path):
        read(folder, copy_of(folder, tmp_path / "a.xlsx", *drop("T07")))
        self.decided(folder, tmp_path, {"Tasks, T07": {"decision": "accept"}})
        path = tmp_path / "decided.xlsx"
        again = receive_meeting(Study.open(folder), path)
        assert (again.already, again.recorded) == (1, ())
        assert len(written(folder)) == 1

    def test_a_deferred_line_can_be_decided_in_the_same_workbook_later(self, folder, tmp_path):
        read(folder, copy_of(folder, tmp_path / "a.xlsx", *drop("T07")))
        for decision in ({"decision": "defer", "reason": "Ask."}, {"decision": "accept"}):
            self.decided(folder, tmp_path, {"Tasks, T07": decision})
        assert Study.open(folder).task_decisions["T07"][0] == "drop"
        assert open_review(Study.open(folder)) == ()

    def test_conflicts_need_a_value_and_every_line_a_decision(self, folder, tmp_path):
        keep = ("Tasks", "T07", "Decision", "keep"), ("Tasks", "T07", "Reason", "Vital.")
        first = copy_of(folder, tmp_path / "a.xlsx", *drop("T07"), *drop("T08"))
        read(folder, first, copy_of(folder, tmp_path / "b.xlsx", *keep))
        with pytest.raises(InputError, match="wanted accept, defer or refuse"):
            self.decided(folder, tmp_path, {"Tasks, T07": {"decision": "accept"}})
        both = {
            "Tasks, T07": {"decision": "accept", "reason": "So."},
            "Tasks, T08": {"decision": "accept"},
        }
        with pytest.raises(InputError, match="one value, since copies differ"):
            self.decided(folder, tmp_path, both)
        both["Tasks, T07"]["value"] = "kept"
        self.decided(folder, tmp_path, both)
        decided = Study.open(folder).task_decisions
        assert (decided["T07"][0], decided["T08"][0]) == ("keep", "drop")

    @pytest.mark.parametrize(
        ("decision", "wanted"),
        [
            ({"decision": "refuse"}, "a reason, since it says refuse"),
            ({"decision": "perhaps"}, "perhaps"),
            ({"decision": "accept", "value": "maybe"}, "maybe"),
        ],
    )
    def test_what_cannot_be_recorded_is_refused(self, folder, tmp_path, decision, wanted):
        read(folder, copy_of(folder, tmp_path / "a.xlsx", *drop("T07")))
        with pytest.raises(InputError, match=wanted):
            self.decided(folder, tmp_path, {"Tasks, T07": decision})
        assert written(folder) == []

    def test_a_role_is_needed(self, folder, tmp_path):
        read(folder, copy_of(folder, tmp_path / "a.xlsx", *drop("T07")))
        path = decide_all(
            folder, tmp_path / "d.xlsx", {"Tasks, T07": {"decision": "accept"}}, role=None
        )
        with pytest.raises(InputError, match="the role that decided"):
            receive_meeting(Study.open(folder), path)

    def test_a_meeting_workbook_with_writing_is_left_alone(self, folder, tmp_path):
        read(folder, copy_of(folder, tmp_path / "a.xlsx", *drop("T07")))
        decide_all(folder, folder / "review-meeting.xlsx", {"Tasks, T07": {"decision": "accept"}})
        written = (folder / "review-meeting.xlsx").read_bytes()
        done = read(folder, copy_of(folder, tmp_path / "b.xlsx", *drop("T08")))
        assert "left as it is" in done.written
        assert (folder / "review-meeting.xlsx").read_bytes() == written
        assert "2 differences to decide" in open_review(Study.open(folder))[0]

    def test_another_exam_length_is_accepted_through_the_settings(self, folder, tmp_path):
        def longer(workbook):
            workbook["Blueprint"]["C6"] = 120
            workbook["Blueprint"]["C7"] = "More reliable."

        read(folder, copy_of(folder, tmp_path / "a.xlsx", change=longer))
        self.decided(folder, tmp_path, {"Blueprint, exam length": {"decision": "accept"}})
        study = Study.open(folder)
        assert study.settings.blueprint.items == 120
        assert sum(cells_of(folder).values()) == 120

    def test_nothing_new_is_issued_while_differences_wait(self, folder, tmp_path):
        read(folder, copy_of(folder, tmp_path / "a.xlsx", *drop("T07")))
        decide(Study.open(folder), "T01", "keep", role="chair", reason="Vital.")
        with pytest.raises(InputError, match="undecided differences of the last review: 1"):
            issue_review(Study.open(folder), FormWishes())


def test_the_command_line_reads_several_copies_at_once(folder, tmp_path):
    copies = [copy_of(folder, tmp_path / f"{n}.xlsx", *drop(f"T0{n}")) for n in (7, 8)]
    done = rds("receive", folder, *copies)
    assert done.exit_code == 0, done.output
    assert "2 copies (7.xlsx, 8.xlsx), 2 differences." in done.output
    decide_all(
        folder,
        folder / "review-meeting.xlsx",
        {name: {"decision": "accept"} for name in ("Tasks, T07", "Tasks, T08")},
    )
    done = rds("receive", folder, folder / "review-meeting.xlsx")
    assert done.exit_code == 0, done.output
    assert rds("run", folder).exit_code == 0
    assert "T07 = drop" in rds("status", folder).output
