"""The survey for Qualtrics obeys the Advanced Format, and what it asks comes back from an export.

No Qualtrics can be run here: the format is checked by a strict reader of our own, written from the
grammar in the specification, and exports are imitated as real ones are written.
"""

import csv
import html
import io
import json
import re
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rds.survey.export import NOT_TICKED, TICKED
from rds.survey.instrument import Instrument, Page, Question, Row
from rds.survey.platforms.opening import open_file
from rds.survey.platforms.qualtrics import PLATFORM, column_name
from rds.survey.platforms.words import comparable, plain_text
from tests.survey.examples import NASTY, instrument

TYPES = {
    "DB",
    "MC:SingleAnswer:Vertical",
    "MC:MultipleAnswer:Vertical",
    "Matrix",
    "TE:SingleLine",
    "TE:Essay",
    "CS",
}
LISTS = {"[[AdvancedChoices]]": "Choice", "[[AdvancedAnswers]]": "Answer"}
TAG = re.compile(r"\[\[[^\[\]]+\]\]")
META = [
    ("StartDate", "Start Date", {"ImportId": "startDate"}, "2026-05-04 10:20:31"),
    ("Status", "Response Type", {"ImportId": "status"}, "0"),
    ("Finished", "Finished", {"ImportId": "finished"}, "1"),
    ("ResponseId", "Response ID", {"ImportId": "_recordId"}, "R_2YPOQ602ER1jkf1"),
]


def lint(text):
    """Return the questions of an Advanced Format text; fail where it breaks the grammar."""
    assert "\r" not in text
    assert "\ufeff" not in text
    elements = text.rstrip("\n").split("\n\n")
    assert elements.pop(0) == "[[AdvancedFormat]]"
    while elements[0].startswith("[[ED:"):
        assert re.fullmatch(r"\[\[ED:\w+:[^\[\]:\n]+\]\]", elements.pop(0))
    assert elements[0].startswith("[[Block:")
    questions = []
    for element in elements:
        first, *lines = element.split("\n")
        if first.startswith("[[Block:"):
            assert re.fullmatch(r"\[\[Block:[^\[\]:]+\]\]", first)
            assert not lines
        elif first in LISTS:
            assert first not in questions[-1]
            questions[-1][first] = entries(lines, LISTS[first])
        else:
            questions.append(question(first, lines))
    for found in questions:
        check(found)
    tags = [found["tag"].casefold() for found in questions]
    assert len(tags) == len(set(tags))
    return questions


def question(first, lines):
    """Return a question from its type, its export tag and its text."""
    kind = re.fullmatch(r"\[\[Question:([\w:]+)\]\]", first)
    tag = re.fullmatch(r"\[\[ID:([A-Za-z][A-Za-z0-9]{0,14})\]\]", lines[0])
    assert kind[1] in TYPES
    (text,) = lines[1:]
    assert_shown(text)
    return {"kind": kind[1], "tag": tag[1], "text": text}


def entries(lines, what):
    """Return texts by recode value."""
    found = {}
    for tag, text in zip(lines[::2], lines[1::2], strict=True):
        code = re.fullmatch(rf"\[\[{what}:(\d+)\]\]", tag)[1]
        assert code not in found
        assert_shown(text)
        found[code] = text
    return found


def assert_shown(text):
    """Fail if a text would be taken for a tag, for HTML, or for a piped text."""
    assert text.strip() == text != ""
    assert not TAG.search(text)
    assert "[[" not in text
    assert "]]" not in text
    assert "${" not in text
    assert set(re.findall(r"<[^>]*>?", text)) <= {"<br>"}
    assert not re.search(r"&(?!amp;|lt;|gt;|#36;|#91;|#93;)", text)


