"""SPSS: syntax and data out, .sav and .zsav in. Samples: tests/data/spss (made with pyreadstat)."""

import datetime
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rds.errors import InputError
from rds.ratings.matching import match
from rds.survey.asked import asked_by
from rds.survey.instrument import Option, Page, Row
from rds.survey.platforms import spss
from rds.survey.platforms.opening import open_file
from rds.survey.platforms.spss_names import LONGEST_LABEL, column_name, joined_label, wrong_names
from rds.survey.platforms.spss_write import variables
from rds.survey.platforms.words import comparable
from tests.survey import examples
from tests.survey.platforms.spss_files import (
    by_name,
    cells,
    opened,
    read_sav,
    roles,
    run_pspp,
    seen_by_haven,
)

SAMPLES = Path(__file__).parents[2] / "data" / "spss"
DAY = datetime.date(2026, 5, 4)
SCALE = {1: "Low", 2: "Moderate", 3: "High"}


# Reading the samples


@pytest.mark.parametrize("name", ["gen.sav", "gen.zsav"])
def test_every_column_of_the_samples_is_described(name):
    file = open_file(SAMPLES / name)
    assert spss.recognise(file)
    export = spss.read(file)
    assert roles(export) == {"resp_id": "respondent", "weight": "technical"}
    columns = by_name(export)
    asked = columns["D1_imp_T01"]
    assert asked.question_text == "How important? - Assess risk"
    assert asked.labels == {"1": "Low", "2": "Moderate", "3": "High"}
    assert columns["role"].labels == {"1": "Analyst", "2": "Manager"}
    option = columns["cert_C2"]
    assert (option.question, option.option) == ("cert", "C2")
    assert (option.question_text, option.option_text) == ("Certifications", "PMP")
    assert columns["missing_tasks"].question_text == "Tasks missing?"
    assert export.left_out == {}


def test_declared_missing_99_is_kept_and_apart_from_the_missing_value_of_the_system():
    found = cells(spss.read(open_file(SAMPLES / "gen.sav")))
    assert found["D1_freq_T01"] == ["3", "99", ""]
    assert found["D1_imp_T01"] == ["2", "1", ""]  # 98 is labelled “Seen, not answered”
    assert found["cert_C1"] == ["1", "0", "1"]
    assert found["missing_tasks"] == ["Prüfung – ü", "", ""]


# What a file says


def test_cases_are_numbered_as_spss_shows_them(tmp_path):
    export = read_sav(tmp_path, {"id": ["a", "b"], "Q1": [1.0, 2.0]})
    assert list(next(export.blocks()).index) == [1, 2]


def test_missing_values_become_what_their_labels_say(tmp_path):
    words = {1: "Low", 97: "Not asked", 98: "No answer", 99: "Not part of my role", 96: "Refused"}
    export = read_sav(
        tmp_path,
        {"T01": [1.0, 97, 98, 99, 96, np.nan]},
        variable_value_labels={"T01": words},
        missing_ranges={"T01": [{"lo": 96, "hi": 99}]},
    )
    assert cells(export)["T01"] == ["1", "-3", "", "99", "96", ""]
    assert by_name(export)["T01"].labels == {"1": "Low", "96": "Refused"}


def test_an_answer_that_is_not_applicable_keeps_its_code_when_it_is_an_ordinary_point(tmp_path):
    words = {1: "Low", 5: "N/A"}
    export = read_sav(tmp_path, {"T01": [1.0, 5]}, variable_value_labels={"T01": words})
    assert cells(export)["T01"] == ["1", "5"]
    assert by_name(export)["T01"].labels == {"1": "Low", "5": "N/A"}


def test_question_and_row_are_told_apart_by_what_the_labels_of_a_grid_share(tmp_path):
    labels = {
        "D1_T01": "Rate - now: how often? - Ask - openly",
        "D1_T02": "Rate - now: how often? - Plan",
        "D1_T03": "Rate - now: how often? - Ask - again",
        "age": "Years - all together",
    }
    columns = by_name(read_sav(tmp_path, {name: [1.0] for name in labels}, column_labels=labels))
    assert {c.question_text for n, c in columns.items() if n != "age"} == {"Rate - now: how often?"}
    assert columns["D1_T01"].row_text == "Ask - openly"
    assert (columns["D1_T03"].question, columns["D1_T03"].row) == ("D1", "T03")
    assert (columns["age"].question, columns["age"].row_text) == ("age", "")
    assert columns["age"].question_text == "Years - all together"


