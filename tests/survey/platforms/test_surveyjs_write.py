"""The survey for SurveyJS holds every text in every language, and SurveyJS finds no error in it.

What SurveyJS itself makes of it in a browser is in test_surveyjs_browser.py.
"""

import json
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rds.survey.instrument import Instrument, Option, Page, Question, Row
from rds.survey.platforms.opening import open_file
from rds.survey.platforms.surveyjs import PLATFORM
from rds.survey.platforms.surveyjs_book import book_of
from rds.survey.platforms.surveyjs_write import GUARD
from rds.survey.platforms.words import plain_text
from tests.survey.examples import NASTY, instrument

NAME = "example-2026-survey-1-surveyjs"


def survey(of=None):
    written = PLATFORM.write(of or instrument())
    (content,) = [text for name, text in written.items() if name.endswith(".json")]
    return json.loads(content)


def questions(written):
    return {one["name"]: one for page in written["pages"] for one in page["elements"]}


def small(text, *, languages=("en",), **question):
    """Return an instrument with one grid of one row in which everything says the same."""
    words = dict.fromkeys(languages, text)
    options = (Option(1, words), Option(2, {"en": "No"} | dict.fromkeys(languages, "No")))
    asked = Question(
        "Q1", "grid", words, "rating", "scale", options, (Row("T01", words, "T01"),), **question
    )
    return Instrument("s", 1, "", languages, words, (Page("p", words, (asked,)),), words)


def duplicates(written):
    """Return names and values that stand there twice, which SurveyJS does not notice."""
    elements = [one for page in written["pages"] for one in page["elements"]]
    names = Counter(one["name"].casefold() for one in elements)
    names.update(one["name"].casefold() for one in written["calculatedValues"])
    found = [name for name, count in names.items() if count > 1]
    for one in elements:
        for part in ("choices", "columns", "rows", "items"):
            values = [str(v.get("value", v.get("name"))) for v in one.get(part, [])]
            found += [value for value in values if values.count(value) > 1]
    return found


def test_the_same_instrument_gives_the_same_files():
    assert PLATFORM.write(instrument()) == PLATFORM.write(instrument())
    assert list(PLATFORM.write(instrument())) == [f"{NAME}.json", f"{NAME}-finish-by-hand.txt"]


def test_no_name_and_no_value_stands_there_twice():
    assert duplicates(survey()) == []


def test_a_grid_is_a_matrix_with_our_codes_and_all_languages():
    grid = questions(survey())["D1frequency"]
    assert grid["type"] == "matrix"
    assert [column["value"] for column in grid["columns"]] == [0, 1, 2, 3, 99]
    assert [row["value"] for row in grid["rows"]] == ["T01", "T02", "T03", "check1"]
    assert grid["rows"][1]["text"] == {
        "default": NASTY["T02"],
        "de": f"{NASTY['T02']} (auf Deutsch)",
    }


def test_every_kind_of_question_is_written():
    kinds = {name: one["type"] for name, one in questions(survey()).items()}
    assert kinds == {
        "intro": "html",
        "consent": "radiogroup",
        "Q1": "radiogroup",
        "Q2": "checkbox",
        "Q3": "text",
        "Q4": "text",
        "D1frequency": "matrix",
        "D1importance": "matrix",
        "D2frequency": "matrix",
        "D2importance": "matrix",
        "domainshare": "multipletext",
        "coverage": "radiogroup",
        "missing": "comment",
    }
    assert questions(survey())["Q3"]["inputType"] == "number"
    assert questions(survey())["consent"]["isRequired"] is True


def test_information_and_end_are_html_in_which_nothing_is_a_tag():
    words = {"en": "1 < 2 & <b>\nnext"}
    asked = Question("intro", "information", words, "information")
    written = survey(Instrument("s", 1, "", ("en",), {}, (Page("p", {}, (asked,)),), words))
    text = {"default": "1 &lt; 2 &amp; &lt;b&gt;<br>next"}
    assert (questions(written)["intro"]["html"], written["completedHtml"]) == (text, text)
    assert "title" not in written["pages"][0]