def check(found):
    """Fail if a question has not the lists that its type needs."""
    lists = {name for name in LISTS if name in found}
    wanted = {"Matrix": set(LISTS), "CS": {"[[AdvancedChoices]]"}}
    choice = {"[[AdvancedChoices]]"} if found["kind"].startswith("MC") else set()
    assert lists == wanted.get(found["kind"], choice)
    if found["kind"] in ("Matrix", "CS"):
        positions = list(found["[[AdvancedChoices]]"])
        assert positions == [str(number) for number in range(1, len(positions) + 1)]


def shown(text):
    """Return a text as the second header row of an export has it."""
    return html.unescape(text.replace("<br>", " "))


def exported(questions, answer):
    """Return the columns of an export of these questions: name, text, identifier, cell."""
    for number, found in enumerate(questions, 1):
        tag, kind, text = found["tag"], found["kind"], shown(found["text"])
        choices = found.get("[[AdvancedChoices]]", {})
        answers = found.get("[[AdvancedAnswers]]", choices)
        asked = {"ImportId": f"QID{number}"}
        if kind in ("Matrix", "CS"):
            for row, words in choices.items():
                one = {"ImportId": f"QID{number}_{row}"}
                cell = answer(answers if kind == "Matrix" else {"50": "50"})
                yield f"{tag}_{row}", f"{text} - {shown(words)}", one, cell
        elif kind.startswith("MC:Multiple"):
            for place, (code, words) in enumerate(choices.items(), 1):
                one = asked | {"choiceId": str(place)}
                cell = answer({"1": words} if place == 1 else {"": ""})
                yield f"{tag}_{code}", f"{text} - {shown(words)}", one, cell
        elif kind.startswith("MC"):
            yield tag, text, asked, answer(answers)
        elif kind != "DB":
            yield tag, text, {"ImportId": f"QID{number}_TEXT"}, "7"


def survey_of(questions):
    """Return the survey file that Qualtrics would make of these questions."""
    elements = []
    for number, found in enumerate(questions, 1):
        kind, _, sub = found["kind"].partition(":")
        payload = {
            "QuestionID": f"QID{number}",
            "DataExportTag": found["tag"],
            "QuestionType": kind,
            "Selector": {"Matrix": "Likert", "MC": "MAVR" if "Multiple" in sub else "SAVR"}.get(
                kind, "SL"
            ),
            "QuestionText": found["text"],
        }
        for name, what in (("[[AdvancedChoices]]", "Choice"), ("[[AdvancedAnswers]]", "Answer")):
            if name in found:
                listed = list(enumerate(found[name].items(), 1))
                payload[f"{what}s"] = {str(n): {"Display": words} for n, (_, words) in listed}
                payload[f"{what}Order"] = [n for n, _ in listed]
                payload["RecodeValues"] = {str(n): code for n, (code, _) in listed}
        elements.append({"Element": "SQ", "PrimaryAttribute": f"QID{number}", "Payload": payload})
    return {"SurveyElements": elements}


def read_back(folder, questions, *, words=False, codebook=False):
    """Return the export that a reader makes of an imitated export, numbers or words."""
    columns = [*META, *exported(questions, lambda known: list(known.items())[-1][int(words)])]
    rows = [
        [column[0] for column in columns],
        [column[1] for column in columns],
        [json.dumps(column[2]) for column in columns],
        [shown(column[3]) for column in columns],
    ]
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    folder.joinpath("export.csv").write_bytes(text.getvalue().encode())
    folder.joinpath("survey.qsf").write_text(json.dumps(survey_of(questions)))
    survey = folder / "survey.qsf" if codebook else None
    file = open_file(folder / "export.csv", codebook=survey)
    assert PLATFORM.recognise(file)
    return PLATFORM.read(file)


def written(form, language="en"):
    return PLATFORM.write(form)[f"{form.name}-qualtrics-{language}.txt"].decode()


def by_hand(form):
    return PLATFORM.write(form)[f"{form.name}-qualtrics-finish-by-hand.txt"].decode()