def test_a_label_that_the_file_cut_says_so(tmp_path):
    labels = {"T01": "x" * 256, "T02": "x" * 100}
    columns = by_name(read_sav(tmp_path, {name: [1.0] for name in labels}, column_labels=labels))
    assert columns["T01"].question_text.endswith("…")
    assert not columns["T02"].question_text.endswith("…")


def test_value_labels_that_were_cut_say_nothing(tmp_path):
    content = spss.write_sav(
        pd.DataFrame({"T01": [1.0, 99.0]}),
        value_labels={"T01": {1: "very " * 40, 99: "Not applicable"}},
        missing={"T01": [99]},
        date=DAY,
    )
    export = spss.read(opened(tmp_path, content))
    assert by_name(export)["T01"].labels == {}
    assert cells(export)["T01"] == ["1", "99"]


def test_dates_become_iso_text(tmp_path):
    moment = pd.Timestamp("2026-05-04 10:20:31")
    export = read_sav(
        tmp_path,
        {"StartDate": [moment, pd.NaT], "EndDate": [moment, moment], "T01": [1.0, 2.0]},
    )
    assert roles(export) == {"StartDate": "started", "EndDate": "submitted"}
    assert cells(export)["StartDate"] == ["2026-05-04T10:20:31", ""]


def test_a_file_saved_by_qualtrics_is_read_without_previews(tmp_path):
    columns = {
        "StartDate": [pd.Timestamp("2026-05-04 10:20:31")] * 3,
        "Status": [0.0, 1.0, 0.0],
        "IPAddress": ["192.0.2.1"] * 3,
        "Progress": [100.0, 100, 40],
        "Duration__in_seconds_": [600.0, 2, 30],
        "Finished": [1.0, 1, 0],
        "ResponseId": ["R_1", "R_2", "R_3"],
        "RecipientEmail": ["a@example.org", "", ""],
        "LocationLatitude": ["1", "2", "3"],
        "DistributionChannel": ["anonymous", "preview", "anonymous"],
        "UserLanguage": ["EN"] * 3,
        "D1importance_1": [1.0, 2, np.nan],
        "D1importance_2": [3.0, 2, np.nan],
        "Q2_1": [1.0, 1, np.nan],
        "Q2_2": [np.nan, 1, np.nan],
        "Q1": [3.0, 1, 1],
        "Q1_3_TEXT": ["at home", "", ""],
        "D1importance_DO_1": [1.0, 2, 1],
    }
    labels = {
        "D1importance_1": "How important? - Assess risk",
        "D1importance_2": "How important? - Plan goals",
        "Q2_1": "Which trainings? - Selected Choice - Basic",
        "Q2_2": "Which trainings? - Selected Choice - Advanced",
        "Q1": "Where do you work? - Selected Choice",
        "Q1_3_TEXT": "Where do you work? - Other - Text",
    }
    words = {
        "Status": {0: "IP Address", 1: "Survey Preview"},
        "Finished": {0: "False", 1: "True"},
        "D1importance_1": SCALE,
        "D1importance_2": SCALE,
        "Q2_1": {1: "Basic"},
        "Q2_2": {1: "Advanced"},
        "Q1": {1: "Community", 3: "Other"},
    }
    export = read_sav(tmp_path, columns, column_labels=labels, variable_value_labels=words)
    assert export.left_out == {"survey preview": 1}
    assert not export.codes_are_ours
    assert roles(export) == {
        "StartDate": "started",
        "Status": "technical",
        "IPAddress": "personal",
        "Progress": "technical",
        "Duration__in_seconds_": "seconds",
        "Finished": "status",
        "ResponseId": "respondent",
        "RecipientEmail": "contact",
        "LocationLatitude": "personal",
        "DistributionChannel": "technical",
        "UserLanguage": "language",
        "D1importance_DO_1": "technical",
    }
    found = cells(export)
    assert found["Finished"] == ["complete", "partial"]
    assert (found["Q2_1"], found["Q2_2"]) == (["1", ""], ["0", ""])
    known = by_name(export)
    row = known["D1importance_2"]
    assert (row.question, row.row, row.position) == ("D1importance", "", 2)
    assert (row.question_text, row.row_text) == ("How important?", "Plan goals")
    assert (known["Q2_2"].question_text, known["Q2_2"].option_text) == (
        "Which trainings?",
        "Advanced",
    )
    other = known["Q1_3_TEXT"]
    assert other.is_open_text
    assert (other.question, other.question_text) == ("Q1", "Where do you work?")
    assert known["Q1"].question_text == "Where do you work?"


