"""Write-ins on their way: coding forms out, codings back, new tasks decided."""

import pandas as pd
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from rds.cli.app import app
from rds.errors import InputError
from rds.study.codings import issue_coding_forms, read_codings, receive_codings
from rds.study.decide import decide
from rds.study.form_kinds import kind_of_file
from rds.study.participation import described_questions
from rds.study.receive import receive
from rds.study.run import run
from rds.study.status import outputs_are_current, status
from rds.study.study import Study
from tests.study.examples import answers, make_study

WORDS = ["Drive people to their appointments", "Lead a choir of angels", "Great survey"]


@pytest.fixture
def folder(tmp_path):
    made = make_study(tmp_path / "study")
    path = tmp_path / "a.csv"
    answers(n=30).to_csv(path, index=False)
    receive(Study.open(made), path)
    # What a platform's export would have brought: the answer to the question on missing tasks.
    study = Study.open(made)
    people = study.ratings.respondents
    texts = [*WORDS, *[""] * (len(people) - len(WORDS))]
    stored = made / "responses" / "a.csv"
    table = pd.read_csv(stored, dtype=str, keep_default_na=False)
    table.insert(4, "missing", texts)
    table.to_csv(stored, index=False, lineterminator="\n")
    from rds.files import sha256_of_file

    ingest = made / "responses" / "ingest.toml"
    old = study.sources[0].stored_sha256
    text = ingest.read_text(encoding="utf-8").replace(old, sha256_of_file(stored))
    ingest.write_text(text, encoding="utf-8")
    return made


def fill(path, codes, **more):
    """Fill a form in: by words of the text, disposition and task."""
    workbook = load_workbook(path)
    sheet = workbook["Write-ins"]
    for row in range(2, sheet.max_row + 1):
        disposition, task = codes.get(sheet.cell(row, 2).value, ("", ""))
        sheet.cell(row, 3).value, sheet.cell(row, 4).value = disposition or None, task or None
    for place, value in more.items():
        sheet[place] = value
    workbook.save(path)
    return path


def coded(folder, *, second="new task"):
    """Issue the forms and receive them from two coders."""
    root = folder / issue_coding_forms(Study.open(folder))[0].parent
    same = {WORDS[0]: ("covered by task", "t01"), WORDS[2]: ("no task named", "")}
    fill(root / "coder-a.xlsx", {**same, WORDS[1]: ("new task", "")})
    fill(root / "coder-b.xlsx", {**same, WORDS[1]: (second, "")})
    for coder in "ab":
        receive_codings(Study.open(folder), root / f"coder-{coder}.xlsx")
    return root


def test_two_forms_go_out_and_are_known_by_what_they_hold(folder, tmp_path):
    written = issue_coding_forms(Study.open(folder))
    assert [path.as_posix() for path in written] == [
        "forms/coding-1/coder-a.xlsx",
        "forms/coding-1/coder-b.xlsx",
    ]
    renamed = tmp_path / "something.xlsx"
    renamed.write_bytes((folder / written[0]).read_bytes())
    assert kind_of_file(renamed).name == "code"
    assert not kind_of_file(folder / "study.xlsx")
    assert not kind_of_file(tmp_path / "a.csv")
    assert not kind_of_file(tmp_path / "nowhere.xlsx")


def test_codings_come_back_and_a_new_task_waits_for_a_decision(folder):
    coded(folder)
    study = Study.open(folder)
    assert len(read_codings(study.folder)) == 6
    (matter,) = status(study).open_matters
    assert "names a new task" in matter
    name = matter.split()[1]
    decide(study, name.lower(), "Add", role="panel chair", reason="It is done every week.")
    assert status(Study.open(folder)).open_matters == ()
    run(Study.open(folder))
    table = pd.read_csv(folder / "out/tables/write_ins.csv", keep_default_na=False)
    own = table.set_index("write_in_id").loc[name]
    assert own[["disposition", "settled_by", "decision"]].tolist() == [
        "new task", "both coders", "add",
    ]  # fmt: skip
    assert table.loc[table["disposition"] == "covered by task", "task_id"].tolist() == ["T01"]


def test_no_word_of_a_respondent_enters_the_outputs(folder):
    coded(folder)
    run(Study.open(folder))
    for path in (folder / "out").rglob("*"):
        if path.is_file() and "restricted" not in path.parts:
            content = path.read_bytes()
            assert not any(word.encode() in content for word in WORDS), path


