"""Exports of Google Forms, made after public ones, and the script, run by node."""

import json
import subprocess

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rds.survey.platforms.google_forms import PLATFORM
from rds.survey.platforms.google_forms_script import script
from rds.survey.platforms.opening import open_file
from rds.survey.platforms.words import comparable, plain_text
from tests.survey import examples
from tests.survey.platforms.header_examples import (
    DATA,
    LOOK_ALIKES,
    answers,
    expected,
    label,
    opened,
    read_rows,
    refusal,
    roles,
    saved,
)

SAMPLE = DATA / "google_forms" / "SYNTHETIC_grid.csv"
TIME = "2026/03/01 10:20:31 AM GMT+1"


def test_every_column_of_the_sample_has_question_row_and_role():
    export, frame = opened(PLATFORM, SAMPLE)
    assert roles(export) == {"Timestamp": "submitted", "Email Address": "contact"}
    assert frame["Timestamp"].tolist() == ["2026-03-01T10:20:31", "3/2/2026 11:05:00"]
    found = answers(PLATFORM, SAMPLE)
    assert found[:2] == [
        (
            "How often do you perform each task?",
            "Assess risk (all sites) & report",
            "",
            1,
            ["Often", "Daily"],
        ),
        ("How often do you perform each task?", "Document findings", "", 2, ["Never", ""]),
    ]
    separators = [column.separator for column in export.described]
    assert separators == ["", "", "", "", "", "", ", ", "", ""]


@pytest.mark.parametrize(
    "header",
    ["Zeitstempel", "Carimbo de data/hora", "Marca temporal", "Horodateur", "タイムスタンプ"],
)
@pytest.mark.parametrize(
    "time", [TIME, "9/9/2026 18:07:01", "2026-03-01 10:20:31", "1.3.2026 9:05"]
)
def test_other_languages_and_times_are_known(header, time):
    rows = [[header, "Wie oft? [Zuhören]", "Wie oft? [Fragen]"], [time, "Nie", "Oft"]]
    assert [found[:4] for found in read_rows(PLATFORM, rows)] == [
        ("Wie oft?", "Zuhören", "", 1),
        ("Wie oft?", "Fragen", "", 2),
    ]


def test_scores_and_addresses_are_no_answers(tmp_path):
    rows = [["Timestamp", "Username", "Score", "How often?"], [TIME, "a@b.org", "0 / 5", "Oft"]]
    export, _ = opened(PLATFORM, saved(tmp_path, rows))
    assert list(roles(export).values()) == ["submitted", "contact", "technical"]


def test_the_same_title_twice_is_two_grids():
    rows = [
        ["Timestamp", "How often? [A]", "How often? [B]", "How often? [A]"],
        [TIME, "1", "2", "3"],
    ]
    assert [found[3] for found in read_rows(PLATFORM, rows)] == [1, 2, 1]


def test_what_cannot_be_used_is_refused_with_the_reason(tmp_path):
    rows = [["Timestamp", "How often? [A]", "How often? [B]"], [TIME, "Oft", "Nie"]]
    refused = {
        "headers only": rows[:1],
        "the header row a second time": [*rows, rows[0]],
        "a table whose first column is “How often? [A]”": [row[1:] for row in rows],
        "breaks off after 2 of 3 cells": "Timestamp,How often? [A],How often? [B]\r\n"
        + TIME
        + ",O",
    }
    for reason, damaged in refused.items():
        assert reason in refusal(PLATFORM, saved(tmp_path, damaged))


@pytest.mark.parametrize("rows", LOOK_ALIKES.values(), ids=LOOK_ALIKES)
def test_look_alikes_are_not_taken(tmp_path, rows):
    assert not PLATFORM.recognise(open_file(saved(tmp_path, rows)))


def export_of(instrument, respondents):
    """Return what Google Forms exports of the form that the script makes."""
    header, lines = ["Timestamp"], [[TIME] for _ in range(respondents)]
    for question in instrument.questions:
        text = question.words["en"]
        if question.kind != "information":
            header += [f"{text} [{row.words['en']}]" for row in question.rows] or [text]
            for number, line in enumerate(lines):
                line.extend([label(question, row, number) for row in question.rows] or ["typed"])
    return [header, *lines]