def test_previews_count_in_a_dress_rehearsal(tmp_path):
    path = tmp_path / "answers.sav"
    columns = {"ResponseId": ["a"], "Finished": [1.0], "Progress": [100.0], "Status": [1.0]}
    pyreadstat.write_sav(pd.DataFrame(columns | {"T01": [1.0]}), path)
    file = open_file(path)
    assert cells(spss.read(file))["T01"] == []
    assert cells(spss.read(replace(file, with_tests=True)))["T01"] == ["1"]


def test_personal_data_are_known_by_name_label_and_content(tmp_path):
    columns = {
        "v1": ["someone@example.org", "other@example.org"],
        "v2": ["Ada", "Bo"],
        "first_name": ["Ada", "Bo"],
        "T01": ["I write to name@example.org", "Peers"],
    }
    export = read_sav(tmp_path, columns, column_labels={"v2": "Last name"})
    assert roles(export) == dict.fromkeys(("v1", "v2", "first_name"), "personal")


def test_a_long_table_is_read_as_one(tmp_path):
    table = {"respondent": ["a"], "statement": ["T01"], "scale": ["importance"], "rating": [4.0]}
    export = read_sav(tmp_path, table)
    assert (export.layout, export.platform, export.described) == ("long", "spss", ())
    assert cells(export)["rating"] == ["4"]


def test_names_as_a_plain_table_has_them_are_known_without_labels(tmp_path):
    names = ["T01_importance", "T02_importance", "T01_frequency", "Q1"]
    export = read_sav(tmp_path, {"respondent": ["a"]} | {name: [1.0] for name in names})
    matches = match(export, asked_by(examples.instrument()), column_name=column_name)
    assert {name: one.meaning for name, one in matches.found.items()} == {n: n for n in names}
    assert export.codes_are_ours


def test_labels_of_another_survey_tool_map_by_their_words(tmp_path):
    question = "Frequency: how would you rate each task?"
    labels = {f"q0003_000{n}": f"{question} - {t}" for n, t in enumerate(examples.NASTY.values())}
    export = read_sav(tmp_path, {name: [1.0] for name in labels}, column_labels=labels)
    matches = match(export, asked_by(examples.instrument()))
    assert [one.meaning for one in matches.found.values()] == [
        f"{name}_frequency" for name in examples.NASTY
    ]
    assert {one.rule for one in matches.found.values()} == {"text"}


def test_labels_as_limesurvey_and_redcap_write_them(tmp_path):
    labels = {
        "D1_T01": "[Plan [weekly]] How often?",
        "D1_T02": "[Ask] How often?",
        "q2___1": "Which trainings? (choice=Basic, 40 hours)",
        "q2___2": "Which trainings? (choice=Advanced)",
    }
    words = {name: {0: "Unchecked", 1: "Checked"} for name in ("q2___1", "q2___2")}
    columns = by_name(
        read_sav(
            tmp_path,
            {name: [1.0] for name in labels},
            column_labels=labels,
            variable_value_labels=words,
        )
    )
    assert columns["D1_T01"].question_text == "How often?"
    assert columns["D1_T01"].row_text == "Plan [weekly]"
    assert (columns["q2___1"].question, columns["q2___1"].option) == ("q2", "1")
    assert columns["q2___1"].option_text == "Basic, 40 hours"


def test_a_question_about_region_or_status_is_an_answer(tmp_path):
    words = {"region": {1: "North"}, "status": {1: "Employed", 2: "Self-employed"}}
    export = read_sav(tmp_path, {"region": [1.0], "status": [2.0]}, variable_value_labels=words)
    assert roles(export) == {}


def test_an_older_encoding_is_read_and_said(tmp_path):
    path = tmp_path / "old.sav"
    pyreadstat.write_sav(pd.DataFrame({"T01": ["x"]}), path, column_labels={"T01": "Xrger"})
    content = path.read_bytes().replace(b"Xrger", "Ärger".encode("cp1252"))
    export = spss.read(opened(tmp_path, content))
    assert by_name(export)["T01"].question_text == "Ärger"
    assert "Windows-1252" in export.assumed[0]


# Refused


@pytest.mark.parametrize("name", ["gen.sav", "gen.zsav"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.999])
def test_a_cut_off_file_is_refused(tmp_path, name, part):
    content = (SAMPLES / name).read_bytes()
    file = opened(tmp_path, content[: int(len(content) * part)], name)
    with pytest.raises(InputError, match="damaged or incomplete file of SPSS"):
        spss.read(file)