def names(form):
    """Return the names of all answers by the way Qualtrics names them."""
    for asked in form.questions:
        if asked.rows:
            for position, row in enumerate(asked.rows, 1):
                yield column_name(asked.code, row.code, position, "")
        elif asked.kind == "several":
            for option in asked.options:
                yield column_name(asked.code, "", 0, str(option.code))
        elif asked.kind != "information":
            yield column_name(asked.code, "", 0, "")


def test_the_files_are_one_for_each_language_and_the_steps_by_hand():
    assert list(PLATFORM.write(instrument())) == [
        "example-2026-survey-1-qualtrics-en.txt",
        "example-2026-survey-1-qualtrics-de.txt",
        "example-2026-survey-1-qualtrics-finish-by-hand.txt",
    ]
    assert PLATFORM.write(instrument()) == PLATFORM.write(instrument())


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_survey_obeys_the_format_in_every_language(language):
    form = instrument()
    questions = lint(written(form, language))
    assert [found["tag"] for found in questions] == [asked.code for asked in form.questions]
    for found, asked in zip(questions, form.questions, strict=True):
        assert comparable(found["text"]) == comparable(asked.words[language])


def test_rows_and_recode_values_are_those_of_the_instrument():
    form = instrument()
    for found, asked in zip(lint(written(form)), form.questions, strict=True):
        texts = [words["en"] for words in (row.words for row in asked.rows)]
        codes = [str(option.code) for option in asked.options]
        if asked.rows:
            lines = found["[[AdvancedChoices]]"].values()
            assert [shown(line) for line in lines] == texts
            assert list(found.get("[[AdvancedAnswers]]", {})) == codes
        elif asked.options:
            assert list(found["[[AdvancedChoices]]"]) == codes


def test_nasty_statements_are_shown_as_they_are():
    text = written(instrument())
    for statement in NASTY.values():
        assert any(shown(line) == statement for line in text.splitlines())


def test_a_linter_that_is_strict_finds_what_it_should():
    text = written(instrument())
    for good, bad in [
        ("[[ID:Q1]]", "[[ID:q2]]"),
        ("[[Choice:2]]", "[[Choice:1]]"),
        ("&#36;{answers}", "${answers}"),
        ("&amp; report", "& report"),
        ("[[Block:about About you]]", "[[Block:about: you]]"),
        ("[[Question:CS]]", "[[Question:Required]]"),
        ("[[AdvancedAnswers]]", "[[Answers]]"),
    ]:
        assert good in text
        with pytest.raises((AssertionError, TypeError, ValueError)):
            lint(text.replace(good, bad, 1))


def test_a_split_form_is_named_in_the_answers():
    text = written(replace(instrument(), form="B"))
    assert "[[ED:rds_form:B]]" in text
    assert "[[ED:rds_study:example-2026]]" in text


@pytest.mark.parametrize("codebook", [False, True])
def test_an_export_of_the_survey_has_the_names_rows_and_texts_of_the_instrument(tmp_path, codebook):
    form = instrument()
    export = read_back(tmp_path, lint(written(form)), codebook=codebook)
    described = {column.name: column for column in export.described if column.role == "answer"}
    assert list(described) == list(names(form))
    assert export.codes_are_ours is codebook
    for asked in form.questions:
        for position, row in enumerate(asked.rows, 1):
            column = described[column_name(asked.code, row.code, position, "")]
            assert (column.question, column.position) == (asked.code, position)
            assert comparable(column.question_text) == comparable(asked.words["en"])
            assert comparable(column.row_text) == comparable(row.words["en"])
        if asked.kind == "several":
            for option in asked.options:
                column = described[column_name(asked.code, "", 0, str(option.code))]
                assert (column.option, column.option_text) == (
                    str(option.code),
                    option.words["en"],
                )