def test_every_statement_of_the_example_comes_back_by_question_and_row(tmp_path):
    instrument = examples.instrument()
    for name in ("export.csv", "export.xlsx"):
        found = answers(PLATFORM, saved(tmp_path, export_of(instrument, 3), name))
        rated = [(question, row, cells) for question, row, _, _, cells in found if row]
        assert rated == expected(instrument, 3, cell=label)


WORDS = st.text(
    st.characters(exclude_categories=["C", "Z"], include_characters=" []"), min_size=1, max_size=20
).filter(lambda text: len(comparable(text)) > 1)


@given(st.lists(WORDS, min_size=1, max_size=5, unique_by=comparable))
@example(["a]", "[[", "] [b", "[x]"])
def test_any_statements_come_back_word_for_word_between_two_without_brackets(statements):
    nasty = [f"T {text} U" for text in statements]
    texts = [text for pair in zip(nasty, map(str, range(9)), strict=False) for text in pair]
    rows = [["Timestamp", *(f"Rate: each [task] - [{text}]" for text in ["Ask", *texts])]]
    found = read_rows(PLATFORM, [*rows, [TIME, *(f"v{at}" for at in range(len(texts) + 1))]])
    assert [row for _, row, *_ in found] == ["Ask", *map(plain_text, texts)]


RECORDER = """
var made = [];
function recorder(calls) {
  return new Proxy({}, {get: function (target, name) {
    return function () {
      var given = Array.prototype.slice.call(arguments);
      var call = {name: name, given: given, then: []};
      calls.push(call);
      if (name === "createChoice" || name === "getEditUrl") { return given; }
      return /^(add|create)/.test(name) ? recorder(call.then) : recorder(calls);
    };
  }});
}
var FormApp = {
  PageNavigationType: {SUBMIT: "SUBMIT", CONTINUE: "CONTINUE"},
  create: function (name) {
    var form = {name: name, calls: []};
    made.push(form);
    return recorder(form.calls);
  },
  createTextValidation: function () { return recorder([]); }
};
var Logger = {log: function () {}};
"""


@pytest.mark.node
def test_the_script_makes_every_question_in_every_language(tmp_path):
    instrument = examples.instrument()
    path = tmp_path / "script.js"
    path.write_text(
        f"{RECORDER}\n{script(instrument)}\nmakeForms(); console.log(JSON.stringify(made));",
        encoding="utf-8",
    )
    run = subprocess.run(["node", path], capture_output=True, check=True, encoding="utf-8")
    forms = json.loads(run.stdout)
    assert [form["name"] for form in forms] == [
        "example-2026-survey-1-en",
        "example-2026-survey-1-de",
    ]
    for language, form in zip(instrument.languages, forms, strict=True):
        added = [call for call in form["calls"] if call["name"].startswith("add")]
        told = [
            (call["name"], {part["name"]: part["given"] for part in call["then"]}) for call in added
        ]
        grids = [parts for name, parts in told if name == "addGridItem"]
        wanted = [question for question in instrument.questions if question.kind == "grid"]
        assert [parts["setTitle"][0] for parts in grids] == [q.words[language] for q in wanted]
        assert [parts["setRows"][0] for parts in grids] == [
            [row.words[language] for row in question.rows] for question in wanted
        ]
        assert [parts["setColumns"][0] for parts in grids] == [
            [option.words[language] for option in question.options] for question in wanted
        ]
        consent = next(parts for name, parts in told if name == "addMultipleChoiceItem")
        assert consent["setRequired"] == [True]
        assert [choice[1] for choice in consent["setChoices"][0]] == ["CONTINUE", "SUBMIT"]
        assert len([name for name, _ in told if name == "addPageBreakItem"]) == 4
        assert len([name for name, _ in told if name == "addTextItem"]) == 3
        assert len([name for name, _ in told if name == "addParagraphTextItem"]) == 2


def test_the_script_is_ascii_and_the_same_every_time():
    text = script(examples.instrument())
    assert text.isascii()
    assert text == script(examples.instrument())