def test_a_file_without_cases_is_refused(tmp_path):
    with pytest.raises(InputError, match="headers only"):
        read_sav(tmp_path, {"T01": pd.Series([], dtype=float)})


def test_a_missing_library_is_named_with_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    with pytest.raises(InputError, match=r"pip install 'role-delineation\[spss\]'"):
        spss.read(open_file(SAMPLES / "gen.sav"))
    with pytest.raises(InputError, match=r"role-delineation\[spss\]"):
        spss.write_sav(pd.DataFrame({"a": [1]}), date=DAY)


@pytest.mark.parametrize(
    "content",
    [
        b"$FL2,b\n1,2\n",
        b"$FL2 is a price\n" * 20,
        b"respondent,T01_importance\nA,4\n",
        b"PAR1....PAR1",
        b"<stata_dta>",
    ],
)
def test_other_files_are_not_recognised(tmp_path, content):
    assert not spss.recognise(opened(tmp_path, content, "a.sav"))


# Names


def test_names_of_all_answers_are_names_that_spss_takes():
    names = [one.name for one in variables(examples.instrument(), "en")]
    assert wrong_names(names) == {}
    assert wrong_names(["_a", "1a", "a b", "a-b", "a[1]", "ab.", "x" * 65, "not"]).keys() == {
        *("_a", "1a", "a b", "a-b", "a[1]", "ab.", "x" * 65, "not"),
    }


@settings(deadline=None)
@given(st.text(max_size=400), st.text(max_size=400))
def test_labels_keep_to_the_length_that_spss_allows(question, row):
    label = joined_label(question, row)
    assert len(label.encode()) <= LONGEST_LABEL
    assert "\n" not in label


# Data out


def test_a_saved_table_reads_back_and_is_the_same_bytes_each_time():
    frame = pd.DataFrame({"id": ["a", "b"], "T01": [4.0, 99.0], "T02": [np.nan, 1.0]})
    more = {
        "column_labels": {"T01": "How often? - Ask", "T02": "How often? - Plan"},
        "value_labels": {"T01": {4: "Daily", 99: "Not applicable"}},
        "missing": {"T01": [99]},
        "levels": {"T01": "ordinal"},
        "title": "Study",
        "date": DAY,
    }
    content = spss.write_sav(frame, **more)
    assert content == spss.write_sav(frame, **more)
    assert b"04 May 2600:00:00Study" in content[:200]


def test_a_saved_table_has_its_labels(tmp_path):
    frame = pd.DataFrame({"T01": [4.0, 99.0, np.nan]})
    content = spss.write_sav(
        frame,
        {"T01": "How often?"},
        {"T01": {4: "Daily", 99: "Not applicable"}},
        missing={"T01": [99]},
        date=DAY,
    )
    export = spss.read(opened(tmp_path, content))
    assert cells(export)["T01"] == ["4", "99", ""]
    assert by_name(export)["T01"].labels == {"4": "Daily"}


def test_names_that_differ_in_capitals_only_are_refused():
    with pytest.raises(ValueError, match=r"“aB” differs from another name only in capitals"):
        spss.write_sav(pd.DataFrame({"Ab": [1], "aB": [2]}), date=DAY)
    with pytest.raises(ValueError, match="not in the table: T09"):
        spss.write_sav(pd.DataFrame({"T01": [1]}), {"T09": "x"}, date=DAY)


# Syntax


def test_the_files_of_a_survey():
    files = spss.write(examples.instrument())
    assert list(files) == [
        "example-2026-survey-1-spss-en.sps",
        "example-2026-survey-1-spss-de.sps",
        "example-2026-survey-1-spss-answers.csv",
        "example-2026-survey-1-spss-finish-by-hand.txt",
    ]
    assert files == spss.write(examples.instrument())
    assert b"{" not in files["example-2026-survey-1-spss-finish-by-hand.txt"]


def test_no_line_of_the_syntax_ends_a_command_inside_a_text_or_is_too_long():
    syntax = spss.write(nasty("It's 'so'.\nReally.", "x" * 700))["n-survey-1-spss-en.sps"]
    lines = syntax.decode("utf-8-sig").split("\r\n")
    assert max(len(line.encode()) for line in lines) < 250
    assert all(line.count("'") % 2 == 0 for line in lines)