def test_what_two_coders_code_differently_is_settled_by_a_third_form(folder):
    coded(folder, second="out of scope")
    assert "1 write-ins are coded differently" in status(Study.open(folder)).open_matters[0]
    (path,) = issue_coding_forms(Study.open(folder))
    assert path.as_posix() == "forms/coding-2/coder-consensus.xlsx"
    comment = load_workbook(folder / path)["Write-ins"]["E2"].value
    assert comment == "coder a: new task; coder b: out of scope"
    receive_codings(Study.open(folder), fill(folder / path, {WORDS[1]: ("out of scope", "")}))
    assert status(Study.open(folder)).open_matters == ()


def test_a_later_form_replaces_what_the_coder_said_before(folder):
    root = coded(folder)
    fill(root / "coder-a.xlsx", {WORDS[1]: ("out of scope", "")})
    done = receive_codings(Study.open(folder), root / "coder-a.xlsx")
    assert (done.n_coded, done.n_open, done.n_replaced) == (1, 2, 1)
    assert len(read_codings(Study.open(folder).folder)) == 6


def test_codings_make_the_outputs_out_of_date(folder):
    run(Study.open(folder))
    assert outputs_are_current(Study.open(folder))
    coded(folder)
    assert not outputs_are_current(Study.open(folder))


def test_a_dry_run_stores_nothing(folder):
    root = folder / issue_coding_forms(Study.open(folder))[0].parent
    fill(root / "coder-a.xlsx", {WORDS[1]: ("new task", "")})
    done = receive_codings(Study.open(folder), root / "coder-a.xlsx", dry_run=True)
    assert not done.stored
    assert not (folder / "codings").exists()


@pytest.mark.parametrize(
    ("codes", "more", "words"),
    [
        ({WORDS[0]: ("covered by tasks", "T01")}, {}, "write “covered by task”"),
        ({WORDS[0]: ("covered by task", "T99")}, {}, "a task of the sheet Tasks"),
        ({WORDS[0]: ("covered by task", "")}, {}, "found nothing; wanted a task"),
        (dict.fromkeys(WORDS, ("new task", "")), {"A2": "W00000000"}, "no respondent wrote"),
        ({}, {"C1": "verdict"}, "no column “disposition”"),
    ],
)
def test_forms_that_cannot_be_used_are_refused_with_the_place(folder, codes, more, words):
    root = folder / issue_coding_forms(Study.open(folder))[0].parent
    with pytest.raises(InputError, match=words):
        receive_codings(Study.open(folder), fill(root / "coder-a.xlsx", codes, **more))
    assert not (folder / "codings").exists()


def test_a_form_of_another_study_or_of_nobody_is_refused(folder):
    path = folder / issue_coding_forms(Study.open(folder))[0]
    workbook = load_workbook(path)
    cover = workbook["About this form"]
    cover["B4"], cover["B5"] = "demo-other", "coder c"
    workbook.save(path)
    with pytest.raises(InputError) as error:
        receive_codings(Study.open(folder), path)
    assert len(error.value.problems) == 2


def test_nothing_to_code_is_said(tmp_path):
    made = make_study(tmp_path / "study")
    path = tmp_path / "a.csv"
    answers(n=30).to_csv(path, index=False)
    receive(Study.open(made), path)
    with pytest.raises(InputError, match="no write-in"):
        issue_coding_forms(Study.open(made))


def test_the_commands_lead_from_one_to_the_next(folder):
    runner = CliRunner()
    said = runner.invoke(app, ["form", "code", str(folder)])
    assert said.exit_code == 0, said.output
    assert "rds receive" in said.output
    path = fill(folder / "forms/coding-1/coder-a.xlsx", {WORDS[1]: ("new task", "")})
    said = runner.invoke(app, ["receive", str(folder), str(path)])
    assert said.exit_code == 0, said.output
    assert "Coder a: 1 write-ins coded, 2 left open." in said.output


def test_the_coverage_question_is_described_beside_the_demographics(folder):
    (*_, coverage) = described_questions(Study.open(folder).rows["Demographics"], ())
    assert (coverage.name, coverage.options[0]) == ("coverage", "Not at all")
