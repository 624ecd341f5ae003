"""KoboToolbox: what its formpack wrote, and exports in its shape made from the form rds writes."""

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from rds.errors import InputError
from rds.survey.export import NOT_TICKED, TICKED
from rds.survey.platforms.kobo import PLATFORM
from rds.survey.platforms.opening import open_file
from rds.survey.platforms.words import comparable, plain_text
from tests.survey.examples import NASTY, instrument
from tests.survey.platforms.xlsform_exports import kobo

DATA = Path(__file__).parents[2] / "data" / "xlsform"
FORM = PLATFORM.write(instrument())["example-2026-survey-1-xlsform.xlsx"]
ENGLISH, GERMAN = "label::English (en)", "label::Deutsch (de)"
ANSWERS = [
    {
        "start": "2026-05-04T12:00:01.000+02:00",
        "consent": "1",
        "Q1": "2",
        "Q2": "1 3",
        "D1frequency_T01": "3",
        "D1importance_T01": "1",
    },
    {"consent": "2", "review": "Not approved"},
    {"consent": "1", "D1frequency_T01": "0", "review": "Approved"},
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


def answers_of(export):
    return [c for c in export.described if c.role == "answer"]


@pytest.mark.parametrize("book", [False, True], ids=["without", "with form"])
@pytest.mark.parametrize("groups", [False, True], ids=["names", "paths"])
def test_every_question_is_named_as_the_form_named_it(tmp_path, book, groups):
    content = kobo(FORM, ANSWERS, groups=groups)
    assert PLATFORM.recognise(open_file(saved(tmp_path, content)))
    export = export_of(tmp_path, content, book=book)
    found = {(c.question, c.option): c for c in answers_of(export)}
    for question in instrument().questions:
        for number, row in enumerate(question.rows, 1):
            known = found[PLATFORM.column_name(question.code, row.code, number, ""), ""]
            if book and question.kind == "grid":
                assert known.position == number
                assert known.labels["99"] == "Not applicable"
        if question.kind in ("choice", "number", "text"):
            assert (question.code, "") in found
    assert [option for code, option in found if code == "Q2"] == ["1", "2", "3"]
    assert export.codes_are_ours is book


@pytest.mark.parametrize("label", [ENGLISH, GERMAN])
@pytest.mark.parametrize("groups", [False, True], ids=["labels", "paths"])
def test_labels_as_headers_lead_to_the_questions_of_the_form(tmp_path, label, groups):
    export = export_of(tmp_path, kobo(FORM, ANSWERS, label=label, groups=groups))
    found = {(c.question, c.option): c for c in answers_of(export)}
    for question in instrument().questions:
        for number, row in enumerate(question.rows, 1):
            known = found[PLATFORM.column_name(question.code, row.code, number, ""), ""]
            if question.kind == "grid":
                assert known.question_text == plain_text(question.words["en"])
                assert comparable(known.row_text) == comparable(row.words["en"])
    assert found["Q2", "2"].option_text.startswith("Advanced")
    table = frame(export)
    ticks = [c.name for c in export.described if c.option]
    assert table[ticks].to_numpy().tolist() == [[TICKED, NOT_TICKED, TICKED], ["", "", ""]]


def test_labels_without_the_form_are_split_only_where_other_columns_prove_the_group(tmp_path):
    export = export_of(tmp_path, kobo(FORM, ANSWERS, label=ENGLISH), book=False)
    found = answers_of(export)
    assert {c.question for c in found} == {""}
    texts = {(c.question_text, c.row_text) for c in found}
    grid = "Frequency: how would you rate each task?"
    assert (grid, plain_text(NASTY["T01"])) in texts
    assert ("Importance: how would you rate each task?", plain_text(NASTY["T02"])) in texts
    assert not any(row.endswith("balance of support @ home") for _, row in texts)
    options = [(c.question_text, c.option_text) for c in found if c.option_text]
    assert [option for _, option in options] == ["Basic, 40 hours", "Advanced", "None"]


def test_ticks_times_tags_and_answers_not_approved(tmp_path):
    export = export_of(tmp_path, kobo(FORM, ANSWERS, tags=True))
    table = frame(export)
    ticks = [c.name for c in export.described if c.option]
    assert table[ticks].to_numpy().tolist() == [[TICKED, NOT_TICKED, TICKED], ["", "", ""]]
    assert table.index.tolist() == [3, 5]
    assert table["start"].tolist() == ["2026-05-04T10:00:01", ""]
    assert export.left_out == {"tags below the headers": 1, "not approved in review": 1}
    assert export.assumed == ("cells are separated by semicolons",)


def test_who_submitted_is_personal_and_the_number_is_the_respondent(tmp_path):
    content = kobo(FORM, ANSWERS)
    roles = {c.name: c.role for c in export_of(tmp_path, content).described}
    assert {n for n, role in roles.items() if role == "personal"} == {"_uuid", "_submitted_by"}
    assert (roles["_id"], roles["_submission_time"]) == ("respondent", "submitted")
    assert {roles[n] for n in ("_index", "__version__", "_tags", "_notes")} == {"technical"}
    without = content.replace('"_id"', '"_number"')
    assert "_uuid" in {
        c.name for c in export_of(tmp_path, without).described if c.role == "respondent"
    }


def test_several_answers_in_one_cell_are_separated_by_a_blank(tmp_path):
    export = export_of(tmp_path, kobo(FORM, ANSWERS, split=False), book=False)
    assert {c.question for c in export.described if c.separator} == {"Q2"}


def test_options_without_the_joined_column_are_known_by_their_codes(tmp_path):
    rows = list(csv.reader(io.StringIO(kobo(FORM, ANSWERS), newline=""), delimiter=";"))
    at = rows[0].index("page_about/Q2")
    table = io.StringIO(newline="")
    csv.writer(table, delimiter=";").writerows([row[:at] + row[at + 1 :] for row in rows])
    export = export_of(tmp_path, table.getvalue(), book=False)
    options = [(c.question, c.option) for c in export.described if c.option]
    assert options == [("Q2", "1"), ("Q2", "2"), ("Q2", "3")]


def test_labelled_options_without_the_joined_column_are_known_by_their_ticks(tmp_path):
    content = kobo(FORM, ANSWERS, label=ENGLISH)
    rows = list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))
    at = rows[0].index("About you/Which trainings did you finish?")
    table = io.StringIO(newline="")
    csv.writer(table, delimiter=";").writerows([row[:at] + row[at + 1 :] for row in rows])
    found = answers_of(export_of(tmp_path, table.getvalue(), book=False))
    options = [c.option_text for c in found if c.question_text.startswith("Which trainings")]
    assert options == ["Basic, 40 hours", "Advanced", "None"]
    grid = "Frequency: how would you rate each task?"
    assert all(c.row_text for c in found if c.question_text == grid)


