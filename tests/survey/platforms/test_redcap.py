"""REDCap: dictionaries that keep its rules, real exports (REDCapR), exports emulated after them."""

import csv
import io
import unicodedata
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from rds.errors import InputError
from rds.survey.export import NOT_TICKED, TICKED
from rds.survey.instrument import Instrument, Option, Page, Question, Row
from rds.survey.platforms.opening import open_file
from rds.survey.platforms.redcap import PLATFORM
from rds.survey.platforms.redcap_dictionary import INTERFACE_HEADERS, read_dictionary
from rds.survey.platforms.words import comparable, plain_text
from tests.survey.examples import NASTY, instrument
from tests.survey.platforms.redcap_rules import (
    BRANCHING,
    CHOICES,
    KIND,
    LABEL,
    MATRIX,
    NAME,
    REQUIRED,
    SECTION,
    columns,
    exported,
    faults,
    rows_of,
)

DATA = Path(__file__).parents[2] / "data" / "redcap"
WRITTEN = PLATFORM.write(instrument())
ENGLISH = WRITTEN["example-2026-survey-1-redcap-en.csv"].decode()
ANSWERS = [
    {
        "record_id": "1",
        "timestamp": "2026-05-04 10:20:31",
        "consent": "1",
        "q1": "2",
        "q2": ("1", "3"),
        "q3": "12.5",
        "q4": "Peer, lead; “mentor”",
        "d1frequency_t01": "3",
        "d1frequency_t02": "99",
        "d1importance_t01": "1",
        "d2importance_again1": "4",
        "domainshare_d1": "60",
        "domainshare_d2": "40",
        "complete": "2",
    },
    {"record_id": "2", "timestamp": "[not completed]", "complete": "0"},
]