@pytest.mark.parametrize(
    ("languages", "locale", "text"),
    [
        (("en",), None, {"default": "English"}),
        (("en", "de"), None, {"default": "English", "de": "German"}),
        (("de", "en"), "de", {"default": "English", "de": "German"}),
        (("de", "fr"), "de", {"default": "German", "de": "German", "fr": "French"}),
    ],
)
def test_the_default_is_english_if_there_is_english(languages, locale, text):
    words = {"en": "English", "de": "German", "fr": "French"}
    words = {language: words[language] for language in languages}
    asked = Question("Q1", "text", words, "demographic")
    page = Page("p", words, (asked,))
    written = survey(Instrument("s", 1, "", languages, words, (page,), words))
    assert written.get("locale") == locale
    assert questions(written)["Q1"]["title"] == text


@pytest.mark.parametrize(
    ("kind", "condition"),
    [
        ("choice", "({Q1} anyof [2, 3])"),
        ("several", "({Q1} notempty and {Q1} noneof [1])"),
    ],
)
def test_answers_that_are_not_eligible_end_the_survey(kind, condition):
    words = {"en": "Words"}
    options = tuple(Option(code, words) for code in (1, 2, 3))
    asked = Question("Q1", kind, words, "demographic", "Q1", options, eligible=(1,))
    page = Page("p", words, (asked, replace(asked, code="Q2", eligible=(1, 2, 3))))
    written = survey(Instrument("s", 1, "", ("en",), words, (page,), words))
    screening = written["calculatedValues"][1]["expression"]
    assert screening.split(" or ")[0] == condition
    assert written["triggers"] == [{"type": "complete", "expression": "{screened_out} = true"}]


def test_a_survey_open_to_all_has_no_trigger():
    written = survey(small("Words"))
    assert written["triggers"] == []
    assert [one["name"] for one in written["calculatedValues"]] == ["survey_language"]
    hand = PLATFORM.write(small("Words"))["s-survey-1-surveyjs-finish-by-hand.txt"].decode()
    assert "everybody may answer everything" in hand


def test_a_required_grid_wants_every_row():
    grid = questions(survey(small("Words", required=True)))["Q1"]
    assert (grid["isRequired"], grid["eachRowRequired"]) == (True, True)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("see {Q1}", f"see {{{GUARD}Q1}}"),
        ("see { q1.T01 }", f"see {{{GUARD} q1.T01 }}"),
        (
            "{locale} {#row} {Q1-Comment}",
            f"{{{GUARD}locale}} {{{GUARD}#row}} {{{GUARD}Q1-Comment}}",
        ),
        ("{together} ${answers} {} {Q10}", "{together} ${answers} {} {Q10}"),
    ],
)
def test_braces_never_hold_a_name_that_surveyjs_knows(text, written):
    assert questions(survey(small(text)))["Q1"]["title"]["default"] == written
    assert book_of(survey(small(text)))["Q1"].text == plain_text(text)


texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=GUARD)
) | st.lists(
    st.sampled_from(["{", "}", "Q1", "locale", "<", "b>", "&amp;", '"', "\\", "[", "\n", "é", " "]),
    max_size=9,
).map("".join)


@given(text=texts)
def test_every_text_comes_back_from_the_survey(tmp_path_factory, text):
    assume(plain_text(text))
    written = survey(small(text))
    folder = tmp_path_factory.mktemp("survey")
    book, results = folder / "survey.json", folder / "results.json"
    book.write_text(json.dumps(written), encoding="utf-8")
    results.write_text(json.dumps([{"Q1": {"T01": 1}}]), encoding="utf-8")
    file = open_file(results, codebook=book)
    assert PLATFORM.recognise(file)
    (column,) = PLATFORM.read(file).described
    assert (column.question_text, column.row_text) == (plain_text(text), plain_text(text))
    assert dict(column.labels) == {"1": plain_text(text), "2": "No"}