def nasty(question, row):
    """Return a survey whose only grid has these words."""
    whole = examples.instrument()
    grid = whole.pages[2].questions[0]
    asked = replace(
        grid,
        words={"en": question},
        rows=tuple(Row(f"T0{n}", {"en": f"{n} {row}"}, statement=f"T0{n}") for n in (1, 2)),
        options=(Option(1, {"en": row}), Option(2, {"en": question})),
    )
    return replace(
        whole,
        study_id="n",
        languages=("en",),
        title={"en": question},
        pages=(Page("p", {"en": "Page"}, (asked,)),),
        end={},
    )


def answers_csv(instrument, rows):
    names = [one.name for one in variables(instrument, instrument.language)]
    table = pd.DataFrame(rows, columns=names)
    return table.to_csv(index=False).encode()


def row_of(instrument, respondent, number, text):
    return [
        respondent if one.name == "respondent_id" else text if one.format[0] == "A" else number
        for one in variables(instrument, instrument.language)
    ]


def run_syntax(instrument, folder, language="en"):
    """Run the syntax in PSPP over three respondents; the SPSS file it saved, opened."""
    for name, content in spss.write(instrument).items():
        (folder / name).write_bytes(content)
    stem = f"{instrument.name}-spss"
    rows = [
        row_of(instrument, "R1", 1, 'Peer, "lead" é'),
        row_of(instrument, "R2", 99, "=1+1"),
        row_of(instrument, "R3", -3, ""),
    ]
    (folder / f"{stem}-answers.csv").write_bytes(answers_csv(instrument, rows))
    run_pspp(folder, f"INSERT FILE='{stem}-{language}.sps' ENCODING='UTF8'.")
    return folder / f"{stem}-{language}.sav"


@pytest.mark.pspp
@pytest.mark.parametrize("language", ["en", "de"])
def test_pspp_runs_the_syntax_and_the_saved_file_maps_completely(tmp_path, language):
    instrument = examples.instrument()
    path = run_syntax(instrument, tmp_path, language)
    export = spss.read(open_file(path))
    columns = by_name(export)
    questions = {question.code: question for question in instrument.questions}
    asked = [one for one in asked_by(instrument) if column_name(*codes(one)) in columns]
    assert len(asked) >= len(columns) - 1
    for one in asked:
        column, question = columns[column_name(*codes(one))], questions[one.question]
        assert comparable(column.question_text) == comparable(question.words[language])
        rows = {row.code: row.words[language] for row in question.rows}
        assert comparable(column.row_text) == comparable(rows.get(one.row, ""))
        assert (column.question, column.row) == (one.question, one.row)
    matches = match(export, asked_by(instrument), column_name=column_name)
    assert matches.contradicted == {}
    assert set(matches.found) == set(columns) - {"respondent_id"}
    found = cells(export)
    assert found["D1frequency_T03"] == ["1", "99", "-3"]
    assert found["missing"] == ['Peer, "lead" é', "=1+1", ""]
    assert found["Q2_1"] == ["1", "0", "-3"]
    grid = columns["D1frequency_T01"]
    words = {str(o.code): o.words[language] for o in questions["D1frequency"].options}
    assert grid.labels.items() <= words.items()
    assert set(words) - set(grid.labels) <= {"99"}


def codes(asked):
    return asked.question, asked.row, asked.position, asked.option


@pytest.mark.pspp
def test_pspp_sees_labels_missing_values_levels_and_sets(tmp_path):
    path = run_syntax(examples.instrument(), tmp_path)
    _, meta = pyreadstat.read_sav(path, user_missing=True)
    assert meta.mr_sets["Q2"]["variable_list"] == ["Q2_1", "Q2_2", "Q2_3"]
    assert meta.mr_sets["Q2"]["counted_value"] == 1
    assert {one["lo"] for one in meta.missing_ranges["D1frequency_T01"]} == {99, -3}
    assert meta.variable_measure["D1frequency_T01"] == "ordinal"
    assert meta.variable_measure["Q3"] == "scale"
    assert meta.file_label == "Survey of peer support practice"
    printed = run_pspp(tmp_path, f"GET FILE='{path.name}'.\nFREQUENCIES D1frequency_T01.")
    assert "Valid,Yearly,1" in printed
    assert "Missing,Not shown,1" in printed