def saved(folder, content, name="export.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def export_of(folder, content, *, book=ENGLISH, **options):
    codebook = saved(folder, book, "dictionary.csv") if book else None
    return PLATFORM.read(open_file(saved(folder, content, **options), codebook=codebook))


def sample(name, *, book=True):
    codebook = DATA / name / "dictionary.csv" if book else None
    return open_file(DATA / name / "data.csv", codebook=codebook)


def frame(export):
    return pd.concat(export.blocks())


def roles(export, role):
    return [column.name for column in export.described if column.role == role]


def column(export, name):
    return next(column for column in export.described if column.name == name)


def refusal(call):
    with pytest.raises(InputError) as error:
        call()
    (problem,) = error.value.problems
    return str(problem)


# The dictionary


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_dictionary_keeps_every_rule_of_redcap(language):
    assert faults(WRITTEN[f"example-2026-survey-1-redcap-{language}.csv"].decode()) == []


def test_the_rules_find_what_redcap_would_refuse():
    assert faults((DATA / "generated" / "dictionary.csv").read_text()) == []
    broken = ENGLISH.replace("q3,", "q2,").replace("[consent] = '1'", "[consnt] = '1'")
    assert {"q2 twice"} < set(faults(broken))
    assert any("unknown [consnt]" in fault for fault in faults(broken))


def test_all_languages_have_the_same_fields_and_only_other_words():
    german = rows_of(WRITTEN["example-2026-survey-1-redcap-de.csv"].decode())
    shared = [NAME, KIND, BRANCHING, REQUIRED, MATRIX]
    same = [[row[key] for key in shared] for row in german]
    assert same == [[row[key] for key in shared] for row in rows_of(ENGLISH)]
    assert german[2][LABEL] == "Do you agree to take part? (auf Deutsch)"


def test_every_grid_is_a_matrix_with_its_question_above_and_not_applicable_among_the_choices():
    rows = [row for row in rows_of(ENGLISH) if row[MATRIX] == "d1frequency"]
    assert [row[NAME] for row in rows] == [
        f"d1frequency_{r}" for r in ("t01", "t02", "t03", "check1")
    ]
    assert rows[0][SECTION].endswith("Frequency: how would you rate each task?")
    assert "Supporting people" in rows[0][SECTION]
    assert rows[0][CHOICES].split(" | ")[0] == "0, Never; I do not do this"
    assert rows[0][CHOICES].split(" | ")[-1] == "99, Not applicable"


def test_only_those_who_may_go_on_see_what_follows():
    rows = rows_of(ENGLISH)
    before, after = rows[:3], rows[3:]
    assert [row[BRANCHING] for row in before] == ["", "", ""]
    assert all(row[BRANCHING].startswith("[consent] = '1'") for row in after)
    assert [row[NAME] for row in rows if row[REQUIRED] == "y"] == ["consent"]


def test_points_are_added_and_a_note_shows_while_they_are_not_100():
    rows = {row[NAME]: row for row in rows_of(ENGLISH)}
    total, note = rows["domainshare_sum_all"], rows["domainshare_sum_note"]
    assert (total[KIND], total[CHOICES]) == ("calc", "sum([domainshare_d1],[domainshare_d2])")
    assert "[domainshare_sum_all] <> '100'" in note[BRANCHING]
    assert rows["domainshare_d1"]["Text Validation Max"] == "100"


def test_several_screening_answers_and_screening_by_ticks_become_logic():
    options = tuple(Option(code, {"en": f"choice {code}"}) for code in (1, 2, 3))
    words = {"en": "Which?"}
    questions = (
        Question("role", "choice", words, "demographic", options=options, eligible=(1, 2)),
        Question("state", "several", words, "demographic", options=options, eligible=(3,)),
        Question("Q", "text", words, "demographic"),
    )
    form = Instrument("s", 1, "", ("en",), words, (Page("p", words, questions),))
    files = PLATFORM.write(form)
    assert list(files) == ["s-survey-1-redcap-en.csv", "s-survey-1-redcap-finish-by-hand.txt"]
    text = files["s-survey-1-redcap-en.csv"].decode()
    assert faults(text) == []
    last = rows_of(text)[-1]
    assert last[NAME] == PLATFORM.column_name("Q", "", 0, "") == "q_1"
    assert last[BRANCHING] == "([role] = '1' or [role] = '2') and [state(3)] = '1'"


def test_what_remains_by_hand_is_written_in_steps_and_warns_of_replacing_the_dictionary():
    notes = WRITTEN["example-2026-survey-1-redcap-finish-by-hand.txt"].decode()
    assert "replaces ALL fields" in notes
    assert "Stop Actions” on the other choices of: consent" in notes
    assert "example-2026-survey-1-redcap-de.csv" in notes
    assert all(f"{step}. " in notes for step in range(1, 11))
    assert max(map(len, notes.splitlines())) <= 110


def test_writing_twice_gives_the_same_bytes():
    assert PLATFORM.write(instrument()) == WRITTEN


def test_column_names_are_those_of_the_dictionary():
    names = {head for head, _, _ in columns(ENGLISH)}
    for question in instrument().questions:
        for row in question.rows:
            assert PLATFORM.column_name(question.code, row.code, 1, "") in names
        if question.kind == "several":
            for option in question.options:
                assert PLATFORM.column_name(question.code, "", 0, str(option.code)) in names
        elif not question.rows and question.kind != "information":
            assert PLATFORM.column_name(question.code, "", 0, "") in names


# Exports of our own form


@pytest.mark.parametrize("labels", [False, True], ids=["raw", "labels"])
def test_an_export_with_its_dictionary_names_every_question_text_and_line(tmp_path, labels):
    export = export_of(tmp_path, exported(ENGLISH, ANSWERS, labels=labels))
    found = {c.question: c for c in export.described if c.role == "answer" and not c.option}
    for question in instrument().questions:
        for number, row in enumerate(question.rows, 1):
            known = found[PLATFORM.column_name(question.code, row.code, number, "").casefold()]
            text = known.row_text or known.question_text
            assert comparable(text) == comparable(row.words["en"])
            if question.kind == "grid":
                assert known.position == number
                assert known.question_text == plain_text(question.words["en"])
                assert known.labels["99"] == "Not applicable"
    ticks = [(c.option, c.option_text) for c in export.described if c.question == "q2"]
    assert ticks == [("1", "Basic, 40 hours"), ("2", "Advanced"), ("3", "None")]
    assert export.codes_are_ours
    assert {c.role for c in export.described} == {
        "answer",
        "respondent",
        "submitted",
        "status",
        "technical",
    }


@pytest.mark.parametrize("labels", [False, True], ids=["raw", "labels"])
def test_ticks_states_and_times_read_alike_from_codes_and_labels(tmp_path, labels):
    export = export_of(tmp_path, exported(ENGLISH, ANSWERS, labels=labels))
    table = frame(export)
    ticks = [c.name for c in export.described if c.question == "q2"]
    assert table[ticks].to_numpy().tolist() == [[TICKED, NOT_TICKED, TICKED], ["", "", ""]]
    assert table[roles(export, "status")[0]].tolist() == ["complete", "partial"]
    assert table[roles(export, "submitted")[0]].tolist() == ["2026-05-04T10:20:31", ""]
    assert table[roles(export, "respondent")[0]].tolist() == ["1", "2"]
    assert export.left_out == {}


def test_a_raw_export_without_its_dictionary_keeps_codes_but_does_not_call_them_ours(tmp_path):
    export = export_of(tmp_path, exported(ENGLISH, ANSWERS), book="")
    assert column(export, "d1frequency_t01").question == "d1frequency_t01"
    assert column(export, "q2___3").option == "3"
    assert column(export, "domainshare_sum_all").role == "technical"
    assert not export.codes_are_ours
    assert frame(export)["d1frequency_t02"].tolist() == ["99", ""]


def test_a_label_export_without_its_dictionary_says_only_what_stands_there(tmp_path):
    export = export_of(tmp_path, exported(ENGLISH, ANSWERS, labels=True), book="")
    twice = [c for c in export.described if c.question_text == NASTY["T01"]]
    assert len(twice) == 3
    assert {c.question for c in export.described} == {""}
    assert all(c.name.startswith(f"{NASTY['T01']} (column ") for c in twice)
    (tick,) = [c for c in export.described if c.option_text == "Basic, 40 hours"]
    assert tick.question_text == "Which trainings did you finish?"


def test_labels_that_could_belong_to_two_fields_are_not_assigned(tmp_path):
    text = exported(ENGLISH, ANSWERS, labels=True)
    rows = list(csv.reader(io.StringIO(text, newline="")))
    second = [n for n, h in enumerate(rows[0]) if h == NASTY["T02"]][1]
    others = {h for h in rows[0] if rows[0].count(h) > 1 or h.startswith("Please choose")}
    kept = [n for n, h in enumerate(rows[0]) if h not in others or n == second]
    table = io.StringIO(newline="")
    csv.writer(table).writerows([[row[n] for n in kept] for row in rows])
    export = export_of(tmp_path, table.getvalue())
    (open_column,) = [c for c in export.described if c.question_text == NASTY["T02"]]
    assert open_column.question == ""
    assert column(export, "Years in practice").question == "q3"
    whole = export_of(tmp_path, text)
    assert [c.question for c in whole.described if c.row_text == plain_text(NASTY["T02"])] == [
        "d1frequency_t02",
        "d1importance_t02",
    ]


def test_ticks_written_as_the_words_of_the_option_or_quoted_in_old_headers_are_read(tmp_path):
    text = exported(ENGLISH, ANSWERS, labels=True)
    old = text.replace("(choice=Advanced)", "(choice='Advanced')")
    export = export_of(tmp_path, old)
    assert {c.option for c in export.described if c.question == "q2"} == {"1", "2", "3"}
    raw = exported(ENGLISH, ANSWERS).splitlines()
    at = raw[0].split(",").index("q2___2")
    table = [raw[0].split(","), [""] * len(raw[0].split(","))]
    table[1][0], table[1][at], table[1][-1] = "7", "Advanced", "2"
    words = frame(export_of(tmp_path, "\n".join(map(",".join, table))))
    assert words[["q2___1", "q2___2"]].to_numpy().tolist() == [["", TICKED]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_exports_saved_again_by_a_spreadsheet_program_read_alike(tmp_path, encoding, separator):
    rows = list(csv.reader(io.StringIO(exported(ENGLISH, ANSWERS), newline="")))
    table = io.StringIO(newline="")
    csv.writer(table, delimiter=separator).writerows(rows)
    export = export_of(tmp_path, table.getvalue(), encoding=encoding)
    expected = frame(export_of(tmp_path, exported(ENGLISH, ANSWERS), name="first.csv"))
    assert frame(export).equals(expected)


def test_an_export_as_workbook_reads_like_the_text(tmp_path):
    rows = list(csv.reader(io.StringIO(exported(ENGLISH, ANSWERS), newline="")))
    book = Workbook()
    for row in rows:
        book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
    book.save(tmp_path / "export.xlsx")
    codebook = saved(tmp_path, ENGLISH, "dictionary.csv")
    file = open_file(tmp_path / "export.xlsx", codebook=codebook)
    assert PLATFORM.recognise(file)
    text = frame(export_of(tmp_path, exported(ENGLISH, ANSWERS)))
    assert frame(PLATFORM.read(file)).equals(text)


def test_either_flavour_of_the_dictionary_says_the_same(tmp_path):
    lines = ENGLISH.split("\r\n", 1)
    interface = ",".join(INTERFACE_HEADERS) + "\n" + lines[1]
    first = read_dictionary(saved(tmp_path, ENGLISH, "a.csv"))
    assert read_dictionary(saved(tmp_path, "\ufeff" + interface, "b.csv")) == first


texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('<>&;[]{}|,"$\n'), min_size=1
).filter(lambda text: any(letter.isalnum() for letter in text))


@settings(max_examples=60, deadline=None)
@given(statements=st.lists(texts, min_size=2, max_size=4), label=texts)
def test_whatever_a_statement_holds_comes_back_from_dictionary_and_label_export(
    tmp_path_factory, statements, label
):
    rows = tuple(Row(f"T{n}", {"en": text}) for n, text in enumerate(statements))
    options = (Option(1, {"en": label}), Option(2, {"en": "second"}))
    words = {"en": "How often?"}
    grids = tuple(
        Question(code, "grid", words, "rating", options=options, rows=rows) for code in ("a1", "b1")
    )
    form = Instrument("s", 1, "", ("en",), words, (Page("p", words, grids),))
    text = PLATFORM.write(form)["s-survey-1-redcap-en.csv"].decode()
    assert faults(text) == []
    answers = [{"record_id": "1", "a1_t0": "1", "complete": "2"}]
    folder = tmp_path_factory.mktemp("law")
    raw = export_of(folder, exported(text, answers), book=text)
    found = {c.question: c for c in raw.described if c.role == "answer"}
    for code in ("a1", "b1"):
        for row in rows:
            known = found[f"{code}_{row.code.lower()}"]
            shown = " ".join(unicodedata.normalize("NFKC", row.words["en"]).split())
            assert (known.row_text, known.question_text) == (shown, "How often?")
            assert known.labels["1"] == " ".join(unicodedata.normalize("NFKC", label).split())


# Real exports of REDCap


@pytest.mark.parametrize("name", ["checkboxes", "simple", "survey", "labels"])
@pytest.mark.parametrize("book", [False, True], ids=["without", "with dictionary"])
def test_real_exports_are_recognised_and_every_column_is_described(name, book):
    file = sample(name, book=book)
    assert PLATFORM.recognise(file)
    export = PLATFORM.read(file)
    assert [column.name for column in export.described] == list(export.columns)
    assert len(frame(export)) == sum(1 for _ in file.rows()) - 1
    answers = [c for c in export.described if c.role == "answer"]
    assert all(c.question for c in answers) or name == "labels"
    assert all(c.question_text for c in answers) or (name != "labels" and not book)


def test_personal_data_are_known_by_mark_by_validation_and_by_name():
    for book in (True, False):
        export = PLATFORM.read(sample("simple", book=book))
        personal = ["name_first", "name_last", "address", "telephone", "email", "dob"]
        assert roles(export, "personal") == personal
    export = PLATFORM.read(sample("survey"))
    assert roles(export, "contact") == ["redcap_survey_identifier"]
    assert "dob" in roles(export, "personal")


def test_a_real_label_export_leads_to_the_same_fields_as_a_raw_one():
    labels, raw = PLATFORM.read(sample("labels")), PLATFORM.read(sample("simple"))
    known = [(c.question, c.option, c.question_text) for c in labels.described]
    assert known[22:23] == [("ethnicity", "", "Ethnicity")]
    assert set(known) - {(c.question, c.option, c.question_text) for c in raw.described} == {
        ("", "", "Are interpreter services requested?")  # the dictionary is older than this field
    }
    table = frame(labels)
    assert table["Race (Select all that apply) (choice=Asian)"].tolist() == [NOT_TICKED, TICKED]
    assert roles(labels, "status") == ["Complete? (column 25)"]
    assert table["Complete? (column 25)"].tolist() == ["partial", "complete"]


def test_personal_labels_are_known_without_the_dictionary():
    personal = roles(PLATFORM.read(sample("labels", book=False)), "personal")
    assert personal[:3] == ["First Name", "Last Name", "Street, City, State, ZIP"]
    assert personal[3:] == ["Phone number", "E-mail", "Date of birth"]


def test_what_nobody_typed_is_technical_and_codes_have_their_words():
    export = PLATFORM.read(sample("simple"))
    assert {"bmi", "mugshot"} < set(roles(export, "technical"))
    assert column(export, "sex").labels == {"0": "Female", "1": "Male"}
    assert column(export, "race___2").option_text == "Asian"
    yes_no = column(PLATFORM.read(sample("survey")), "pmq3")
    assert yes_no.labels == {"1": "Yes", "0": "No"}


def test_zeros_of_a_question_without_a_tick_are_unknown_as_those_of_an_unopened_form_are():
    table = frame(PLATFORM.read(sample("checkboxes")))
    one = [f"check_one___{n}" for n in range(1, 5)]
    two = [f"check_two___{letter}" for letter in "abcde"]
    assert table.loc[2, one].tolist() == [TICKED, *[NOT_TICKED] * 3]
    assert table.loc[3, one].tolist() == [""] * 4
    assert table.loc[3, two].tolist() == ["0", "1", "0", "1", "0"]
    assert table.loc[5, [*one, *two]].tolist() == [""] * 9


def test_a_respondent_is_complete_when_all_surveys_are_and_unfinished_surveys_have_no_time():
    export = PLATFORM.read(sample("survey"))
    table = frame(export)
    assert roles(export, "status") == ["participant_morale_questionnaire_complete"]
    assert roles(export, "submitted") == ["participant_morale_questionnaire_timestamp"]
    assert table["participant_morale_questionnaire_complete"].tolist() == ["partial", "partial"]
    assert table["participant_morale_questionnaire_timestamp"].tolist() == ["", ""]
    assert table["prescreening_survey_timestamp"].iloc[0] == "2018-03-06T15:52:43"


EVENTS = (
    "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,a,b,s_complete\n"
    "1,baseline_arm_1,,,3,,\n1,survey_arm_1,,,,4,2\n2,baseline_arm_1,,,1,,\n"
)


def test_events_of_a_record_are_joined_into_one_row_and_counted(tmp_path):
    export = export_of(tmp_path, EVENTS, book="")
    table = frame(export)
    assert table.index.tolist() == [2, 4]
    assert table[["record_id", "a", "b", "s_complete"]].to_numpy().tolist() == [
        ["1", "3", "4", "complete"],
        ["2", "1", "", "partial"],
    ]
    assert export.left_out == {"joined with another row of the same record": 1}


def test_a_question_answered_in_two_events_is_refused_with_the_rows(tmp_path):
    content = EVENTS.replace("1,survey_arm_1,,,,4,2", "1,survey_arm_1,,,5,4,2")
    message = refusal(lambda: export_of(tmp_path, content, book=""))
    assert message.startswith("export.csv, row 2 and row 3: found record “1” with two answers")
    repeated = DATA / "repeating" / "data.csv"
    assert "record “1” with two answers" in refusal(lambda: PLATFORM.read(open_file(repeated)))


# Damage and look-alikes


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("record_id,a,s_complete\n", "a header row without answers"),
        ("record_id,a,s_complete\nrecord_id,a,s_complete\n1,2,2\n", "the header row twice"),
        ("record_id,a,a,s_complete\n1,2,3,2\n", "more than one column “a”"),
        ("record,field_name,value\n1,a,3\n", "a row for every single value"),
        (ENGLISH, "a data dictionary"),
        ('record_id,a,s_complete\n1,"2', "a quotation mark that is not closed"),
        ("record_id,a,s_complete\n1,2,2,9\n", "1 rows with more cells"),
    ],
)
def test_damaged_exports_are_refused_with_the_reason(tmp_path, content, found):
    message = refusal(lambda: frame(export_of(tmp_path, content, book="")))
    assert f"found {found}" in message