def test_numbers_and_words_come_back_as_they_were_exported(tmp_path):
    questions = lint(written(instrument()))
    numbers = pd.concat(read_back(tmp_path, questions).blocks()).iloc[0]
    texts = pd.concat(read_back(tmp_path, questions, words=True).blocks()).iloc[0]
    assert (numbers["D1frequency_2"], texts["D1frequency_2"]) == ("99", "Not applicable")
    assert (numbers["Q1"], texts["Q1"]) == ("3", "Other")
    for row in (numbers, texts):
        assert [row[name] for name in ("Q2_1", "Q2_2", "Q2_3")] == [TICKED, NOT_TICKED, NOT_TICKED]
        assert (row["domainshare_1"], row["Finished"]) == ("50", "complete")


def test_words_of_every_code_come_from_the_survey_file(tmp_path):
    form = instrument()
    export = read_back(tmp_path, lint(written(form)), codebook=True)
    labels = {column.name: column.labels for column in export.described}
    for asked in form.questions:
        if asked.kind == "grid":
            expected = {str(option.code): option.words["en"] for option in asked.options}
            assert labels[f"{asked.code}_1"] == expected


def test_the_steps_by_hand_name_what_the_format_cannot_say():
    text = by_hand(instrument())
    for wanted in (
        "Force response: consent",
        "leads to the end of the survey: “No”",
        "Content type, Number for Q3",
        "Must total 100” for domainshare",
        "de: example-2026-survey-1-qualtrics-de.txt",
        "Anonymize responses",
        "Use numeric values",
        "Use choice text",
        "export tags",
        "D1frequency: 0 = Never; I do not do this; 1 = Yearly",
        "Thank you for your answers.",
        ".qsf",
    ):
        assert wanted in text
    numbers = [int(number) for number in re.findall(r"^(\d+)\. ", text, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_steps_by_hand_leave_out_what_a_survey_does_not_need():
    form = instrument()
    pages = (Page("one", {"en": "One"}, (Question("Q4", "text", {"en": "Job"}, "demographic"),)),)
    text = by_hand(replace(form, pages=pages, languages=("en",)))
    for unwanted in ("Force response", "Eligibility", "Must total", "Translations", "Number for"):
        assert unwanted not in text


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (("D1frequency", "T07", 7, ""), "D1frequency_7"),
        (("domainshare", "D2", 2, ""), "domainshare_2"),
        (("Q2", "", 0, "3"), "Q2_3"),
        (("Q4", "", 0, ""), "Q4"),
    ],
)
def test_columns_are_named_by_position_and_recode_value(given, name):
    assert column_name(*given) == name


nasty = st.text(
    st.sampled_from("ab&<>[]{}$\"'-–:;,|=+@#_/ \n\t\u00a0\u2028é本")
    | st.characters(exclude_categories=["Cc", "Cs"]),
    min_size=1,
    max_size=30,
).filter(lambda text: any(character.isalnum() for character in comparable(text)))


@given(question=nasty, statements=st.lists(nasty, min_size=2, max_size=4, unique_by=plain_text))
def test_whatever_a_statement_holds_comes_back_at_its_place(tmp_path_factory, question, statements):
    grid = instrument().pages[2].questions[1]
    rows = tuple(Row(f"T{n}", {"en": text}) for n, text in enumerate(statements, 1))
    asked = replace(grid, words={"en": question}, rows=rows)
    form = Instrument(
        "example", 1, "", ("en",), {"en": "Title"}, (Page("one", {"en": "One"}, (asked,)),)
    )
    questions = lint(written(form))
    folder = tmp_path_factory.mktemp("law")
    columns = [c for c in read_back(folder, questions).described if c.role == "answer"]
    known = [c for c in read_back(folder, questions, codebook=True).described if c.role == "answer"]
    for column, with_survey, row in zip(columns, known, rows, strict=True):
        # Without a survey file the place of the split is a guess; the whole is not.
        whole = f"{column.question_text} - {column.row_text}"
        text = " ".join(question.split())
        assert comparable(whole) == comparable(f"{text} - {row.words['en']}")
        assert column.position == with_survey.position == int(row.code[1:])
        assert with_survey.labels["99"] == "Not applicable"
