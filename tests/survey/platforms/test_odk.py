"""ODK Central: exports in the shape of its own tests, made from the form that rds writes."""

import csv
import io
from pathlib import Path

import pandas as pd
import pytest

from rds.errors import InputError
from rds.survey.export import NOT_TICKED, TICKED
from rds.survey.platforms.odk import PLATFORM
from rds.survey.platforms.opening import open_file
from rds.survey.platforms.words import comparable, plain_text
from tests.survey.examples import instrument
from tests.survey.platforms.xlsform_exports import central

DATA = Path(__file__).parents[2] / "data" / "xlsform"
FORM = PLATFORM.write(instrument())["example-2026-survey-1-xlsform.xlsx"]
ANSWERS = [
    {
        "start": "2026-05-04T12:00:01.000+02:00",
        "consent": "1",
        "Q2": "1 3",
        "Q4": "Peer lead",
        "D1frequency_T01": "3",
        "D1frequency_T03": "99",
        "domainshare_D1": "60",
    },
    {"consent": "2"},
    {"consent": "1", "D1frequency_T01": "0", "review": "rejected"},
]


def saved(folder, content, name="export.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def export_of(folder, content, *, book=True, **options):
    codebook = saved(folder, FORM, "form.xlsx") if book else None
    return PLATFORM.read(open_file(saved(folder, content, **options), codebook=codebook))


def frame(export):
    return pd.concat(export.blocks())


def refusal(call):
    with pytest.raises(InputError) as error:
        call()
    (problem,) = error.value.problems
    return str(problem)


def by_question(export):
    return {c.question: c for c in export.described if c.role == "answer" and not c.option}


@pytest.mark.parametrize("book", [False, True], ids=["without", "with form"])
@pytest.mark.parametrize("groups", [False, True], ids=["names", "paths"])
def test_every_question_is_named_as_the_form_named_it(tmp_path, book, groups):
    content = central(FORM, ANSWERS, groups=groups)
    assert PLATFORM.recognise(open_file(saved(tmp_path, content)))
    export = export_of(tmp_path, content, book=book)
    assert [column.name for column in export.described] == list(export.columns)
    found = by_question(export)
    options = [(c.question, c.option) for c in export.described if c.option]
    for question in instrument().questions:
        for number, row in enumerate(question.rows, 1):
            known = found[PLATFORM.column_name(question.code, row.code, number, "")]
            if book and question.kind == "grid":
                assert known.position == number
                assert known.question_text == plain_text(question.words["en"])
                assert comparable(known.row_text) == comparable(row.words["en"])
                assert known.labels["99"] == "Not applicable"
        if question.kind in ("choice", "number", "text"):
            assert question.code in found
    assert options == [("Q2", "1"), ("Q2", "2"), ("Q2", "3")]
    assert export.codes_are_ours is book


def test_ticks_times_and_rejected_answers(tmp_path):
    export = export_of(tmp_path, central(FORM, ANSWERS))
    table = frame(export)
    ticks = [c.name for c in export.described if c.option]
    assert table[ticks].to_numpy().tolist() == [[TICKED, NOT_TICKED, TICKED], ["", "", ""]]
    assert table["start"].tolist() == ["2026-05-04T10:00:01", ""]
    assert table["SubmissionDate"].tolist() == ["2026-05-04T10:20:31"] * 2
    assert table.index.tolist() == [2, 3]
    assert export.left_out == {"rejected in review": 1}


def test_submitters_and_devices_are_personal_and_the_key_is_the_respondent(tmp_path):
    roles = {c.name: c.role for c in export_of(tmp_path, central(FORM, ANSWERS)).described}
    assert [name for name, role in roles.items() if role == "personal"] == [
        "SubmitterID",
        "SubmitterName",
        "DeviceID",
    ]
    assert (roles["KEY"], roles["SubmissionDate"], roles["start"]) == (
        "respondent",
        "submitted",
        "started",
    )
    assert roles["page_welcome-shown__intro"] == "technical"
    assert roles["page_D1-D1frequency-generated_table_list_label_1"] == "technical"
    assert roles["page_about-Q2"] == "technical"


@pytest.mark.parametrize("book", [False, True], ids=["without", "with form"])
def test_several_answers_in_one_cell_are_separated_by_a_blank(tmp_path, book):
    export = export_of(tmp_path, central(FORM, ANSWERS, split=False), book=book)
    found = by_question(export)
    assert found["Q2"].separator == " "
    assert {c.question for c in export.described if c.separator} == {"Q2"}
    assert frame(export)["page_about-Q2"].tolist() == ["1 3", ""]


@pytest.mark.parametrize("split", [True, False])
def test_real_headers_of_odk_central_are_described(tmp_path, split):
    """The header and rows of a test of ODK Central for questions with several answers."""
    halves = ("q1/a,q1/b,", "g1-q2/x,g1-q2/y,g1-q2/z,") if split else ("", "")
    header = f"SubmissionDate,meta-instanceID,q1,{halves[0]}g1-q2,{halves[1]}KEY,SubmitterID,Status"
    cells = ("1,0,", "0,0,0,") if split else ("", "")
    row = f"2018-01-01T00:00:00.000Z,one,a,{cells[0]},{cells[1]}one,5,"
    export = export_of(tmp_path, f"{header}\n{row}\n", book=False)
    answers = [(c.question, c.option) for c in export.described if c.role == "answer"]
    if split:
        assert answers == [("q1", "a"), ("q1", "b"), ("q2", "x"), ("q2", "y"), ("q2", "z")]
        ticks = [TICKED, NOT_TICKED, "", "", ""]
        names = [c.name for c in export.described if c.option]
        assert frame(export)[names].iloc[0].tolist() == ticks
    else:
        assert answers == [("q1", ""), ("q2", "")]


def test_names_that_differ_only_by_their_group_keep_their_path(tmp_path):
    content = "SubmissionDate,a-q,b-q,loc-Latitude,KEY,FormVersion\n2026-01-01,1,2,50.1,x,1\n"
    export = export_of(tmp_path, content, book=False)
    assert set(by_question(export)) == {"a-q", "b-q"}
    assert {c.name for c in export.described if c.role == "personal"} == {"loc-Latitude"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_exports_saved_again_by_a_spreadsheet_program_read_alike(tmp_path, encoding, separator):
    rows = list(csv.reader(io.StringIO(central(FORM, ANSWERS), newline="")))
    table = io.StringIO(newline="")
    csv.writer(table, delimiter=separator).writerows(rows)
    again = export_of(tmp_path, table.getvalue(), encoding=encoding)
    assert frame(again).equals(frame(export_of(tmp_path, central(FORM, ANSWERS), name="b.csv")))


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("SubmissionDate,q1,KEY,FormVersion\n", "a header row without answers"),
        ("SubmissionDate,KEY,FormVersion\nSubmissionDate,KEY,FormVersion\nx,y,1\n", "the header"),
        ('SubmissionDate,q1,KEY,FormVersion\nx,"1', "a quotation mark that is not closed"),
        ("SubmissionDate,q1,KEY,FormVersion\nx,1,2,3,4\n", "1 rows with more cells"),
    ],
)
def test_damaged_exports_are_refused_with_the_reason(tmp_path, content, found):
    assert f"found {found}" in refusal(lambda: frame(export_of(tmp_path, content, book=False)))


def test_another_form_is_refused(tmp_path):
    path = saved(tmp_path, central(FORM, ANSWERS))
    file = open_file(path, codebook=DATA / "generated_min.xlsx")
    assert "that the form generated_min.xlsx does not ask for" in refusal(
        lambda: PLATFORM.read(file)
    )


@pytest.mark.parametrize(
    "content",
    [
        "respondent,T01_importance\nA,4\n",
        "SubmissionDate,Task,KEY\n2026-01-01,x,1\n",
        "_id,_uuid,_submission_time,q1\n1,2,3,4\n",
        "record_id,a,s_complete\n1,2,2\n",
    ],
)
def test_look_alikes_are_not_recognised(tmp_path, content):
    assert not PLATFORM.recognise(open_file(saved(tmp_path, content)))