def test_a_dictionary_of_another_project_or_none_at_all_is_refused(tmp_path):
    other = (DATA / "simple" / "dictionary.csv").read_text()
    export = exported(ENGLISH, ANSWERS)
    assert "that the dictionary dictionary.csv does not describe" in refusal(
        lambda: export_of(tmp_path, export, book=other)
    )
    message = refusal(lambda: export_of(tmp_path, export, book="a,b\n1,2\n"))
    assert "without the columns of a REDCap data dictionary" in message
    twice = ENGLISH + ENGLISH.split("\r\n")[1] + "\r\n"
    assert "a field twice" in refusal(lambda: export_of(tmp_path, export, book=twice))


@pytest.mark.parametrize(
    "content",
    [
        "respondent,T01_importance\nA,4\n",
        "respondent,t01_importance,survey_complete\nA,4,2\n",
        "id,a,b\n1,2,3\n",
        "id,task_complete\n1,yes\n",
        "Record ID,Complete? (choice),Task\n1,2,3\n",
        "SubmissionDate,meta-instanceID,q1,KEY\n2018-01-01,x,1,x\n",
        "_id,_uuid,_submission_time,q1\n1,2,3,4\n",
        "id,submitdate,D1frequency[T01]\n1,2026-01-01,2\n",
        "Timestamp,How often? [Assess risk]\n2026,Daily\n",
    ],
)
def test_look_alikes_are_not_recognised(tmp_path, content):
    assert not PLATFORM.recognise(open_file(saved(tmp_path, content)))