def test_versions_of_the_form_are_technical(tmp_path):
    content = "_version_;__version__;_version__001;q1;_id;_uuid\nv1;v2;v3;4;1;u\n"
    export = export_of(tmp_path, content, book=False)
    assert [c.role for c in export.described][:4] == [*["technical"] * 3, "answer"]


def test_a_workbook_reads_like_the_text(tmp_path):
    rows = list(csv.reader(io.StringIO(kobo(FORM, ANSWERS), newline=""), delimiter=";"))
    book = Workbook()
    for row in rows:
        book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
    book.save(tmp_path / "export.xlsx")
    file = open_file(tmp_path / "export.xlsx", codebook=saved(tmp_path, FORM, "form.xlsx"))
    assert PLATFORM.recognise(file)
    assert frame(PLATFORM.read(file)).equals(frame(export_of(tmp_path, kobo(FORM, ANSWERS))))


def test_formpack_wrote_names_and_they_are_read():
    file = open_file(DATA / "kobo_formpack_xml_values.csv")
    assert PLATFORM.recognise(file)
    export = PLATFORM.read(file)
    assert [(c.question, c.option) for c in answers_of(export)] == [
        ("D1_freq_T01", ""),
        ("certs", "C1"),
        ("certs", "C2"),
        ("years", ""),
    ]
    table = frame(export)
    assert table["certs/C1"].tolist() == [TICKED, NOT_TICKED]
    assert table["start"].tolist() == ["2026-01-01T10:00:00", ""]
    roles = {c.name: c.role for c in export.described}
    assert (roles["certs"], roles["_id"], roles["_uuid"]) == ("technical", "respondent", "personal")


def test_formpack_wrote_names_and_the_form_gives_their_words():
    path = DATA / "kobo_formpack_xml_values.csv"
    export = PLATFORM.read(open_file(path, codebook=DATA / "generated_min.xlsx"))
    rating = next(c for c in export.described if c.question == "D1_freq_T01")
    assert (rating.question_text, rating.position) == ("Domain 1: how often?", 1)
    assert rating.labels["4"] == "Daily"
    tick = next(c for c in export.described if c.option == "C2")
    assert (tick.question_text, tick.option_text) == ("Certifications", "PMP")


def test_formpack_wrote_labels_and_they_are_read():
    file = open_file(DATA / "kobo_formpack_labels.csv")
    assert PLATFORM.recognise(file)
    export = PLATFORM.read(file)
    assert [(c.question_text, c.option_text) for c in answers_of(export)] == [
        ("How often?/Assess risk", ""),
        ("Certifications", "CISSP"),
        ("Certifications", "PMP"),
        ("Years", ""),
    ]
    assert frame(export)["How often?/Assess risk"].tolist() == ["Daily", "Never"]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("q1;_id;_uuid\n", "a header row without answers"),
        ("q1;_id;_uuid\nq1;_id;_uuid\n1;2;3\n", "the header row twice"),
        ('q1;_id;_uuid\n"1;2;3', "a quotation mark that is not closed"),
        ("q1;_id;_uuid\n1;2;3;4\n", "1 rows with more cells"),
    ],
)
def test_damaged_exports_are_refused_with_the_reason(tmp_path, content, found):
    assert f"found {found}" in refusal(lambda: frame(export_of(tmp_path, content, book=False)))


def test_another_form_is_refused(tmp_path):
    file = open_file(saved(tmp_path, kobo(FORM, ANSWERS)), codebook=DATA / "generated_min.xlsx")
    assert "that the form generated_min.xlsx does not ask for" in refusal(
        lambda: PLATFORM.read(file)
    )


@pytest.mark.parametrize(
    "content",
    [
        "respondent,T01_importance\nA,4\n",
        "_id,_index,q1\n1,2,3\n",
        "SubmissionDate,meta-instanceID,q1,KEY\n2018-01-01,x,1,x\n",
        "record_id,a,s_complete\n1,2,2\n",
    ],
)
def test_look_alikes_are_not_recognised(tmp_path, content):
    assert not PLATFORM.recognise(open_file(saved(tmp_path, content)))