@pytest.mark.pspp
def test_nasty_words_survive_syntax_and_pspp(tmp_path):
    texts = [*examples.NASTY.values(), "It's 'so' $x /y.", "* a comment.", "a" * 300, "é" * 200]
    for number, text in enumerate(texts):
        folder = tmp_path / str(number)
        folder.mkdir()
        instrument = nasty(f"How often - {text}?"[:150], text)
        columns = by_name(spss.read(open_file(run_syntax(instrument, folder))))
        for row in instrument.pages[0].questions[0].rows:
            found = columns[f"D1frequency_{row.code}"]
            assert comparable(found.row_text.rstrip("…")) in comparable(row.words["en"])
            if len(row.words["en"].encode()) < 100:
                assert comparable(found.row_text) == comparable(row.words["en"])


@pytest.mark.pspp
@settings(max_examples=8, deadline=None)
@given(st.data())
def test_any_words_survive_syntax_and_pspp(tmp_path_factory, data):
    printable = st.characters(exclude_categories=["C", "Z"], include_characters=" '\"/.-*$")
    text = st.text(printable, min_size=1, max_size=40).filter(str.strip)
    rows = data.draw(st.lists(text, min_size=2, max_size=2))
    base = nasty("How often?", "row")
    grid = base.pages[0].questions[0]
    asked = replace(
        grid,
        rows=tuple(Row(f"T0{n}", {"en": r}, statement=f"T0{n}") for n, r in enumerate(rows)),
        options=(Option(1, {"en": rows[0]}), Option(2, {"en": "b"})),
    )
    instrument = replace(base, pages=(replace(base.pages[0], questions=(asked,)),))
    path = run_syntax(instrument, tmp_path_factory.mktemp("pspp"))
    _, meta = pyreadstat.read_sav(path, user_missing=True)
    for row in asked.rows:
        label = meta.column_names_to_labels[f"D1frequency_{row.code}"]
        assert label == joined_label("How often?", row.words["en"]).strip()
    assert meta.variable_value_labels["D1frequency_T00"][1] == " ".join(rows[0].split())


@pytest.mark.pspp
def test_pspp_opens_a_table_that_rds_saved(tmp_path):
    frame = pd.DataFrame({"id": ["é", "b"], "T01": [4.0, 99.0]})
    content = spss.write_sav(
        frame,
        {"T01": "Wie oft? – “täglich”"},
        {"T01": {4: "Täglich", 99: "Entfällt"}},
        missing={"T01": [99]},
        levels={"T01": "ordinal"},
        title="Prüfung",
        date=DAY,
    )
    (tmp_path / "data.sav").write_bytes(content)
    printed = run_pspp(tmp_path, "GET FILE='data.sav'.\nDISPLAY DICTIONARY.\nFREQUENCIES T01.")
    assert "T01,2,Wie oft? – “täglich”,Ordinal" in printed
    assert "Valid,Täglich,1" in printed
    assert "Missing,Entfällt,1" in printed


@pytest.mark.pspp
def test_sets_that_list_the_chosen_options_become_a_column_for_each_option(tmp_path):
    frame = pd.DataFrame(
        {"id": ["a", "b", "c"], "m_1": [1.0, 2, np.nan], "m_2": [3.0, np.nan, np.nan]}
    )
    words = {1: "Basic", 2: "Advanced", 3: "None"}
    (tmp_path / "in.sav").write_bytes(
        spss.write_sav(frame, value_labels={"m_1": words, "m_2": words}, date=DAY)
    )
    run_pspp(
        tmp_path,
        "GET FILE='in.sav'.\n"
        "MRSETS /MCGROUP NAME=$m LABEL='Which trainings?' VARIABLES=m_1 m_2.\n"
        "SAVE OUTFILE='out.sav'.",
    )
    export = spss.read(open_file(tmp_path / "out.sav"))
    assert export.columns == ("id", "m_1", "m_2", "m_3")
    assert cells(export)["m_1"] == ["1", "0", ""]
    assert cells(export)["m_3"] == ["1", "0", ""]
    option = by_name(export)["m_3"]
    assert (option.question_text, option.option_text) == ("Which trainings?", "None")


@pytest.mark.haven
def test_haven_sees_the_same_labels_and_missing_values(tmp_path):
    path = tmp_path / "data.sav"
    path.write_bytes(
        spss.write_sav(
            pd.DataFrame({"T01": [4.0, 99.0]}),
            {"T01": "Wie oft? – “täglich”"},
            {"T01": {4: "Täglich", 99: "Entfällt"}},
            missing={"T01": [99]},
            date=DAY,
        )
    )
    label, words, missing, values = seen_by_haven(path)["T01"]
    assert label == "Wie oft? – “täglich”"
    assert words == "4 Täglich|99 Entfällt"
    assert missing == "99"
    assert values.replace(" ", "") == "4|99"