def test_a_report_without_redcaps_own_columns_is_recognised_by_its_dictionary(tmp_path):
    path = saved(tmp_path, "record_id,q1\n1,2\n2,2\n")
    codebook = saved(tmp_path, ENGLISH, "dictionary.csv")
    assert not PLATFORM.recognise(open_file(path))
    assert PLATFORM.recognise(open_file(path, codebook=codebook))
    labels = saved(tmp_path, "Record ID,Where do you work?\n1,Community\n", "labels.csv")
    assert PLATFORM.recognise(open_file(labels, codebook=codebook))


def test_a_codebook_of_another_platform_does_not_stop_the_recognising(tmp_path):
    path = saved(tmp_path, "id,a\n1,2\n")
    for name, content in [("a.qsf", "{}"), ("b.txt", "id\ttext\n1\tx\n"), ("c.xlsx", "PK")]:
        codebook = saved(tmp_path, content, name)
        assert not PLATFORM.recognise(open_file(path, codebook=codebook))


def test_the_record_identifier_may_have_been_removed(tmp_path):
    export = export_of(tmp_path, "q1,d1frequency_t01,practice_survey_complete\n2,1,2\n2,3,2\n")
    assert roles(export, "respondent") == []
    assert column(export, "q1").role == "answer"


def test_an_instrument_of_one_language_says_so():
    base = instrument()
    files = PLATFORM.write(replace(base, languages=("en",)))
    notes = files["example-2026-survey-1-redcap-finish-by-hand.txt"].decode()
    assert "The survey has one language" in notes
